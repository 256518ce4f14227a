/** Every surface by the package as built, over a small catalogue with all that one can hold. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Aftersense,
  type AnyRecommendation,
  type AnyRecommendRequest,
  type ArticleInput,
  createAftersense,
  type OfferInput,
  type ProductInput,
  type Recommendation,
} from '../../../dist/index.js';
import { dayMs, start } from '../profile/support.ts';
import { headerLine, productLine, textOf } from './support.ts';

const kitchen = { category: 'kitchen', currency: 'CNY' };
const products: readonly ProductInput[] = [
  { id: 'kettle', title: 'Gooseneck kettle', ...kitchen, brand: 'Ember', price: 239, group: 'gooseneck', seller: 'north' },
  { id: 'kettle-black', title: 'Gooseneck kettle, black', ...kitchen, brand: 'Ember', price: 249, group: 'gooseneck', seller: 'north' },
  { id: 'electric', title: 'Electric kettle with thermostat', ...kitchen, brand: 'Volt', price: 199, seller: 'south' },
  { id: 'luxury', title: 'Copper kettle', ...kitchen, brand: 'Volt', price: 900, seller: 'south' },
  { id: 'seal', title: 'Silicone seal', ...kitchen, price: 9, role: 'spare_part', fits: ['gooseneck'] },
  { id: 'stand', title: 'Walnut stand', ...kitchen, price: 49, role: 'accessory', fits: ['kettle'] },
  { id: 'grinder', title: 'Coffee grinder', ...kitchen, brand: 'Ember', price: 159, seller: 'north' },
  { id: 'cup', title: 'Tea cup of glass', ...kitchen, brand: 'Ember', price: 29, seller: 'south' },
  { id: 'tea', title: 'Green tea', category: 'tea', currency: 'CNY', price: 60, lastsDays: 30, seller: 'south' },
  { id: 'oolong', title: 'Oolong tea', category: 'tea', currency: 'CNY', price: 80, salePrice: 50, seller: 'north' },
  { id: 'rare', title: 'Rare tea', category: 'tea', currency: 'CNY', price: 800, availability: 'out_of_stock' },
];

const learnt = (id: string, popularity: number, more: object = {}) => productLine(id, popularity, { repeat_days: null, ...more });

const interactions = textOf([
  headerLine(6, { popularity: 0.2, neighbours: 2, rules: 3, factors: 1, themes: 0.5, content: 1 }),
  learnt('kettle', 0.6, {
    factors: [1, 0],
    themes: [[0, 1]],
    neighbours: [['cup', 0.5]],
    rules: [{ if: ['kettle'], also: 'grinder', support: 0.1, confidence: 0.4, lift: 2 }],
    rating: { bias: 0.5, factors: [1] },
  }),
  learnt('grinder', 0.5, { factors: [1, 1], themes: [[0, 0.5]], rating: { bias: 0.25, factors: [1] } }),
  learnt('cup', 0.2, { neighbours: [['kettle', 0.5]], repeat_days: 40 }),
  learnt('tea', 1, { factors: [0, 1], neighbours: [['oolong', 0.9]] }),
  learnt('oolong', 0.1),
  learnt('rare', 0.9),
]);

const offers: readonly OfferInput[] = [
  { id: 'tea', kind: 'percent', value: 20, categories: ['tea'], title: 'Tea days' },
  { id: 'all', kind: 'amount', value: 30, currency: 'CNY', leastSpend: 300, code: 'SAVE30' },
  { id: 'over', kind: 'free_shipping', ends: start - 1 },
];
const articles: readonly ArticleInput[] = [
  { id: 'descale', title: 'Care for a kettle: descaling', about: ['gooseneck'], kind: 'article', language: 'en', url: '/descale' },
  { id: 'brew', title: 'How to brew green tea', kind: 'video', language: 'en' },
];

let desk: Aftersense;
let bytes: Uint8Array<ArrayBuffer>;
const ids = (found: readonly Recommendation[]) => found.map(({ product }) => product.id);

beforeAll(async () => {
  desk = await createAftersense({ worker: false, model: 'lite', profile: { now: () => start } });
  const built = await desk.catalog.build(products, { interactions, offers, articles });
  expect(built.info).toMatchObject({ products: products.length, offers: 3, articles: 2, orders: true });
  bytes = built.bytes;
  await desk.catalog.load(bytes);
});
afterAll(() => desk.dispose());
beforeEach(() => desk.profile.erase());

const did = async (event: Parameters<Aftersense['profile']['record']>[0], daysAgo = 0) => {
  await desk.profile.consent(true);
  await desk.profile.record({ ...event, at: start - daysAgo * dayMs });
};
const product = (id: string): ProductInput => products.find((one) => one.id === id) as ProductInput;

/** A shopper who did a bit of everything. */
async function shopAround(): Promise<void> {
  await did({ kind: 'purchase', product: product('kettle') }, 100);
  await did({ kind: 'purchase', product: product('tea') }, 28);
  await did({ kind: 'view', product: product('cup') }, 3);
  await did({ kind: 'search', text: 'oolong' }, 1);
  await did({ kind: 'rating', product: product('kettle'), stars: 5 }, 90);
}

const requests: readonly AnyRecommendRequest[] = [
  { for: 'product', id: 'kettle' },
  { for: 'basket', ids: ['kettle'] },
  { for: 'query', text: 'green tea kettle' },
  { for: 'profile' },
  { for: 'viewed' },
  { for: 'replenishment' },
  { for: 'complaint', id: 'kettle' },
  { for: 'offer', ids: ['tea'], total: 60, currency: 'CNY' },
  { for: 'content', id: 'kettle' },
  { for: 'content', text: 'brew tea' },
  { for: 'content' },
];

describe('every surface', () => {
  test.each(requests)('$for answers, with contributions that sum to the score, and words in both languages', async (request) => {
    await shopAround();
    const found: readonly AnyRecommendation[] = await desk.recommend(request);
    expect(found.length).toBeGreaterThan(0);
    for (const { score, reason } of found) {
      expect(reason.contributions.reduce((sum, part) => sum + part.score, 0)).toBe(score);
      expect(reason.kind).toBe(reason.contributions[0]?.kind);
      for (const { text } of [reason, ...reason.contributions]) {
        expect(text.zh).toMatch(/\p{Script=Han}/u);
        expect(text.en).toMatch(/^[A-Z0-9¥“].*[^.]$/u);
        expect(text.zh + text.en).not.toMatch(/undefined|NaN/);
      }
    }
  });

  test.each(requests)('$for answers without a profile too', async (request) => {
    const found = await desk.recommend(request);
    if (request.for === 'viewed' || request.for === 'replenishment') expect(found).toEqual([]);
    expect(Array.isArray(found)).toBe(true);
  });

  test.each(requests)('$for keeps to k', async (request) => {
    await shopAround();
    expect((await desk.recommend({ ...request, k: 1 })).length).toBe(1);
  });
});

describe('for a shopper', () => {
  test('without consent it is what is popular and can be bought', async () => {
    const found = await desk.recommend({ for: 'profile', diversity: 0 });
    expect(ids(found).slice(0, 3)).toEqual(['tea', 'kettle', 'grinder']);
    for (const { reason } of found) expect(reason).toMatchObject({ kind: 'popularity', text: { zh: '近期热销' } });
    expect(ids(await desk.recommend({ for: 'profile', filter: { soldOut: true } }))).toContain('rare');
  });

  test('it goes by what was bought, and never shows that again', async () => {
    await did({ kind: 'purchase', product: product('kettle') }, 200);
    const found = await desk.recommend({ for: 'profile', k: 20 });
    expect(ids(found)[0]).toBe('grinder');
    expect(ids(found)).not.toContain('kettle');
    expect(found[0]?.reason).toMatchObject({
      kind: 'rules',
      text: { en: 'Bought in 40% of the orders with “Gooseneck kettle”', zh: '购买「Gooseneck kettle」的订单中有 40% 也有它' },
    });
  });

  test('a rating tells what another product would get', async () => {
    const rated = async (stars: number) => {
      await desk.profile.erase();
      await did({ kind: 'rating', product: product('kettle'), stars }, 100);
      const found = await desk.recommend({ for: 'profile', suppress: false });
      return found.find((one) => one.product.id === 'grinder')?.expectedRating as number;
    };
    // Mean 3, biases 0.5 and 0.25; of one rating r the shopper's bias and factor are (r − 3.5) / 3 each.
    expect(await rated(5)).toBeCloseTo(3.25 + 2 * 0.5, 5);
    expect(await rated(2)).toBeCloseTo(3.25 - 2 * 0.5, 5);
  });

  test('what was bought and complained about never comes back, nor its variants', async () => {
    await did({ kind: 'purchase', product: product('kettle') }, 3);
    await did({ kind: 'feedback', product: product('kettle'), analysis: await desk.analyze('It leaks, broken after a week. Terrible.') });
    for (const request of [
      { for: 'profile', suppress: false },
      { for: 'basket', ids: ['grinder'], suppress: false },
      { for: 'viewed', id: 'electric', suppress: false },
      { for: 'complaint', id: 'electric' },
    ] as const)
      expect(ids(await desk.recommend({ ...request, k: 20 })).filter((id) => id.startsWith('kettle'))).toEqual([]);
  });
});

test('a spare part is not like the product that it is for, though it is found when it is asked for', async () => {
  const like = ids(await desk.recommend({ for: 'product', id: 'kettle', k: 20 }));
  expect(like).toContain('electric');
  expect(like).not.toEqual(expect.arrayContaining(['seal']));
  expect(like).not.toEqual(expect.arrayContaining(['stand']));
  expect(ids(await desk.recommend({ for: 'query', text: 'silicone seal' }))[0]).toBe('seal');
});

test('a basket is completed by what orders had with it', async () => {
  const found = await desk.recommend({ for: 'basket', ids: ['kettle', 'unknown'] });
  expect(ids(found)).not.toContain('kettle');
  expect(found[0]).toMatchObject({ product: { id: 'grinder' }, reason: { because: [{ id: 'kettle', title: 'Gooseneck kettle' }] } });
});

describe('after a complaint', () => {
  test('there is what repairs, replaces or completes it, never the faulty line', async () => {
    const found = await desk.recommend({ for: 'complaint', id: 'kettle-black', k: 20 });
    expect(ids(found)).toEqual(expect.arrayContaining(['seal', 'electric']));
    expect(ids(found)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^kettle/)]));
    expect(ids(found)).not.toContain('luxury');
    const textOfOne = (id: string) => found.find((one) => one.product.id === id)?.reason.text;
    expect(textOfOne('seal')).toMatchObject({ en: 'A spare part for “Gooseneck kettle, black”' });
    expect(textOfOne('electric')).toMatchObject({ en: 'An alternative to “Gooseneck kettle, black”' });
  });

  test.each([
    ['spare_part', ['seal']],
    ['accessory', ['stand']],
  ] as const)('only what is wanted: %s', async (wanted, expected) => {
    expect(ids(await desk.recommend({ for: 'complaint', id: 'kettle', wants: [wanted] }))).toEqual(expected);
  });
});

test('what runs out is told with its day', async () => {
  await did({ kind: 'purchase', product: product('tea') }, 28);
  await did({ kind: 'purchase', product: product('cup') }, 40);
  await did({ kind: 'purchase', product: product('grinder') }, 40);
  const found = await desk.recommend({ for: 'replenishment' });
  expect(found.map((one) => [one.product.id, one.dueAt])).toEqual([
    ['cup', start],
    ['tea', start + 2 * dayMs],
  ]);
});

test('offers are those that hold, for what the basket and the shopper are about', async () => {
  await did({ kind: 'view', product: product('oolong') }, 2);
  const found = await desk.recommend({ for: 'offer', ids: ['tea'], total: 250, currency: 'CNY' });
  expect(found.map(({ offer }) => offer.id).sort()).toEqual(['all', 'tea']);
  const [all, tea] = ['all', 'tea'].map((id) => found.find(({ offer }) => offer.id === id));
  expect(all).toMatchObject({ offer: { code: 'SAVE30', value: 30, leastSpend: 300 }, missing: 50 });
  expect(tea?.products.map(({ id }) => id)).toEqual(['oolong']);
});

test('articles are about the product, or the text', async () => {
  const about = await desk.recommend({ for: 'content', id: 'kettle' });
  expect(about[0]).toMatchObject({
    article: { id: 'descale', kind: 'article', language: 'en', about: ['gooseneck'], url: '/descale' },
    reason: { kind: 'fits', text: { en: 'About “Gooseneck kettle”' } },
  });
  const [found] = await desk.recommend({ for: 'content', text: 'brew tea' });
  expect(found).toMatchObject({ article: { id: 'brew', kind: 'video' }, reason: { text: { en: 'Matches the words you searched for' } } });
});

describe('sellers', () => {
  test('are filtered', async () => {
    const found = await desk.recommend({ for: 'query', text: 'kettle tea', k: 20, filter: { sellers: ['south'] } });
    expect(new Set(found.map((one) => one.product.seller))).toEqual(new Set(['south']));
  });

  test('who were shown before give way where fairness counts; scores stay', async () => {
    const request = { for: 'query', text: 'tea', k: 3 } as const;
    const plain = await desk.recommend(request);
    const [first] = plain;
    const shown = plain.filter((one) => one.product.seller === first?.product.seller).map((one) => one.product.id);
    for (const daysAgo of [9, 8, 7, 6]) await did({ kind: 'shown', products: shown }, daysAgo);
    const fair = await desk.recommend({ ...request, fairness: 1 });
    expect(fair[0]?.product.seller).not.toBe(first?.product.seller);
    for (const one of fair) expect(one.score).toBe(plain.find((same) => same.product.id === one.product.id)?.score);
  });
});

describe('bad input', () => {
  test.each([
    { for: 'product', id: 'nope' },
    { for: 'viewed', id: 'nope' },
    { for: 'complaint', id: 'nope' },
    { for: 'content', id: 'nope' },
  ] as const)('$for of an unknown product names it', async (request) => {
    await expect(desk.recommend(request as AnyRecommendRequest)).rejects.toMatchObject({
      code: 'unknown_product',
      message: expect.stringContaining('nope'),
    });
  });

  test('filters that leave nothing, and a basket that nobody knows, have an honest answer', async () => {
    expect(await desk.recommend({ for: 'profile', filter: { minPrice: 1e6 } })).toEqual([]);
    expect(await desk.recommend({ for: 'profile', filter: { brands: ['none'] } })).toEqual([]);
    const unknown = await desk.recommend({ for: 'basket', ids: ['nobody'] });
    expect(new Set(unknown.map(({ reason }) => reason.kind))).toEqual(new Set(['popularity']));
  });

  test('a catalogue with nothing but products answers what it can', async () => {
    const bare = await createAftersense({ worker: false, model: 'lite', profile: { now: () => start } });
    await bare.catalog.load((await bare.catalog.build(products)).bytes);
    for (const request of [{ for: 'profile' }, { for: 'offer' }, { for: 'content' }, { for: 'content', text: 'tea' }] as const)
      expect(await bare.recommend(request as AnyRecommendRequest)).toEqual([]);
    expect(ids(await bare.recommend({ for: 'basket', ids: ['kettle'] }))).toContain('electric');
    bare.dispose();
    await expect(bare.recommend({ for: 'profile' })).rejects.toMatchObject({ code: 'disposed' });
  });

  test('an aborted request rejects as such', async () => {
    await expect(desk.recommend({ for: 'profile', signal: AbortSignal.abort('gone') })).rejects.toMatchObject({ code: 'aborted' });
  });
});
