/** What stands in the slots: values given, else facts of order and customer, written as the language writes them. */
import { timeOf } from '../desk/facts.ts';
import type { Locale } from '../desk/types.ts';
import { AftersenseError } from '../errors.ts';
import { slotPattern, slotsOf } from './check.ts';
import type { Answer, Money, ReplyCustomer, ReplyOptions, ReplyOrder, SlotValue } from './types.ts';

const invalid = (message: string) => new AftersenseError('invalid_argument', message);
const maxValue = 500;
const languageTags: Readonly<Record<Locale, string>> = { zh: 'zh-CN', en: 'en' };

/** Facts of the order by slot. A slot of another name has no fact, as `date` or `hours`, which mean something else in each answer. */
function orderValues(order: ReplyOrder): Record<string, SlotValue | undefined> {
  const { id, carrier, trackingNo, trackingUrl, expectedAt, product, size, refundAmount, currency } = order;
  if (refundAmount !== undefined && currency === undefined) throw invalid('order.refundAmount needs order.currency.');
  if (trackingUrl !== undefined && !/^https?:\/\/\S+$/.test(trackingUrl)) throw invalid('order.trackingUrl must begin with http or https.');
  return {
    order_id: textFact(id, 'order.id'),
    carrier: textFact(carrier, 'order.carrier'),
    tracking_no: textFact(trackingNo, 'order.trackingNo'),
    tracking_link: textFact(trackingUrl, 'order.trackingUrl'),
    product: textFact(product, 'order.product'),
    size: textFact(size, 'order.size'),
    delivery_date: expectedAt === undefined ? undefined : new Date(timeOf(expectedAt, 'order.expectedAt')),
    refund_amount: refundAmount === undefined ? undefined : { amount: refundAmount, currency: currency as string },
  };
}

const customerValues = ({ phone, email }: ReplyCustomer): Record<string, SlotValue | undefined> => ({
  phone: textFact(phone, 'customer.phone'),
  email: textFact(email, 'customer.email'),
});

function textFact(value: unknown, name: string): string | undefined {
  if (value !== undefined && typeof value !== 'string') throw invalid(`${name} must be a string, not ${typeof value}.`);
  return value;
}

/** All values by slot, or by `answer_id.slot`, as text of the language. */
export function slotValues(options: ReplyOptions, language: Locale): ReadonlyMap<string, string> {
  const { order = {}, customer = {}, values = {}, timeZone } = options;
  for (const [name, value] of Object.entries({ order, customer, values }))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${name} must be an object.`);
  const all = { ...orderValues(order), ...customerValues(customer), ...values };
  const written = new Map<string, string>();
  for (const [slot, value] of Object.entries(all)) {
    if (value === undefined || value === null || value === '') continue;
    written.set(slot, writeValue(value, `the value of ${slot}`, language, timeZone));
  }
  return written;
}

function writeValue(value: SlotValue, name: string, language: Locale, timeZone: string | undefined): string {
  const tag = languageTags[language];
  if (typeof value === 'string') return plain(value, name);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw invalid(`${name} must be a finite number, not ${value}.`);
    return new Intl.NumberFormat(tag).format(value);
  }
  if (value instanceof Date) {
    const time = timeOf(value, name);
    return dateFormat(tag, timeZone).format(time);
  }
  return writeMoney(value, name, tag);
}

function dateFormat(tag: string, timeZone: string | undefined): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(tag, { dateStyle: 'long', ...(timeZone === undefined ? {} : { timeZone }) });
  } catch {
    throw invalid(`timeZone must be an IANA name such as Asia/Shanghai, not ${timeZone}.`);
  }
}

function writeMoney(value: Money, name: string, tag: string): string {
  const { amount, currency } = value ?? {};
  if (typeof amount !== 'number' || !Number.isFinite(amount))
    throw invalid(`${name} must be a string, a number, a Date or { amount, currency }.`);
  try {
    return new Intl.NumberFormat(tag, { style: 'currency', currency }).format(amount);
  } catch {
    throw invalid(`${name} has no currency of ISO 4217: ${String(currency)}.`);
  }
}

/** On one line, without control characters and without what turns the direction of text; nothing in it is looked into. */
function plain(value: string, name: string): string {
  if (value.length > maxValue) throw invalid(`${name} has more than ${maxValue} characters.`);
  return value.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}

export interface Filled {
  readonly text: string;
  readonly missing: readonly string[];
}

/** The answer's text with its values; a value's own braces stay as they are. */
export function fill(answer: Answer, language: Locale, values: ReadonlyMap<string, string>): Filled {
  const template = answer[language];
  const written = (slot: string) => values.get(`${answer.id}.${slot}`) || values.get(slot);
  return {
    text: template.replace(slotPattern, (whole, slot: string) => written(slot) ?? whole),
    missing: slotsOf(template).filter((slot) => !written(slot)),
  };
}
