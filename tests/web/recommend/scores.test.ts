import { describe, expect, test } from 'vitest';
import { foldIn, predictRating } from '../../../web/recommend/fold.ts';
import { addOuter, dot, solve } from '../../../web/recommend/linear.ts';
import { ranksOf } from '../../../web/recommend/recommend.ts';
import { contributionsOf, scoresOf } from '../../../web/recommend/scores.ts';
import { recommendMethods } from '../../../web/recommend/types.ts';
import { golden, historyOf, learnt, small } from './support.ts';

const how = 'python tests/golden/interactions.py rewrites the golden file';

function farthest(a: ArrayLike<number | undefined>, b: ArrayLike<number | null>): number {
  expect(a.length).toBe(b.length);
  // A rating that is not known is undefined here and null there.
  return Math.max(
    ...Array.from(a, (value, i) => (value === undefined && b[i] === null ? 0 : Math.abs((value ?? Number.NaN) - (b[i] ?? Number.NaN)))),
  );
}

describe('the golden histories', () => {
  test('tell something by every method', () => {
    for (const method of recommendMethods)
      expect(golden.cases.flatMap(({ scores }) => scores[method]).filter((score) => score > 0.01).length).toBeGreaterThan(50);
    expect(golden.cases.flatMap(({ ratings }) => ratings).filter((rating) => rating !== null).length).toBeGreaterThan(300);
  });

  test.each(
    golden.cases.map((each, i) => [i, each] as const),
  )('history %i has the scores, the ranks and the ratings that Python gives', (_, each) => {
    const scores = scoresOf(learnt, historyOf(each.history));
    for (const method of recommendMethods) expect(farthest(scores[method], each.scores[method]), `${method}; ${how}`).toBeLessThan(1e-8);
    expect(farthest(ranksOf(contributionsOf(learnt, historyOf(each.history), scores)), each.rank), how).toBeLessThan(1e-8);
    const ratings = learnt.products.map(({ id }) => predictRating(learnt, historyOf(each.rated), id));
    expect(farthest(ratings, each.ratings), how).toBeLessThan(1e-8);
  });
});

describe('solve', () => {
  test.each([1, 2, 3, 17, 64])('finds the x of a positive definite system of %i', (size) => {
    let state = size;
    const next = () => {
      state = (state * 16_807) % 2_147_483_647;
      return state / 2_147_483_647 - 0.5;
    };
    const a = new Float64Array(size * size);
    for (let i = 0; i < size; i++) a[i * size + i] = 0.5;
    for (let n = 0; n < 2 * size; n++) addOuter(a, Array.from({ length: size }, next), 1);
    const x = Float64Array.from({ length: size }, next);
    const b = Float64Array.from({ length: size }, (_, row) => dot(a.slice(row * size, (row + 1) * size), x));
    const found = solve(Float64Array.from(a), b);
    for (let i = 0; i < size; i++) expect(found[i]).toBeCloseTo(x[i] as number, 8);
  });

  test('gives NaN, not a wrong answer, where the matrix is not positive definite', () => {
    expect(solve(Float64Array.of(-1), Float64Array.of(1))[0]).toBeNaN();
  });
});

describe('a history', () => {
  test('folds in by hand', () => {
    // A = [[2, 1], [1, 2]] + I + (2 · 1 − 1) [1, 0]ᵀ[1, 0] = [[4, 1], [1, 3]]; b = 2 [1, 0].
    const mine = foldIn(small, new Map([['lamp', 1]]));
    expect(mine?.[0]).toBeCloseTo(6 / 11, 12);
    expect(mine?.[1]).toBeCloseTo(-2 / 11, 12);
  });

  test('without products that have factors has none of its own', () => {
    expect(
      foldIn(
        small,
        new Map([
          ['rug', 1],
          ['nothing', 1],
        ]),
      ),
    ).toBeUndefined();
    expect([...scoresOf(small, new Map([['rug', 1]])).factors]).toEqual([0, 0, 0, 0, 0]);
  });

  test('adds the weights of neighbours, and takes the best rule all of whose products it holds', () => {
    const scores = scoresOf(
      small,
      new Map([
        ['lamp', 2],
        ['desk', 0.5],
      ]),
    );
    expect(scores.neighbours[1]).toBeCloseTo(2 * 0.5 + 0.5 * 0.2, 12);
    expect([...scores.rules]).toEqual([0, 0.6, 0, 0, 0]);
    expect(
      scoresOf(
        small,
        new Map([
          ['chair', 1],
          ['desk', 1],
        ]),
      ).rules[0],
    ).toBe(0.9);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('with a weight of %s is refused', (weight) => {
    expect(() => scoresOf(small, new Map([['lamp', weight]]))).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});

describe('a rating', () => {
  test('of a shopper without ratings is the mean and the bias of the product', () => {
    expect(predictRating(small, new Map(), 'bulb')).toBeCloseTo(3.5, 12);
    expect(predictRating(small, new Map([['nothing', 5]]), 'desk')).toBeCloseTo(2.5, 12);
  });

  test('is that and the shopper’s own side of one ridge regression', () => {
    // Of one rating 5 of bulb: residual 1.5, column [1, 1], so x = 1.5 / 3 in both.
    expect(predictRating(small, new Map([['bulb', 5]]), 'desk')).toBeCloseTo(2.5 + 0.5 + 0.5 * 2, 12);
  });

  test('stays from 1 to 5', () =>
    expect(
      predictRating(
        small,
        new Map([
          ['bulb', 5],
          ['desk', 5],
        ]),
        'desk',
      ),
    ).toBeLessThanOrEqual(5));

  test('is not known of a product that too few rated', () => expect(predictRating(small, new Map(), 'lamp')).toBeUndefined());

  test.each([0, 6, Number.NaN])('of %s is refused', (value) => {
    expect(() => predictRating(small, new Map([['bulb', value]]), 'desk')).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});
