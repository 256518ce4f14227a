/** Checks of what a caller passes: JavaScript callers have no compiler. Each throws `invalid_argument` naming the value. */
import { AftersenseError } from './errors.ts';
import type { ProductFilter, ProductInput } from './types.ts';

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

const textFields = ['title', 'description', 'category', 'brand', 'currency', 'image', 'url'] as const;

export function checkProduct(value: unknown, name: string): asserts value is ProductInput {
  if (typeof value !== 'object' || value === null) throw invalid(`${name} must be an object with an id.`);
  const product = value as Record<string, unknown>;
  checkString(product.id, `${name}.id`);
  for (const field of textFields) if (product[field] !== undefined) checkString(product[field], `${name}.${field}`);
  if (product.tags !== undefined) checkStrings(product.tags, `${name}.tags`);
  if (product.price !== undefined && !Number.isFinite(product.price))
    throw invalid(`${name}.price must be a finite number, not ${String(product.price)}.`);
}

export function checkFilter(value: unknown, name: string): asserts value is ProductFilter {
  if (typeof value !== 'object' || value === null) throw invalid(`${name} must be an object.`);
  const filter = value as Record<string, unknown>;
  for (const bound of ['minPrice', 'maxPrice'])
    if (filter[bound] !== undefined && !Number.isFinite(filter[bound]))
      throw invalid(`${name}.${bound} must be a finite number, not ${String(filter[bound])}.`);
  for (const list of ['categories', 'brands']) if (filter[list] !== undefined) checkStrings(filter[list], `${name}.${list}`);
}

/** Vectors of so many products, all as long as one another; the core checks how long. */
export function checkVectors(value: unknown, name: string, count: number): asserts value is readonly Float32Array[] {
  if (!Array.isArray(value) || value.length !== count) throw invalid(`${name} must be true, or an array of one vector a product.`);
  const { length } = value[0] ?? [];
  for (const [i, vector] of value.entries())
    if (!(vector instanceof Float32Array) || vector.length !== length)
      throw invalid(`${name}[${i}] must be a Float32Array as long as the others.`);
}
