/** Which rows run together. Padding costs as much as tokens do, and so does a call; rows of like length waste little of either. */
const maxTokens = 2048;
const minFill = 0.75;

/** The indices of `sizes` in groups: longest first, none shorter than `minFill` of the longest beside it, at most `maxTokens` with padding. */
export function batches(sizes: readonly number[]): number[][] {
  const order = [...sizes.keys()].sort((a, b) => size(sizes, b) - size(sizes, a) || a - b);
  const groups: number[][] = [];
  let group: number[] = [];
  for (const index of order) {
    const longest = size(sizes, group[0] ?? index);
    const full = (group.length + 1) * longest > maxTokens || size(sizes, index) < minFill * longest;
    if (group.length > 0 && full) {
      groups.push(group);
      group = [];
    }
    group.push(index);
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

const size = (sizes: readonly number[], index: number) => sizes[index] ?? 0;
