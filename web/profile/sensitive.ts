/** Whether an event tells of something sensitive, by literal words: then it is kept nowhere, and nothing is inferred from it. */
import { checkStrings } from '../checks.ts';
import { findWord, foldText } from '../desk/words.ts';
import { AftersenseError } from '../errors.ts';
import { sensitiveWords } from './sensitive_words.ts';
import type { ProfileEvent, ProfileOptions } from './types.ts';

const maxWords = 1000;

/** An English noun in the plural too. */
function forms(word: string): readonly string[] {
  if (!/[a-z]$/.test(word)) return [word];
  if (/[^aeiou]y$/.test(word)) return [word, `${word.slice(0, -1)}ies`];
  return [word, /(?:s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`];
}

const shipped = Object.values(sensitiveWords).flatMap((lines) => lines.flatMap((line) => line.split(', ')));

/** Throws `invalid_argument`. */
function checkWords(words: unknown, name: string): asserts words is readonly string[] {
  checkStrings(words, name);
  if (words.length > maxWords || words.some((word) => !/[\p{L}\p{N}]/u.test(word)))
    throw new AftersenseError('invalid_argument', `${name} must be at most ${maxWords} words, each with a letter or a digit.`);
}

/** Without the phrases that are harmless here: what stands on both sides of one does not meet. */
function withoutAllowed(folded: string, allowed: readonly string[]): string {
  let rest = folded;
  for (const phrase of allowed)
    for (const { start, end } of findWord(rest, phrase).reverse()) rest = `${rest.slice(0, start)}\n${rest.slice(end)}`;
  return rest;
}

/** Category paths and tags join words by signs that are no spaces: `mental-health`, `Adult_Toys`. */
const fold = (text: string): string => foldText(text).replace(/[\s_\-/>&|,.·]+/g, ' ');

/** A field a line. */
function textOf(event: ProfileEvent): string {
  if (event.kind === 'shown') return '';
  const { title, category, brand, tags = [] } = event.kind === 'search' ? { title: event.text } : event.product;
  return [title, category, brand, ...tags].map((text = '') => text.replaceAll('\n', ' ')).join('\n');
}

export type IsSensitive = (event: ProfileEvent) => boolean;

/** So many answers are remembered: all that is kept is asked about whenever something is derived from it. */
const maxKnown = 4000;

/** Throws `invalid_argument`. */
export function sensitiveBy({ deny = [], allow = [] }: NonNullable<ProfileOptions['sensitive']> = {}): IsSensitive {
  checkWords(deny, 'profile.sensitive.deny');
  checkWords(allow, 'profile.sensitive.allow');
  const denied = [...shipped, ...deny].map((word) => fold(word).trim()).flatMap(forms);
  // The longest first: of two phrases that overlap, the one that says more.
  const allowed = allow.map((word) => fold(word).trim()).sort((a, b) => b.length - a.length);
  const isDenied = (rest: string) => denied.some((word) => findWord(rest, word).length > 0);
  const known = new Map<string, boolean>();
  return (event) => {
    const text = textOf(event);
    const answer = known.get(text) ?? isDenied(withoutAllowed(text.split('\n').map(fold).join('\n'), allowed));
    if (known.size >= maxKnown) known.clear();
    known.set(text, answer);
    return answer;
  };
}
