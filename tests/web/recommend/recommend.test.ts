import { describe, expect, test } from 'vitest';
import { diversify } from '../../../web/recommend/diversity.ts';
import { recommendByHistory } from '../../../web/recommend/recommend.ts';
import { golden, historyOf, learnt, small } from './support.ts';

const ids = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id);

describe('recommendByHistory', () => {
  test('with an empty history shows what is popular, and nothing that nobody bought', () => {
    const found = recommendByHistory(small, new Map(), { diversity: 0 });
    expect(ids(found)).toEqual(['lamp', 'bulb', 'desk', 'chair']);
    for (const { reasons } of found) expect(reasons.map(({ method }) => method)).toEqual(['popularity']);
  });

  test('contributions add up to the rank, whatever the history', () => {
    for (const { history } of golden.cases) {
      const found = recommendByHistory(learnt, historyOf(history), { limit: 60 });
      for (const { rank, reasons } of found) {
        expect(reasons.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(rank, 12);
        const weights = reasons.map(({ contribution }) => contribution);
        expect(weights).toEqual([...weights].sort((a, b) => b - a));
      }
    }
  });

  test('without diversity is in the order that Python ranks in', () => {
    for (const { history, rank } of golden.cases) {
      const found = recommendByHistory(learnt, historyOf(history), { limit: 10, diversity: 0 });
      const best = learnt.products
        .map(({ id }, i) => ({ id, rank: rank[i] as number }))
        .filter((each) => each.rank > 0 && !Object.hasOwn(history, each.id))
        .sort((a, b) => b.rank - a.rank);
      expect(ids(found)).toEqual(ids(best.slice(0, 10)));
    }
  });

  test('says why in both languages', () => {
    const [first] = recommendByHistory(small, new Map([['lamp', 1]]), { diversity: 0, titleOf: (id) => (id === 'lamp' ? '台灯' : id) });
    expect(first?.id).toBe('bulb');
    expect(first?.reasons.map(({ method, score, because, text }) => ({ method, score, because, text }))).toEqual([
      {
        method: 'rules',
        score: 0.6,
        because: ['lamp'],
        text: { zh: '买“台灯”的订单中有 60% 也买它', en: 'in 60% of the orders with “台灯”' },
      },
      {
        method: 'neighbours',
        score: 0.5,
        because: ['lamp'],
        text: { zh: '买过“台灯”的顾客也常买', en: 'customers of “台灯” often buy it' },
      },
      { method: 'popularity', score: 0.5, because: [], text: { zh: '近期热销', en: 'popular lately' } },
    ]);
    expect(first?.reasons.map(({ contribution }) => contribution)).toEqual([3 * Math.log1p(10), 2 * Math.log1p(10), Math.log1p(10)]);
  });

  test('leaves out what was bought, unless it is bought again', () => {
    const history = new Map([['lamp', 1]]);
    expect(ids(recommendByHistory(small, history))).not.toContain('lamp');
    expect(ids(recommendByHistory(small, history, { keepBought: true }))).toContain('lamp');
    expect(ids(recommendByHistory(small, history, { keepBought: true, exclude: ['lamp', 'bulb'] }))).toEqual(
      expect.not.arrayContaining(['lamp', 'bulb']),
    );
  });

  test('leaves out what was shown often enough', () => {
    const shown = new Map([
      ['lamp', 5],
      ['bulb', 4],
    ]);
    expect(ids(recommendByHistory(small, new Map(), { shown }))).not.toContain('lamp');
    expect(ids(recommendByHistory(small, new Map(), { shown }))).toContain('bulb');
    expect(ids(recommendByHistory(small, new Map(), { shown, mostShown: 4 }))).not.toContain('bulb');
  });

  test('leaves out what is sold out, no longer sold, or not within the prices', () => {
    const facts: Record<string, object> = { lamp: { isInStock: false, price: 5 }, bulb: { price: 5 }, desk: { price: 50 }, chair: {} };
    const factsOf = (id: string) => facts[id];
    const found = (options: object) => ids(recommendByHistory(small, new Map(), { factsOf, ...options })).sort();
    expect(found({})).toEqual(['bulb', 'chair', 'desk']);
    expect(found({ maxPrice: 50 })).toEqual(['bulb', 'desk']);
    expect(found({ minPrice: 6, maxPrice: 50 })).toEqual(['desk']);
    expect(found({ minPrice: 51 })).toEqual([]);
  });

  test.each([
    [{ limit: -1 }, 'limit'],
    [{ limit: '5' }, 'limit'],
    [{ diversity: 1.1 }, 'diversity'],
    [{ mostShown: Number.NaN }, 'mostShown'],
    [{ minPrice: -1, factsOf: () => undefined }, 'minPrice'],
    [{ maxPrice: 3 }, 'factsOf'],
  ])('refuses %j', (options, name) => {
    expect(() => recommendByHistory(small, new Map(), options as never)).toThrow(
      expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(name) as string }),
    );
  });

  test('leaves its arguments alone, and says the same again', () => {
    const history = historyOf(golden.cases[5]?.history ?? {});
    const first = recommendByHistory(learnt, history);
    expect(recommendByHistory(learnt, new Map(history))).toEqual(first);
    expect(first.length).toBe(10);
  });
});

describe('diversify', () => {
  const alike = (a: string, b: string) => (a[0] === b[0] ? 1 : 0);
  const items = ['a1', 'a2', 'a3', 'b1', 'c1'];
  const ranks = [10, 9, 8, 7, 6];

  test('without diversity keeps the order', () => expect(diversify(items, ranks, alike, { limit: 3, diversity: 0 })).toEqual([0, 1, 2]));

  test('takes what is unlike before what is alike', () =>
    expect(diversify(items, ranks, alike, { limit: 4, diversity: 0.5 })).toEqual([0, 3, 4, 1]));

  test('gives what there is', () => {
    expect(diversify(items, ranks, alike, { limit: 9, diversity: 1 }).length).toBe(5);
    expect(diversify([], [], alike, { limit: 9, diversity: 0.5 })).toEqual([]);
  });

  test('makes real lists less alike', () => {
    const spread = (diversity: number) => {
      const found = recommendByHistory(learnt, new Map([['p10', 1]]), { limit: 8, diversity });
      return new Set(found.map(({ id }) => id.slice(0, 2))).size;
    };
    expect(spread(0.9)).toBeGreaterThan(spread(0));
  });
});
