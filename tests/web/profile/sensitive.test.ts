/** What is too sensitive to be kept. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sensitiveBy } from '../../../web/profile/sensitive.ts';
import { sensitiveWords } from '../../../web/profile/sensitive_words.ts';
import { eventOf, kettle } from './support.ts';

const isSensitive = sensitiveBy();
const searches = (text: string, by = isSensitive) => by(eventOf({ kind: 'search', text }));
const viewed = (product: object, by = isSensitive) => by(eventOf({ kind: 'view', product: { ...kettle, ...product } }));

describe('what is sensitive', () => {
  test.each([
    'blood-sugar test strips',
    'Glucose Meters',
    'diabetic socks',
    '血糖仪 试纸',
    '孕妇枕',
    '懷孕 護膚',
    'Pregnancy tests',
    'breast pump',
    'condoms ultra thin',
    '日用 卫生巾',
    '成人用品',
    'gay pride flag',
    'Holy Bible, leather',
    '佛珠手串',
    'Ｐｒａｙｅｒ　ｒｕｇ',
    '清真 牛肉',
    'election campaign badge',
    '共产党 徽章',
    'trade unions handbook',
    'DNA test kit',
    '戒烟贴',
    'nicotine gum',
    'payday loans',
  ])('a search: %s', (text) => expect(searches(text)).toBe(true));

  test.each([
    ['category', { category: 'Home > Health_Care > Aids' }],
    ['category', { category: '保健品/鱼油' }],
    ['title', { title: 'Maternity dress' }],
    ['brand', { brand: 'Durex' }],
    ['tag', { tags: ['gift', 'halal'] }],
  ])('a product by its %s', (_, change) => expect(viewed(change)).toBe(true));

  test('every word of the list, by itself and within a category', () => {
    for (const line of Object.values(sensitiveWords).flat())
      for (const word of line.split(', ')) {
        expect([word, searches(word)]).toEqual([word, true]);
        expect([word, viewed({ category: `Shop > ${word.toUpperCase()} & more` })]).toEqual([word, true]);
      }
  });
});

describe('what is not', () => {
  test('a product of the demo storefront, in either language', () => {
    const lines = readFileSync(new URL('../../../demo/products.jsonl', import.meta.url), 'utf8')
      .trim()
      .split('\n');
    const products = lines
      .map((line) => JSON.parse(line))
      .flatMap(({ category, en, zh }) => [en, zh].map((text) => ({ ...text, category })));
    expect(products.length).toBeGreaterThan(100);
    expect(products.filter((product) => viewed(product)).map(({ title }) => title)).toEqual([]);
  });

  test.each([
    'unisex hoodie',
    'hair spa oil therapy',
    'healthy snacks',
    'gooseneck kettle',
    'churchill mug',
    '仿佛 佛手柑',
    '农药残留检测 茶叶',
    'gayle lamp',
    'Christmas lights',
    '手冲咖啡壶',
    'tory burch bag',
    'spills mat',
  ])('a search: %s', (text) => expect(searches(text)).toBe(false));

  test('a product with nothing but an id, or one that was shown', () => {
    expect(isSensitive(eventOf({ kind: 'view', product: { id: 'condom' } }))).toBe(false);
    expect(isSensitive(eventOf({ kind: 'shown', products: ['bible'] }))).toBe(false);
  });

  test('words that only meet where two fields do', () => {
    expect(viewed({ title: 'Glucose', brand: 'Meter', tags: ['mental', 'wealth'] })).toBe(false);
  });
});

describe('a shop', () => {
  const own = sensitiveBy({ deny: ['wig', '假发'], allow: ['health & beauty', 'Bible paper'] });

  test('adds words of its own', () => {
    expect([searches('Lace wigs', own), searches('假发 短发', own), searches('earwig', own)]).toEqual([true, true, false]);
    expect(searches('Lace wigs')).toBe(false);
  });

  test('names phrases that are harmless there, and no more than these', () => {
    expect([viewed({ category: 'Health & Beauty' }), viewed({ category: 'Health & Beauty' }, own)]).toEqual([true, false]);
    expect([searches('bible paper A4', own), searches('bible paper and a bible', own)]).toEqual([false, true]);
    expect(viewed({ category: 'Health & Beauty > Condoms' }, own)).toBe(true);
  });

  test('cannot join words by an allowed phrase between them', () => {
    const by = sensitiveBy({ allow: ['of silver'] });
    expect(searches('blood of silver sugar', by)).toBe(false);
  });

  test.each([
    [{ deny: 'wig' }],
    [{ deny: [''] }],
    [{ allow: [' - '] }],
    [{ deny: [3] }],
    [{ deny: Array(1001).fill('x') }],
  ])('is told of a list that is none: %j', (bad) =>
    expect(() => sensitiveBy(bad as never)).toThrow(expect.objectContaining({ code: 'invalid_argument' })));
});
