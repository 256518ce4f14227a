import { describe, expect, test } from 'vitest';
import { maxSliceTexts, maxSliceUnits, slices } from '../../web/slices.ts';
import type { Tier } from '../../web/types.ts';

const limit = maxSliceTexts.lite;
const cut = (lengths: number[], tier: Tier = 'lite') => [
  ...slices(
    lengths.map((length) => 'x'.repeat(length)),
    tier,
  ),
];

describe('slices', () => {
  test.each([0, 1, limit - 1, limit, limit + 1, 4 * limit + 3])('of %i short texts cover them in order', (count) => {
    const ranges = cut(Array(count).fill(3));
    expect(ranges.length).toBe(Math.ceil(count / limit));
    expect(ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i))).toEqual([...Array(count).keys()]);
  });

  test('for base are single texts', () => {
    expect(cut([3, 1, 0], 'base')).toEqual([
      { start: 0, end: 1 },
      { start: 1, end: 2 },
      { start: 2, end: 3 },
    ]);
  });

  test('hold so much text at most, but for a text that alone is more', () => {
    expect(cut([maxSliceUnits, 1])).toEqual([
      { start: 0, end: 1 },
      { start: 1, end: 2 },
    ]);
    expect(cut([1, maxSliceUnits + 5, 1])).toEqual([
      { start: 0, end: 1 },
      { start: 1, end: 2 },
      { start: 2, end: 3 },
    ]);
    expect(cut([maxSliceUnits - 1, 1, 1])).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 3 },
    ]);
  });
});
