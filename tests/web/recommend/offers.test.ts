import { beforeEach, describe, expect, test } from 'vitest';
import type { Offer, OfferRecommendation, OfferRequest } from '../../../web/index.ts';
import { covers, isValid, missingFor, type OfferContext, offerReason } from '../../../web/recommend/offers.ts';
import { Recommender } from '../../../web/recommend/recommender.ts';
import { dayMs, start } from '../profile/support.ts';
import { FakeDesk, foundOf, offerOf, partOf, productOf } from './fake_desk.ts';

const interest = (name: string, weight: number) => ({ name, weight, from: [] });
const context: OfferContext = {
  history: { products: [] },
  interests: { categories: [], brands: [], prices: [] },
  basket: [],
  total: undefined,
  currency: '',
  named: (id) => ({ id, title: id.toUpperCase() }),
};
const usual = { currency: 'CNY', low: 50, typical: 100, high: 150, weight: 1, from: [] };

/** What one part of the score says. */
function part(kind: string, offer: Partial<Offer>, about: Partial<OfferContext>, picks = [productOf('x', { price: 100 })]) {
  return offerReason(offerOf('o', offer), { ...context, ...about }, picks).contributions.find((each) => each.kind === kind);
}

describe('an offer', () => {
  test.each([
    [{}, true],
    [{ starts: start }, true],
    [{ starts: start + 1 }, false],
    [{ ends: start }, false],
    [{ ends: start + 1 }, true],
  ])('of %j holds now: %s', (more, holds) => expect(isValid(offerOf('o', more), start)).toBe(holds));

  test.each([
    [{}, true],
    [{ products: ['a'] }, true],
    [{ products: ['b'] }, false],
    [{ products: ['b'], categories: ['tea'] }, true],
    [{ brands: ['Leaf'] }, true],
    [{ brands: ['leaf'] }, false],
  ])('on %j is for a tea of Leaf: %s', (more, isFor) => {
    expect(covers(offerOf('o', more), { id: 'a', category: 'tea', brand: 'Leaf' })).toBe(isFor);
  });

  test('misses what the basket has not, in its own currency alone', () => {
    const least = offerOf('o', { leastSpend: 200 });
    expect(missingFor(least, { ...context, total: 150 })).toBe(50);
    expect(missingFor(least, { ...context, total: 250, currency: 'CNY' })).toBe(0);
    expect(missingFor(least, { ...context, total: 150, currency: 'USD' })).toBeUndefined();
    expect(missingFor(least, context)).toBeUndefined();
    expect(missingFor(offerOf('o'), { ...context, total: 150 })).toBeUndefined();
  });

  test('counts of the basket what it is for, by value', () => {
    const teas = offerOf('o', { leastSpend: 200, categories: ['tea'] });
    const of = (...basket: readonly [category: string, price?: number][]) =>
      missingFor(teas, { ...context, total: 300, basket: basket.map(([category, price]) => productOf('x', { category, price })) });
    expect(of(['tea', 50], ['tea', 50], ['lamp', 200])).toBe(100);
    expect(of(['tea', 250], ['lamp', 50])).toBe(0);
    expect(of(['lamp', 300])).toBe(200);
    // Without prices, by pieces.
    expect(of(['tea'], ['lamp'])).toBe(50);
    // What is in the basket is not known.
    expect(of()).toBeUndefined();
  });
});

describe('the parts of its score', () => {
  const prices = { ...context.interests, prices: [usual] };

  test.each([
    [{}, {}, 1, 'No minimum spend'],
    [{ leastSpend: 200 }, { total: 200 }, 1, 'Your basket qualifies'],
    // 100 in the basket; of the 100 that are missing half counts, since one more purchase comes to them.
    [{ leastSpend: 200 }, { total: 100, interests: prices }, 0.75, 'Spend ¥100 more to use it'],
    [{ leastSpend: 400 }, { total: 100, interests: prices }, (100 + 75) / 400, 'Spend ¥300 more to use it'],
    [{ leastSpend: 200 }, { total: 100 }, 0.5, 'Spend ¥100 more to use it'],
    [{ leastSpend: 200 }, { interests: prices }, 75 / 200, 'Within what you usually spend'],
    [{ leastSpend: 200, currency: 'USD' }, { interests: prices }, undefined, undefined],
    [
      { leastSpend: 200, brands: ['Leaf'] },
      { total: 100, basket: [productOf('a', { brand: 'Leaf' })] },
      0.5,
      'Spend ¥100 more on what it covers',
    ],
  ] as const)('reach of %j, knowing %j', (offer, about, measure, text) => {
    const found = part('reach', offer, about);
    expect([found?.measure, found?.text.en]).toEqual([measure, text]);
    if (found) expect(found.score).toBeCloseTo(0.2 * found.measure, 12);
  });

  test('basket: the share of it that the offer is for', () => {
    const basket = [productOf('a', { category: 'tea' }), productOf('b')];
    expect(part('basket', { categories: ['tea'] }, { basket })).toMatchObject({
      measure: 0.5,
      because: [{ id: 'a', title: 'A' }],
      text: { zh: '适用于购物车中的「A」', en: 'For “A” in your basket' },
    });
    expect(part('basket', {}, { basket })).toMatchObject({ measure: 1, text: { en: 'For everything in your basket' } });
    expect(part('basket', { brands: ['Leaf'] }, { basket })).toBeUndefined();
  });

  test('taste: the greatest share of what is liked, of products, categories or brands', () => {
    const interests = {
      ...prices,
      categories: [interest('tea', 3), interest('lamps', 1)],
      brands: [interest('Leaf', 1), interest('Bad', -9)],
    };
    const products = [
      { id: 'a', weight: 1, bought: 0, purchases: [], views: 1 },
      { id: 'b', weight: 3, bought: 0, purchases: [], views: 1 },
    ];
    expect(part('taste', { categories: ['tea'], brands: ['Bad'] }, { interests })).toMatchObject({
      measure: 0.75,
      text: { zh: '适用于您常看的「tea」', en: 'For “tea”, which you often look at' },
    });
    expect(part('taste', { brands: ['Leaf'] }, { interests })).toMatchObject({ measure: 1 });
    expect(part('taste', { products: ['a', 'c'] }, { interests, history: { products } })).toMatchObject({
      measure: 0.25,
      because: [{ id: 'a' }],
      text: { en: 'For “A”, which you have looked at' },
    });
    expect(part('taste', { brands: ['Bad'] }, { interests })).toBeUndefined();
    expect(part('taste', {}, { interests })).toBeUndefined();
  });

  test.each([
    [{ kind: 'percent', value: 15 }, {}, 0.15, '8.5 折', '15% off'],
    [{ kind: 'percent', value: 100 }, {}, 1, '免费', '100% off'],
    [{ kind: 'amount', value: 20, leastSpend: 200 }, {}, 0.1, '立减 ¥20', '¥20 off'],
    [{ kind: 'amount', value: 20 }, { total: 40 }, 0.5, '立减 ¥20', '¥20 off'],
    [{ kind: 'amount', value: 20 }, { interests: prices }, 0.2, '立减 ¥20', '¥20 off'],
    [{ kind: 'free_shipping', value: undefined }, {}, 0.1, '包邮', 'Free delivery'],
    [{ kind: 'gift', value: undefined }, {}, 0.1, '有赠品', 'With a gift'],
  ] as const)('saving of %j, knowing %j', (offer, about, measure, zh, en) => {
    expect(part('saving', offer, about)).toMatchObject({ measure, text: { zh, en } });
  });

  test.each([
    [{ price: 100 }, 1],
    [{ price: 300 }, 0.5],
    [{ price: 25 }, 0.5],
    [{ price: 300, salePrice: 150 }, 1],
    [{ price: 100, currency: 'USD' }, undefined],
    [{}, undefined],
  ])('price: nearness of %j to the usual prices', (product, measure) => {
    expect(part('price', {}, { interests: prices }, [productOf('x', product)])?.measure).toBe(measure);
  });

  test('sum to the score, the greatest first, which is the reason', () => {
    const about = { ...context, total: 300, basket: [productOf('a')], interests: prices };
    const { score, kind, contributions } = offerReason(offerOf('o', { leastSpend: 200 }), about, [productOf('x', { price: 100 })]);
    expect(contributions.map((each) => each.kind)).toEqual(['basket', 'reach', 'price', 'saving']);
    expect(contributions.reduce((sum, each) => sum + each.score, 0)).toBe(score);
    expect([kind, score]).toEqual(['basket', expect.closeTo(0.25 + 0.2 + 0.1 + 0.01)]);
  });
});

describe('offers for a shopper', () => {
  let desk: FakeDesk;
  const recommend = (request: Partial<OfferRequest> = {}) =>
    new Recommender(desk).recommend({ for: 'offer', ...request }) as Promise<OfferRecommendation[]>;
  const idsOf = (found: readonly OfferRecommendation[]) => found.map(({ offer }) => offer.id);
  const tea = productOf('tea', { category: 'tea', price: 60 });
  const oolong = productOf('oolong', { category: 'tea', price: 80 });
  const gone = productOf('gone', { availability: 'out_of_stock' });

  beforeEach(() => {
    desk = new FakeDesk();
    desk.sell(tea, oolong, gone);
    desk.find = ({ filter }) =>
      [tea, oolong].filter(({ category }) => filter?.categories?.includes(category)).map((one) => foundOf(one, partOf('popularity')));
    return () => desk.profile.close();
  });

  test('are those that hold now and are for something that can be bought', async () => {
    desk.discounts = [
      offerOf('over', { ends: start }),
      offerOf('all'),
      offerOf('gone', { products: ['gone', 'unknown'] }),
      offerOf('named', { products: ['tea'] }),
      offerOf('shelf', { categories: ['tea'] }),
      offerOf('empty shelf', { categories: ['lamps'] }),
    ];
    const found = await recommend({ k: 10 });
    expect(idsOf(found)).toEqual(['all', 'named', 'shelf']);
    expect(found.map(({ products }) => products.map(({ id }) => id))).toEqual([[], ['tea'], ['tea', 'oolong']]);
  });

  test('none, or an empty catalogue of them, is an empty list', async () => expect(await recommend()).toEqual([]));

  test('stand by what the shopper likes', async () => {
    await desk.did({ kind: 'view', product: { id: 'x', category: 'tea', price: 70, currency: 'CNY' } }, 2);
    desk.discounts = [offerOf('lamps', { products: ['oolong'] }), offerOf('tea', { categories: ['tea'] })];
    const [first, second] = await recommend();
    expect(first).toMatchObject({
      offer: { id: 'tea' },
      reason: { contributions: expect.arrayContaining([expect.objectContaining({ kind: 'taste' })]) },
    });
    expect(first?.score).toBeGreaterThan(second?.score as number);
  });

  test('know the basket, and what it lacks; what is in it is no product to show', async () => {
    desk.discounts = [offerOf('tea', { categories: ['tea'], leastSpend: 100 })];
    const [found] = await recommend({ ids: ['tea', 'tea', 'nobody knows'], total: 60, currency: 'CNY' });
    expect(found).toMatchObject({ missing: 40, products: [{ id: 'oolong' }] });
    expect(found?.reason.contributions.map(({ kind }) => kind)).toContain('basket');
    expect((await recommend())[0]).not.toHaveProperty('missing');
  });

  test('leave out what disappointed or was bought lately, not what was viewed', async () => {
    desk.discounts = [offerOf('tea', { products: ['tea'] }), offerOf('oolong', { products: ['oolong'] })];
    await desk.did({ kind: 'view', product: tea });
    await desk.did({ kind: 'rating', product: oolong, stars: 1 });
    expect(idsOf(await recommend())).toEqual(['tea']);
    desk.discounts = [offerOf('shelf', { categories: ['tea'] })];
    expect((await recommend())[0]?.products).toMatchObject([{ id: 'tea' }]);
    expect(desk.asks).toMatchObject([{ keepHistory: true, exclude: ['oolong'] }]);
    desk.discounts = [offerOf('tea', { products: ['tea'] }), offerOf('oolong', { products: ['oolong'] })];
    await desk.did({ kind: 'purchase', product: tea });
    expect(await recommend()).toEqual([]);
    expect(idsOf(await recommend({ suppress: false }))).toEqual(['tea']);
  });

  test('keep to k and to what is excluded', async () => {
    desk.discounts = ['a', 'b', 'c'].map((id, i) => offerOf(id, { value: 10 * (i + 1) }));
    expect(idsOf(await recommend({ k: 2 }))).toEqual(['c', 'b']);
    expect(idsOf(await recommend({ exclude: ['c'] }))).toEqual(['b', 'a']);
  });

  test('go by the clock of the profile', async () => {
    desk.discounts = [offerOf('later', { starts: start + dayMs })];
    expect(await recommend()).toEqual([]);
    desk.now = start + dayMs;
    expect(idsOf(await recommend())).toEqual(['later']);
  });
});
