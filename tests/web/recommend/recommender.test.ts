/** What each surface asks the core, and what it makes of the answer; the core's own part: recommend.test.ts. */
import { beforeEach, describe, expect, test } from 'vitest';
import { AftersenseError } from '../../../web/errors.ts';
import type { AnyRecommendRequest, Recommendation, RecommendRequest } from '../../../web/index.ts';
import { Recommender } from '../../../web/recommend/recommender.ts';
import { dayMs, start } from '../profile/support.ts';
import { FakeDesk, foundOf, partOf, productOf } from './fake_desk.ts';

let desk: FakeDesk;
const recommend = (request: RecommendRequest) => new Recommender(desk).recommend(request) as Promise<Recommendation[]>;
const idsOf = (found: readonly { readonly product: { readonly id: string } }[]) => found.map(({ product }) => product.id);

const kettle = productOf('kettle');
const teapot = productOf('teapot');
const cup = productOf('cup');
const lamp = productOf('lamp');

beforeEach(() => {
  desk = new FakeDesk();
  desk.sell(kettle, teapot, cup, lamp);
  desk.find = () => [foundOf(teapot, partOf('neighbours', 2, { because: ['kettle'] })), foundOf(cup, partOf('popularity', 1))];
  return () => desk.profile.close();
});

describe('what is asked of the core', () => {
  const common = { k: 5, exclude: [], filter: {}, fairness: 0, exposed: [] };

  test.each([
    [
      { for: 'product', id: 'kettle' },
      { ask: 'similar', productIds: ['kettle'], diversity: 0 },
    ],
    [
      { for: 'query', text: '水壶' },
      { ask: 'query', query: '水壶', diversity: 0 },
    ],
    [
      { for: 'basket', ids: ['kettle', 'cup', 'kettle'] },
      {
        ask: 'history',
        history: [
          { product: 'kettle', weight: 1 },
          { product: 'cup', weight: 1 },
        ],
        diversity: 0.2,
      },
    ],
    [{ for: 'profile' }, { ask: 'history', history: [], searches: [], ratings: [], keepHistory: false, diversity: 0.2 }],
    [
      { for: 'viewed', id: 'kettle' },
      { ask: 'history', history: [{ product: 'kettle', weight: 1 }], diversity: 0.2 },
    ],
    [
      { for: 'complaint', id: 'kettle' },
      { ask: 'complaint', productIds: ['kettle'], wants: [], diversity: 0 },
    ],
    [
      { for: 'complaint', id: 'kettle', wants: ['exchange'] },
      { ask: 'complaint', productIds: ['kettle'], wants: ['exchange'], diversity: 0 },
    ],
    [
      { for: 'content', id: 'kettle' },
      { ask: 'similar', productIds: ['kettle'], articles: true, diversity: 0 },
    ],
    [
      { for: 'content', text: 'tea' },
      { ask: 'query', query: 'tea', articles: true, diversity: 0 },
    ],
    [{ for: 'content' }, { ask: 'history', history: [], searches: [], ratings: [], articles: true, diversity: 0.2 }],
  ] as const)('by %j', async (request, asked) => {
    await new Recommender(desk).recommend(request);
    expect(desk.asks).toEqual([{ ...common, ...asked }]);
  });

  test('has what the request limits, and its signal', async () => {
    const { signal } = new AbortController();
    const filter = { maxPrice: 5, sellers: ['a'], soldOut: true };
    await recommend({ for: 'query', text: 'x', k: 2, exclude: ['cup'], filter, diversity: 0.5, signal });
    expect(desk.asks).toMatchObject([{ k: 2, exclude: ['cup'], filter, diversity: 0.5 }]);
    expect(desk.signals).toEqual([signal]);
  });
});

describe('for a shopper', () => {
  test('who did not agree to a profile it is what is popular, with nothing left out', async () => {
    expect(idsOf(await recommend({ for: 'profile' }))).toEqual(['teapot', 'cup']);
    expect(desk.asks).toMatchObject([{ history: [], searches: [], exclude: [] }]);
    expect(await desk.profile.consented()).toBe(false);
  });

  test('it goes by what was bought, viewed, searched for and rated, a purchase of today counting 1', async () => {
    await desk.did({ kind: 'purchase', product: kettle });
    await desk.did({ kind: 'view', product: lamp }, 30);
    await desk.did({ kind: 'rating', product: lamp, stars: 4 });
    await desk.did({ kind: 'search', text: '茶杯' });
    await recommend({ for: 'profile' });
    expect(desk.asks).toMatchObject([
      {
        history: [
          { product: 'kettle', weight: 1 },
          { product: 'lamp', weight: expect.closeTo(0.5 / 4 + 0.5) },
        ],
        searches: [{ text: '茶杯', weight: 0.5 }],
        ratings: [{ product: 'lamp', stars: 4 }],
      },
    ]);
  });

  test('the reason says what the shopper did with it', async () => {
    await desk.did({ kind: 'purchase', product: kettle });
    const [first] = await recommend({ for: 'profile' });
    expect(first).toMatchObject({
      score: 2,
      reason: {
        kind: 'neighbours',
        because: [{ id: 'kettle', title: 'The kettle' }],
        text: { zh: '您买过「The kettle」，买它的顾客也常买这件', en: 'You bought “The kettle”; its buyers often buy this too' },
      },
    });
  });

  test('whose profile a newer version has written it is what is popular', async () => {
    desk.shelf.fail = new AftersenseError('profile_wrong_version', 'Newer.');
    expect(idsOf(await recommend({ for: 'profile' }))).toEqual(['teapot', 'cup']);
    expect(await new Recommender(desk).recommend({ for: 'replenishment' })).toEqual([]);
  });
});

describe('suppression', () => {
  const broken = productOf('broken', { group: 'line' });
  const variant = productOf('variant', { group: 'line' });

  beforeEach(async () => {
    desk.sell(broken, variant);
    desk.find = () => [variant, teapot, cup, lamp].map((product) => foundOf(product, partOf('popularity')));
    await desk.did({ kind: 'rating', product: broken, stars: 1 });
    await desk.did({ kind: 'purchase', product: teapot });
    await desk.did({ kind: 'view', product: lamp });
  });

  test.each([
    ['profile', { for: 'profile' }],
    ['basket', { for: 'basket', ids: ['kettle'] }],
  ] as const)('on %s leaves out what was bought or viewed lately, and what disappointed with its variants', async (_, request) => {
    expect(idsOf(await recommend(request))).toEqual(['cup']);
    // One more, for the variant that may come.
    expect(desk.asks).toMatchObject([{ k: 6, exclude: expect.arrayContaining(['broken', 'teapot', 'lamp']) }]);
  });

  test('can be told off, but for what disappointed; or set', async () => {
    expect(idsOf(await recommend({ for: 'profile', suppress: false }))).toEqual(['teapot', 'cup', 'lamp']);
    expect(desk.asks).toMatchObject([{ keepHistory: true, exclude: ['broken'] }]);
    const basket = { for: 'basket', ids: ['kettle'] } as const;
    expect(idsOf(await recommend({ ...basket, suppress: false }))).toEqual(['teapot', 'cup', 'lamp']);
    expect(idsOf(await recommend({ ...basket, suppress: { boughtDays: 0 } }))).toEqual(['teapot', 'cup']);
    await expect(recommend({ for: 'profile', suppress: { boughtDays: -1 } })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  test('after a complaint leaves out what disappointed before, with its variants, and nothing else', async () => {
    expect(idsOf(await recommend({ for: 'complaint', id: 'kettle' }))).toEqual(['teapot', 'cup', 'lamp']);
  });

  test.each([
    { for: 'product', id: 'kettle' },
    { for: 'query', text: 'x' },
  ] as const)('is none where the shopper asks for something: $for', async (request) => {
    expect(idsOf(await recommend(request))).toEqual(['variant', 'teapot', 'cup', 'lamp']);
  });

  test('for the shopper leaves out what is known, however long ago', async () => {
    await desk.did({ kind: 'view', product: cup }, 400);
    expect(await recommend({ for: 'profile' })).toEqual([]);
    expect(idsOf(await recommend({ for: 'basket', ids: ['kettle'] }))).toEqual(['cup']);
  });

  test('keeps to k', async () => expect(idsOf(await recommend({ for: 'profile', suppress: false, k: 2 }))).toEqual(['teapot', 'cup']));

  test('knows what was shown too often', async () => {
    for (const daysAgo of [2, 1, 0]) await desk.did({ kind: 'shown', products: ['cup'] }, daysAgo);
    expect(await recommend({ for: 'profile' })).toEqual([]);
    expect(idsOf(await recommend({ for: 'profile', suppress: { shown: false } }))).toEqual(['cup']);
  });
});

describe('because it was viewed', () => {
  test('without a product that was there is nothing', async () => {
    expect(await recommend({ for: 'viewed' })).toEqual([]);
    await desk.did({ kind: 'purchase', product: kettle });
    expect(await recommend({ for: 'viewed' })).toEqual([]);
    expect(desk.asks).toEqual([]);
  });

  test('goes by the last that the catalogue knows and that did not disappoint', async () => {
    await desk.did({ kind: 'view', product: lamp }, 9);
    await desk.did({ kind: 'view', product: kettle }, 5);
    await desk.did({ kind: 'view', product: cup }, 4);
    await desk.did({ kind: 'rating', product: cup, stars: 1 }, 3);
    await desk.did({ kind: 'view', product: { id: 'no longer sold' } });
    const [first, second] = await recommend({ for: 'viewed' });
    expect(desk.asks).toMatchObject([{ history: [{ product: 'kettle', weight: 1 }] }]);
    expect(first?.reason).toMatchObject({
      text: { zh: '因为您看过「The kettle」', en: 'Because you viewed “The kettle”' },
      because: [{ id: 'kettle' }],
    });
    // Popular is no reason to be here.
    expect(second).toBeUndefined();
  });

  test('goes by the product that the page names, which there must be', async () => {
    await recommend({ for: 'viewed', id: 'cup' });
    expect(desk.asks).toMatchObject([{ history: [{ product: 'cup' }] }]);
    await expect(recommend({ for: 'viewed', id: 'nope' })).rejects.toMatchObject({
      code: 'unknown_product',
      message: expect.stringContaining('nope'),
    });
  });
});

describe('replenishment', () => {
  const tea = productOf('tea', { lastsDays: 30, price: 20, category: 'tea' });
  const soap = productOf('soap', { price: 5 });

  beforeEach(async () => {
    desk.sell(tea, soap);
    desk.known = { ...desk.known, soap: { product: soap, repeatDays: 40 } };
    await desk.did({ kind: 'purchase', product: tea }, 27);
    await desk.did({ kind: 'purchase', product: soap }, 40);
    await desk.did({ kind: 'purchase', product: lamp }, 40);
  });

  test('gives what runs out, the most due first, with the day', async () => {
    const found = await recommend({ for: 'replenishment' });
    expect(found.map(({ product, score, dueAt }) => [product.id, score, dueAt])).toEqual([
      ['soap', 1, start],
      ['tea', 0.9, start + 3 * dayMs],
    ]);
    expect(found.map(({ reason }) => reason.text.en)).toEqual([
      'Usually bought again after about 40 days; you bought it 40 days ago',
      'Lasts about 30 days; you bought it 27 days ago',
    ]);
    for (const { score, reason } of found) expect(reason.contributions.map((part) => part.score)).toEqual([score]);
    expect(desk.asks).toEqual([]);
  });

  test('keeps to filters, stock, k and what is excluded', async () => {
    const found = async (more: object) => idsOf(await recommend({ for: 'replenishment', ...more }));
    expect(await found({ filter: { minPrice: 6 } })).toEqual(['tea']);
    expect(await found({ filter: { categories: ['coffee'] } })).toEqual([]);
    expect(await found({ k: 1 })).toEqual(['soap']);
    expect(await found({ exclude: ['soap'] })).toEqual(['tea']);
    desk.sell({ ...soap, availability: 'out_of_stock' }, { ...tea, availability: 'backorder' });
    expect(await found({})).toEqual(['tea']);
  });

  test('never brings back what disappointed', async () => {
    await desk.did({ kind: 'rating', product: tea, stars: 1 });
    expect(idsOf(await recommend({ for: 'replenishment', suppress: false }))).not.toContain('tea');
  });
});

test('sellers shown before are told of by what they were seen, only where fairness counts', async () => {
  desk.sell(productOf('a', { seller: 'north' }), productOf('b', { seller: 'south' }), productOf('c', { seller: 'north' }));
  await desk.did({ kind: 'shown', products: ['a', 'b', 'gone'] }, 2);
  await desk.did({ kind: 'shown', products: ['c'] }, 1);
  await recommend({ for: 'query', text: 'x' });
  await recommend({ for: 'query', text: 'x', fairness: 0.5 });
  const exposed = [
    { seller: 'north', exposure: 2 },
    { seller: 'south', exposure: expect.closeTo(1 / Math.log2(3)) },
  ];
  expect(desk.asks).toMatchObject([
    { fairness: 0, exposed: [] },
    { fairness: 0.5, exposed },
  ]);
});

test('articles come as such, an expected rating where there is one', async () => {
  const guide = productOf('guide', { category: 'video', language: 'zh', fits: ['kettle'], tags: ['care'], url: '/guide' });
  desk.find = () => [foundOf(guide, partOf('fits', 1, { because: ['kettle'] }))];
  const [article] = await new Recommender(desk).recommend({ for: 'content', id: 'kettle' });
  expect(article).toMatchObject({
    article: { id: 'guide', kind: 'video', language: 'zh', about: ['kettle'], title: 'The guide', url: '/guide' },
    score: 1,
    reason: { kind: 'fits', text: { zh: '与「The kettle」有关', en: 'About “The kettle”' } },
  });
  desk.find = () => [{ ...foundOf(cup, partOf('popularity')), expectedRating: 4.5 }];
  expect(await recommend({ for: 'profile' })).toMatchObject([{ expectedRating: 4.5 }]);
});

describe('a request that is none', () => {
  test.each([
    [null, 'The request'],
    ['profile', 'The request'],
    [{}, '"for"'],
    [{ for: 'toString' }, '"for"'],
    [{ for: 'product' }, 'id must be a string'],
    [{ for: 'complaint' }, 'id must be a string'],
    [{ for: 'complaint', id: 'x', wants: ['money'] }, 'wants[0]'],
    [{ for: 'complaint', id: 'x', wants: 'exchange' }, 'wants'],
    [{ for: 'basket', ids: [] }, 'ids is empty'],
    [{ for: 'query', text: 7 }, 'text'],
    [{ for: 'viewed', id: 7 }, 'id'],
    [{ for: 'content', id: 'a', text: 'b' }, 'not by both'],
    [{ for: 'content', text: 5 }, 'text'],
    [{ for: 'offer', total: -1 }, 'total'],
    [{ for: 'offer', total: Number.NaN }, 'total'],
    [{ for: 'offer', currency: 5 }, 'currency'],
    [{ for: 'offer', ids: 'a' }, 'ids'],
    [{ for: 'profile', k: 0 }, 'k must be'],
    [{ for: 'profile', k: 1001 }, 'k must be'],
    [{ for: 'profile', exclude: 'a' }, 'exclude'],
    [{ for: 'profile', filter: null }, 'filter'],
    [{ for: 'profile', filter: { minPrice: '5' } }, 'filter.minPrice'],
    [{ for: 'profile', filter: { maxPrice: Number.POSITIVE_INFINITY } }, 'filter.maxPrice'],
    [{ for: 'profile', filter: { sellers: [1] } }, 'filter.sellers[0]'],
    [{ for: 'profile', filter: { soldOut: 1 } }, 'filter.soldOut'],
    [{ for: 'profile', diversity: 1.1 }, 'diversity'],
    [{ for: 'profile', fairness: -0.1 }, 'fairness'],
    [{ for: 'profile', fairness: '1' }, 'fairness'],
    [{ for: 'profile', suppress: true }, 'suppress'],
    [{ for: 'profile', suppress: { shown: 3 } }, 'shown'],
  ])('%j names what is wrong, and asks for nothing', async (request, words) => {
    await expect(new Recommender(desk).recommend(request as AnyRecommendRequest)).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining(words),
    });
    expect(desk.asks).toEqual([]);
  });
});
