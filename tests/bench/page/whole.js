/** From text to vector through the public interface, and through Transformers.js on the same weights. */
import { createAftersense } from 'aftersense';
import { takeTurns } from './timing.js';
import { createModel, createTokenizer } from './transformers.js';

/** A function that gives `run` the next of the texts each time. Every subject has its own, so that all see the same texts. */
function oneByOne(texts, run) {
  let at = 0;
  return () => run(texts[at++ % texts.length]);
}

/** Times of `calls` texts, and how alike the vectors of both are: the cosine of each text. */
export async function measureWhole({ texts, calls, variant }) {
  const desk = await createAftersense({ model: 'base', worker: false, variant });
  const [tokenizer, model] = [await createTokenizer(), await createModel()];
  const theirs = async (text) => (await model(await tokenizer(text, { truncation: true }))).embedding.data;
  const similarities = [];
  for (const text of texts.slice(0, 10)) {
    const [ours, peer] = [await desk.embed(text), await theirs(text)];
    similarities.push(ours.reduce((sum, value, i) => sum + value * peer[i], 0));
  }
  const subjects = {
    embed: oneByOne(texts, (text) => desk.embed(text)),
    peer: oneByOne(texts, theirs),
    analyze: oneByOne(texts, (text) => desk.analyze(text)),
  };
  const times = await takeTurns(subjects, calls);
  desk.dispose();
  return { similarities, times };
}
