/** Tokenisation alone, on cleaned texts: ours, and Transformers.js's with the same pieces. A call takes all texts, one by one. */
import { bytesOf, createBench, createTokenize, loadEncoder } from './ours.js';
import { takeTurns } from './timing.js';
import { createTokenizer } from './transformers.js';

export async function measureTokenizers({ variant, texts, calls }) {
  const bench = await createBench(variant);
  const encoder = loadEncoder(bench, variant, await bytesOf('/base.aspack'));
  const ours = createTokenize(bench, encoder);
  const theirs = await createTokenizer();
  const cleaned = texts.map((text) => bench.clean(text));
  const encode = (text) => theirs.encode(text, { add_special_tokens: false });
  const equal = cleaned.filter((text) => ours(text).join() === encode(text).join()).length;
  const all = (tokenize) => () => {
    for (const text of cleaned) tokenize(text);
  };
  const tokens = cleaned.reduce((sum, text) => sum + ours(text).length, 0);
  return { texts: cleaned.length, equal, tokens, times: await takeTurns({ ours: all(ours), peer: all(encode) }, calls) };
}
