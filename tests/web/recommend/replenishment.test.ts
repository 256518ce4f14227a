import { describe, expect, test } from 'vitest';
import { dueOf } from '../../../web/recommend/replenishment.ts';
import { dayMs, start } from '../profile/support.ts';

/** Bought so many days ago, each so many pieces. */
const bought = (...purchases: readonly (readonly [daysAgo: number, quantity?: number])[]) => ({
  id: 'tea',
  weight: 1,
  bought: purchases.length,
  views: 0,
  lastBought: start - (purchases.at(-1)?.[0] ?? 0) * dayMs,
  purchases: purchases.map(([daysAgo, quantity = 1]) => ({ at: start - daysAgo * dayMs, quantity })),
});

describe('the interval', () => {
  test('is the median of the shopper’s own gaps, from two on, whatever else is known', () => {
    const due = dueOf(bought([100], [70], [50], [25]), start, { lastsDays: 7, repeatDays: 9 });
    expect(due).toMatchObject({ source: 'own', intervalDays: 25, elapsedDays: 25, dueAt: start, score: 1 });
    expect(dueOf(bought([90], [60], [28]), start, {})).toMatchObject({ source: 'own', intervalDays: 31 });
  });

  test('is else how long what was bought last lasts, all of its pieces', () => {
    expect(dueOf(bought([60], [30]), start, { lastsDays: 30, repeatDays: 9 })).toMatchObject({ source: 'lasts', intervalDays: 30 });
    expect(dueOf(bought([30, 2]), start, { lastsDays: 15 })).toMatchObject({ intervalDays: 30 });
    // Two lines of one order.
    expect(dueOf(bought([30.1, 2], [30]), start, { lastsDays: 10 })).toMatchObject({ intervalDays: 30 });
  });

  test('is else what other customers’ is', () => {
    expect(dueOf(bought([40]), start, { repeatDays: 45 })).toMatchObject({ source: 'customers', intervalDays: 45 });
  });

  test('is not known of what nobody buys again', () => expect(dueOf(bought([40]), start, {})).toBeUndefined());

  test('counts the lines of an order, and purchases within a day, once', () => {
    expect(dueOf(bought([60], [59.9], [30], [29.5]), start, {})).toBeUndefined();
  });
});

describe('when it is due', () => {
  const after = (daysAgo: number) => dueOf(bought([daysAgo]), start, { lastsDays: 30 });

  test.each([
    [0, undefined],
    [23.9, undefined],
    [24, 0.8],
    [30, 1],
    [60, 0.5],
    [90, 1 / 3],
    [91, undefined],
  ])('%d days after the last purchase of what lasts 30', (daysAgo, score) => {
    if (score === undefined) expect(after(daysAgo)).toBeUndefined();
    else expect(after(daysAgo)?.score).toBeCloseTo(score, 9);
  });

  test('it says the day', () => expect(after(25)?.dueAt).toBe(start + 5 * dayMs));

  test.each([0, -5, Number.NaN])('an interval of %d days is none', (lastsDays) => {
    expect(dueOf(bought([40]), start, { lastsDays })).toBeUndefined();
  });

  test('what was never bought is not', () => {
    expect(dueOf({ id: 'tea', weight: 1, bought: 0, views: 3, purchases: [] }, start, { lastsDays: 30 })).toBeUndefined();
  });
});
