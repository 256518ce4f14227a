import { toRow } from '../statistics.mjs';

export const title = 'end to end, a text to its vector, one thread';

/** Vectors of the same weights; the peer rounds activations more coarsely, and sees the text as written. */
const leastSimilarity = 0.8;

export async function run({ browser, calls, texts, variants, transformers }) {
  const rows = [];
  for (const variant of variants) {
    const { similarities, times } = await browser.run('whole', 'measureWhole', { texts: texts.slice(0, 100), calls, variant });
    const mean = similarities.reduce((sum, value) => sum + value, 0) / similarities.length;
    if (!(mean >= leastSimilarity)) throw new Error(`The vectors differ: mean cosine ${mean}.`);
    const peer = { peer: times.peer, peerName: transformers };
    rows.push(toRow({ name: `whole.embed.${variant}`, unit: 'ms', ours: times.embed, ...peer, note: `mean cosine ${mean.toFixed(3)}` }));
    const note = 'ours: the whole analysis, lite and every sentence included; peer: one vector';
    rows.push(toRow({ name: `whole.analyze.${variant}`, unit: 'ms', ours: times.analyze, ...peer, note }));
  }
  return rows;
}
