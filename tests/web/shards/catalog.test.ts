/** Catalogues in shards, by the package as built: 20,000 generated products. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aftersense, type AftersenseError, createAftersense, type ProductInput, type ShardsInfo } from '../../../dist/index.js';
import { runProcess } from '../process.ts';
import { product, queryFor, tastes } from './products.ts';
import { address, generated, idsOf, mean, Server, type Session, share, shop } from './support.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const total = 20_000;
const files = new Map<string, Bytes>();
const server = new Server((name) => files.get(name));
const open = (fetch = server.fetch) => createAftersense({ worker: false, model: 'lite', fetch });

let desk: Aftersense;
let whole: Aftersense;
let info: ShardsInfo;

beforeAll(async () => {
  desk = await open();
  whole = await open();
  info = await desk.catalog.buildShards(generated(total), { write: (name, bytes) => void files.set(name, bytes) });
  const { bytes } = await whole.catalog.build(Array.from({ length: total }, (_, i) => product(i)));
  await whole.catalog.load(bytes);
});

afterAll(() => {
  desk.dispose();
  whole.dispose();
});

/** As a page that has fetched nothing. */
async function afresh(options = {}): Promise<void> {
  server.reset();
  server.instead = () => undefined;
  await desk.catalog.load(address, options);
}

const asked = [17, 4021, 9999, 12_345, 16_000, 19_001];

describe('the files', () => {
  test('are many, small, and told of', () => {
    expect(info).toMatchObject({ products: total, files: files.size, skipped: [], dimensions: 0 });
    expect(info.shards).toBeLessThanOrEqual(Math.ceil(total / 64));
    expect(info.shards).toBeGreaterThan(total / 128);
    expect(info.bytes).toBe([...files.values()].reduce((sum, file) => sum + file.length, 0));
    expect(files.get('catalog.ascm')?.length).toBeLessThan(500);
    const sizes = [...files].filter(([name]) => name.includes('/s/')).map(([, file]) => file.length);
    expect(Math.max(...sizes)).toBeLessThan(4 * mean(sizes));
  });

  test('of the catalogue are two when it is loaded: the manifest and the first shard', async () => {
    server.reset();
    expect(await desk.catalog.load(address)).toMatchObject({ products: total, shards: info.shards });
    expect(server.requests).toEqual(['catalog.ascm', expect.stringMatching(/^[0-9a-z]+\/s\/0\/0\.ascat\.gz$/)]);
  });
});

describe('all shards together', () => {
  test('answer as one file of all products does, to the last digit of a float', async () => {
    const few = new Map<string, Bytes>();
    const one = await open(new Server((name) => few.get(name)).fetch);
    await one.catalog.buildShards(generated(3000), { shards: 8, write: (name, bytes) => void few.set(name, bytes) });
    await one.catalog.load(address);
    const { bytes } = await whole.catalog.build(Array.from({ length: 3000 }, (_, i) => product(i)));
    const other = await open();
    await other.catalog.load(bytes);
    for (let i = 0; (await one.catalog.list()).length < 3000; i += 37) await one.recommend({ for: 'product', id: product(i).id });

    for (const index of [5, 444, 1234, 2998]) {
      for (const request of [
        { for: 'product', id: product(index).id, k: 20 },
        { for: 'query', text: queryFor(index), k: 20 },
        { for: 'basket', ids: [product(index).id, product(index + 900 > 2999 ? 7 : index + 900).id], k: 20 },
      ] as const) {
        const [mine, theirs] = [await one.recommend(request), await other.recommend(request)];
        expect(theirs.length).toBeGreaterThan(0);
        expect(mine.map(({ score }) => score.toFixed(6))).toEqual(theirs.map(({ score }) => score.toFixed(6)));
        // Of equal scores, which product comes first is a matter of the order in the files.
        const scoreOf = new Map(theirs.map(({ product: { id }, score }) => [id, score.toFixed(6)]));
        const least = theirs.at(-1)?.score.toFixed(6);
        for (const {
          product: { id },
          score,
        } of mine)
          if (score.toFixed(6) !== least) expect(scoreOf.get(id)).toBe(score.toFixed(6));
      }
    }
    one.dispose();
    other.dispose();
  });
});

describe('a page', () => {
  test('finds most of what there is in the few shards that it fetches', async () => {
    const [similar, query]: [number[], number[]] = [[], []];
    for (const index of Array.from({ length: 20 }, (_, i) => i * 997)) {
      const { id } = product(index);
      await afresh();
      const like = { for: 'product', id, k: 10 } as const;
      similar.push(share(idsOf(await whole.recommend(like)), idsOf(await desk.recommend(like))));
      await afresh();
      const search = { for: 'query', text: queryFor(index), k: 10 } as const;
      query.push(share(idsOf(await whole.recommend(search)), idsOf(await desk.recommend(search))));
      expect(server.requests.filter((name) => name.includes('/s/')).length).toBeLessThanOrEqual(10);
    }
    expect(mean(similar)).toBeGreaterThan(0.7);
    expect(mean(query)).toBeGreaterThan(0.8);
  });

  test('of a shopper who looks around fetches less than 3 MB', async () => {
    for (const shopper of [1, 2, 3]) {
      await afresh();
      const queries = [queryFor(shopper * 3001), queryFor(shopper * 5003)];
      const session: Session = { tastes: tastes(shopper, total, 3, 10), queries };
      await shop(desk, session);
      expect(server.bytes).toBeGreaterThan(100_000);
      expect(server.bytes).toBeLessThan(3_000_000);
      expect(new Set(server.requests).size).toBe(server.requests.length);
      // Nothing but names of files: no word of the shopper's.
      for (const name of server.requests) expect(name).toMatch(/^(catalog\.ascm|[0-9a-z]+\/[sti]\/\d+\/\d+(\.ascat)?\.gz)$/);
    }
  });

  test('does with little memory', async () => {
    await afresh({ maxBytes: 1_000_000 });
    for (const index of asked) expect(idsOf(await desk.recommend({ for: 'product', id: product(index).id })).length).toBeGreaterThan(0);
    expect((await desk.catalog.list()).length).toBeLessThan(2000);
  });

  test('knows no product that is in no shard', async () => {
    await afresh();
    await expect(desk.recommend({ for: 'product', id: 'nobody' })).rejects.toMatchObject({ code: 'unknown_product' });
    expect(await desk.recommend({ for: 'query', text: 'qqqqxxxx' })).toEqual([]);
  });
});

describe('files that do not come', () => {
  const broken = { truncated: (file: Bytes) => file.slice(0, file.length >> 1), damaged: flipped, missing: () => 'nothing' as const };

  function flipped(file: Bytes): Bytes {
    const damaged = file.slice();
    for (let i = 20; i < damaged.length; i += 97) damaged[i] = (damaged[i] as number) ^ 0x55;
    return damaged;
  }

  test.each(Object.entries(broken))('are left out where they are %s, and told of', async (_, harm) => {
    for (const index of asked) {
      const told: AftersenseError[] = [];
      await afresh({ onLeftOut: (error: AftersenseError) => told.push(error) });
      const request = { for: 'query', text: queryFor(index), k: 10 } as const;
      const good = idsOf(await desk.recommend(request));
      const fetched = server.requests.filter((name) => name.includes('/s/') && !name.endsWith('/s/0/0.ascat.gz'));
      await afresh({ onLeftOut: (error: AftersenseError) => told.push(error) });
      server.instead = (name) => (name === fetched[0] ? harm(files.get(name) as Bytes) : undefined);
      const found = idsOf(await desk.recommend(request));
      expect(found.length).toBeGreaterThan(0);
      expect(good.length).toBeGreaterThanOrEqual(found.length);
      expect(told.map(({ code }) => code)).toEqual([
        expect.stringMatching(/^(pack_corrupt|pack_truncated|pack_wrong_type|download_failed)$/),
      ]);
      expect(server.requests.filter((name) => name === fetched[0])).toHaveLength(2);
    }
  });

  test('are an error where none comes, and the next request asks again', async () => {
    await afresh();
    server.instead = () => 'nothing';
    const request = { for: 'product', id: product(100).id } as const;
    await expect(desk.recommend(request)).rejects.toMatchObject({ code: 'download_failed' });
    server.instead = () => undefined;
    expect((await desk.recommend(request)).length).toBeGreaterThan(0);
  });

  test('leave the catalogue before where the manifest or the first shard is bad', async () => {
    await afresh();
    await desk.recommend({ for: 'product', id: product(100).id });
    for (const bad of ['catalog.ascm', '/s/0/0.ascat.gz']) {
      server.instead = (name) => (name.endsWith(bad) ? new TextEncoder().encode('<!doctype html>') : undefined);
      await expect(desk.catalog.load(address)).rejects.toMatchObject({ code: 'pack_wrong_type' });
    }
    server.instead = () => 'nothing';
    expect((await desk.recommend({ for: 'product', id: product(100).id })).length).toBeGreaterThan(0);
  });

  test('cannot be found from the bytes of a manifest alone', async () => {
    await expect(desk.catalog.load(files.get('catalog.ascm') as Bytes)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

describe('building', () => {
  const source = (products: readonly ProductInput[]) => ({
    scan: () => [products],
    pick: (places: readonly number[]) => places.map((i) => products[i] as ProductInput),
  });
  const write = () => {};

  test('refuses what is no source, and products that are none, twice there, or not what they were', async () => {
    const build = (products: readonly ProductInput[], more = {}) => desk.catalog.buildShards(source(products), { write, ...more });
    await expect(desk.catalog.buildShards({} as never, { write })).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(build([])).rejects.toMatchObject({ code: 'empty_catalog' });
    await expect(build([{ id: 'a' }])).rejects.toMatchObject({ code: 'empty_catalog' });
    await expect(
      build([
        { id: 'a', title: 'tea' },
        { id: 'a', title: 'pot' },
      ]),
    ).rejects.toMatchObject({ code: 'duplicate_product' });
    await expect(build([{ id: 'a', title: 1 as never }])).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(build([{ id: 'a', title: 'tea' }], { shards: 0 })).rejects.toMatchObject({ code: 'invalid_argument' });
    const changed = { scan: () => [[{ id: 'a', title: 'tea' }]], pick: () => [{ id: 'b', title: 'tea' }] };
    await expect(desk.catalog.buildShards(changed, { write })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  test('tells which products have no text, and stops when it is told to', async () => {
    const products = [{ id: 'blank' }, { id: 'tea', title: 'Green tea' }];
    expect(await desk.catalog.buildShards(source(products), { write })).toMatchObject({
      products: 1,
      skipped: [{ id: 'blank', reason: 'no_text' }],
    });
    await expect(desk.catalog.buildShards(source(products), { write, signal: AbortSignal.abort() })).rejects.toThrow();
  });

  test('keeps what is for a product within reach of a complaint, and articles and offers on every page', async () => {
    const products: ProductInput[] = Array.from({ length: 300 }, (_, i) => product(i));
    products.push(
      { id: 'kettle', title: 'Steel kettle', price: 30 },
      { id: 'lid', title: 'Spare lid', role: 'spare_part', fits: ['kettle'], price: 5 },
    );
    const kept = new Map<string, Bytes>();
    const one = await open(new Server((name) => kept.get(name)).fetch);
    await one.catalog.buildShards(source(products), {
      shards: 30,
      write: (name, bytes) => void kept.set(name, bytes),
      offers: [{ id: 'spring', kind: 'percent', value: 10, title: 'Spring sale' }],
      articles: [{ id: 'care', title: 'Descaling a kettle', about: ['kettle'] }],
    });
    expect(await one.catalog.load(address)).toMatchObject({ offers: 1, articles: 1 });
    expect(idsOf(await one.recommend({ for: 'complaint', id: 'kettle', wants: ['spare_part'] }))).toEqual(['lid']);
    expect((await one.recommend({ for: 'content', text: 'kettle' })).map(({ article: { id } }) => id)).toEqual(['care']);
    expect((await one.recommend({ for: 'offer' })).map(({ offer: { id } }) => id)).toEqual(['spring']);
    one.dispose();
  });
});

test('with vectors, a search finds by meaning in shards that share no word with it', async () => {
  const kept = new Map<string, Bytes>();
  const one = await createAftersense({ worker: false, model: 'base', fetch: new Server((name) => kept.get(name)).fetch });
  const plain = Array.from({ length: 40 }, (_, i) => ({ id: `x${i}`, title: `${i % 2 ? 'cotton bath towel' : 'garden hose reel'} ${i}` }));
  const heard = [
    { id: 'headphones', title: 'Bluetooth headphones' },
    { id: 'earbuds', title: 'Wireless earbuds' },
  ];
  const products: ProductInput[] = [...plain, ...heard];
  const source = { scan: () => [products], pick: (places: readonly number[]) => places.map((i) => products[i] as ProductInput) };
  const built = await one.catalog.buildShards(source, { shards: 8, embeddings: true, write: (name, bytes) => void kept.set(name, bytes) });
  expect(built.dimensions).toBe(128);
  await one.catalog.load(address);
  const [first] = idsOf(await one.recommend({ for: 'query', text: '蓝牙耳机', k: 1 }));
  expect(first).toMatch(/headphones|earbuds/);
  one.dispose();
});

test('the command builds a folder of them', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'aftersense-test-'));
  try {
    const list = path.join(folder, 'products.jsonl');
    const lines = Array.from({ length: 600 }, (_, i) => JSON.stringify(product(i)));
    await writeFile(list, [...lines, '{"id": "blank"}', lines[0]].join('\n'));
    const bin = fileURLToPath(new URL('../../../bin/aftersense.mjs', import.meta.url));
    const out = path.join(folder, 'shop');
    const { code, err } = await runProcess(
      process.execPath,
      [bin, 'catalog', 'build', list, '--shards', '6', '--model', 'lite', '-o', out],
      {},
    );
    expect(err).toMatch(/600 products, [456] shards, no vectors/);
    expect(err).toContain('no text');
    expect(err).toContain('repeated id');
    expect(code).toBe(1);
    const loaded = await open();
    expect(await loaded.catalog.load(path.join(out, 'catalog.ascm'))).toMatchObject({ products: 600 });
    expect(idsOf(await loaded.recommend({ for: 'product', id: product(42).id })).length).toBe(5);
    loaded.dispose();
    const wrong = await runProcess(process.execPath, [bin, 'catalog', 'build', list, '--shards', 'many'], {});
    expect(wrong.code).toBe(2);
  } finally {
    await rm(folder, { recursive: true });
  }
});
