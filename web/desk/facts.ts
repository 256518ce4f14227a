/** What rules look at, checked and in one shape: sure readings, the folded text, order and customer. */
import { checkOneOf, checkString, checkText } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import type { IntentReading, Sentiment, SentimentLabel } from '../types.ts';
import type { Customer, DateLike, DecideOptions, Order, Policy, Readings } from './types.ts';
import { foldText } from './words.ts';

const dayMs = 86_400_000;
/** Of whatever counts days or times; far beyond any order. */
const maxCount = 100_000;
const defaultThreshold = 0.5;

/** The readings that rules go by: those too unsure are left out. */
export type SureReadings = Omit<Readings, 'sentiment' | 'intent'> & {
  readonly sentiment?: Sentiment | undefined;
  readonly intent?: IntentReading | undefined;
};

export interface OrderFacts {
  readonly value: number | undefined;
  readonly currency: string | undefined;
  readonly status: string | undefined;
  readonly daysSinceDelivery: number | undefined;
  readonly warrantyDaysLeft: number | undefined;
}

export interface Facts {
  readonly readings: SureReadings;
  /** Folded, as `findWord` wants it. */
  readonly text: string | undefined;
  readonly order: OrderFacts;
  readonly customer: Customer;
  /** Whether sentiment or intent was read, but not surely enough, or there was nothing to judge. */
  readonly unsure: boolean;
}

const invalid = (message: string) => new AftersenseError('invalid_argument', message);

function checkFields(value: unknown, name: string, allowed: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${name} must be an object.`);
  const odd = Object.keys(value).find((key) => !allowed.includes(key));
  if (odd !== undefined) throw invalid(`${name}.${odd} is no fact that is known; there are ${allowed.join(', ')}.`);
}

function checkNumber(value: unknown, name: string, min: number, max: number): void {
  if (value === undefined) return;
  if (typeof value !== 'number' || !(value >= min && value <= max))
    throw invalid(`${name} must be a number from ${min} to ${max}, not ${String(value)}.`);
}

/** Milliseconds since 1970. */
export function timeOf(value: DateLike, name: string): number {
  const known = value instanceof Date || typeof value === 'string' || typeof value === 'number';
  const time = known ? new Date(value).getTime() : Number.NaN;
  if (Number.isNaN(time)) throw invalid(`${name} must be a date, not ${String(value)}.`);
  return time;
}

const orderFields = [
  'value',
  'currency',
  'status',
  'placedAt',
  'deliveredAt',
  'warrantyUntil',
  'daysSinceDelivery',
  'warrantyDaysLeft',
] as const satisfies (keyof Order)[];

function notBoth(order: Order, one: keyof Order, other: keyof Order): void {
  if (order[one] !== undefined && order[other] !== undefined) throw invalid(`order has ${one} and ${other}: give one of them.`);
}

/** A time of the order that has come already. */
function pastTime(order: Order, field: 'placedAt' | 'deliveredAt', now: number): number | undefined {
  const value = order[field];
  if (value === undefined) return undefined;
  const time = timeOf(value, `order.${field}`);
  if (time > now) throw invalid(`order.${field} is in the future: ${new Date(time).toISOString()}.`);
  return time;
}

function orderFacts(order: Order, now: number): OrderFacts {
  checkFields(order, 'order', orderFields);
  checkNumber(order.value, 'order.value', 0, Number.MAX_VALUE);
  for (const field of ['currency', 'status'] as const) if (order[field] !== undefined) checkString(order[field], `order.${field}`);
  checkNumber(order.daysSinceDelivery, 'order.daysSinceDelivery', 0, maxCount);
  checkNumber(order.warrantyDaysLeft, 'order.warrantyDaysLeft', -maxCount, maxCount);
  notBoth(order, 'deliveredAt', 'daysSinceDelivery');
  notBoth(order, 'warrantyUntil', 'warrantyDaysLeft');
  const placed = pastTime(order, 'placedAt', now);
  const delivered = pastTime(order, 'deliveredAt', now);
  if (placed !== undefined && delivered !== undefined && delivered < placed) throw invalid('order.deliveredAt is before order.placedAt.');
  const { value, currency, status, warrantyUntil } = order;
  const daysFromNow = (time: number) => Math.floor((time - now) / dayMs);
  return {
    value,
    currency,
    status,
    daysSinceDelivery: delivered === undefined ? order.daysSinceDelivery : Math.floor((now - delivered) / dayMs),
    warrantyDaysLeft: warrantyUntil === undefined ? order.warrantyDaysLeft : daysFromNow(timeOf(warrantyUntil, 'order.warrantyUntil')),
  };
}

function checkCustomer(customer: Customer): void {
  checkFields(customer, 'customer', ['tier', 'pastContacts', 'pastReturns'] satisfies (keyof Customer)[]);
  if (customer.tier !== undefined) checkString(customer.tier, 'customer.tier');
  for (const field of ['pastContacts', 'pastReturns'] as const) checkNumber(customer[field], `customer.${field}`, 0, maxCount);
}

/** An analysis may come from a file: its frame is checked, the rest is the caller's word. */
export function checkReadings(value: unknown): asserts value is Readings {
  if (typeof value !== 'object' || value === null) throw invalid('triage takes a text or an analysis.');
  const { sentiment, language, aspects, emotions, entities, intent, urgency } = value as Partial<Readings>;
  checkOneOf(language, 'analysis.language', ['zh', 'en', 'other']);
  checkOneOf(sentiment?.label, 'analysis.sentiment.label', ['negative', 'neutral', 'positive'] satisfies SentimentLabel[]);
  if (typeof sentiment?.confidence !== 'number') throw invalid('analysis.sentiment.confidence must be a number.');
  checkNumber(sentiment.confidence, 'analysis.sentiment.confidence', 0, 1);
  for (const [name, list] of Object.entries({ aspects, emotions, entities }))
    if (list !== undefined && !Array.isArray(list)) throw invalid(`analysis.${name} must be an array.`);
  for (const [name, reading] of Object.entries({ intent, urgency })) {
    if (reading === undefined) continue;
    if (typeof reading?.score !== 'number') throw invalid(`analysis.${name}.score must be a number.`);
    checkNumber(reading.score, `analysis.${name}.score`, 0, 1);
  }
}

/** Readings below the policy's thresholds are as if they were not there. */
function sureReadings(analysis: Readings, { abstain }: Policy): SureReadings {
  const { sentiment, intent } = analysis;
  const sure = !analysis.abstained && sentiment.confidence >= (abstain.sentiment ?? defaultThreshold);
  return {
    ...analysis,
    sentiment: sure ? sentiment : undefined,
    intent: intent && intent.score >= (abstain.intent ?? defaultThreshold) ? intent : undefined,
  };
}

export function gatherFacts(analysis: Readings, policy: Policy, { text, order = {}, customer = {}, now }: DecideOptions): Facts {
  checkReadings(analysis);
  if (text !== undefined) checkText(text, 'text');
  checkCustomer(customer);
  const readings = sureReadings(analysis, policy);
  return {
    readings,
    text: text === undefined ? undefined : foldText(text),
    order: orderFacts(order, now === undefined ? Date.now() : timeOf(now, 'now')),
    customer,
    unsure: !readings.sentiment || (analysis.intent !== undefined && !readings.intent),
  };
}
