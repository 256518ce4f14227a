/** When what was bought runs out: pure. */
import type { ProductHistory } from '../profile/types.ts';

const dayMs = 86_400_000;
/** From here on, in intervals since the last purchase, it is due; and until here, after which the shopper has stopped buying it. */
const dueFrom = 0.8;
const dueUntil = 3;
/** As many gaps between purchases tell the shopper's own habit. */
const minOwnGaps = 2;

/** Whose interval it is: the shopper's own; how long one lasts, as the shop says; other customers'. */
export type IntervalSource = 'own' | 'lasts' | 'customers';

export interface Due {
  readonly id: string;
  readonly source: IntervalSource;
  /** Days from one purchase to the next. */
  readonly intervalDays: number;
  /** Days since the last purchase. */
  readonly elapsedDays: number;
  readonly dueAt: number;
  /** In (0, 1], 1 on the day it is due; less before, and less after, when it is ever more likely that it was bought elsewhere. */
  readonly score: number;
}

/** What the catalogue knows of how long a product is used. */
export interface Lasting {
  /** Days that one lasts. */
  readonly lastsDays?: number | undefined;
  /** Median days between purchases of those who buy it again. */
  readonly repeatDays?: number | undefined;
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** Purchases within a day are one: the lines of an order. */
function gapsOf(purchases: ProductHistory['purchases']): number[] {
  const gaps: number[] = [];
  let last: number | undefined;
  for (const { at } of purchases) {
    const days = last === undefined ? 0 : (at - last) / dayMs;
    if (days >= 1) gaps.push(days);
    if (last === undefined || days >= 1) last = at;
  }
  return gaps;
}

/** Pieces of the last purchase, the lines of its order together. */
function lastQuantity(purchases: ProductHistory['purchases'], lastBought: number): number {
  return purchases.reduce((sum, { at, quantity }) => sum + (lastBought - at < dayMs ? quantity : 0), 0);
}

function intervalOf(purchases: ProductHistory['purchases'], lastBought: number, { lastsDays, repeatDays }: Lasting) {
  const gaps = gapsOf(purchases).sort((a, b) => a - b);
  if (gaps.length >= minOwnGaps) return { source: 'own', days: median(gaps) } as const;
  if (lastsDays !== undefined) return { source: 'lasts', days: lastsDays * lastQuantity(purchases, lastBought) } as const;
  return repeatDays === undefined ? undefined : ({ source: 'customers', days: repeatDays } as const);
}

/** Undefined where it is not due, or nobody knows when it is. */
export function dueOf({ id, purchases, lastBought }: ProductHistory, now: number, lasting: Lasting): Due | undefined {
  if (lastBought === undefined) return undefined;
  const interval = intervalOf(purchases, lastBought, lasting);
  if (!interval || !(interval.days > 0)) return undefined;
  const elapsedDays = (now - lastBought) / dayMs;
  const passed = elapsedDays / interval.days;
  if (passed < dueFrom || passed > dueUntil) return undefined;
  return {
    id,
    source: interval.source,
    intervalDays: interval.days,
    elapsedDays,
    dueAt: lastBought + interval.days * dayMs,
    score: Math.min(passed, 1 / passed),
  };
}
