/** A catalogue of a million generated products in shards: `npm run test:scale`. Its figures are in web/shards/README.md. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Aftersense, createAftersense, type ShardsInfo } from '../../dist/index.js';
import * as replies from '../../web/messages/replies.ts';
import { recommendRequest } from '../../web/messages/requests.ts';
import { dropShardsRequest } from '../../web/messages/shards.ts';
import type { Ask } from '../../web/recommend/desk.ts';
import { EngineHost } from '../../web/runtime/engine.ts';
import { product, queryFor, tastes } from '../web/shards/products.ts';
import { address, generated, idsOf, mean, Server, share, shop } from '../web/shards/support.ts';

const total = Number(process.env.AFTERSENSE_SCALE ?? 1_000_000);
const asksOfEach = 30;
/** Shards that the exact search holds at a time. */
const chunk = 1000;

const root = mkdtempSync(path.join(tmpdir(), 'aftersense-scale-'));
const fileOf = (name: string) => path.join(root, name);
const server = new Server((name) => {
  try {
    return new Uint8Array(readFileSync(fileOf(name)));
  } catch {
    return undefined;
  }
});

let desk: Aftersense;
let info: ShardsInfo;
const tell = (text: string) => process.stdout.write(`${text}\n`);

beforeAll(async () => {
  desk = await createAftersense({ worker: false, model: 'lite', fetch: server.fetch });
  const start = performance.now();
  let counted = 0;
  info = await desk.catalog.buildShards(generated(total), {
    write: (name, bytes) => {
      mkdirSync(path.dirname(fileOf(name)), { recursive: true });
      writeFileSync(fileOf(name), bytes);
    },
    onProgress: ({ stage }) => {
      if (stage === 'count') counted = performance.now();
    },
  });
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(0);
  tell(`${info.products} products: counted in ${seconds(start, counted)} s, all in ${seconds(start, performance.now())} s`);
  tell(
    `${info.shards} shards, ${info.files} files, ${(info.bytes / 1e6).toFixed(0)} MB, ${(process.memoryUsage().rss / 1e9).toFixed(1)} GB of memory`,
  );
  desk.dispose();
  // What the core took to build it stays with it; a page has a fresh one.
  desk = await createAftersense({ worker: false, model: 'lite', fetch: server.fetch });
}, 1_200_000);

afterAll(() => {
  desk.dispose();
  rmSync(root, { recursive: true });
});

async function afresh(): Promise<void> {
  server.reset();
  await desk.catalog.load(address);
}

const shardFiles = () => server.requests.filter((name) => name.includes('/s/'));

test('a typical session fetches no more than 3 MB', async () => {
  const bytes: number[] = [];
  const requests: number[] = [];
  for (let shopper = 1; shopper <= 20; shopper++) {
    await afresh();
    const queries = [queryFor((shopper * 300_007) % total), queryFor((shopper * 500_009) % total)];
    await shop(desk, { tastes: tastes(shopper, total, 3, 10), queries });
    bytes.push(server.bytes);
    requests.push(server.requests.length);
  }
  const megabytes = (value: number) => (value / 1e6).toFixed(2);
  tell(
    `a session: ${megabytes(mean(bytes))} MB on the average, ${megabytes(Math.max(...bytes))} MB at most, ${mean(requests).toFixed(0)} requests`,
  );
  tell(`the manifest: ${readFileSync(fileOf('catalog.ascm')).length} bytes`);
  expect(Math.max(...bytes)).toBeLessThanOrEqual(3_000_000);
}, 120_000);

interface Asked {
  readonly ask: Ask;
  /** What a page found, and the shards that it had. */
  readonly found: readonly string[];
  readonly own: string;
}

/** The best of all products: every shard is asked, a thousand at a time, beside those that hold the products asked about. */
async function searchAll(asked: readonly Asked[], names: readonly string[]): Promise<string[][]> {
  const engine = await EngineHost.create(readFileSync(new URL('../../dist/aftersense-simd128.wasm', import.meta.url)));
  const read = (name: string) => new Uint8Array(gunzipSync(readFileSync(fileOf(name))));
  const own = [...new Set(asked.map((each) => each.own))];
  for (const name of own) replies.catalogInfo(engine.call('loadShard', read(name)));
  const best = asked.map(() => new Map<string, number>());
  const others = names.filter((name) => !own.includes(name));
  for (let start = 0; start < others.length; start += chunk) {
    const some = others.slice(start, start + chunk);
    for (const name of some) replies.catalogInfo(engine.call('loadShard', read(name)));
    for (const [i, { ask }] of asked.entries())
      for (const {
        product: { id },
        score,
      } of replies.recommendations(engine.call('recommend', recommendRequest(ask))))
        best[i]?.set(id, score);
    engine.call('dropShards', dropShardsRequest(some.map((_, place) => own.length + place)));
  }
  engine.dispose();
  return best.map((scores) =>
    [...scores]
      .sort(([, a], [, b]) => b - a)
      .slice(0, 10)
      .map(([id]) => id),
  );
}

test('a page finds most of the ten best of all products', async () => {
  const asked: Asked[] = [];
  for (let i = 0; i < 2 * asksOfEach; i++) {
    const index = (i * 654_323 + 17) % total;
    const { id } = product(index);
    // The shard of the product itself, which has all words of the search too.
    await afresh();
    await desk.recommend({ for: 'content', id }).catch(() => []);
    const own = shardFiles().at(-1) as string;
    await afresh();
    if (i % 2 === 0) {
      const found = idsOf(await desk.recommend({ for: 'product', id, k: 10 }));
      asked.push({ ask: { ask: 'similar', k: 10, productIds: [id] }, found, own });
    } else {
      const text = queryFor(index);
      asked.push({ ask: { ask: 'query', k: 10, query: text }, found: idsOf(await desk.recommend({ for: 'query', text, k: 10 })), own });
    }
  }
  const folder = (asked[0] as Asked).own.split('/')[0];
  const names = Array.from({ length: info.shards }, (_, shard) => `${folder}/s/${Math.floor(shard / 1000)}/${shard}.ascat.gz`);
  const exact = await searchAll(asked, names);
  const recall = (kind: Ask['ask']) =>
    mean(asked.flatMap(({ ask, found }, i) => (ask.ask === kind ? [share(exact[i] as string[], found)] : [])));
  tell(`of the ten best of all: ${recall('similar').toFixed(2)} of similar products, ${recall('query').toFixed(2)} of searches`);
  expect(recall('similar')).toBeGreaterThan(0.7);
  expect(recall('query')).toBeGreaterThan(0.8);
}, 600_000);
