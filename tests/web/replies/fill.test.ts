import { describe, expect, test } from 'vitest';
import { fill, slotValues } from '../../../web/replies/fill.ts';
import { openingFor, readMood } from '../../../web/replies/tone.ts';
import type { ReplyOptions } from '../../../web/replies/types.ts';
import { analysisOf } from '../desk/support.ts';
import { answerOf, openings } from './support.ts';

const filled = (options: ReplyOptions, made = {}, language: 'zh' | 'en' = 'en') =>
  fill(answerOf(made), language, slotValues(options, language));

describe('slots', () => {
  test('take facts of the order; one without a value stays, and is told', () => {
    expect(filled({ order: { id: 'A-1', carrier: 'DHL' } })).toEqual({ text: 'Order A-1 is with DHL.', missing: [] });
    expect(filled({ order: { id: 'A-1' } })).toEqual({ text: 'Order A-1 is with {carrier}.', missing: ['carrier'] });
  });

  test('dates and money are written as the language writes them', () => {
    const order = { expectedAt: '2026-05-03T12:00:00Z', refundAmount: 1234.5, currency: 'CNY' };
    const made = { zh: '{delivery_date}退{refund_amount}', en: '{refund_amount} by {delivery_date}' };
    expect(filled({ order, timeZone: 'UTC' }, made, 'zh').text).toBe('2026年5月3日退¥1,234.50');
    expect(filled({ order, timeZone: 'UTC' }, made, 'en').text).toBe('CN¥1,234.50 by May 3, 2026');
    expect(filled({ order, timeZone: 'Asia/Tokyo' }, made, 'zh').text).toContain('5月3日');
  });

  test('values go before facts, and those of one answer before those of all', () => {
    const options = { order: { id: 'A', carrier: 'B' }, values: { carrier: 'C', 'where.order_id': 'D', 'other.carrier': 'E' } };
    expect(filled(options).text).toBe('Order D is with C.');
  });

  test('a value is never looked into: no slots, no markup, no lines, no turned direction', () => {
    const { text } = filled({ order: { id: '{carrier}', carrier: '$& <b>x</b>\u202e\r\n$1' } });
    expect(text).toBe('Order {carrier} is with $& <b>x</b> $1.');
  });

  test('a fact that says something else in each answer is not guessed', () => {
    const made = { zh: '{date}', en: 'By {date}' };
    expect(filled({ order: { expectedAt: '2026-05-03' } }, made).missing).toEqual(['date']);
    expect(filled({ values: { date: new Date('2026-05-03T12:00Z') }, timeZone: 'UTC' }, made).text).toBe('By May 3, 2026');
  });

  test.each([
    ['an order that is none', { order: 'A' }],
    ['an id that is a number', { order: { id: 7 } }],
    ['a date that is none', { order: { expectedAt: 'soon' } }],
    ['an amount without a currency', { order: { refundAmount: 3 } }],
    ['a currency that is none', { order: { refundAmount: 3, currency: 'money' } }],
    ['a link that runs', { order: { trackingUrl: 'javascript:alert(1)' } }],
    ['a number that is none', { values: { n: Number.NaN } }],
    ['a value that is an object', { values: { n: {} } }],
    ['a value too long', { values: { n: 'x'.repeat(501) } }],
    ['a time zone that is none', { order: { expectedAt: '2026-05-03' }, timeZone: 'Mars' }],
  ])('%s is refused', (_, options) => {
    expect(() => slotValues(options as ReplyOptions, 'en')).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});

describe('the mood', () => {
  const felt = (...emotions: ('anger' | 'anxiety' | 'gratitude' | 'surprise')[]) =>
    readMood({ ...analysisOf({ intent: 'other' }), emotions: emotions.map((emotion) => ({ emotion, score: 0.9 })) });

  test('is the strongest of the emotions that an opening can take up', () => {
    expect([felt('gratitude', 'anger'), felt('anxiety'), felt('gratitude'), felt('surprise'), felt()]).toEqual([
      'angry',
      'anxious',
      'pleased',
      undefined,
      undefined,
    ]);
  });

  test('without emotions is told by a sure sentiment', () => {
    expect(readMood(analysisOf({ sentiment: 'negative', confidence: 0.8 }))).toBe('disappointed');
    expect(readMood(analysisOf({ sentiment: 'positive', confidence: 0.8 }))).toBe('pleased');
    expect(readMood(analysisOf({ sentiment: 'negative', confidence: 0.6 }))).toBeUndefined();
    expect(readMood(analysisOf({ sentiment: 'negative', abstained: true }))).toBeUndefined();
  });

  test('opens a neutral answer; an apology is not said twice, nor thanks before one', () => {
    const all = { ...openings, pleased: { zh: '谢谢！', en: 'Thanks!' } };
    expect(openingFor('angry', 'neutral', all)).toBe('angry');
    expect(openingFor('angry', 'apologetic', all)).toBeUndefined();
    expect(openingFor('anxious', 'apologetic', all)).toBe('anxious');
    expect(openingFor('pleased', 'apologetic', all)).toBeUndefined();
    expect(openingFor('pleased', 'warm', all)).toBeUndefined();
    expect(openingFor('pleased', 'neutral', openings)).toBeUndefined();
  });
});
