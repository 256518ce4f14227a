/** Catalogues with all that they can hold, by the package as built: what was given is what is in the file. */
import { readFileSync } from 'node:fs';
import { ByteBuffer } from 'flatbuffers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Catalog } from '../../build/generated/schema/messages/aftersense/schema.js';
import {
  type Aftersense,
  type ArticleInput,
  type CatalogBuildOptions,
  createAftersense,
  type OfferInput,
  type ProductInput,
  type Progress,
} from '../../dist/index.js';
import { productText, textHash } from '../../web/product_text.ts';

const products: readonly ProductInput[] = [
  {
    id: 'kettle',
    title: 'Steel kettle',
    category: 'kitchen',
    price: 239,
    salePrice: 199,
    currency: 'CNY',
    availability: 'backorder',
    group: 'kettles',
    seller: 'Ember direct',
  },
  { id: 'blank' },
  { id: 'lid', title: '水壶盖', role: 'spare_part', fits: ['kettle', 'kettles'] },
  { id: 'tea', title: 'Green tea', lastsDays: 30, availability: 'out_of_stock' },
];
const offers: readonly OfferInput[] = [
  {
    id: 'tea10',
    kind: 'percent',
    value: 10,
    title: '满减',
    products: ['tea', 'of another shop'],
    starts: '2026-11-01',
    ends: 1_800_000_000_000,
  },
  { id: 'ship', kind: 'free_shipping', leastSpend: 99, code: 'SHIP', categories: ['kitchen'] },
];
const articles: readonly ArticleInput[] = [
  { id: 'descale', title: 'How to descale a kettle', kind: 'video', language: 'en', about: ['kettle'], url: '/descale' },
  { id: 'leaves', title: '怎样泡茶', description: '水温与时间' },
  { id: 'nothing' },
];

let lite: Aftersense;
let base: Aftersense;

beforeAll(async () => {
  lite = await createAftersense({ worker: false, model: 'lite' });
  base = await createAftersense({ worker: false, model: 'base' });
});

afterAll(() => {
  lite.dispose();
  base.dispose();
});

const read = (bytes: Uint8Array) => Catalog.getRootAsCatalog(new ByteBuffer(bytes));

describe('a catalogue with offers and articles', () => {
  test('tells what it holds, and lists products as they were given', async () => {
    const { bytes, info } = await lite.catalog.build(products, { offers, articles });
    const skipped = { skipped: [{ id: 'blank', reason: 'no_text' }], skippedArticles: [{ id: 'nothing', reason: 'no_text' }] };
    expect(info).toMatchObject({ products: 3, offers: 2, articles: 2, orders: false, ...skipped });
    expect(await lite.catalog.load(bytes)).toEqual({ ...info, skipped: [], skippedArticles: [] });
    const [kettle, lid, tea] = await lite.catalog.list();
    expect(kettle).toMatchObject(products[0] as ProductInput);
    expect(kettle).toMatchObject({ role: 'product', fits: [], lastsDays: undefined });
    expect(lid).toMatchObject(products[2] as ProductInput);
    expect(lid).toMatchObject({ availability: 'in_stock', salePrice: undefined, group: '', seller: '' });
    expect(tea).toMatchObject(products[3] as ProductInput);
  });

  test('has them in the file, and dates as instants', async () => {
    const file = read((await lite.catalog.build(products, { offers, articles })).bytes);
    const [tea, ship] = [file.offers(0), file.offers(1)];
    expect([tea?.id(), tea?.value(), tea?.title(), tea?.products(1)]).toEqual(['tea10', 10, '满减', 'of another shop']);
    expect([tea?.starts(), tea?.ends()]).toEqual([BigInt(Date.UTC(2026, 10, 1)), 1_800_000_000_000n]);
    expect([ship?.code(), ship?.leastSpend(), ship?.starts(), ship?.categories(0)]).toEqual(['SHIP', 99, 0n, 'kitchen']);
    const nested = read(file.articlesArray() as Uint8Array);
    const descale = nested.products(0);
    expect([descale?.id(), descale?.category(), descale?.language(), descale?.fits(0)]).toEqual(['descale', 'video', 'en', 'kettle']);
    expect([nested.products(1)?.category(), nested.productsLength()]).toEqual([null, 2]);
  });

  test('without any is the same as with empty lists', async () => {
    const plain = await lite.catalog.build(products);
    expect((await lite.catalog.build(products, { offers: [], articles: [] })).bytes).toEqual(plain.bytes);
  });
});

interface Line {
  readonly id: string;
  readonly popularity: number;
  readonly neighbours: readonly (readonly [string, number])[];
  readonly rules: readonly { readonly if: readonly string[]; readonly also: string; readonly confidence: number; readonly lift: number }[];
  readonly factors: readonly number[] | null;
  readonly themes: readonly (readonly [number, number])[];
  readonly rating: { readonly bias: number; readonly factors: readonly number[] } | null;
  readonly repeat_days: number | null;
}

describe('a catalogue with what orders taught', () => {
  const golden = JSON.parse(readFileSync(new URL('../golden/interactions.json', import.meta.url), 'utf8')) as { readonly lines: string[] };
  const interactions = golden.lines.join('\n');
  const lines = golden.lines.slice(1).map((line) => JSON.parse(line) as Line);
  const header = JSON.parse(golden.lines[0] as string);
  const all = lines.map(({ id }) => ({ id, title: `thing ${id}` }));

  /** All that the file knows of a product, as the lines have it; what names others only as far as they are in the list. */
  function taught(file: Catalog, at: number) {
    const learnt = file.interactions();
    const id = (product: number | undefined) => file.products(product as number)?.id() as string;
    const list = <T>(offset: (i: number) => number | null | undefined, item: (i: number) => T) => {
      const begin = offset(at) as number;
      return Array.from({ length: (offset(at + 1) as number) - begin }, (_, i) => item(begin + i));
    };
    const row = (size: number, number: (i: number) => number | null | undefined) =>
      Array.from({ length: size }, (_, i) => number(at * size + i) as number);
    const rule = (i: number) => {
      const found = learnt?.rules(i);
      const others = Array.from({ length: found?.otherCount() ?? 0 }, (_, k) =>
        id(learnt?.ruleOthers((found?.others() ?? 0) + k) as number),
      );
      return { others, also: id(found?.also()), confidence: found?.confidence(), lift: found?.lift() };
    };
    return {
      popularity: learnt?.popularity(at),
      neighbours: list(
        (i) => learnt?.neighbourOffsets(i),
        (i) => [id(learnt?.neighbours(i)?.product()), learnt?.neighbours(i)?.weight()],
      ),
      rules: list((i) => learnt?.ruleOffsets(i), rule),
      factors: row(learnt?.factors()?.size() ?? 0, (i) => learnt?.factors()?.rows(i)),
      themes: list(
        (i) => learnt?.themeOffsets(i),
        (i) => [learnt?.themes(i)?.theme(), learnt?.themes(i)?.strength()],
      ),
      bias: learnt?.ratings()?.biases(at),
      ratings: row(learnt?.ratings()?.size() ?? 0, (i) => learnt?.ratings()?.rows(i)),
      days: learnt?.repeatDays(at),
    };
  }

  const zeros = (size: number) => Array.from({ length: size }, () => 0);
  const floats = (numbers: readonly number[] | null | undefined, size: number) => numbers?.map(Math.fround) ?? zeros(size);

  function expected(line: Line, has: (id: string) => boolean) {
    const rules = line.rules.filter((rule) => [...rule.if, rule.also].every(has));
    return {
      popularity: Math.fround(line.popularity),
      neighbours: line.neighbours.filter(([id]) => has(id)).map(([id, weight]) => [id, Math.fround(weight)]),
      rules: rules.map((rule) => ({
        others: rule.if.filter((id) => id !== line.id),
        also: rule.also,
        confidence: Math.fround(rule.confidence),
        lift: Math.fround(rule.lift),
      })),
      factors: floats(line.factors, header.factors.size),
      themes: line.themes.map(([theme, strength]) => [theme, Math.fround(strength)]),
      bias: line.rating ? Math.fround(line.rating.bias) : Number.NaN,
      ratings: floats(line.rating?.factors, header.ratings.size),
      days: line.repeat_days === null ? Number.NaN : Math.fround(line.repeat_days),
    };
  }

  test('has every number of every line', async () => {
    const { bytes, info } = await lite.catalog.build(all, { interactions });
    expect(info).toMatchObject({ orders: true, unknownProducts: 0 });
    const file = read(bytes);
    expect(lines.map((_, at) => taught(file, at))).toEqual(lines.map((line) => expected(line, () => true)));
    expect(lines.some(({ rules }) => rules.some((rule) => rule.if.length > 1))).toBe(true);
    const learnt = file.interactions();
    expect([learnt?.built(), learnt?.customers(), learnt?.baskets(), learnt?.themeCount()]).toEqual([
      header.built,
      header.customers,
      header.baskets,
      header.themes.size,
    ]);
    expect([...(learnt?.factors()?.gramArray() ?? [])]).toEqual(header.factors.gram);
    expect(learnt?.ranker()?.neighbours()).toBe(header.ranker.weights.neighbours);
    expect(learnt?.ratings()?.mean()).toBe(header.ratings.mean);
  });

  test('drops what names products that are not in the list, or have no text, and counts the first', async () => {
    // Every third is not in the list, every seventh has no text, and the rest is in another order, with one that was never bought.
    const listed = [{ id: 'new', title: 'new' }, ...all.filter((_, i) => i % 3 !== 1).reverse()];
    const kept = (id: string) => listed.some((product) => product.id === id) && all.findIndex((product) => product.id === id) % 7 !== 0;
    const given = listed.map(({ id, title }) => (id === 'new' || kept(id) ? { id, title } : { id }));
    const { bytes, info } = await lite.catalog.build(given, { interactions });
    expect(info.unknownProducts).toBe(all.length - listed.length + 1);
    const file = read(bytes);
    const left = given.filter((product) => 'title' in product);
    expect(info.products).toBe(left.length);
    const byId = new Map(lines.map((line) => [line.id, line]));
    for (const [at, { id }] of left.entries()) {
      const line = byId.get(id);
      if (line) expect(taught(file, at)).toEqual(expected(line, kept));
      else expect(taught(file, at)).toMatchObject({ popularity: 0, neighbours: [], rules: [], themes: [], days: Number.NaN });
    }
    await lite.catalog.load(bytes);
  });

  test('is refused where the lines are not that', async () => {
    await expect(lite.catalog.build(all, { interactions: '{"kind":"orders"}' })).rejects.toMatchObject({
      code: 'interactions_invalid',
      line: 1,
    });
    const cut = `${golden.lines.slice(0, 3).join('\n')}\n{"id":`;
    await expect(lite.catalog.build(all, { interactions: cut })).rejects.toMatchObject({ code: 'interactions_invalid', line: 4 });
  });
});

describe('a build upon the catalogue before', () => {
  const before = products.slice(0, 3);
  const changed = [{ ...products[0], title: 'Steel kettle, 1.7 l' }, ...products.slice(1)] as ProductInput[];

  test('reads what has changed alone, and gives the bytes of a full one', async () => {
    const previous = (await base.catalog.build(before, { embeddings: true, articles: articles.slice(0, 1) })).bytes;
    const steps: Progress[] = [];
    const options: CatalogBuildOptions = { embeddings: true, offers, articles, onProgress: (step) => steps.push(step) };
    const upon = await base.catalog.build(changed, { ...options, previous });
    // The kettle and the tea; of the articles the second.
    expect(steps.map((step) => step.stage === 'embed' && [step.done, step.total])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(upon.info.reusedVectors).toBe(2);
    const full = await base.catalog.build(changed, options);
    expect(full.info.reusedVectors).toBe(0);
    expect(upon.bytes).toEqual(full.bytes);
    // A price is no text.
    const dearer = changed.map((product) => ({ ...product, price: 300, salePrice: undefined }));
    const again = await base.catalog.build(dearer, { embeddings: true, articles, previous: full.bytes.buffer });
    expect(again.info).toMatchObject({ reusedVectors: 5, dimensions: 128 });
  });

  test('has vectors given for some, and base reads the rest', async () => {
    const [vector] = await base.embed([productText(products[2] as ProductInput)]);
    const embeddings = products.map((product) => (product.id === 'lid' ? vector : undefined));
    const steps: Progress[] = [];
    const some = await base.catalog.build(products, { embeddings, onProgress: (step) => steps.push(step) });
    expect(steps.map((step) => step.stage === 'embed' && [step.done, step.total])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(some.bytes).toEqual((await base.catalog.build(products, { embeddings: true })).bytes);
    const short = products.map((product) => (product.id === 'lid' ? new Float32Array(128) : undefined));
    await expect(base.catalog.build(products, { embeddings: short })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('384'),
    });
  });

  test('is refused where that is no catalogue', async () => {
    const build = (previous: Uint8Array) => base.catalog.build(products, { embeddings: true, previous });
    const { bytes } = await lite.catalog.build(products);
    await expect(build(new TextEncoder().encode('id,title\n1,tea\n'))).rejects.toMatchObject({ code: 'pack_wrong_type' });
    await expect(build(bytes.slice(0, 300))).rejects.toMatchObject({ code: /pack_(corrupt|truncated)/ });
    await expect(build(new Uint8Array())).rejects.toMatchObject({ code: 'pack_truncated', message: expect.stringContaining('previous') });
  });
});

describe('what is given is checked', () => {
  test.each<[string, unknown, string]>([
    ['a sale price above the price', { price: 5, salePrice: 6 }, 'salePrice must not be greater'],
    ['an infinite price', { price: Number.POSITIVE_INFINITY }, 'products[0].price must be a finite number'],
    ['a price as text', { salePrice: '5' }, 'products[0].salePrice must be a finite number'],
    ['an unknown availability', { availability: 'sometimes' }, "products[0].availability must be 'in_stock'"],
    ['an unknown role', { role: 'gift' }, "products[0].role must be 'product'"],
    ['no days', { lastsDays: 0 }, 'products[0].lastsDays must be more than 0'],
    ['negative days', { lastsDays: -3 }, 'products[0].lastsDays'],
    ['what it fits as one text', { fits: 'kettle' }, 'products[0].fits must be an array of strings'],
    ['a group that is no text', { group: 7 }, 'products[0].group must be a string'],
  ])('%s', async (_, fields, message) => {
    const product = { id: 'a', title: 'x', ...(fields as object) } as ProductInput;
    await expect(lite.catalog.build([product])).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining(message),
    });
  });

  test.each<[string, object, string]>([
    ['no kind', { kind: undefined }, 'offers[0].kind'],
    ['no value', { value: undefined }, 'offers[0].value must be a number'],
    ['more than a hundred per cent', { value: 120 }, 'offers[0].value must be a finite number from 0 to 100'],
    ['a negative amount', { kind: 'amount', value: -1 }, 'offers[0].value'],
    ['a date that is none', { starts: 'next week' }, 'offers[0].starts must be a date'],
    ['an end before the start', { starts: '2026-12-02', ends: '2026-12-01' }, 'offers[0].ends must be after'],
    ['a negative spend', { leastSpend: -1 }, 'offers[0].leastSpend'],
    ['products as one text', { products: 'tea' }, 'offers[0].products'],
  ])('an offer with %s', async (_, fields, message) => {
    const offer = { id: 'a', kind: 'percent', value: 5, ...fields } as OfferInput;
    const built = lite.catalog.build(products, { offers: [offer] });
    await expect(built).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining(message) });
  });

  test.each<[string, CatalogBuildOptions, string]>([
    ['offers that are no list', { offers: 'all' as unknown as OfferInput[] }, 'array of offers'],
    ['two offers of one id', { offers: [offers[1], offers[1]] as OfferInput[] }, 'two offers have the id "ship"'],
    ['an article without an id', { articles: [{} as ArticleInput] }, 'articles[0].id must be a string'],
    ['an article about one text', { articles: [{ id: 'a', about: 'x' } as unknown as ArticleInput] }, 'articles[0].about'],
    ['interactions that are no text', { interactions: 7 as unknown as string }, 'interactions must be a string'],
    ['a previous that is no file', { previous: 'old.ascat' as unknown as Uint8Array }, 'previous must be the bytes'],
  ])('%s', async (_, options, message) => {
    const built = lite.catalog.build(products, options);
    await expect(built).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining(message) });
  });

  test('articles with one id twice, or no text at all', async () => {
    const twice = [articles[0], articles[0]] as ArticleInput[];
    await expect(lite.catalog.build(products, { articles: twice })).rejects.toMatchObject({ code: 'duplicate_product' });
    await expect(lite.catalog.build(products, { articles: [{ id: 'x' }] })).rejects.toMatchObject({ code: 'empty_catalog' });
  });

  test('ids up to 1024 bytes, whatever they are made of, and no more', async () => {
    const odd = ['../../etc', '<b>', ' ', '水壶', '\u0000', 'a"b', 'x'.repeat(1024)].map((id) => ({ id, title: 'cup' }));
    const { bytes } = await lite.catalog.build(odd);
    await lite.catalog.load(bytes);
    expect((await lite.catalog.list()).map(({ id }) => id)).toEqual(odd.map(({ id }) => id));
    await expect(lite.catalog.build([{ id: '水'.repeat(342), title: 'cup' }])).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringMatching(/^.{0,400}$/s),
    });
  });

  test('descriptions of ten megabytes are kept in their beginning, in moments', async () => {
    const long = '护眼台灯 desk lamp 😀 '.repeat(500_000);
    expect(new TextEncoder().encode(long).length).toBeGreaterThan(10_000_000);
    const { bytes, info } = await lite.catalog.build([
      { id: 'a', description: long },
      { id: 'b', title: 'cup' },
    ]);
    expect(info).toMatchObject({ products: 2, skipped: [] });
    expect(bytes.length).toBeLessThan(100_000);
    await lite.catalog.load(bytes);
    const [lamp] = await lite.catalog.list();
    expect(long.startsWith(lamp?.description as string)).toBe(true);
  });
});

describe('the hash of a text', () => {
  const prime = 0x100000001b3n;
  const slow = (text: string) =>
    new TextEncoder().encode(text).reduce((hash, byte) => BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime), 0xcbf29ce484222325n);

  test('is FNV-1a, of 64 bits', () => {
    // Of draft-eastlake-fnv, appendix C.
    expect(textHash({})).toBe(0xcbf29ce484222325n);
    expect(textHash({ title: 'a' })).toBe(0xaf63dc4c8601ec8cn);
    expect(textHash({ title: 'foobar' })).toBe(0x85944171f73967e8n);
  });

  test.each([['水壶 😀'], ['x'.repeat(5000)], ['\ud800']])('is that of the text with whole numbers, %#', (title) => {
    expect(textHash({ title })).toBe(slow(title));
  });

  test('is of what base reads: not of the price, nor of the end of a long description', () => {
    const long = 'word '.repeat(100);
    expect(textHash({ title: 'a', price: 5 })).toBe(textHash({ title: 'a' }));
    expect(textHash({ description: `${long}one` })).toBe(textHash({ description: `${long}two` }));
    expect(textHash({ title: 'a', brand: 'b' })).not.toBe(textHash({ title: 'a', brand: 'c' }));
  });
});
