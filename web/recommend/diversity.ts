/** Maximal marginal relevance (Carbonell, Goldstein 1998): what is good and not like what is shown already. */
import { dot } from './linear.ts';
import type { ProductInteractions } from './types.ts';

/** Cosine of factors, from -1 to 1; 0 where one has none. */
export function likeness({ factors: a }: ProductInteractions, { factors: b }: ProductInteractions): number {
  if (!a || !b) return 0;
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths > 0 ? dot(a, b) / lengths : 0;
}

/**
 * The places of up to `limit` of `items`, which are in falling order of `ranks`, all from 0 up. Each next one has the highest
 * (1 − diversity) · rank / highest rank − diversity · likeness to the nearest that is chosen.
 */
export function diversify<T>(
  items: readonly T[],
  ranks: readonly number[],
  alike: (a: T, b: T) => number,
  { limit, diversity }: { readonly limit: number; readonly diversity: number },
): number[] {
  const top = ranks[0] || 1;
  const left = items.map((item, place) => ({ item, place, nearest: 0 }));
  const chosen: number[] = [];
  while (chosen.length < limit && left.length > 0) {
    const gains = left.map(({ place, nearest }) => ((1 - diversity) * (ranks[place] as number)) / top - diversity * nearest);
    const best = gains.indexOf(Math.max(...gains));
    const [next] = left.splice(best, 1) as [(typeof left)[number]];
    chosen.push(next.place);
    for (const other of left) other.nearest = Math.max(other.nearest, alike(next.item, other.item));
  }
  return chosen;
}
