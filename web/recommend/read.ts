/** The file of `aftersense catalog interactions` read and checked: a shop writes it, but anything may stand at its address. */
import { AftersenseError } from '../errors.ts';

const recommendMethods = ['popularity', 'neighbours', 'rules', 'factors', 'themes', 'content'] as const;
export type RecommendMethod = (typeof recommendMethods)[number];

/** Who buys all of `if` also buys `also`. */
export interface AssociationRule {
  readonly if: readonly string[];
  readonly also: string;
  /** Share of all baskets that hold both sides. */
  readonly support: number;
  /** Share of the baskets with `if` that hold `also` too. */
  readonly confidence: number;
  /** How many times more often that is than `also` is in all baskets. */
  readonly lift: number;
}

/** Of one product; names as in the file, which ../../models/shop/README.md describes. */
export interface ProductInteractions {
  readonly id: string;
  /** From 0 to 1, the most bought product lately. */
  readonly popularity: number;
  /** Ids and weights, the nearest first. */
  readonly neighbours: readonly (readonly [string, number])[];
  /** Rules whose `if` begins with this product. */
  readonly rules: readonly AssociationRule[];
  /** Null where too few customers bought it. */
  readonly factors: readonly number[] | null;
  /** Numbers of themes and strengths, from 0 to 1, the strongest of all products; what is too weak is not written. */
  readonly themes: readonly (readonly [number, number])[];
  /** Null where too few customers rated it. */
  readonly rating: { readonly bias: number; readonly factors: readonly number[] } | null;
  /** Days between purchases of those who buy it again; null where too few do. */
  readonly repeat_days: number | null;
}

export interface Ranker {
  /** A score counts as ln(1 + sharpness · score / best), best being the method's highest of a product that is not in the history. */
  readonly sharpness: number;
  readonly weights: Readonly<Record<RecommendMethod, number>>;
}

/** What orders taught. */
export interface Interactions {
  readonly built: string;
  readonly customers: number;
  readonly baskets: number;
  readonly factors: {
    readonly size: number;
    readonly regularisation: number;
    readonly alpha: number;
    /** Of all products' factors, row by row. */
    readonly gram: readonly number[];
  };
  readonly themes: { readonly size: number };
  readonly ratings: {
    readonly mean: number;
    readonly size: number;
    readonly regularisation: number;
    readonly bias_regularisation: number;
  } | null;
  readonly ranker: Ranker;
  readonly products: readonly ProductInteractions[];
  /** Places in `products`. */
  readonly at: ReadonlyMap<string, number>;
}

const kind = 'aftersense-interactions';
const maxSize = 64;
const maxList = 10_000;
const maxIdLength = 200;

/** Code `interactions_invalid`; `line` is from 1. */
export class InteractionsError extends AftersenseError {
  readonly line: number;

  constructor(line: number, message: string) {
    super('interactions_invalid', `The file of interactions is not valid: line ${line}: ${message}.`);
    this.line = line;
  }
}

/** What is wrong, without its line yet. */
class Wrong extends Error {}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Wrong(`${name} must be an object`);
  return value as Fields;
}

function numberOf(value: unknown, name: string, min: number, max: number): number {
  if (typeof value !== 'number' || !(value >= min && value <= max)) throw new Wrong(`${name} must be a number from ${min} to ${max}`);
  return value;
}

function listOf(value: unknown, name: string, max = maxList): readonly unknown[] {
  if (!Array.isArray(value) || value.length > max) throw new Wrong(`${name} must be a list of at most ${max}`);
  return value;
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '' || value.length > maxIdLength)
    throw new Wrong(`${name} must be text of 1 to ${maxIdLength} characters`);
  return value;
}

const limit = 1e9;

function sizeOf(value: unknown, name: string): number {
  const size = numberOf(fieldsOf(value, name).size, `${name}.size`, 0, maxSize);
  if (!Number.isInteger(size)) throw new Wrong(`${name}.size must be whole`);
  return size;
}

function vectorOf(value: unknown, name: string, length: number): readonly number[] {
  const vector = listOf(value, name);
  if (vector.length !== length) throw new Wrong(`${name} must have ${length} numbers`);
  return vector.map((each) => numberOf(each, name, -limit, limit));
}

function rankerOf(value: unknown): Ranker {
  const ranker = fieldsOf(value, 'ranker');
  // A file written before content counted has no weight for it.
  const given: Fields = { content: 0, ...fieldsOf(ranker.weights, 'ranker.weights') };
  const entries = recommendMethods.map((method) => [method, numberOf(given[method], `ranker.weights.${method}`, 0, limit)]);
  return { sharpness: numberOf(ranker.sharpness, 'ranker.sharpness', 0, limit), weights: Object.fromEntries(entries) as Ranker['weights'] };
}

type Header = Omit<Interactions, 'products' | 'at'>;

function ratingsOf(value: unknown): Header['ratings'] {
  if (value === null) return null;
  const { mean, regularisation, bias_regularisation: bias } = fieldsOf(value, 'ratings');
  return {
    mean: numberOf(mean, 'ratings.mean', 1, 5),
    size: sizeOf(value, 'ratings'),
    regularisation: numberOf(regularisation, 'ratings.regularisation', 1e-9, limit),
    bias_regularisation: numberOf(bias, 'ratings.bias_regularisation', 1e-9, limit),
  };
}

function headerOf(value: unknown): Header {
  const fields = fieldsOf(value, 'the header');
  if (fields.kind !== kind) throw new Wrong(`kind must be ${kind}`);
  if (fields.version !== 1) throw new Wrong(`version must be 1, not ${String(fields.version)}: it was written for another release`);
  const factors = fieldsOf(fields.factors, 'factors');
  const size = sizeOf(factors, 'factors');
  return {
    built: textOf(fields.built, 'built'),
    customers: numberOf(fields.customers, 'customers', 0, Number.MAX_SAFE_INTEGER),
    baskets: numberOf(fields.baskets, 'baskets', 0, Number.MAX_SAFE_INTEGER),
    factors: {
      size,
      regularisation: numberOf(factors.regularisation, 'factors.regularisation', 1e-9, limit),
      alpha: numberOf(factors.alpha, 'factors.alpha', 0, limit),
      gram: vectorOf(factors.gram, 'factors.gram', size * size),
    },
    themes: { size: sizeOf(fields.themes, 'themes') },
    ratings: ratingsOf(fields.ratings),
    ranker: rankerOf(fields.ranker),
  };
}

function pairOf(value: unknown, name: string): readonly [unknown, unknown] {
  const pair = listOf(value, name, 2);
  if (pair.length !== 2) throw new Wrong(`${name} must be pairs`);
  return pair as unknown as readonly [unknown, unknown];
}

function ruleOf(value: unknown): ProductInteractions['rules'][number] {
  const rule = fieldsOf(value, 'rules');
  return {
    if: listOf(rule.if, 'rules.if').map((id) => textOf(id, 'rules.if')),
    also: textOf(rule.also, 'rules.also'),
    support: numberOf(rule.support, 'rules.support', 0, 1),
    confidence: numberOf(rule.confidence, 'rules.confidence', 0, 1),
    lift: numberOf(rule.lift, 'rules.lift', 0, limit),
  };
}

function productOf(value: unknown, { factors, themes, ratings }: Header): ProductInteractions {
  const fields = fieldsOf(value, 'the product');
  const rating = fields.rating === null ? null : fieldsOf(fields.rating, 'rating');
  if (rating && !ratings) throw new Wrong('rating must be null where the header has no ratings');
  return {
    id: textOf(fields.id, 'id'),
    popularity: numberOf(fields.popularity, 'popularity', 0, 1),
    neighbours: listOf(fields.neighbours, 'neighbours').map((each) => {
      const [id, weight] = pairOf(each, 'neighbours');
      return [textOf(id, 'neighbours'), numberOf(weight, 'neighbours', 0, 1)] as const;
    }),
    rules: listOf(fields.rules, 'rules').map(ruleOf),
    factors: fields.factors === null ? null : vectorOf(fields.factors, 'factors', factors.size),
    themes: listOf(fields.themes, 'themes', maxSize).map((each) => {
      const [theme, strength] = pairOf(each, 'themes');
      if (!Number.isInteger(theme)) throw new Wrong('themes must be whole numbers and strengths');
      return [numberOf(theme, 'themes', 0, themes.size - 1), numberOf(strength, 'themes', 0, 1)] as const;
    }),
    rating: rating && {
      bias: numberOf(rating.bias, 'rating.bias', -limit, limit),
      factors: vectorOf(rating.factors, 'rating.factors', ratings?.size ?? 0),
    },
    repeat_days:
      fields.repeat_days === undefined || fields.repeat_days === null ? null : numberOf(fields.repeat_days, 'repeat_days', 1e-3, limit),
  };
}

/** `read` of a line of JSON, with the line named where it is wrong. */
function lineOf<T>(text: string, line: number, read: (value: unknown) => T): T {
  try {
    return read(JSON.parse(text));
  } catch (error) {
    throw new InteractionsError(line, error instanceof Wrong ? error.message : 'is not JSON');
  }
}

/** All that a line names has a line of its own. */
function checkNames(product: ProductInteractions, line: number, at: ReadonlyMap<string, number>): void {
  const named = [...product.neighbours.map(([id]) => id), ...product.rules.flatMap((rule) => [...rule.if, rule.also])];
  const missing = named.find((id) => !at.has(id));
  if (missing !== undefined) throw new InteractionsError(line, `names ${missing}, which has no line`);
}

/** Throws an `InteractionsError` unless `text` is a whole file of this version. */
export function readInteractions(text: string): Interactions {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const header = lineOf(lines[0] ?? '', 1, headerOf);
  const products = lines.slice(1).map((line, i) => lineOf(line, i + 2, (value) => productOf(value, header)));
  const at = new Map<string, number>();
  for (const [i, { id }] of products.entries()) {
    if (at.has(id)) throw new InteractionsError(i + 2, `has the id ${id}, which is there before`);
    at.set(id, i);
  }
  for (const [i, product] of products.entries()) checkNames(product, i + 2, at);
  return { ...header, products, at };
}
