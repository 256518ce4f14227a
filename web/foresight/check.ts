/** A model file checked: a shop writes it, but anything may stand at the address it was loaded from. */
import { AftersenseError } from '../errors.ts';
import type { ForesightModel } from './types.ts';

const maxFeatures = 200;
const maxRates = 1_000_000;
const maxEdges = 1000;
/** Of log-odds, far beyond any that tell something: sums of them stay finite. */
const maxWeight = 1000;

/** Code `foresight_invalid`; `path` is a JSON pointer to what is wrong. */
export class ForesightError extends AftersenseError {
  readonly path: string;

  constructor(path: string, message: string) {
    super('foresight_invalid', `The foresight model is not valid: ${path || 'the whole'}: ${message}.`);
    this.path = path;
  }
}

type Fields = Readonly<Record<string, unknown>>;

const at = (path: string, key: string | number): string => `${path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ForesightError(path, 'must be an object');
  return value as Fields;
}

/** The fields, which are these and no others. */
function exactly(value: unknown, path: string, names: readonly string[]): Fields {
  const fields = fieldsOf(value, path);
  for (const name of names) if (!Object.hasOwn(fields, name)) throw new ForesightError(at(path, name), 'is missing');
  for (const name of Object.keys(fields)) if (!names.includes(name)) throw new ForesightError(at(path, name), 'unknown field');
  return fields;
}

function numberIn(value: unknown, path: string, min = -Number.MAX_VALUE, max = Number.MAX_VALUE): number {
  if (typeof value !== 'number' || !(value >= min && value <= max))
    throw new ForesightError(path, min === -Number.MAX_VALUE ? 'must be a number' : `must be a number from ${min} to ${max}`);
  return value;
}

function textOf(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw new ForesightError(path, 'must be text');
  return value;
}

function listOf(value: unknown, path: string, max: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new ForesightError(path, 'must be a list');
  if (value.length > max) throw new ForesightError(path, `has more than ${max} entries`);
  return value;
}

const checkWeight = (value: unknown, path: string) => numberIn(value, path, -maxWeight, maxWeight);

/** A rate of 0 or 1 would have no log-odds. */
function checkRate(value: unknown, path: string): void {
  if (!(numberIn(value, path, 0, 1) > 0 && value !== 1)) throw new ForesightError(path, 'must be between 0 and 1');
}

function checkHistory(value: unknown, path: string, earlier: ReadonlySet<string>): void {
  const { parent, weight, rates } = exactly(value, path, ['name', 'kind', 'parent', 'weight', 'rates']);
  if (parent !== null && !(typeof parent === 'string' && earlier.has(parent)))
    throw new ForesightError(at(path, 'parent'), 'must be null or an earlier feature of kind history');
  checkWeight(weight, at(path, 'weight'));
  const entries = Object.entries(fieldsOf(rates, at(path, 'rates')));
  if (entries.length > maxRates) throw new ForesightError(at(path, 'rates'), `has more than ${maxRates} entries`);
  for (const [key, rate] of entries) checkRate(rate, at(at(path, 'rates'), key));
}

function checkNumber(value: unknown, path: string): void {
  const fields = exactly(value, path, ['name', 'kind', 'edges', 'weights', 'missing']);
  const edges = listOf(fields.edges, at(path, 'edges'), maxEdges).map((edge, i) => numberIn(edge, at(at(path, 'edges'), i)));
  const falling = edges.findIndex((edge, i) => i > 0 && edge <= (edges[i - 1] as number));
  if (falling >= 0) throw new ForesightError(at(at(path, 'edges'), falling), 'must be above the edge before it');
  const weights = listOf(fields.weights, at(path, 'weights'), maxEdges + 1);
  if (weights.length !== edges.length + 1) throw new ForesightError(at(path, 'weights'), `must have ${edges.length + 1} entries`);
  for (const [i, weight] of weights.entries()) checkWeight(weight, at(at(path, 'weights'), i));
  checkWeight(fields.missing, at(path, 'missing'));
}

function checkFeatures(value: unknown): void {
  const names = new Set<string>();
  const histories = new Set<string>();
  for (const [i, feature] of listOf(value, '/features', maxFeatures).entries()) {
    const path = `/features/${i}`;
    const { name, kind } = fieldsOf(feature, path);
    const known = textOf(name, at(path, 'name'));
    if (names.has(known)) throw new ForesightError(at(path, 'name'), 'there is a feature of this name before');
    if (kind === 'history') checkHistory(feature, path, histories);
    else if (kind === 'number') checkNumber(feature, path);
    else throw new ForesightError(at(path, 'kind'), 'must be "history" or "number"');
    names.add(known);
    if (kind === 'history') histories.add(known);
  }
}

function checkValidation(value: unknown): void {
  const path = '/validation';
  const fields = exactly(value, path, ['by', 'rows', 'auc', 'brier', 'base_brier', 'slope', 'reliability']);
  if (fields.by !== 'time' && fields.by !== 'folds') throw new ForesightError(at(path, 'by'), 'must be "time" or "folds"');
  numberIn(fields.rows, at(path, 'rows'), 0);
  for (const name of ['auc', 'brier', 'base_brier']) numberIn(fields[name], at(path, name), 0, 1);
  numberIn(fields.slope, at(path, 'slope'));
  for (const [i, tenth] of listOf(fields.reliability, at(path, 'reliability'), maxEdges).entries()) {
    const place = at(at(path, 'reliability'), i);
    const { said, found, rows } = exactly(tenth, place, ['said', 'found', 'rows']);
    numberIn(said, at(place, 'said'), 0, 1);
    numberIn(found, at(place, 'found'), 0, 1);
    numberIn(rows, at(place, 'rows'), 0);
  }
}

const known = ['version', 'trained', 'rows', 'problems', 'base_rate', 'intercept', 'features', 'validation'];

/** Frozen through and through, so that they stay as they were when checked. */
const checked = new WeakSet<object>();

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const field of Object.values(Object.freeze(value))) freeze(field);
  return value;
}

function copyOf(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    throw new ForesightError('', 'is not plain data');
  }
}

/** A frozen copy, so that later changes to the original do nothing; throws a `ForesightError` unless `value` is a model. */
export function checkForesight(value: unknown): ForesightModel {
  const copy = copyOf(value);
  const { version } = fieldsOf(copy, '');
  if (version !== 1) throw new ForesightError('/version', `must be 1, not ${String(version)}: it was written for another release`);
  const fields = exactly(copy, '', known);
  textOf(fields.trained, '/trained');
  for (const name of ['rows', 'problems']) numberIn(fields[name], `/${name}`, 0);
  checkRate(fields.base_rate, '/base_rate');
  checkWeight(fields.intercept, '/intercept');
  checkFeatures(fields.features);
  checkValidation(fields.validation);
  const model = freeze(copy) as ForesightModel;
  checked.add(model);
  return model;
}

/** The model, checked; what `checkForesight` gave is not checked again. */
export const usableForesight = (value: ForesightModel): ForesightModel =>
  typeof value === 'object' && value !== null && checked.has(value) ? value : checkForesight(value);
