/**
 * Cuts a batch into slices, so that between two of them an abort is heard, progress is told and another call gets its turn.
 * A slice of ordinary feedback keeps its thread busy for about ten milliseconds.
 */
export const maxSliceTexts = 16;
export const maxSliceUnits = 8192;

/** Half-open index ranges, in order, covering all texts; a text longer than a slice has one to itself. */
export function* slices(texts: readonly string[]): Generator<{ readonly start: number; readonly end: number }> {
  let start = 0;
  let units = 0;
  for (const [i, text] of texts.entries()) {
    const full = i - start === maxSliceTexts || units + text.length > maxSliceUnits;
    if (full && i > start) {
      yield { start, end: i };
      start = i;
      units = 0;
    }
    units += text.length;
  }
  if (start < texts.length) yield { start, end: texts.length };
}
