/** Cuts a text into runs that did or did not move the verdict. */
import type { Evidence } from 'aftersense';

export interface Run {
  readonly text: string;
  readonly role: 'plain' | 'for' | 'against';
}

/** Weaker than this share of the strongest, a word, or a phrase of such words, explains nothing. */
const wordShare = 0.1;
const phraseShare = 0.2;

const strength = ({ score }: Evidence): number => Math.abs(score);

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

/** The phrases of `text` worth showing, strongest first; punctuation alone is left out. */
export function shownEvidence(text: string, evidence: readonly Evidence[]): readonly Evidence[] {
  const words = evidence.filter(({ start, end }) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text.slice(start, end)));
  const phrases = joinNeighbours(text, atLeast(wordShare, words));
  return [...atLeast(phraseShare, phrases)].sort((a, b) => strength(b) - strength(a));
}

/** Where spans overlap, the stronger one (the earlier in the list) wins. */
export function cutIntoRuns(text: string, evidence: readonly Evidence[]): readonly Run[] {
  const roles: Run['role'][] = new Array(text.length).fill('plain');
  for (const { start, end, score } of [...evidence].reverse()) roles.fill(score > 0 ? 'for' : 'against', start, end);
  const runs: Run[] = [];
  for (let start = 0; start < text.length; ) {
    let end = start + 1;
    while (end < text.length && roles[end] === roles[start]) end += 1;
    runs.push({ text: text.slice(start, end), role: roles[start] ?? 'plain' });
    start = end;
  }
  return runs;
}

/** Evidence that still holds for `after`, which was typed over `before`: what lies before the first change. */
export function stillValid(evidence: readonly Evidence[], before: string, after: string): readonly Evidence[] {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same += 1;
  return evidence.filter(({ end }) => end <= same);
}
