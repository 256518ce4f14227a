/** Reviews through the public interface in a worker, as a shop's page has it. */
import { createAftersense } from 'aftersense';
import { takeTurns } from './timing.js';

/** The next `size` texts at each call. */
function inBatches(texts, size, run) {
  let at = 0;
  return () => {
    const batch = Array.from({ length: size }, (_, i) => texts[(at + i) % texts.length]);
    at += size;
    return run(batch);
  };
}

/** Times of calls that analyse `sizes` texts at once, by the names `tier size`. */
export async function measureReviews({ texts, tiers, sizes, calls, variant }) {
  const desk = await createAftersense({ model: 'base', variant });
  const subjects = {};
  for (const tier of tiers) {
    for (const size of sizes) subjects[`${tier} ${size}`] = inBatches(texts, size, (batch) => desk.analyze(batch, { tier }));
  }
  const times = await takeTurns(subjects, calls);
  desk.dispose();
  return times;
}
