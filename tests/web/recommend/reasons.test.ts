import { describe, expect, test } from 'vitest';
import type { ProductRole, Surface } from '../../../web/index.ts';
import { days, money, percent, quoted } from '../../../web/recommend/phrases.ts';
import { dueReason, reasonOf, type Telling } from '../../../web/recommend/reasons.ts';
import type { Deed } from '../../../web/recommend/shopper.ts';
import { foundOf, type Part, partOf, productOf } from './fake_desk.ts';

const titles: Readonly<Record<string, string>> = { kettle: 'Kettle', cup: '茶杯' };
const deeds: Readonly<Record<string, Deed>> = { kettle: 'bought', cup: 'viewed' };

/** The reason of one part, told on a surface. Only those of the profile know what the shopper did. */
function tell(surface: Surface, part: Part, role: ProductRole = 'product', anchor?: string) {
  const named = (id: string) => ({ id, title: titles[id] ?? id });
  const isOwn = surface === 'profile' || surface === 'content';
  const telling: Telling = { surface, named, deedOf: (id) => (isOwn ? deeds[id] : undefined), anchor: anchor ? named(anchor) : undefined };
  return reasonOf(foundOf(productOf('x', { role }), part), telling);
}

const because = (...ids: string[]) => ({ because: ids });

describe('a reason in words', () => {
  test.each([
    ['query', partOf('popularity'), '近期热销', 'Popular lately'],
    ['basket', partOf('neighbours', 1, because('kettle')), '买「Kettle」的顾客也常买', 'Customers who buy “Kettle” often buy this too'],
    [
      'profile',
      partOf('neighbours', 1, because('cup')),
      '您看过「茶杯」，买它的顾客也常买这件',
      'You viewed “茶杯”; its buyers often buy this too',
    ],
    ['basket', partOf('neighbours'), '与您有相同选择的顾客也常买', 'Often bought by customers who chose the same'],
    [
      'basket',
      partOf('rules', 1, { measure: 0.342, because: ['kettle', 'cup'] }),
      '购买「Kettle」和「茶杯」的订单中有 34% 也有它',
      'Bought in 34% of the orders with “Kettle” and “茶杯”',
    ],
    ['basket', partOf('rules', 1, { measure: 0.004 }), '0.4% 的同类订单中也有它', 'Bought in 0.4% of orders like this'],
    ['profile', partOf('factors'), '口味与您相近的顾客喜欢', 'Liked by customers with taste like yours'],
    ['basket', partOf('factors'), '有相同选择的顾客喜欢', 'Liked by customers who chose the same'],
    ['profile', partOf('themes'), '您常选的一类商品', 'The kind of thing you often choose'],
    ['basket', partOf('themes'), '与所选商品属于同一类', 'Of the same kind as your choice'],
    ['product', partOf('shared_terms', 1, because('kettle')), '与「Kettle」特点相近', 'Shares features with “Kettle”'],
    ['profile', partOf('shared_terms', 1, because('cup')), '与您看过的「茶杯」特点相近', 'Shares features with “茶杯”, which you viewed'],
    [
      'profile',
      partOf('shared_terms', 1, because('cup', 'kettle')),
      '与「茶杯」和「Kettle」特点相近',
      'Shares features with “茶杯” and “Kettle”',
    ],
    ['query', partOf('shared_terms'), '与您搜索的词相符', 'Matches the words you searched for'],
    ['profile', partOf('shared_terms'), '与您感兴趣的特点相近', 'Shares features with what interests you'],
    ['product', partOf('similar_meaning', 1, because('kettle')), '与「Kettle」相似', 'Similar to “Kettle”'],
    ['profile', partOf('similar_meaning', 1, because('kettle')), '与您买过的「Kettle」相似', 'Similar to “Kettle”, which you bought'],
    ['query', partOf('similar_meaning'), '与您要找的相近', 'Close to what you are looking for'],
    ['profile', partOf('similar_meaning'), '与您感兴趣的相似', 'Similar to what interests you'],
    ['complaint', partOf('shared_terms', 1, because('kettle')), '「Kettle」的替代之选', 'An alternative to “Kettle”'],
    ['complaint', partOf('similar_meaning'), '替代之选', 'An alternative'],
    ['content', partOf('fits', 1, because('cup')), '与您看过的「茶杯」有关', 'About “茶杯”, which you viewed'],
  ] as const)('on %s of %j', (surface, part, zh, en) => expect(tell(surface, part).text).toEqual({ zh, en }));

  test.each([
    ['spare_part', '「Kettle」的备件', 'A spare part for “Kettle”'],
    ['accessory', '可与「Kettle」搭配的配件', 'An accessory for “Kettle”'],
  ] as const)('of a %s after a complaint', (role, zh, en) => {
    expect(tell('complaint', partOf('fits', 1, because('kettle')), role).text).toEqual({ zh, en });
    expect(tell('complaint', partOf('fits'), role, 'kettle').text).toEqual({ zh, en });
  });

  test('because of what was viewed says so, and keeps what the methods say', () => {
    const reason = tell('viewed', partOf('rules', 1, { measure: 0.5, because: ['kettle'] }), 'product', 'kettle');
    expect(reason).toMatchObject({
      kind: 'rules',
      text: { zh: '因为您看过「Kettle」', en: 'Because you viewed “Kettle”' },
      because: [{ id: 'kettle', title: 'Kettle' }],
      contributions: [{ text: { en: 'Bought in 50% of the orders with “Kettle”' } }],
    });
  });

  test('what the request names is what all comes from, but what is popular', () => {
    expect(tell('product', partOf('similar_meaning'), 'product', 'kettle').because).toEqual([{ id: 'kettle', title: 'Kettle' }]);
    expect(tell('product', partOf('popularity'), 'product', 'kettle').because).toEqual([]);
  });
});

test('contributions keep the order, the scores and the measures of the core', () => {
  const parts = [partOf('rules', 0.1 + 0.2, { measure: 0.5 }), partOf('popularity', 0.3, { measure: 1 })];
  const found = { ...foundOf(productOf('x'), ...parts), terms: [{ term: '水壶', score: 0.2 }] };
  const reason = reasonOf(found, { surface: 'basket', named: (id) => ({ id, title: id }), deedOf: () => undefined });
  expect(reason.contributions.map(({ kind, score, measure }) => [kind, score, measure])).toEqual([
    ['rules', 0.1 + 0.2, 0.5],
    ['popularity', 0.3, 1],
  ]);
  expect(reason.contributions.reduce((sum, { score }) => sum + score, 0)).toBe(found.score);
  expect(reason.terms).toEqual([{ term: '水壶', score: 0.2 }]);
});

test.each([
  ['own', '您约每 30 天买一次，上次是 28 天前', 'You buy this about every 30 days; last time was 28 days ago'],
  ['lasts', '约能用 30 天，您上次购买是 28 天前', 'Lasts about 30 days; you bought it 28 days ago'],
  ['customers', '一般约 30 天后再次购买，您上次购买是 28 天前', 'Usually bought again after about 30 days; you bought it 28 days ago'],
] as const)('what is due by %s', (source, zh, en) => {
  const reason = dueReason({ id: 'tea', source, intervalDays: 30.2, elapsedDays: 27.9, dueAt: 0, score: 0.9 });
  expect(reason).toMatchObject({ kind: 'due', text: { zh, en }, contributions: [{ kind: 'due', score: 0.9, measure: 30.2 }] });
});

describe('phrases', () => {
  test('of shares, days and money', () => {
    expect(percent(1)).toEqual({ zh: '100%', en: '100%' });
    expect(days(0.2)).toEqual({ zh: '1 天', en: '1 day' });
    expect(days(1200)).toEqual({ zh: '1,200 天', en: '1,200 days' });
    expect(money(20, 'CNY')).toEqual({ zh: '¥20', en: '¥20' });
    expect(money(19.5, 'USD')).toEqual({ zh: '$19.50', en: '$19.50' });
    expect(money(20, 'points')).toEqual({ zh: '20 points', en: '20 points' });
    expect(money(20, '')).toEqual({ zh: '20', en: '20' });
  });

  test('of titles: a long one is cut, never within a character', () => {
    expect(quoted(['a', 'b', 'c'])).toEqual({ zh: '「a」、「b」和「c」', en: '“a”, “b”, and “c”' });
    const { en } = quoted(['😀'.repeat(40)]);
    expect(en).toMatch(/^“😀+…”$/u);
    expect(en.length).toBeLessThanOrEqual(63);
    expect(quoted(['x'.repeat(60)]).en).toBe(`“${'x'.repeat(60)}”`);
  });
});
