/** Checks of what a caller passes: JavaScript callers have no compiler. Each throws `invalid_argument` naming the value. */
import { AftersenseError } from './errors.ts';
import type { ArticleInput, OfferInput, ProductInput } from './types.ts';

/** UTF-8 bytes of one text, as `kMaxTextBytes` of the core. */
export const maxTextBytes = 4 * 1024 * 1024;

const invalid = (message: string) => new AftersenseError('invalid_argument', message);

export function checkString(value: unknown, name: string): asserts value is string {
  if (typeof value !== 'string') throw invalid(`${name} must be a string, not ${value === null ? 'null' : typeof value}.`);
}

export function checkStrings(value: unknown, name: string): asserts value is readonly string[] {
  if (!Array.isArray(value)) throw invalid(`${name} must be an array of strings.`);
  for (const [i, item] of value.entries()) checkString(item, `${name}[${i}]`);
}

/** A text has at least one byte a UTF-16 unit: what is surely too long is refused before it is copied; the core counts the bytes. */
export function checkText(value: unknown, name: string): asserts value is string {
  checkString(value, name);
  if (value.length > maxTextBytes) {
    throw new AftersenseError(
      'text_too_long',
      `${name} has ${value.length} characters; ${maxTextBytes} bytes of UTF-8 are allowed. Shorten it.`,
    );
  }
}

export function checkInteger(value: unknown, name: string, min: number, max: number): asserts value is number {
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
    throw invalid(`${name} must be an integer from ${min} to ${max}, not ${String(value)}.`);
  }
}

export function checkOneOf<T extends string>(value: unknown, name: string, allowed: readonly T[]): asserts value is T {
  if (!allowed.includes(value as T))
    throw invalid(`${name} must be ${allowed.map((item) => `'${item}'`).join(' or ')}, not ${String(value)}.`);
}

const textFields = ['title', 'description', 'category', 'brand', 'currency', 'image', 'url', 'group', 'seller', 'language'] as const;
const availabilities = ['in_stock', 'out_of_stock', 'preorder', 'backorder'] as const;
const roles = ['product', 'spare_part', 'accessory'] as const;

/** The fields of an object with an id of which those given are texts, or lists of texts. */
function checkFields(value: unknown, name: string, texts: readonly string[], lists: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw invalid(`${name} must be an object with an id.`);
  const fields = value as Record<string, unknown>;
  checkString(fields.id, `${name}.id`);
  for (const field of texts) if (fields[field] !== undefined) checkString(fields[field], `${name}.${field}`);
  for (const list of lists) if (fields[list] !== undefined) checkStrings(fields[list], `${name}.${list}`);
  return fields;
}

function checkAmount(value: unknown, name: string, min: number, max = Number.POSITIVE_INFINITY): void {
  if (value === undefined) return;
  const range = max < Number.POSITIVE_INFINITY ? ` from ${min} to ${max}` : Number.isFinite(min) ? ` of at least ${min}` : '';
  if (!Number.isFinite(value) || (value as number) < min || (value as number) > max)
    throw invalid(`${name} must be a finite number${range}, not ${String(value)}.`);
}

export function checkProduct(value: unknown, name: string): asserts value is ProductInput {
  const { price, salePrice, availability, role, lastsDays } = checkFields(value, name, textFields, ['tags', 'fits']);
  checkAmount(price, `${name}.price`, Number.NEGATIVE_INFINITY);
  checkAmount(salePrice, `${name}.salePrice`, Number.NEGATIVE_INFINITY);
  if (price !== undefined && salePrice !== undefined && (salePrice as number) > (price as number))
    throw invalid(`${name}.salePrice must not be greater than its price, ${price}: it is ${salePrice}.`);
  if (availability !== undefined) checkOneOf(availability, `${name}.availability`, availabilities);
  if (role !== undefined) checkOneOf(role, `${name}.role`, roles);
  checkAmount(lastsDays, `${name}.lastsDays`, 0);
  if (lastsDays === 0) throw invalid(`${name}.lastsDays must be more than 0.`);
}

/** Milliseconds since 1970, of a number or a date in ISO 8601. */
function checkInstant(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined;
  const time = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (!(time > 0 && time <= 8.64e15))
    throw invalid(`${name} must be a date after 1970, in ISO 8601 or in milliseconds, not ${JSON.stringify(value)}.`);
  return time;
}

export function checkOffer(value: unknown, name: string): asserts value is OfferInput {
  const texts = ['title', 'description', 'code', 'currency', 'image', 'url'];
  const offer = checkFields(value, name, texts, ['products', 'categories', 'brands']);
  checkOneOf(offer.kind, `${name}.kind`, ['percent', 'amount', 'free_shipping', 'gift']);
  if (offer.value === undefined && (offer.kind === 'percent' || offer.kind === 'amount'))
    throw invalid(`${name}.value must be a number: how much it takes off.`);
  checkAmount(offer.value, `${name}.value`, 0, offer.kind === 'percent' ? 100 : undefined);
  checkAmount(offer.leastSpend, `${name}.leastSpend`, 0);
  const starts = checkInstant(offer.starts, `${name}.starts`);
  const ends = checkInstant(offer.ends, `${name}.ends`);
  if (starts !== undefined && ends !== undefined && ends <= starts) throw invalid(`${name}.ends must be after its start.`);
}

export function checkArticle(value: unknown, name: string): asserts value is ArticleInput {
  checkFields(value, name, ['title', 'description', 'kind', 'language', 'image', 'url'], ['about', 'tags']);
}

/** Vectors of so many products, undefined for those that base is to read, all as long as one another; the core checks how long. */
export function checkVectors(value: unknown, name: string, count: number): asserts value is readonly (Float32Array | undefined)[] {
  if (!Array.isArray(value) || value.length !== count) throw invalid(`${name} must be true, or an array of one vector a product.`);
  const length = value.find((vector) => vector !== undefined)?.length;
  for (const [i, vector] of value.entries())
    if (vector !== undefined && (!(vector instanceof Float32Array) || vector.length !== length))
      throw invalid(`${name}[${i}] must be a Float32Array as long as the others.`);
}
