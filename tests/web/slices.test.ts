import { describe, expect, test } from 'vitest';
import { maxSliceTexts, maxSliceUnits, slices } from '../../web/slices.ts';

const cut = (lengths: number[]) => [...slices(lengths.map((length) => 'x'.repeat(length)))];

describe('slices', () => {
  test.each([
    0,
    1,
    maxSliceTexts - 1,
    maxSliceTexts,
    maxSliceTexts + 1,
    4 * maxSliceTexts + 3,
  ])('of %i short texts cover them in order', (count) => {
    const ranges = cut(Array(count).fill(3));
    expect(ranges.length).toBe(Math.ceil(count / maxSliceTexts));
    expect(ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i))).toEqual([...Array(count).keys()]);
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
