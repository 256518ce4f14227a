import { describe, expect, test } from 'vitest';
import { foresee } from '../../../web/foresight/foresee.ts';
import { argumentsOf, golden, small } from './support.ts';

const logit = (rate: number) => Math.log(rate / (1 - rate));
const contributionOf = (answer: ReturnType<typeof foresee>, feature: string) =>
  answer.reasons.find((reason) => reason.feature === feature)?.contribution;

describe('the golden orders', () => {
  test('are many, and differ', () => {
    const risks = golden.cases.map(({ risk }) => risk);
    expect(risks.length).toBeGreaterThanOrEqual(50);
    expect(Math.max(...risks) - Math.min(...risks)).toBeGreaterThan(0.3);
  });

  test.each(golden.cases.map((each, i) => [i, each] as const))('order %i has the risk and the reasons that Python gives', (_, each) => {
    const { risk, reasons } = foresee(golden.model, ...argumentsOf(each.row, ['channel']));
    const how = 'python tests/golden/foresight.py rewrites the golden file';
    expect(Math.abs(risk - each.risk), how).toBeLessThan(1e-12);
    expect(reasons.map(({ feature }) => feature).sort()).toEqual(Object.keys(each.contributions).sort());
    for (const { feature, contribution } of reasons)
      expect(Math.abs(contribution - (each.contributions[feature] as number)), `${feature}; ${how}`).toBeLessThan(1e-12);
  });
});

describe('foresee', () => {
  test('adds up: the intercept and all reasons are the log-odds of the risk', () => {
    for (const { row } of golden.cases) {
      const { risk, intercept, reasons } = foresee(golden.model, ...argumentsOf(row, ['channel']));
      expect(reasons.reduce((sum, { contribution }) => sum + contribution, intercept)).toBeCloseTo(logit(risk), 10);
    }
  });

  test('gives the base rate of an order of which nothing is known, where missing values tell nothing', () => {
    const { risk, baseRate, reasons } = foresee({ ...small, features: small.features.slice(0, 2) }, {});
    expect(risk).toBeCloseTo(0.2, 12);
    expect(baseRate).toBe(0.2);
    expect(reasons.map(({ value, contribution }) => [value, contribution])).toEqual([
      [undefined, 0],
      [undefined, 0],
    ]);
  });

  test('takes an unknown product for its category, and an unknown category for the average', () => {
    const known = foresee(small, { productId: 'p1', category: 'shoes' });
    expect(contributionOf(known, 'product_id')).toBeCloseTo(0.5 * (logit(0.6) - logit(0.4)), 12);
    const unknown = foresee(small, { productId: 'new', category: 'shoes' });
    expect(contributionOf(unknown, 'product_id')).toBe(0);
    expect(contributionOf(unknown, 'category')).toBeCloseTo(logit(0.4) - logit(0.2), 12);
    const stranger = foresee(small, { productId: 'p1', category: 'toys' });
    expect(contributionOf(stranger, 'category')).toBe(0);
    expect(contributionOf(stranger, 'product_id')).toBeCloseTo(0.5 * (logit(0.6) - logit(0.2)), 12);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('knows no category %s', (category) => {
    expect(contributionOf(foresee(small, { category }), 'category')).toBe(0);
  });

  test.each([
    [0, -0.2],
    [0.99, -0.2],
    [1, 0.3],
    [2, 0.3],
    [3, 0.9],
    [1e9, 0.9],
    [undefined, 0.1],
  ])('puts %s visits into their bin', (faqVisits, weight) => {
    expect(contributionOf(foresee(small, {}, faqVisits === undefined ? {} : { faqVisits }), 'faq_visits')).toBe(weight);
  });

  test.each([
    ['2026-03-01', '2026-03-03', 2],
    ['2026-03-01', '2026/3/1', 0],
    ['2026-03-01T00:00:00+08:00', '2026-03-01T00:00:00Z', 1 / 3],
    ['2026-03-02', '2026-02-28T12:00', -1.5],
    [Date.UTC(2026, 2, 1), new Date(Date.UTC(2026, 2, 4)), 3],
  ])('counts the days from %s to %s, whatever the zone of the device', (promisedAt, deliveredAt, days) => {
    const { reasons } = foresee(small, { promisedAt, deliveredAt });
    expect(reasons.find(({ feature }) => feature === 'days_late')?.value).toBeCloseTo(days, 12);
  });

  test('takes the days as they are where the shop counted them', () => {
    expect(contributionOf(foresee(small, { daysLate: 5, promisedAt: '2026-03-02', deliveredAt: '2026-03-02' }), 'days_late')).toBe(1);
  });

  test('names the heaviest reason first, and says why in both languages', () => {
    const { reasons } = foresee(small, { productId: 'p1', category: 'books' }, { faqVisits: 4 });
    expect(reasons.map(({ contribution }) => Math.abs(contribution))).toEqual(
      reasons.map(({ contribution }) => Math.abs(contribution)).sort((a, b) => b - a),
    );
    expect(Object.fromEntries(reasons.map(({ feature, text }) => [feature, text]))).toEqual({
      product_id: {
        zh: '商品：p1，出现问题 60.0%（通常 5.0%），提高风险',
        en: 'product: p1; problems in 60.0% of orders (5.0% expected); raises the risk',
      },
      category: {
        zh: '品类：books，出现问题 5.0%（通常 20.0%），降低风险',
        en: 'category: books; problems in 5.0% of orders (20.0% expected); lowers the risk',
      },
      faq_visits: { zh: '查看常见问题的次数：4，提高风险', en: 'visits to the FAQ: 4; raises the risk' },
      days_late: { zh: '送达晚于承诺的天数：未知，几乎不影响风险', en: 'days after the promised date: not known; hardly changes the risk' },
    });
    const [unknown] = foresee({ ...small, features: small.features.slice(0, 1) }, { category: 'toys' }).reasons;
    expect(unknown?.text).toEqual({
      zh: '品类：toys，历史数据不足，按一般情况估计',
      en: 'category: toys; too little history, taken as usual',
    });
  });

  test('does not move with the order of calls, and leaves its arguments alone', () => {
    const order = Object.freeze({ productId: 'p1', category: 'shoes' });
    const first = foresee(small, order);
    foresee(small, { category: 'books' });
    expect(foresee(small, order)).toEqual(first);
  });
});

describe('odd arguments', () => {
  const cases: readonly (readonly [unknown, unknown, string])[] = [
    [null, {}, 'order must be an object'],
    [{ prize: 3 }, {}, 'order.prize is not known'],
    [{ price: -1 }, {}, 'order.price must be a number from 0 up'],
    [{ price: '12' }, {}, 'order.price'],
    [{ price: Number.NaN }, {}, 'order.price'],
    [{ daysLate: Number.POSITIVE_INFINITY }, {}, 'order.daysLate'],
    [{ productId: 12 }, {}, 'order.productId must be text'],
    [{ deliveredAt: 'yesterday' }, {}, 'order.deliveredAt must be a date'],
    [{ deliveredAt: '2026-02-30' }, {}, 'order.deliveredAt must be a date'],
    [{ deliveredAt: '2026-03-01T25:00' }, {}, 'order.deliveredAt must be a date'],
    [{ promisedAt: new Date(Number.NaN) }, {}, 'order.promisedAt must be a date'],
    [{ orderedAt: '2026-03-02', deliveredAt: '2026-03-01' }, {}, 'order.deliveredAt is before order.orderedAt'],
    [{}, [], 'behaviour must be an object'],
    [{}, { faqVisits: -1 }, 'behaviour.faqVisits'],
    [{}, { faqs: 1 }, 'behaviour.faqs is not known'],
    [{}, { more: 'app' }, 'behaviour.more must be an object'],
    [{}, { more: { channel: 'app' } }, 'behaviour.more.channel is no feature'],
    [{}, { more: { days_late: 'three' } }, 'behaviour.more.days_late must be a number'],
    [{}, { more: { days_late: Number.NaN } }, 'behaviour.more.days_late'],
    [{ daysLate: 2 }, { more: { days_late: 3 } }, 'behaviour.more.days_late is given already'],
  ];

  test.each(cases)('%j, %j: invalid_argument, naming it', (order, behaviour, words) => {
    expect(() => foresee(small, order as object, behaviour as object)).toThrow(
      expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(words) }),
    );
  });
});
