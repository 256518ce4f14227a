/** What a visitor waits for: from the navigation to the first answer of each tier. Worker and files as by default. */
import { createAftersense } from 'aftersense';

/** Milliseconds since the navigation began, and the bytes that came from the server rather than the cache. */
export async function measureStart({ text }) {
  const desk = await createAftersense();
  await desk.analyze(text);
  const lite = performance.now();
  await desk.ready('base');
  await desk.analyze(text);
  const base = performance.now();
  desk.dispose();
  const received = performance.getEntriesByType('resource').reduce((sum, { transferSize }) => sum + transferSize, 0);
  return { lite, base, received };
}
