/**
 * Which answers a text asks for. By words: BM25+ (MiniSearch) over one document a language and answer, of its text and its questions. By meaning: the
 * mean of the two highest cosines among the answer's texts in both languages, so that no single odd question decides. Both: the sum.
 */
import MiniSearch from 'minisearch';
import { locales } from './check.ts';
import { type AnswersFile, type AnswerText, textsOf, withoutSlots } from './file.ts';
import { VectorTable } from './vectors.ts';
import { isPrefix, termsOf } from './words.ts';

/** Of the best match by words, in cosine; and of a match in the answer beside one in its questions. By cross-validation on train (README.md). */
const wordsWeight = 0.1;
const answerBoost = 0.5;
const maxReasonWords = 5;

interface Document {
  readonly id: string;
  readonly answer: string;
  readonly questions: string;
}

/** An answer, and what speaks for it. */
export interface Candidate {
  /** Its place among the answers. */
  readonly answer: number;
  readonly score: number;
  /** Absent without an embedding. */
  readonly cosine: number | undefined;
  /** BM25 a term of the text. */
  readonly wordsPerTerm: number;
  readonly words: readonly string[];
  /** The likest text of the answer; by words alone, the answer. */
  readonly likest: AnswerText;
}

interface WordMatch {
  readonly score: number;
  readonly words: readonly string[];
  /** The answer in the language that matched. */
  readonly text: string;
}

export class AnswerSearch {
  readonly #file: AnswersFile;
  readonly #index: MiniSearch<Document>;
  readonly #texts: readonly AnswerText[];
  readonly #vectors: VectorTable | undefined;

  constructor(file: AnswersFile) {
    this.#file = file;
    this.#texts = textsOf(file.answers);
    this.#vectors = file.embedded && new VectorTable(file.embedded.vectors);
    this.#index = new MiniSearch({
      fields: ['answer', 'questions'],
      storeFields: ['answer'],
      tokenize: termsOf,
      processTerm: (term) => term,
    });
    this.#index.addAll(
      file.answers.flatMap((answer, place) =>
        locales.map((language) => ({
          id: `${place}/${language}`,
          answer: withoutSlots(answer[language]),
          questions: (answer.questions?.[language] ?? []).join('\n'),
        })),
      ),
    );
  }

  /** All answers that have anything of the text, best first. An embedding needs vectors in the file. */
  find(text: string, embedding?: Float32Array): Candidate[] {
    const matches = this.#byWords(text);
    const terms = Math.max(termsOf(text).length, 1);
    const best = Math.max(0, ...Array.from(matches.values(), ({ score }) => score));
    const meanings = embedding && this.#byMeaning(embedding);
    const scored = this.#file.answers.flatMap((_, answer) => {
      const match = matches.get(answer) ?? { score: 0, words: [], text: '' };
      const meaning = meanings?.[answer];
      const words = best > 0 ? match.score / best : 0;
      const score = meaning ? meaning.cosine + wordsWeight * words : words;
      if (!meaning && match.score === 0) return [];
      const likest = meaning?.likest ?? { answer, kind: 'answer' as const, text: match.text };
      return [{ answer, score, cosine: meaning?.cosine, wordsPerTerm: match.score / terms, words: match.words, likest }];
    });
    // Places break ties, so that the order is always the same.
    return scored.sort((a, b) => b.score - a.score || a.answer - b.answer);
  }

  #byWords(asked: string): Map<number, WordMatch> {
    const found = new Map<number, WordMatch>();
    for (const { id, score, queryTerms, answer: text } of this.#index.search(asked, { boost: { answer: answerBoost }, prefix: isPrefix })) {
      const answer = Number.parseInt(String(id), 10);
      // Results come best first: the better of the two languages stands.
      if (!found.has(answer)) found.set(answer, { score, words: longest(queryTerms), text: text as string });
    }
    return found;
  }

  #byMeaning(embedding: Float32Array): { cosine: number; likest: AnswerText }[] {
    const cosines = this.#vectors?.cosines(embedding) ?? new Float32Array();
    const tops = this.#file.answers.map(() => ({ first: -1, second: -1, likest: -1 }));
    for (const [row, { answer }] of this.#texts.entries()) {
      const top = tops[answer] as (typeof tops)[number];
      const cosine = cosines[row] as number;
      if (cosine > top.first) Object.assign(top, { first: cosine, second: top.first, likest: row });
      else if (cosine > top.second) top.second = cosine;
    }
    // Each answer has two texts at least.
    return tops.map(({ first, second, likest }) => ({ cosine: (first + second) / 2, likest: this.#texts[likest] as AnswerText }));
  }
}

/** The most telling terms are the longest: a pair of characters says more than one of them. */
function longest(terms: readonly string[]): string[] {
  const kept: string[] = [];
  for (const term of [...new Set(terms)].sort((a, b) => b.length - a.length))
    if (!kept.some((other) => other.includes(term))) kept.push(term);
  return kept.slice(0, maxReasonWords);
}
