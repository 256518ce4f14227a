/** What events come to: weights, interests, history, suppression, the vector. */
import { describe, expect, test } from 'vitest';
import { historyOf, suppressedIn, vectorOf } from '../../../web/profile/history.ts';
import { interestsOf } from '../../../web/profile/interests.ts';
import { termsOf } from '../../../web/profile/terms.ts';
import type { Interest, ProfileEventKind } from '../../../web/profile/types.ts';
import { halfLifeDays, weightOf } from '../../../web/profile/weights.ts';
import type { Analysis } from '../../../web/types.ts';
import { analysisOf, dayMs, eventOf, kettle, start, teapot } from './support.ts';

const feedback = (...args: Parameters<typeof analysisOf>) =>
  eventOf({ kind: 'feedback', product: kettle, analysis: analysisOf(...args) as Pick<Analysis, 'sentiment' | 'aspects'> });
const purchase = (daysAgo = 0, product = kettle) => eventOf({ kind: 'purchase', product }, daysAgo);
const view = (daysAgo = 0, product = kettle) => eventOf({ kind: 'view', product }, daysAgo);
const rating = (stars: number, daysAgo = 0, product = kettle) => eventOf({ kind: 'rating', product, stars }, daysAgo);
const search = (text: string, daysAgo = 0) => eventOf({ kind: 'search', text }, daysAgo);
const shown = (products: readonly string[], daysAgo = 0) => eventOf({ kind: 'shown', products }, daysAgo);

describe('a weight', () => {
  const fresh = [
    ['purchase', purchase, 4],
    ['view', view, 1],
    ['rating', (daysAgo: number) => rating(5, daysAgo), 4],
    ['search', (daysAgo: number) => search('kettle', daysAgo), 2],
    ['feedback', (daysAgo: number) => ({ ...feedback('positive'), at: start - daysAgo * dayMs }), 2.4],
    ['shown', (daysAgo: number) => shown(['a'], daysAgo), 0],
  ] as const;
  test.each(fresh)('of %s halves with each half-life', (kind, make, weight) => {
    const days = halfLifeDays[kind satisfies ProfileEventKind];
    expect(weightOf(make(0), start)).toBeCloseTo(weight, 12);
    expect(weightOf(make(days), start)).toBeCloseTo(weight / 2, 12);
    expect(weightOf(make(3 * days), start)).toBeCloseTo(weight / 8, 12);
  });

  test('of an event dated later than now, by a clock that was set back since, is that of now', () => {
    expect(weightOf(view(-1000), start)).toBe(1);
  });

  test.each([
    [1, -4],
    [3, 0],
    [4.5, 3],
  ])('of %s stars is %s', (stars, weight) => expect(weightOf(rating(stars), start)).toBe(weight));

  const opinions = [
    ['the sentiment, where lite alone has read it', feedback('negative'), -2.4],
    ['the sentiment, where no aspect is spoken of', feedback('positive', []), 2.4],
    ['the aspects of the product', feedback('positive', [['product_quality', 'negative', 0.9]]), -3],
    [
      'the mean of several, by their scores',
      feedback('neutral', [
        ['performance', 'positive', 0.9],
        ['usability', 'negative', 0.6],
      ]),
      0.6,
    ],
    ['nothing, where the parcel alone is to blame', feedback('negative', [['logistics', 'negative', 0.99]]), 0],
    ['nothing of a neutral text', feedback('neutral'), 0],
  ] as const;
  test.each(opinions)('of feedback goes by %s', (_, event, weight) => expect(weightOf(event, start)).toBeCloseTo(weight, 12));
});

describe('interests', () => {
  const events = [purchase(10), view(1), rating(5, 3), search('手冲 kettle'), view(0, teapot), rating(1, 0, teapot), feedback('positive')];
  const interests = interestsOf(events, start, 20);
  const names = (list: readonly Interest[]) => list.map(({ name }) => name);

  test('name categories, brands and words, each the exact sum of what it came from', () => {
    expect(names(interests.categories)).toEqual(['Kitchen']);
    expect(names(interests.brands)).toEqual(['Ember & Rye', '麦烬']);
    expect(names(interests.terms)).toEqual(expect.arrayContaining(['kettle', 'coffee', 'gooseneck', '手冲', '茶壶', '玻璃']));
    expect(names(interests.terms)[0]).toBe('kettle');
    for (const { weight, from } of [...interests.categories, ...interests.brands, ...interests.terms, ...interests.prices]) {
      expect(weight).toBe(from.reduce((sum, source) => sum + source.weight, 0));
      for (const source of from) {
        const event = events.find(({ id }) => id === source.event);
        expect(event && { kind: event.kind, at: event.at, weight: weightOf(event, start) }).toEqual({
          kind: source.kind,
          at: source.at,
          weight: source.weight,
        });
      }
    }
  });

  test('say what they came from by title or words', () => {
    const [term] = interests.terms;
    expect(new Set(term?.from.map(({ name }) => name))).toEqual(new Set([kettle.title, '手冲 kettle']));
  });

  test('hold a disappointment against the brand, not against the category or its words', () => {
    const bad = interestsOf([rating(1)], start, 20);
    expect(bad).toMatchObject({ categories: [], terms: [], prices: [], brands: [{ name: 'Ember & Rye', weight: -4 }] });
  });

  test('give prices as quartiles by weight, in each currency', () => {
    const priced = (price: number, currency = 'CNY') => view(0, { id: `p${price}`, title: 'x', price, currency });
    const many = [purchase(0, { id: 'p', title: 'x', price: 50, currency: 'CNY' }), priced(10), priced(20), priced(100), priced(200)];
    const { prices } = interestsOf([...many, priced(7, 'EUR'), view(0, { id: 'q', title: 'x' })], start, 20);
    expect(prices.map(({ from: _, ...rest }) => rest)).toEqual([
      { currency: 'CNY', low: 20, typical: 50, high: 50, weight: 8 },
      { currency: 'EUR', low: 7, typical: 7, high: 7, weight: 1 },
    ]);
  });

  test('keep the weightiest, and none of what is not there', () => {
    expect(names(interestsOf(events, start, 2).terms)).toHaveLength(2);
    expect(interestsOf([], start, 20)).toEqual({ at: start, categories: [], brands: [], terms: [], prices: [] });
    expect(interestsOf([shown(['a']), view(0, { id: 'bare' })], start, 20)).toMatchObject({ categories: [], terms: [] });
  });

  test('fade: what was searched for long ago gives way', () => {
    const old = [search('lamp', 60), search('lamp', 61), view(0)];
    expect(names(interestsOf(old, start, 1).terms)).not.toContain('lamp');
    expect(names(interestsOf(old.slice(0, 2), start, 1).terms)).toEqual(['lamp']);
  });

  test('do not turn upon the order of the events', () => {
    expect(interestsOf([...events].reverse(), start, 20).brands.map(({ name }) => name)).toEqual(names(interests.brands));
  });
});

describe('words', () => {
  test.each([
    ['The best Coffee GRINDER for 2', ['coffee', 'grinder']],
    ['ＵＳＢ cable', ['usb', 'cable']],
    ['不锈钢 水壶', ['不锈钢', '水壶']],
    ['手冲壶的盖子', ['手冲壶', '盖子']],
    ['13800138000 order 20260105', ['order']],
    ['的 A 5 !', []],
  ])('of %s', (text, words) => expect(termsOf([text])).toEqual(words));
});

describe('history', () => {
  test('has of each product what was done with it', () => {
    const twice = eventOf({ kind: 'purchase', product: kettle, quantity: 2 }, 30);
    const { products, searches, at } = historyOf([twice, purchase(10), rating(2, 9), rating(4, 5), view(2), view(0, teapot)], start);
    expect(at).toBe(start);
    expect(products).toEqual([
      {
        id: kettle.id,
        weight: expect.closeTo(4 * 2 ** (-30 / 180) + 4 * 2 ** (-10 / 180) - 2 * 2 ** (-9 / 180) + 2 * 2 ** (-5 / 180) + 2 ** (-2 / 30)),
        bought: 3,
        lastBought: start - 10 * dayMs,
        purchases: [
          { at: start - 30 * dayMs, quantity: 2 },
          { at: start - 10 * dayMs, quantity: 1 },
        ],
        views: 1,
        lastViewed: start - 2 * dayMs,
        stars: 4,
      },
      { id: 'teapot', weight: 1, bought: 0, purchases: [], views: 1, lastViewed: start },
    ]);
    expect(searches).toEqual([]);
  });

  test('joins what was searched for more than once', () => {
    const { searches } = historyOf([search('lamp', 14), search('kettle', 2), search('lamp', 0)], start);
    expect(searches).toEqual([
      { text: 'lamp', weight: 3, at: start },
      { text: 'kettle', weight: expect.closeTo(2 * 2 ** (-2 / 14)), at: start - 2 * dayMs },
    ]);
  });
});

test('history has how much was seen of what was shown, by its places', () => {
  const { shown: seen } = historyOf([shown(['a', 'b', 'c'], 3), shown(['c', 'a'], 1)], start);
  expect(seen).toEqual([
    { id: 'a', exposure: expect.closeTo(1 + 1 / Math.log2(3)) },
    { id: 'c', exposure: expect.closeTo(1.5) },
    { id: 'b', exposure: expect.closeTo(1 / Math.log2(3)) },
  ]);
});

describe('suppression', () => {
  const reasons = (...args: Parameters<typeof suppressedIn>) =>
    Object.fromEntries(suppressedIn(...args).map(({ id, reason }) => [id, reason]));
  const of = (id: string) => ({ id, title: id });
  const events = [
    purchase(89, of('bought')),
    purchase(90, of('bought long ago')),
    view(0.5, of('viewed')),
    view(1, of('viewed yesterday')),
    purchase(1, of('broken')),
    rating(1, 0, of('broken')),
    rating(1, 0, of('broken')),
    ...[6.9, 3, 0].map((days) => shown(['often', 'bought'], days)),
    ...[7, 3, 0].map((days) => shown(['not so often'], days)),
  ];

  test('says why, and lets what is long past come back', () => {
    expect(reasons(events, start)).toEqual({ broken: 'disappointed', bought: 'bought', viewed: 'viewed', often: 'shown_often' });
  });

  test('what was bought and then complained about disappointed, until it is praised', () => {
    const bought = [purchase(9), feedback('negative')];
    expect(historyOf(bought, start).products[0]?.weight).toBeGreaterThan(0);
    expect(reasons(bought, start)).toEqual({ [kettle.id]: 'disappointed' });
    expect(reasons([...bought, rating(5)], start)).toEqual({ [kettle.id]: 'bought' });
  });

  test('goes by the options', () => {
    expect(reasons(events, start, { boughtDays: 0, viewedDays: 0, shown: false })).toEqual({ broken: 'disappointed' });
    expect(reasons(events, start, { boughtDays: 91, viewedDays: 2, shown: { times: 2, days: 4 } })).toEqual({
      broken: 'disappointed',
      bought: 'bought',
      'bought long ago': 'bought',
      viewed: 'viewed',
      'viewed yesterday': 'viewed',
      often: 'shown_often',
      'not so often': 'shown_often',
    });
  });

  test.each([
    [{ boughtDays: -1 }],
    [{ viewedDays: 0.5 }],
    [{ shown: { times: 0, days: 1 } }],
    [{ shown: { times: 1 } }],
    [{ shown: 3 }],
  ])('refuses %j', (options) =>
    expect(() => suppressedIn([], start, options as never)).toThrow(expect.objectContaining({ code: 'invalid_argument' })));
});

describe('the vector', () => {
  const table: Readonly<Record<string, readonly number[]>> = { [kettle.id]: [1, 0, 0], teapot: [0, 1, 0], lamp: [0, 0, 1] };
  const lookUp = (names: readonly string[]) => names.map((name) => table[name]);
  const source = { products: lookUp, searches: lookUp };

  test('is the mean by weight, of unit length', async () => {
    const history = historyOf([purchase(), view(0, teapot), search('lamp')], start);
    const length = Math.hypot(4, 1, 2);
    const expected = [4 / length, 1 / length, 2 / length];
    const vector = await vectorOf(history, source);
    expect([...(vector ?? [])].map((value, i) => Math.abs(value - (expected[i] as number)) < 1e-6)).toEqual([true, true, true]);
    expect([...((await vectorOf(history, { products: lookUp })) ?? [])][2]).toBe(0);
  });

  test('is not drawn by what disappointed, nor by what has no vector', async () => {
    const history = historyOf([view(0, teapot), rating(1), view(0, { id: 'unknown', title: 'x' })], start);
    expect(await vectorOf(history, source)).toEqual(Float32Array.of(0, 1, 0));
  });

  test('is not there where nothing is known', async () => {
    expect(await vectorOf(historyOf([], start), source)).toBeUndefined();
    expect(await vectorOf(historyOf([rating(1)], start), source)).toBeUndefined();
    expect(await vectorOf(historyOf([view()], start), { products: () => [[0, 0, 0]] })).toBeUndefined();
  });

  test.each([
    ['no source', undefined],
    ['another number of vectors', { products: () => [] }],
    ['no list', { products: () => 5 }],
    ['vectors of different lengths', { products: () => [[1, 0]], searches: () => [[1]] }],
  ])('refuses %s', async (_, bad) => {
    const history = historyOf([view(), search('lamp')], start);
    await expect(vectorOf(history, bad as never)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});
