/** An order and a shopper's behaviour as the columns that models/shop learnt from, read as models/shop/orders.py reads them. */
import { AftersenseError } from '../errors.ts';
import type { ForesightBehaviour, ForesightOrder } from './types.ts';

const daySeconds = 86_400;
const date = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|([+-])(\d{2}):?(\d{2}))?)?$/;

/** Values by column; what is not known is not there. */
export type Row = ReadonlyMap<string, string | number>;

const invalid = (message: string) => new AftersenseError('invalid_argument', message);

/** Milliseconds since 1970 of text as a shop writes dates; NaN where it is none. */
function parseDate(text: string): number {
  const found = date.exec(text.trim());
  if (!found) return Number.NaN;
  const part = (group: number) => Number(found[group] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const is = new Date(time);
  // Date.UTC takes February 30 for March 2, and the year 26 for 1926.
  const same = is.getUTCFullYear() === year && is.getUTCMonth() === month - 1 && is.getUTCDate() === day;
  if (!same || hour > 23 || minute > 59 || second > 59) return Number.NaN;
  return time - (found[8] === '-' ? -1 : 1) * (part(9) * 60 + part(10)) * 60_000;
}

function timeOf(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined;
  const time = value instanceof Date ? value.getTime() : typeof value === 'string' ? parseDate(value) : value;
  if (typeof time !== 'number' || !Number.isFinite(time)) throw invalid(`${name} must be a date, not ${String(value)}.`);
  return time;
}

function objectOf(value: unknown, name: string, allowed: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${name} must be an object.`);
  const odd = Object.keys(value).find((key) => !allowed.includes(key));
  if (odd !== undefined) throw invalid(`${name}.${odd} is not known; there are ${allowed.join(', ')}.`);
  return value as Readonly<Record<string, unknown>>;
}

const orderFields = ['productId', 'category', 'price', 'orderedAt', 'promisedAt', 'deliveredAt', 'daysLate', 'deliveryDays'];
const behaviourFields = ['faqVisits', 'sizeSwitches', 'pastOrders', 'pastReturns', 'more'];

const keys = { product_id: 'productId', category: 'category' };
/** Columns of numbers, each with its field and the least it can be. */
const orderNumbers = [
  ['price', 'price', 0],
  ['days_late', 'daysLate', Number.NEGATIVE_INFINITY],
  ['delivery_days', 'deliveryDays', 0],
] as const;
const behaviourNumbers = [
  ['faq_visits', 'faqVisits', 0],
  ['size_switches', 'sizeSwitches', 0],
  ['past_orders', 'pastOrders', 0],
  ['past_returns', 'pastReturns', 0],
] as const;

type Columns = readonly (readonly [column: string, field: string, min: number])[];

function addNumbers(row: Map<string, string | number>, from: Readonly<Record<string, unknown>>, name: string, columns: Columns): void {
  for (const [column, field, min] of columns) {
    const value = from[field];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < min)
      throw invalid(`${name}.${field} must be a number${min === 0 ? ' from 0 up' : ''}, not ${String(value)}.`);
    row.set(column, value);
  }
}

/** Days from one date of the order to another, where both are known and the number itself is not. */
function addDays(row: Map<string, string | number>, column: string, start: number | undefined, end: number | undefined): void {
  if (row.has(column) || start === undefined || end === undefined) return;
  // Seconds first, as in Python: then the quotients are the same to the last bit.
  row.set(column, (end - start) / 1000 / daySeconds);
}

export function rowOf(order: ForesightOrder, behaviour: ForesightBehaviour): Row {
  const row = new Map<string, string | number>();
  const known = objectOf(order, 'order', orderFields);
  const did = objectOf(behaviour, 'behaviour', behaviourFields);
  for (const [column, field] of Object.entries(keys)) {
    const value = known[field];
    if (value === undefined) continue;
    if (typeof value !== 'string') throw invalid(`order.${field} must be text, not ${String(value)}.`);
    if (value.trim() !== '') row.set(column, value.trim());
  }
  addNumbers(row, known, 'order', orderNumbers);
  addNumbers(row, did, 'behaviour', behaviourNumbers);
  const [ordered, promised, delivered] = (['orderedAt', 'promisedAt', 'deliveredAt'] as const).map((field) =>
    timeOf(known[field], `order.${field}`),
  );
  if (ordered !== undefined && delivered !== undefined && delivered < ordered)
    throw invalid('order.deliveredAt is before order.orderedAt.');
  addDays(row, 'days_late', promised, delivered);
  addDays(row, 'delivery_days', ordered, delivered);
  addMore(row, did.more);
  return row;
}

function addMore(row: Map<string, string | number>, more: unknown): void {
  if (more === undefined) return;
  if (typeof more !== 'object' || more === null || Array.isArray(more)) throw invalid('behaviour.more must be an object.');
  for (const [name, value] of Object.entries(more)) {
    if (value === undefined || value === null) continue;
    if (typeof value === 'number' ? !Number.isFinite(value) : typeof value !== 'string')
      throw invalid(`behaviour.more.${name} must be text or a finite number, not ${String(value)}.`);
    if (row.has(name)) throw invalid(`behaviour.more.${name} is given already.`);
    if (typeof value === 'number' || value.trim() !== '') row.set(name, typeof value === 'string' ? value.trim() : value);
  }
}
