/** The file of a shop's answers: JSON of one version, its vectors as base64. */
import { AftersenseError } from '../errors.ts';
import type { ModelInfo } from '../types.ts';
import { AnswersError, checkAnswers, checkOpenings, locales } from './check.ts';
import type { Answer, AnswerProblemCode, AnswersInfo, Openings } from './types.ts';
import { dimensions, fromBase64, toBase64 } from './vectors.ts';

const format = 'aftersense-answers';
const formatVersion = 1;

export interface AnswersFile {
  readonly answers: readonly Answer[];
  readonly openings: Openings;
  /** One row for each of `textsOf`, by this model; undefined for words alone. */
  readonly embedded: { readonly model: Pick<ModelInfo, 'name' | 'version'>; readonly vectors: Int8Array } | undefined;
}

/** A text of an answer that a shopper's can be like. */
export interface AnswerText {
  /** Its place among the answers. */
  readonly answer: number;
  readonly kind: 'answer' | 'question';
  readonly text: string;
}

/** All texts, in the order of the vectors: of each answer its own two, then its questions. Slots say nothing, and are left out. */
export function textsOf(answers: readonly Answer[]): AnswerText[] {
  return answers.flatMap((answer, place) => [
    ...locales.map((language) => ({ answer: place, kind: 'answer' as const, text: withoutSlots(answer[language]) })),
    ...questionsOf(answer).map((text) => ({ answer: place, kind: 'question' as const, text })),
  ]);
}

export const questionsOf = ({ questions = {} }: Answer): string[] => locales.flatMap((language) => questions[language] ?? []);

export const withoutSlots = (text: string): string => text.replace(/\{\w+\}/g, '…');

export function writeFile({ answers, openings, embedded }: AnswersFile): Uint8Array<ArrayBuffer> {
  const file = {
    format,
    version: formatVersion,
    model: embedded ? { name: embedded.model.name, version: embedded.model.version } : null,
    dimensions,
    openings,
    answers,
    vectors: embedded ? toBase64(embedded.vectors) : '',
  };
  return new TextEncoder().encode(JSON.stringify(file));
}

const invalid = (code: AnswerProblemCode, message: string) => new AnswersError([{ code, line: 0, message }]);

/** Errors: answers_invalid; pack_wrong_version for a file of another version. */
export function readFile(bytes: Uint8Array): AnswersFile {
  const { version, dimensions: size, openings, answers: rows, ...rest } = parse(bytes);
  if (version !== formatVersion || size !== dimensions)
    throw new AftersenseError(
      'pack_wrong_version',
      `The answers file has version ${String(version)} with ${String(size)} dimensions, this module reads version ${formatVersion} with ${dimensions}. Build it again: aftersense answers build.`,
    );
  if (!Array.isArray(rows)) throw invalid('wrong_type', 'the file has no array of answers');
  const answers = checkAnswers(rows);
  return { answers, openings: checkOpenings(openings), embedded: readEmbedded(rest, textsOf(answers).length) };
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  let file: unknown;
  try {
    file = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw invalid('wrong_type', `the file is not JSON: ${(error as Error).message}`);
  }
  if ((file as { format?: unknown } | null)?.format !== format)
    throw invalid('wrong_type', 'the file is none of aftersense answers build; build one from your answers first');
  return file as Record<string, unknown>;
}

function readEmbedded({ model, vectors }: Record<string, unknown>, rows: number): AnswersFile['embedded'] {
  if (model === null) return undefined;
  const { name, version } = (model ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || typeof version !== 'string' || typeof vectors !== 'string')
    throw invalid('wrong_type', 'the file does not tell its model and vectors');
  let table: Int8Array;
  try {
    table = fromBase64(vectors);
  } catch {
    throw invalid('wrong_type', 'the vectors of the file are no base64');
  }
  if (table.length !== rows * dimensions)
    throw invalid('wrong_type', `the file has ${table.length} bytes of vectors, its texts need ${rows * dimensions}`);
  return { model: { name, version }, vectors: table };
}

export const infoOf = ({ answers, embedded }: AnswersFile, bytes: number): AnswersInfo => ({
  answers: answers.length,
  questions: answers.reduce((count, answer) => count + questionsOf(answer).length, 0),
  model: embedded?.model,
  bytes,
});
