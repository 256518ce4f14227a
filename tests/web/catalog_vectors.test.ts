/** Catalogues with vectors of what products mean, by the package as built, with base. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aftersense, createAftersense, type ProductInput, type Progress, type Recommendation } from '../../dist/index.js';

const products: readonly ProductInput[] = [
  { id: 'flask', title: 'Stainless steel vacuum flask', category: 'kitchen', brand: 'Ember', price: 20 },
  { id: 'thermos', title: 'Insulated thermos bottle', category: 'kitchen', brand: 'Harbour', price: 30 },
  { id: 'blank' },
  { id: 'bulb', title: 'LED light bulb', category: 'lighting', brand: 'Ember', price: 5 },
  { id: 'rail', title: 'Steel towel rail', category: 'bathroom', brand: 'Juniper' },
];
const withText = products.filter(({ id }) => id !== 'blank');

let base: Aftersense;
let lite: Aftersense;
let bytes: Uint8Array<ArrayBuffer>;
const progress: Progress[] = [];

beforeAll(async () => {
  base = await createAftersense({ worker: false, model: 'base' });
  lite = await createAftersense({ worker: false, model: 'lite' });
  const built = await base.catalog.build(products, { embeddings: true, onProgress: (step) => progress.push(step) });
  expect(built.info).toMatchObject({ products: 4, dimensions: 128, skipped: [{ id: 'blank', reason: 'no_text' }] });
  bytes = built.bytes;
  await base.catalog.load(bytes);
  await lite.catalog.load(bytes);
});

afterAll(() => {
  base.dispose();
  lite.dispose();
});

const ids = (found: readonly Recommendation[]) => found.map(({ product }) => product.id);

/** Exactly, up to the rounding of 32 bits. */
const sum = ({ reason }: Recommendation) => reason.contributions.reduce((total, { score }) => total + score, 0);

describe('a catalogue with vectors', () => {
  test('tells how many products are embedded while it is built', () => {
    expect(progress).toHaveLength(withText.length);
    expect(progress.at(-1)).toEqual({ stage: 'embed', done: withText.length, total: withText.length });
  });

  test('finds by meaning what shares no word, and says so', async () => {
    const found = await base.recommend({ for: 'query', text: 'container that keeps coffee hot' });
    expect(ids(found)[0]).toMatch(/flask|thermos/);
    for (const { reason } of found) expect(reason).toMatchObject({ kind: 'similar_meaning', terms: [] });
    expect(ids(await lite.recommend({ for: 'query', text: 'container that keeps coffee hot' }))).toEqual([]);
  });

  test.each([
    { for: 'product', id: 'flask' } as const,
    { for: 'basket', ids: ['flask', 'bulb'] } as const,
    { for: 'query', text: 'steel kitchen flask' } as const,
  ])('gives contributions that add up to the score, $for', async (request) => {
    const found = await base.recommend(request);
    expect(found.length).toBeGreaterThan(1);
    for (const one of found) expect(sum(one)).toBeCloseTo(one.score, 6);
    expect(found.some(({ reason }) => reason.contributions.length === 2)).toBe(true);
  });

  test('answers a query by words alone without base, products by both', async () => {
    const [byWords] = await lite.recommend({ for: 'query', text: 'light bulb' });
    expect(byWords?.reason.contributions.map(({ kind }) => kind)).toEqual(['shared_terms']);
    expect(await lite.recommend({ for: 'product', id: 'flask' })).toEqual(await base.recommend({ for: 'product', id: 'flask' }));
  });

  test('is the same from vectors made before', async () => {
    const texts = withText.map(({ title, brand, category }) => [title, brand, category].join('. '));
    const embeddings = await base.embed(texts);
    const made = await base.catalog.build(withText, { embeddings });
    expect(made.bytes).toEqual((await base.catalog.build(withText, { embeddings: true })).bytes);
  });

  test('keeps filters', async () => {
    const like = async (filter: object) => ids(await base.recommend({ for: 'product', id: 'flask', filter }));
    expect(await like({ categories: ['kitchen'] })).toEqual(['thermos']);
    expect(await like({ brands: ['Juniper'] })).toEqual(['rail']);
    expect(await like({ maxPrice: 29 })).not.toContain('thermos');
    expect(await like({ minPrice: 1000 })).toEqual([]);
  });
});

describe('bad input', () => {
  const rejected = { code: 'invalid_argument' };
  const vector = (length: number, value = 0.1) => new Float32Array(length).fill(value);

  test.each([
    ['too few', [vector(128)]],
    ['of different lengths', [vector(128), vector(96)]],
    ['no Float32Arrays', [[1], [2]]],
    ['of a length that cannot be', [vector(100), vector(100)]],
    ['not finite', [vector(128), vector(128, Number.NaN)]],
  ])('vectors that are %s are refused', async (_, embeddings) => {
    const two = withText.slice(0, 2);
    await expect(base.catalog.build(two, { embeddings: embeddings as Float32Array[] })).rejects.toMatchObject(rejected);
  });

  test('products that cannot be built are refused before any is embedded', async () => {
    const steps: Progress[] = [];
    const twice = [withText[0], withText[0]] as ProductInput[];
    const options = { embeddings: true, onProgress: (step: Progress) => steps.push(step) };
    await expect(base.catalog.build(twice, options)).rejects.toMatchObject({ code: 'duplicate_product' });
    expect(steps).toEqual([]);
  });

  test('without base there are no vectors to be made', async () => {
    await expect(lite.catalog.build(withText, { embeddings: true })).rejects.toMatchObject({ code: 'model_missing' });
  });

  test.each([
    [null],
    [{ minPrice: 'low' }],
    [{ maxPrice: Number.NaN }],
    [{ brands: 'Ember' }],
    [{ categories: [1] }],
  ])('the filter %j is refused', async (filter) => {
    await expect(base.recommend({ for: 'query', text: 'x', filter: filter as object })).rejects.toMatchObject(rejected);
  });
});
