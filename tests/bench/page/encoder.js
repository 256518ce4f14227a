/** The encoder with all heads, from ids to logits: ours under each variant, and ONNX Runtime Web on the same weights. */
import { createSession, toFeeds } from './ort.js';
import { bytesOf, createBench, createTokenize, loadEncoder, toBuffer } from './ours.js';
import { takeTurns } from './timing.js';

/** The cosine of the angle between two vectors. */
function cosine(a, b) {
  const dot = (x, y) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

async function createOurs(variants, pack) {
  const engines = [];
  for (const { variant, build } of variants) {
    const bench = await createBench(build);
    engines.push({ name: variant, bench, encoder: loadEncoder(bench, variant, pack) });
  }
  return engines;
}

/** Ids of real text, `length` with begin and end. */
function cutIds(encoder, pieces, length) {
  const inner = pieces.slice(0, length - 2);
  return { inner, whole: [encoder.beginId(), ...inner, encoder.endId()] };
}

/**
 * Every engine's times for windows of `lengths` tokens, in turns. Each subject is checked first: our variants must agree bit for bit, and with the
 * peer's exact form as far as float steps of its own allow.
 */
export async function measureEncoders({ variants, lengths, forms, texts, calls }) {
  const pack = await bytesOf('/base.aspack');
  const engines = await createOurs(variants, pack);
  const [{ bench, encoder }] = engines;
  const pieces = texts.flatMap((text) => [...createTokenize(bench, encoder)(bench.clean(text))]);
  const tasks = encoder.tasks().split(' ');
  const sessions = {};
  for (const form of forms) sessions[form] = await createSession(`/onnx/aftersense-base.${form}.onnx`);
  const results = [];
  for (const length of lengths) {
    const { inner, whole } = cutIds(encoder, pieces, length);
    const subjects = {};
    const answers = {};
    for (const engine of engines) {
      const ids = toBuffer(engine.bench, Int32Array.from(inner));
      subjects[engine.name] = () => engine.encoder.run(ids, inner.length).slice();
      answers[engine.name] = subjects[engine.name]();
    }
    for (const form of forms) {
      const feeds = toFeeds(whole);
      subjects[form] = () => sessions[form].run(feeds);
      const output = await subjects[form]();
      answers[form] = tasks.flatMap((task) => [...output[task].data]);
    }
    const [first, ...others] = engines.map(({ name }) => answers[name]);
    const equal = others.every((other) => other.every((value, i) => value === first[i]));
    const similarity = Object.fromEntries(forms.map((form) => [form, cosine([...first], answers[form])]));
    results.push({ length, equal, similarity, times: await takeTurns(subjects, calls) });
  }
  return results;
}
