/** Which runs of a text to mark, and how: what was said of an aspect, or the words that moved the verdict. */
import type { Analysis, AspectOpinion, Evidence, SentimentLabel, Span } from 'aftersense';

/** Words for or against the verdict, or what someone thinks of an aspect. */
export type Role = 'for' | 'against' | SentimentLabel;

export interface Mark extends Span {
  readonly role: Role;
}

export interface Run {
  readonly text: string;
  readonly role: Role | 'plain';
}

/** Weaker than this share of the strongest, a word, or a phrase of such words, explains nothing. */
const wordShare = 0.1;
const phraseShare = 0.2;

const strength = ({ score }: Evidence): number => Math.abs(score);

/** Punctuation alone says nothing. */
const saysSomething = (text: string, { start, end }: Span): boolean =>
  /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text.slice(start, end));

function atLeast(share: number, evidence: readonly Evidence[]): readonly Evidence[] {
  const strongest = Math.max(0, ...evidence.map(strength));
  return evidence.filter((piece) => strength(piece) > 0 && strength(piece) >= strongest * share);
}

/** Neighbours that pull the same way, such as “very happy” or 太 让人 失望, as one phrase with the sum of their scores. */
function joinNeighbours(text: string, evidence: readonly Evidence[]): Evidence[] {
  const phrases: Evidence[] = [];
  for (const piece of [...evidence].sort((a, b) => a.start - b.start)) {
    const last = phrases.at(-1);
    const touches = last && text.slice(last.end, piece.start).trim() === '' && piece.start - last.end <= 1;
    if (touches && last.score > 0 === piece.score > 0) {
      phrases[phrases.length - 1] = { start: last.start, end: Math.max(last.end, piece.end), score: last.score + piece.score };
    } else phrases.push(piece);
  }
  return phrases;
}

/** The phrases of `text` worth showing, strongest first. */
export function shownEvidence(text: string, evidence: readonly Evidence[]): readonly Evidence[] {
  const words = evidence.filter((piece) => saysSomething(text, piece));
  const phrases = joinNeighbours(text, atLeast(wordShare, words));
  return [...atLeast(phraseShare, phrases)].sort((a, b) => strength(b) - strength(a));
}

/** The words of one aspect worth quoting, in the order of the text. */
export function quotes(text: string, { evidence }: AspectOpinion): readonly Span[] {
  return evidence.filter((span) => saysSomething(text, span)).sort((a, b) => a.start - b.start);
}

/** What to mark: where aspects were read, their words; else the words that decided. */
export function marksOf(text: string, { abstained, aspects = [], evidence = [] }: Analysis): readonly Mark[] {
  if (abstained) return [];
  const said = aspects.flatMap((opinion) => quotes(text, opinion).map(({ start, end }) => ({ start, end, role: opinion.polarity })));
  if (said.length > 0) return said;
  return shownEvidence(text, evidence).map(({ start, end, score }) => ({ start, end, role: score > 0 ? 'for' : 'against' }));
}

/** Where marks overlap, the earlier in the list wins. */
export function cutIntoRuns(text: string, marks: readonly Mark[]): readonly Run[] {
  const roles: Run['role'][] = new Array(text.length).fill('plain');
  for (const { start, end, role } of [...marks].reverse()) roles.fill(role, start, end);
  const runs: Run[] = [];
  for (let start = 0; start < text.length; ) {
    let end = start + 1;
    while (end < text.length && roles[end] === roles[start]) end += 1;
    runs.push({ text: text.slice(start, end), role: roles[start] ?? 'plain' });
    start = end;
  }
  return runs;
}

/** Marks that still hold for `after`, which was typed over `before`: what lies before the first change. */
export function stillValid(marks: readonly Mark[], before: string, after: string): readonly Mark[] {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same += 1;
  return marks.filter(({ end }) => end <= same);
}
