/**
 * Shared terms as a shopper would write them. The catalogue's terms are made for matching: Chinese comes as overlapping
 * characters and pairs (不锈 锈 锈钢 钢), English as word stems (electronic), so each is read back from the product's own text.
 */

export interface ReasonTexts {
  /** Tags and title: what is shared here tells most. */
  readonly telling: readonly string[];
  /** Brand and category: named whole when any part is shared. */
  readonly names: readonly string[];
  /** Description: only used when nothing above is shared. */
  readonly rest: string;
}

const han = /\p{Script=Han}/u;

const wordsOf = (text: string): readonly string[] => text.match(/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/gu) ?? [];

/** Does `word`, or a part of a hyphenated one, begin with `stem`? */
const hasStem = (word: string, stem: string): boolean =>
  word
    .toLowerCase()
    .split('-')
    .some((part) => part.startsWith(stem));

/** Runs of `text` covered by terms that overlap each other. */
function coveredRuns(terms: readonly string[], text: string): string[] {
  const spans = terms.flatMap((term) => {
    const start = text.indexOf(term);
    return start < 0 ? [] : [{ start, end: start + term.length }];
  });
  const runs: { start: number; end: number }[] = [];
  for (const { start, end } of spans.sort((a, b) => a.start - b.start)) {
    const last = runs.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else runs.push({ start, end });
  }
  return runs.map(({ start, end }) => text.slice(start, end));
}

/** Up to `limit` words or names for `terms`, which come strongest first. */
export function readableReasons(terms: readonly string[], texts: ReasonTexts, limit: number): readonly string[] {
  // A single character says too little to be shown.
  const chinese = terms.filter((term) => han.test(term) && term.length > 1);
  const stems = terms.filter((term) => !han.test(term));
  const sharedIn = (text: string) => [
    ...coveredRuns(chinese, text),
    ...stems.flatMap((stem) => wordsOf(text).find((word) => hasStem(word, stem)) ?? []),
  ];
  const told = [...texts.telling.flatMap(sharedIn), ...texts.names.filter((name) => sharedIn(name).length > 0)];
  const distinct: string[] = [];
  for (const word of told.length > 0 ? told : sharedIn(texts.rest)) {
    if (!distinct.some((other) => other.toLowerCase().includes(word.toLowerCase()))) distinct.push(word);
  }
  return distinct.slice(0, limit);
}
