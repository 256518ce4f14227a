/** What to show a shopper by what was bought before; nothing of the history leaves the device. */
import { AftersenseError } from '../errors.ts';
import { diversify, likeness } from './diversity.ts';
import { reasonsOf } from './reasons.ts';
import { contributionsOf, type Scores, scoresOf } from './scores.ts';
import {
  type History,
  type HistoryOptions,
  type HistoryRecommendation,
  type Interactions,
  type ProductInteractions,
  recommendMethods,
} from './types.ts';

const defaults = { limit: 10, mostShown: 5, diversity: 0.2 };
/** How many times more products than shown are looked at for diversity. */
const poolFactor = 5;

function numberIn(
  options: HistoryOptions,
  name: 'limit' | 'mostShown' | 'diversity' | 'minPrice' | 'maxPrice',
  max: number,
): number | undefined {
  const value = options[name];
  if (value === undefined || (typeof value === 'number' && value >= 0 && value <= max)) return value;
  throw new AftersenseError('invalid_argument', `${name} must be a number from 0 ${max === 1 ? 'to 1' : 'up'}, not ${String(value)}.`);
}

/** Whether a product may be shown: neither excluded, nor sold out, nor out of the prices, nor shown too often. */
function filterOf(history: History, options: HistoryOptions): (id: string) => boolean {
  const excluded = new Set(options.exclude);
  if (!options.keepBought) for (const id of history.keys()) excluded.add(id);
  const least = numberIn(options, 'minPrice', Number.POSITIVE_INFINITY);
  const most = numberIn(options, 'maxPrice', Number.POSITIVE_INFINITY);
  const mostShown = numberIn(options, 'mostShown', Number.POSITIVE_INFINITY) ?? defaults.mostShown;
  const isPriced = least !== undefined || most !== undefined;
  if (isPriced && !options.factsOf)
    throw new AftersenseError('invalid_argument', 'minPrice and maxPrice need factsOf, which tells prices.');
  return (id) => {
    if (excluded.has(id) || (options.shown?.get(id) ?? 0) >= mostShown) return false;
    if (!options.factsOf) return true;
    const facts = options.factsOf(id);
    if (!facts || facts.isInStock === false) return false;
    // A product without a price is not known to be within any.
    return !isPriced || (facts.price !== undefined && facts.price >= (least ?? 0) && facts.price <= (most ?? Number.POSITIVE_INFINITY));
  };
}

/** The rank of every product: the sum of what the methods add. */
export const ranksOf = (contributions: Scores): Float64Array =>
  contributions[recommendMethods[0]].map((_, place) =>
    recommendMethods.reduce((sum, method) => sum + (contributions[method][place] as number), 0),
  );

/**
 * Products by the learnt rank, made diverse. Fewer than `limit` where filters leave fewer; what nothing speaks for is never shown. With an
 * empty history it is what is popular. Equal ranks stand in the order of the file.
 */
export function recommendByHistory(interactions: Interactions, history: History, options: HistoryOptions = {}): HistoryRecommendation[] {
  const limit = Math.floor(numberIn(options, 'limit', Number.MAX_SAFE_INTEGER) ?? defaults.limit);
  const diversity = numberIn(options, 'diversity', 1) ?? defaults.diversity;
  const mayShow = filterOf(history, options);
  const scores = scoresOf(interactions, history);
  const contributions = contributionsOf(interactions, history, scores);
  const ranks = ranksOf(contributions);
  const pool = interactions.products
    .map((product, place) => ({ product, rank: ranks[place] as number }))
    .filter(({ product, rank }) => rank > 0 && mayShow(product.id))
    .sort((a, b) => b.rank - a.rank)
    .slice(0, limit * poolFactor);
  const products: ProductInteractions[] = pool.map(({ product }) => product);
  const order = diversify(
    products,
    pool.map(({ rank }) => rank),
    likeness,
    { limit, diversity },
  );
  return order.map((place) => {
    const { product, rank } = pool[place] as (typeof pool)[number];
    return { id: product.id, rank, reasons: reasonsOf(interactions, history, scores, contributions, product.id, options.titleOf) };
  });
}
