/** A correction as it is kept, and the checks of what comes from callers and from storage. */
import { checkOneOf, checkString } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import type { Correction, NewCorrection, ShippedReading } from './types.ts';
import { labels, verdicts } from './verdicts.ts';

export type Row = Correction & {
  /** Of unit length; null where lite alone has read the text, or base had nothing to read. */
  readonly vector: Float32Array | null;
  /** Name and version of the model that `read` and `vector` are of. */
  readonly model: string;
};

/** Base judges texts of 8 KB whole. */
const maxUnits = 8192;
const invalid = (message: string) => new AftersenseError('invalid_argument', message);

/** What a caller gives. Throws `invalid_argument` naming the field. */
export function readNew(value: unknown): NewCorrection {
  if (typeof value !== 'object' || value === null) throw invalid('correction must be an object.');
  const { text, verdict, label, by } = value as Readonly<Record<string, unknown>>;
  checkString(text, 'correction.text');
  if (text.trim() === '') throw invalid('correction.text is blank.');
  if (text.length > maxUnits) throw invalid(`correction.text has ${text.length} characters; ${maxUnits} are allowed.`);
  checkOneOf(verdict, 'correction.verdict', verdicts);
  checkOneOf(label, 'correction.label', labels[verdict]);
  checkOneOf(by, 'correction.by', ['shopper', 'agent']);
  return { text, verdict, label, by } as NewCorrection;
}

const isReading = (value: unknown): value is ShippedReading | null => {
  if (value === null) return true;
  const { label, score, tier, model } = Object(value) as Readonly<Record<string, unknown>>;
  const names = [label, model].every((name) => typeof name === 'string');
  return names && (tier === 'lite' || tier === 'base') && (score === undefined || Number.isFinite(score));
};

const isVector = (value: unknown): value is Float32Array | null =>
  value === null || (value instanceof Float32Array && value.length > 0 && value.every(Number.isFinite));

/** A record of the storage; undefined where it is no correction: another script may have written it, or another version. */
export function readRow(value: unknown): Row | undefined {
  const { id, at, read, vector, model } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || !Number.isFinite(at) || typeof model !== 'string' || !isReading(read) || !isVector(vector))
    return undefined;
  try {
    return { ...readNew(value), id, at: at as number, read, vector, model };
  } catch {
    return undefined;
  }
}

/** What a caller sees of it. */
export function correctionOf({ vector: _, model: __, ...correction }: Row): Correction {
  return correction;
}

/** Newest first; of one time, in a fixed order. */
export const newestFirst = (a: Correction, b: Correction): number => b.at - a.at || (a.id < b.id ? -1 : 1);
