import { toRow } from '../statistics.mjs';

export const title = 'tokenisation, cleaned texts to ids';

export async function run({ browser, calls, texts, variants, transformers }) {
  const options = { variant: variants.at(-1), texts: texts.slice(0, 500), calls };
  const { equal, texts: count, tokens, times } = await browser.run('tokens', 'measureTokenizers', options);
  // Where two ways to cut a text are equally likely, or a sum is rounded otherwise, the two may choose apart.
  if (equal < 0.98 * count) throw new Error(`Only ${equal} of ${count} texts have the same ids.`);
  const note = `${count} texts, ${tokens} tokens, the same ids in ${equal}`;
  return [toRow({ name: 'tokens', unit: 'ms', ours: times.ours, peer: times.peer, peerName: transformers, bar: { ratio: 10 }, note })];
}
