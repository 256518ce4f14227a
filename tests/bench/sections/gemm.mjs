import { quantile, toRow } from '../statistics.mjs';

export const title = 'the matrix product, against its own instruction without memory';

/** [outputs, inputs] of the products of one layer of base: query, key and value; attention output; feed-forward up and down. */
const shapes = [
  [1152, 384],
  [384, 384],
  [1536, 384],
  [384, 1536],
];
/** The relaxed product has two ways; the faster one's instructions count. */
const instructions = { simd128: ['dot_i16x8'], relaxed: ['relaxed_dot', 'relaxed_pairs'] };

const fastest = (peak) => Object.entries(peak).reduce((best, entry) => (quantile(entry[1], 0.5) > quantile(best[1], 0.5) ? entry : best));

export async function run({ browser, calls, variants }) {
  const rows = [];
  for (const variant of variants) {
    const options = { variant, instructions: instructions[variant], shapes, tokens: [16, 64, 256], calls };
    for (const { tokens, equal, layer, shapes: single, peak } of await browser.run('product', 'measureProducts', options)) {
      if (!equal) throw new Error(`The ${variant} product is not the scalar one's.`);
      const [instruction, rate] = fastest(peak);
      const peer = { unit: 'GOP/s', peer: rate, peerName: `${instruction} in registers` };
      const name = `gemm.${tokens}.${variant}`;
      rows.push(toRow({ name, ours: layer, ...peer, bar: tokens === 64 ? { ratio: 0.75 } : undefined }));
      if (tokens === 64) rows.push(...shapes.map((shape, i) => toRow({ name: `${name}.${shape.join('×')}`, ours: single[i], ...peer })));
    }
  }
  return rows;
}
