/** The core ranks by what orders taught as Python does, which learnt it: models/shop/recommender.py. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildCatalogRequest } from '../../../web/messages/build.ts';
import { builtCatalog, catalogInfo, recommendations } from '../../../web/messages/replies.ts';
import { recommendRequest } from '../../../web/messages/requests.ts';
import type { RecommendMethod } from '../../../web/recommend/read.ts';
import { EngineHost } from '../../../web/runtime/engine.ts';
import { distFile } from '../support.ts';
import { golden, learnt } from './support.ts';

const how = 'python tests/golden/interactions.py rewrites the golden file';
const most = 1e-6;
const recommendMethods = Object.keys(golden.cases[0]?.scores ?? {}) as RecommendMethod[];
const ids = learnt.products.map(({ id }) => id);
let host: EngineHost;

beforeAll(async () => {
  host = await EngineHost.create(distFile('aftersense-simd128.wasm'));
  const products = ids.map((id) => ({ id, title: id }));
  const { bytes } = builtCatalog(host.call('buildCatalog', buildCatalogRequest({ products, interactions: { interactions: learnt, ids } })));
  expect(catalogInfo(host.call('loadCatalog', bytes)).products).toBe(ids.length);
});

afterAll(() => host.dispose());

const ask = ({ history, rated }: (typeof golden.cases)[number]) =>
  recommendations(
    host.call(
      'recommend',
      recommendRequest({
        ask: 'history',
        k: ids.length,
        history: Object.entries(history).map(([product, weight]) => ({ product, weight })),
        ratings: Object.entries(rated).map(([product, stars]) => ({ product, stars })),
      }),
    ),
  );

test('the golden histories tell something by every method but content', () => {
  for (const method of recommendMethods) {
    const told = golden.cases.flatMap(({ scores }) => scores[method]).filter((score) => score > 0.01);
    if (method === 'content') expect(told).toEqual([]);
    else expect(told.length, method).toBeGreaterThan(50);
  }
  expect(golden.cases.flatMap(({ ratings }) => ratings).filter((rating) => rating !== null).length).toBeGreaterThan(300);
});

describe.each(golden.cases.map((each, i) => [i, each] as const))('history %i', (_, each) => {
  const rankOf = (id: string) => each.rank[ids.indexOf(id)] as number;

  test('finds what Python ranks above nothing and was not bought, in its order', () => {
    const found = ask(each);
    const expected = ids.filter((id) => rankOf(id) > most && !Object.hasOwn(each.history, id));
    expect(found.map(({ product }) => product.id).sort(), how).toEqual(expected.sort());
    for (const [i, { product }] of found.entries())
      if (i > 0) expect(rankOf((found[i - 1] as (typeof found)[number]).product.id) + most, how).toBeGreaterThan(rankOf(product.id));
  });

  test('has the ranks, the scores and what they add, and the ratings', () => {
    for (const { product, score, contributions, expectedRating } of ask(each)) {
      const at = ids.indexOf(product.id);
      expect(Math.abs(score - rankOf(product.id)), how).toBeLessThan(most);
      expect(contributions.reduce((sum, part) => sum + part.score, 0)).toBe(score);
      for (const method of recommendMethods) {
        const part = contributions.find(({ kind }) => kind === method);
        expect(Math.abs((part?.score ?? 0) - (each.contributions[method][at] as number)), `${method}; ${how}`).toBeLessThan(most);
        if (part) expect(Math.abs(part.measure - (each.scores[method][at] as number)), `${method}; ${how}`).toBeLessThan(most);
      }
      const rating = each.ratings[at] ?? undefined;
      if (rating === undefined) expect(expectedRating).toBeUndefined();
      else expect(Math.abs((expectedRating ?? Number.NaN) - rating), how).toBeLessThan(most);
    }
  });
});
