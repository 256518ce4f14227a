/** What the events come to, for the shopper to read: pure. A weight is the sum of what its sources add, each of which is named. */
import { termsOf } from './terms.ts';
import type { Interest, InterestSource, Interests, PriceInterest, ProfileEvent, ProfileProduct } from './types.ts';
import { weightOf } from './weights.ts';

/** An event that says something of the shopper's taste. */
interface Sign {
  readonly source: InterestSource;
  readonly product: ProfileProduct | undefined;
  /** Of the product, or of the search. */
  readonly texts: readonly string[];
}

function signOf(event: ProfileEvent, now: number): Sign | undefined {
  const weight = weightOf(event, now);
  if (event.kind === 'shown' || weight === 0) return undefined;
  const { id, kind, at } = event;
  const source = { event: id, kind, at, weight };
  if (event.kind === 'search') return { source: { ...source, name: event.text }, product: undefined, texts: [event.text] };
  const { product } = event;
  return { source: { ...source, name: product.title ?? product.id }, product, texts: [product.title ?? '', ...(product.tags ?? [])] };
}

const sum = (sources: readonly InterestSource[]): number => sources.reduce((total, { weight }) => total + weight, 0);
const weightiest = (a: { readonly weight: number }, b: { readonly weight: number }): number => Math.abs(b.weight) - Math.abs(a.weight);

function grouped<T>(items: readonly T[], namesOf: (item: T) => readonly string[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items)
    for (const name of namesOf(item)) {
      const group = groups.get(name);
      if (group) group.push(item);
      else groups.set(name, [item]);
    }
  return groups;
}

function interestsIn(signs: readonly Sign[], namesOf: (sign: Sign) => readonly string[], limit: number): readonly Interest[] {
  return Array.from(grouped(signs, namesOf), ([name, group]): Interest => {
    const from = group.map(({ source }) => source).sort(weightiest);
    return { name, weight: sum(from), from };
  })
    .filter(({ weight }) => weight !== 0)
    .sort(weightiest)
    .slice(0, limit);
}

/** The smallest price up to which there is this share of the weight. */
function quantile(sorted: readonly { readonly price: number; readonly weight: number }[], total: number, share: number): number {
  let passed = 0;
  for (const { price, weight } of sorted) {
    passed += weight;
    if (passed >= share * total) return price;
  }
  return sorted.at(-1)?.price ?? Number.NaN;
}

function priceInterest(currency: string, signs: readonly Sign[]): PriceInterest {
  const from = signs.map(({ source }) => source).sort(weightiest);
  const weight = sum(from);
  const sorted = signs
    .map(({ product, source }) => ({ price: product?.price as number, weight: source.weight }))
    .sort((a, b) => a.price - b.price);
  const [low, typical, high] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, weight, share)) as [number, number, number];
  return { currency, low, typical, high, weight, from };
}

/**
 * Who was disappointed by a kettle still wants one: only the brand loses by it, besides the product itself. Categories, terms and prices
 * come of what speaks for a product.
 */
export function interestsOf(events: readonly ProfileEvent[], now: number, limit: number): Interests {
  const signs = events.flatMap((event) => signOf(event, now) ?? []);
  const liked = signs.filter(({ source }) => source.weight > 0);
  const priced = grouped(liked, ({ product }) => (product?.price === undefined ? [] : [product.currency ?? '']));
  return {
    at: now,
    categories: interestsIn(liked, ({ product }) => (product?.category ? [product.category] : []), limit),
    brands: interestsIn(signs, ({ product }) => (product?.brand ? [product.brand] : []), limit),
    terms: interestsIn(liked, ({ texts }) => termsOf(texts), limit),
    prices: Array.from(priced, ([currency, group]) => priceInterest(currency, group)).sort(weightiest),
  };
}
