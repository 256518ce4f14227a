import { toRow } from '../statistics.mjs';

export const title = 'reviews a second, whole analyses in a worker';

const tiers = ['lite', 'base'];
const sizes = [1, 4, 16, 32];

export async function run({ browser, calls, texts, variants }) {
  const times = await browser.run('reviews', 'measureReviews', { texts, tiers, sizes, calls, variant: variants.at(-1) });
  return tiers.flatMap((tier) =>
    sizes.map((size) => {
      const rates = times[`${tier} ${size}`].map((ms) => (size / ms) * 1000);
      return toRow({ name: `reviews.${tier}.${size}`, unit: 'reviews/s', ours: rates });
    }),
  );
}

/** Rate by size of the batch. */
export function plot(rows) {
  const rate = (tier, size) => rows.find(({ name }) => name === `reviews.${tier}.${size}`).ours;
  const series = tiers.map((tier) => ({ label: tier, points: sizes.map((size) => [size, rate(tier, size)]) }));
  return { title: 'Analyses of reviews', x: 'texts a call', y: 'reviews/s', series };
}
