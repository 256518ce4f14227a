import type { Tier } from './types.ts';

/**
 * Cuts a batch into slices, so that between two of them an abort is heard, progress is told and another call gets its turn.
 * A slice of ordinary feedback keeps lite's thread busy for about ten milliseconds; base takes longer than that over one text.
 */
export const maxSliceTexts: Readonly<Record<Tier, number>> = { lite: 16, base: 1 };
export const maxSliceUnits = 8192;

/** Half-open index ranges, in order, covering all texts; a text longer than a slice has one to itself. */
export function* slices(texts: readonly string[], tier: Tier): Generator<{ readonly start: number; readonly end: number }> {
  let start = 0;
  let units = 0;
  for (const [i, text] of texts.entries()) {
    const full = i - start === maxSliceTexts[tier] || units + text.length > maxSliceUnits;
    if (full && i > start) {
      yield { start, end: i };
      start = i;
      units = 0;
    }
    units += text.length;
  }
  if (start < texts.length) yield { start, end: texts.length };
}
