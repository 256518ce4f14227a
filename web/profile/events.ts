/** An event as it is kept, and the checks of what comes from callers and from storage. */
import { aspects } from '../aspects.ts';
import { checkInteger, checkOneOf, checkProduct, checkString, checkStrings } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import type { ProductInput, SentimentLabel } from '../types.ts';
import type { NewProfileEvent, ProfileEvent, ProfileEventKind, ProfileOpinion, ProfileProduct } from './types.ts';

/** How many events of a kind are kept: many views never push a purchase out. */
export const maxEvents: Readonly<Record<ProfileEventKind, number>> = {
  purchase: 500,
  view: 500,
  search: 300,
  rating: 300,
  feedback: 300,
  shown: 300,
};
/** UTF-16 units. An id is refused where it is longer, since half an id is another; the rest is cut. */
const maxIdUnits = 200;
const maxTextUnits = 200;
const maxTagUnits = 50;
const maxTags = 20;
const maxShown = 50;
const maxQuantity = 1_000_000;
/** The last time that a `Date` can have. */
const maxTime = 8.64e15;

const kinds = Object.keys(maxEvents) as ProfileEventKind[];
const sentiments: readonly SentimentLabel[] = ['negative', 'neutral', 'positive'];
const invalid = (message: string) => new AftersenseError('invalid_argument', message);

type Fields = Readonly<Record<string, unknown>>;
/** An event without when and which. */
type Body = ProfileEvent extends infer E ? (E extends ProfileEvent ? Omit<E, 'id' | 'at'> : never) : never;

function checkObject(value: unknown, name: string): asserts value is Fields {
  if (typeof value !== 'object' || value === null) throw invalid(`${name} must be an object.`);
}

function checkId(value: unknown, name: string): asserts value is string {
  checkString(value, name);
  if (value === '' || value.length > maxIdUnits) throw invalid(`${name} has ${value.length} characters; 1 to ${maxIdUnits} are allowed.`);
}

function checkShare(value: unknown, name: string): asserts value is number {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) throw invalid(`${name} must be from 0 to 1, not ${String(value)}.`);
}

/** Without a surrogate pair cut in two. */
const cut = (text: string, units: number): string =>
  text
    .trim()
    .slice(0, units)
    .replace(/[\uD800-\uDBFF]$/, '');

function readProduct(value: unknown, name: string): ProfileProduct {
  checkProduct(value, name);
  const { id, title, category, brand, tags, price, currency }: ProductInput = value;
  checkId(id, `${name}.id`);
  if (price !== undefined && price < 0) throw invalid(`${name}.price must not be below 0, not ${price}.`);
  const texts = Object.entries({ title, category, brand, currency }).flatMap(([field, text]) => {
    const kept = cut(text ?? '', maxTextUnits);
    return kept === '' ? [] : [[field, kept]];
  });
  const keptTags = (tags ?? []).slice(0, maxTags).flatMap((tag) => cut(tag, maxTagUnits) || []);
  return {
    id,
    ...Object.fromEntries(texts),
    ...(keptTags.length > 0 && { tags: keptTags }),
    ...(price !== undefined && { price }),
  };
}

function readOpinions(value: unknown, name: string): readonly ProfileOpinion[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) throw invalid(`${name} must be an array.`);
  return value.slice(0, aspects.length).map((opinion: unknown, i) => {
    checkObject(opinion, `${name}[${i}]`);
    const { aspect, polarity, score } = opinion;
    checkOneOf(aspect, `${name}[${i}].aspect`, aspects);
    checkOneOf(polarity, `${name}[${i}].polarity`, sentiments);
    checkShare(score, `${name}[${i}].score`);
    return { aspect, polarity, score };
  });
}

/** Of an analysis, or of what is kept of one. */
function readFeedback(value: unknown, name: string): Pick<Extract<Body, { kind: 'feedback' }>, 'sentiment' | 'aspects'> {
  checkObject(value, name);
  checkObject(value.sentiment, `${name}.sentiment`);
  const { label, confidence } = value.sentiment;
  checkOneOf(label, `${name}.sentiment.label`, sentiments);
  checkShare(confidence, `${name}.sentiment.confidence`);
  return { sentiment: { label, confidence }, aspects: readOpinions(value.aspects, `${name}.aspects`) };
}

function readShown(products: unknown): Body {
  checkStrings(products, 'event.products');
  if (products.length === 0 || products.length > maxShown)
    throw invalid(`event.products has ${products.length} ids; 1 to ${maxShown} are allowed.`);
  for (const [i, id] of products.entries()) checkId(id, `event.products[${i}]`);
  return { kind: 'shown', products: [...new Set(products)] };
}

function readSearch(given: unknown): Body {
  checkString(given, 'event.text');
  const text = cut(given, maxTextUnits);
  if (text === '') throw invalid('event.text is blank.');
  return { kind: 'search', text };
}

function readBody(event: Fields, feedback: readonly [value: unknown, name: string]): Body {
  const { kind, product } = event;
  checkOneOf(kind, 'event.kind', kinds);
  switch (kind) {
    case 'search':
      return readSearch(event.text);
    case 'shown':
      return readShown(event.products);
    case 'view':
      return { kind, product: readProduct(product, 'event.product') };
    case 'purchase': {
      const { quantity = 1 } = event;
      checkInteger(quantity, 'event.quantity', 1, maxQuantity);
      return { kind, product: readProduct(product, 'event.product'), quantity };
    }
    case 'rating': {
      const { stars } = event;
      if (typeof stars !== 'number' || !(stars >= 1 && stars <= 5)) throw invalid(`event.stars must be from 1 to 5, not ${String(stars)}.`);
      return { kind, product: readProduct(product, 'event.product'), stars };
    }
    case 'feedback':
      return { kind, product: readProduct(product, 'event.product'), ...readFeedback(...feedback) };
    default:
      return kind satisfies never;
  }
}

function checkAt(at: unknown): asserts at is number {
  if (typeof at !== 'number' || !(Math.abs(at) <= maxTime)) throw invalid(`event.at must be milliseconds since 1970, not ${String(at)}.`);
}

/** What a caller gives, without what is not to be kept. Throws `invalid_argument` naming the field. */
export function readNew(given: NewProfileEvent, defaults: { readonly id: string; readonly at: number }): ProfileEvent {
  checkObject(given, 'event');
  const { id = defaults.id, at = defaults.at } = given;
  checkId(id, 'event.id');
  checkAt(at);
  return { id, at, ...readBody(given, [given.analysis, 'event.analysis']) };
}

/** A record of the storage; undefined where it is no event: another script may have written it, or another version. */
export function readRow(record: unknown): ProfileEvent | undefined {
  try {
    checkObject(record, 'event');
    const { id, at } = record;
    checkId(id, 'event.id');
    checkAt(at);
    return { id, at, ...readBody(record, [record, 'event']) };
  } catch {
    return undefined;
  }
}

/** An event dated later than now, by a clock that was ahead, counts as of now. */
export const timeOf = ({ at }: Pick<ProfileEvent, 'at'>, now: number): number => Math.min(at, now);

/** Oldest first; of one time, in a fixed order. */
export const oldestFirst =
  (now: number) =>
  (a: ProfileEvent, b: ProfileEvent): number =>
    timeOf(a, now) - timeOf(b, now) || (a.id < b.id ? -1 : 1);

/** Those that are too many of their kind: the oldest. */
export function tooMany(events: readonly ProfileEvent[], now: number): readonly ProfileEvent[] {
  return kinds.flatMap((kind) => {
    const own = events.filter((event) => event.kind === kind).sort(oldestFirst(now));
    return own.slice(0, Math.max(0, own.length - maxEvents[kind]));
  });
}

const sameVisitMs = 30 * 60_000;

/** Whether an event is one that is kept already: of the same id, or a view or search repeated on the same visit. */
export function isRepeated(kept: ProfileEvent, fresh: ProfileEvent): boolean {
  if (kept.id === fresh.id) return true;
  if (Math.abs(kept.at - fresh.at) > sameVisitMs) return false;
  if (kept.kind === 'view' && fresh.kind === 'view') return kept.product.id === fresh.product.id;
  return kept.kind === 'search' && fresh.kind === 'search' && kept.text === fresh.text;
}
