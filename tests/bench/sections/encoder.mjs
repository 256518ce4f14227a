import { toRow } from '../statistics.mjs';

export const title = 'the encoder with all heads, ids to logits, one text, one thread';

const lengths = [8, 16, 32, 64, 128, 256];
/** Beyond one window of the model: ours alone goes on, in windows that overlap. */
const longer = [512, 1024];
const programs = { simd128: { variant: 'simd128', build: 'simd128' }, relaxed: { variant: 'relaxed', build: 'relaxed' } };
const scalar = { variant: 'scalar', build: 'simd128' };

/** Integers are the same; float steps of the runtime's own may move an activation across the border of two steps. */
const leastSimilarity = { exact: 0.999, dynamic: 0.9 };

function check({ length, equal, similarity }) {
  if (!equal) throw new Error(`The variants' logits differ at ${length} tokens.`);
  for (const [form, value] of Object.entries(similarity))
    if (!(value >= leastSimilarity[form]))
      throw new Error(`The ${form} ONNX form says something else at ${length} tokens: cosine ${value}.`);
}

function leastRatio(length, variant, hasDot) {
  if (length < 16) return undefined;
  return { ratio: variant === 'relaxed' && hasDot ? 3 : 2 };
}

/** What ONNX Runtime Web's session must be handed is handed to it before: both sides count from ready ids to logits in JavaScript. */
export async function run({ browser, calls, texts, variants, hasDot, ort }) {
  const ours = variants.map((name) => programs[name]);
  const measure = (options) => browser.run('encoder', 'measureEncoders', { texts: texts.slice(0, 200), ...options });
  const rows = [];
  for (const result of await measure({ variants: ours, lengths, forms: ['dynamic'], calls })) {
    check(result);
    const { length, times } = result;
    for (const variant of variants) {
      const bar = leastRatio(length, variant, hasDot);
      rows.push(toRow({ name: `encoder.${length}.${variant}`, unit: 'ms', ours: times[variant], peer: times.dynamic, peerName: ort, bar }));
    }
  }
  const note = 'the peer in the form whose answers are ours';
  for (const result of await measure({ variants: [ours.at(-1), scalar], lengths: [64], forms: ['exact'], calls })) {
    check(result);
    const { times } = result;
    const peer = { peer: times.exact, peerName: ort };
    rows.push(toRow({ name: 'encoder.64.scalar', unit: 'ms', ours: times.scalar, note: 'plain loops, as the compiler vectorises them' }));
    rows.push(toRow({ name: `encoder.64.${variants.at(-1)}.exact`, unit: 'ms', ours: times[variants.at(-1)], ...peer, note }));
  }
  for (const { length, times } of await measure({ variants: ours, lengths: longer, forms: [], calls }))
    for (const variant of variants) rows.push(toRow({ name: `encoder.${length}.${variant}`, unit: 'ms', ours: times[variant] }));
  return rows;
}

/** Time by length. */
export function plot(rows) {
  const find = (pattern, value) =>
    rows.flatMap((row) => {
      const found = row.name.match(pattern);
      return found && row[value] !== undefined ? [[Number(found[1]), row[value]]] : [];
    });
  const series = [
    { label: 'relaxed', points: find(/^encoder\.(\d+)\.relaxed$/, 'ours') },
    { label: 'simd128', points: find(/^encoder\.(\d+)\.simd128$/, 'ours') },
    { label: 'ONNX Runtime', points: find(/^encoder\.(\d+)\.simd128$/, 'peer') },
  ];
  return { title: 'Base encoder, one text', x: 'tokens', y: 'ms', series: series.filter(({ points }) => points.length > 0) };
}
