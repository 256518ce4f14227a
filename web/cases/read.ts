/**
 * Reads what comes from outside (callers without a compiler, files) into the plain values that a case holds. Each reader throws
 * `invalid_argument` naming the path of the value; a field that nobody knows is refused, since it is often one misspelt.
 */
import { aspects } from '../aspects.ts';
import { checkOneOf, checkString } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import { openStates, priorities } from './terms.ts';
import type { CaseFacts, Party, Remedy, ServiceTerms } from './types.ts';

const remedies = ['refund', 'exchange', 'reship', 'repair', 'coupon', 'apology', 'call_back', 'other'] as const satisfies readonly Remedy[];
export const parties = ['shopper', 'agent', 'system'] as const satisfies readonly Party[];

/** UTF-16 units. */
const maxText = 100_000;
const maxName = 200;
const maxItems = 100;
/** A year: longer promises are slips of a unit. */
const maxHours = 24 * 366;
const maxDays = 3660;

type Values = Readonly<Record<string, unknown>>;
type Reader<T> = (value: unknown, path: string) => T;

export const invalid = (message: string) => new AftersenseError('invalid_argument', message);

export function readObject(value: unknown, path: string, fields: readonly string[]): Values {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${path} must be an object.`);
  const unknown = Object.keys(value).find((name) => !fields.includes(name));
  if (unknown !== undefined) throw invalid(`${path}.${unknown} is not known; ${path} may have ${fields.join(', ')}.`);
  return value as Values;
}

function readTextOf(max: number): Reader<string> {
  return (value, path) => {
    checkString(value, path);
    if (value.trim() === '') throw invalid(`${path} is blank.`);
    if (value.length > max) throw invalid(`${path} has ${value.length} characters; ${max} are allowed.`);
    return value;
  };
}
export const readText = readTextOf(maxText);
export const readName = readTextOf(maxName);

function readChoice<T extends string>(allowed: readonly T[]): Reader<T> {
  return (value, path) => {
    checkOneOf(value, path, allowed);
    return value;
  };
}
export const readParty = readChoice(parties);
export const readPriority = readChoice(priorities);
const readRemedy = readChoice(remedies);

export function readList<T>(value: unknown, path: string, read: Reader<T>, max = maxItems): T[] {
  if (!Array.isArray(value)) throw invalid(`${path} must be an array.`);
  if (value.length === 0 || value.length > max) throw invalid(`${path} must have 1 to ${max} items, not ${value.length}.`);
  return value.map((item, i) => read(item, `${path}[${i}]`));
}

function readDistinct<T>(value: unknown, path: string, read: Reader<T>, key: (item: T) => string): T[] {
  const items = readList(value, path, read);
  const seen = new Set<string>();
  for (const item of items) {
    if (seen.has(key(item))) throw invalid(`${path} has '${key(item)}' twice.`);
    seen.add(key(item));
  }
  return items;
}
export const readRemedies: Reader<Remedy[]> = (value, path) => readDistinct(value, path, readRemedy, (remedy) => remedy);

const readStep: Reader<{ id: string; title: string }> = (value, path) => {
  const { id, title } = readObject(value, path, ['id', 'title']);
  return { id: readName(id, `${path}.id`), title: readName(title, `${path}.title`) };
};
export const readSteps: Reader<{ id: string; title: string }[]> = (value, path) => readDistinct(value, path, readStep, ({ id }) => id);

const factReaders: { readonly [F in keyof CaseFacts]-?: Reader<NonNullable<CaseFacts[F]>> } = {
  text: readText,
  kind: readChoice(aspects),
  wish: readRemedy,
  order: readName,
  product: readName,
};
export const factNames = Object.keys(factReaders) as readonly (keyof CaseFacts)[];

/** At least one fact; `undefined` is as good as absent. */
export const readFacts: Reader<Partial<CaseFacts>> = (value, path) => {
  const given = readObject(value, path, factNames);
  const names = factNames.filter((name) => given[name] !== undefined);
  if (names.length === 0) throw invalid(`${path} must have one of ${factNames.join(', ')}.`);
  return Object.fromEntries(names.map((name) => [name, factReaders[name](given[name], `${path}.${name}`)]));
};

export const readAllFacts: Reader<CaseFacts> = (value, path) => {
  const { text, kind, ...rest } = readFacts(value, path);
  if (text === undefined || kind === undefined) throw invalid(`${path} must have text and kind.`);
  return { text, kind, ...rest };
};

function readNumber(value: unknown, path: string, max: number): number {
  if (typeof value !== 'number' || !(value > 0 && value <= max)) throw invalid(`${path} must be above 0 and at most ${max}.`);
  return value;
}

/** Complete terms. */
export const readTerms: Reader<ServiceTerms> = (value, path) => {
  const { hours, reopenDays } = readObject(value, path, ['hours', 'reopenDays']);
  const table = readObject(hours, `${path}.hours`, priorities);
  const rows = priorities.map((priority) => {
    const row = readObject(table[priority], `${path}.hours.${priority}`, openStates);
    return [
      priority,
      Object.fromEntries(openStates.map((state) => [state, readNumber(row[state], `${path}.hours.${priority}.${state}`, maxHours)])),
    ];
  });
  return { hours: Object.fromEntries(rows), reopenDays: readNumber(reopenDays, `${path}.reopenDays`, maxDays) };
};

/** A time that Date can show. */
export const readTime: Reader<number> = (value, path) => {
  if (!Number.isFinite(value) || Math.abs(value as number) > 8.64e15) throw invalid(`${path} must be a time in milliseconds.`);
  return value as number;
};
