/**
 * Literal words in a text, as policies name them. Both sides are folded: lower case, full width to half width, any white space to a space,
 * typographic apostrophes to `'`. A word that begins or ends with a Latin letter or a digit has none of these beside it in the text there:
 * `sue` is not in `issue`. There are no patterns and no inflections: `refund` is not `refunds`.
 */
import type { Span } from '../types.ts';

/** Each character alone, and only where it stays as long: offsets of the folded text are those of the text. */
function foldCharacter(character: string): string {
  if (character > ' ' && character <= '~') return character.toLowerCase();
  if (character === '’' || character === '‘') return "'";
  const folded = character.normalize('NFKC').toLowerCase();
  if (folded.length !== character.length) return character;
  return folded.trim() === '' ? ' ' : folded;
}

export const foldText = (text: string): string => Array.from(text, foldCharacter).join('');

const foldedLists = new WeakMap<readonly string[], readonly string[]>();

/** The words of a list, folded; once for each list, which must stay as it is. */
export function foldWords(words: readonly string[]): readonly string[] {
  const folded = foldedLists.get(words) ?? words.map(foldWord);
  foldedLists.set(words, folded);
  return folded;
}

export const foldWord = (word: string): string => foldText(word).trim();

/** Combining marks belong to the letter before them. */
const bounded = /[\p{Script=Latin}\p{Nd}\p{M}]/u;

function standsAlone(folded: string, { start, end }: Span, word: string): boolean {
  const before = folded.slice(0, start).at(-1) ?? '';
  const after = String.fromCodePoint(folded.codePointAt(end) ?? 0x20);
  return !(bounded.test(word.charAt(0)) && bounded.test(before)) && !(bounded.test(word.slice(-1)) && bounded.test(after));
}

/** Where a word that `foldWord` folded stands in a text that `foldText` folded. */
export function findWord(folded: string, wanted: string): Span[] {
  const spans: Span[] = [];
  if (wanted === '') return spans;
  for (let start = folded.indexOf(wanted); start >= 0; start = folded.indexOf(wanted, start + 1)) {
    const span = { start, end: start + wanted.length };
    if (standsAlone(folded, span, wanted)) spans.push(span);
  }
  return spans;
}
