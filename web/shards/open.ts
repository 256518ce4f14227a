/** What the handle does for a catalogue in shards. */
import { abortable } from '../abort.ts';
import { type DownloadOptions, download } from '../assets/download.ts';
import { type BuilderDesk, buildCatalog } from '../catalog_build.ts';
import { AftersenseError } from '../errors.ts';
import { buildCatalogRequest } from '../messages/build.ts';
import { catalogInfo } from '../messages/replies.ts';
import * as messages from '../messages/shards.ts';
import type { Pool } from '../pool.ts';
import type { Bytes } from '../protocol.ts';
import type { Ask } from '../recommend/desk.ts';
import type { CatalogInfo, CatalogLoadOptions } from '../types.ts';
import { buildShards, type ShardBuilderDesk } from './build.ts';
import { readManifest } from './files.ts';
import { beside, shardName } from './names.ts';
import { Shards, type Wanted } from './shards.ts';
import type { ProductSource, ShardBuildOptions, ShardsInfo } from './types.ts';

const defaultMaxBytes = 64 * 1024 * 1024;

interface OpenOptions {
  readonly maxBytes: CatalogLoadOptions['maxBytes'] | undefined;
  readonly onLeftOut: CatalogLoadOptions['onLeftOut'] | undefined;
  /** Of the handle, and of the call that loads the manifest. */
  readonly download: DownloadOptions;
}

/** The catalogue whose manifest `file` is. Its first shard is in the core then, in the place of what was loaded before. */
export async function openShards(
  pool: Pool,
  source: string | URL,
  file: Bytes,
  { maxBytes = defaultMaxBytes, onLeftOut = () => {}, download: options }: OpenOptions,
): Promise<{ readonly shards: Shards; readonly info: CatalogInfo }> {
  const manifest = readManifest(file, `The catalogue ${source}`);
  const { fetch } = options;
  const read = (name: string, more: DownloadOptions) => download('catalog', beside(source, name), more);
  const first = await read(shardName(manifest.folder, 0), options);
  const { length } = first;
  const loaded = await pool.loadCatalog('loadCatalog', first, options.signal);
  const shards = new Shards(
    manifest,
    {
      // What one request needs another may be waiting for: its end stops no download.
      download: (name, anew) => read(name, { fetch: anew ? past(fetch) : fetch }),
      load: async (bytes) => void (await pool.loadCatalog('loadShard', bytes)),
      drop: (places) => pool.dropShards(places),
      route: async (sought) => messages.route(await pool.callCatalog('route', () => messages.routeRequest(sought))),
      onLeftOut,
    },
    { first: length, maxBytes },
  );
  return { shards, info: { ...loaded, products: manifest.products, shards: manifest.shards } };
}

/** A fetch that takes nothing from the browser's cache, where what came was damaged. */
const past =
  (fetch: typeof globalThis.fetch = globalThis.fetch): typeof globalThis.fetch =>
  (input, init) =>
    fetch(input, { ...init, cache: 'reload' });

/** What a request to the core needs in it. */
export function wantedBy({ ask, productIds = [], history = [], query, searches = [], articles = false }: Ask): Wanted {
  return {
    products: [...productIds.map((product) => ({ product, weight: 1 })), ...history],
    texts: query === undefined ? searches : [{ text: query, weight: 1 }],
    fits: ask === 'complaint',
    // Articles are in the first shard.
    only: articles,
  };
}

export const wantedIds = (ids: readonly string[]): Wanted => ({
  products: ids.map((product) => ({ product, weight: 1 })),
  texts: [],
  only: true,
});

/** `work`, with the shards in the core that it needs where the catalogue has shards. */
export function withShards<T>(
  shards: Shards | undefined,
  wanted: Wanted,
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  return shards ? abortable(shards.using(wanted, work), signal) : work();
}

export function buildInShards(pool: Pool, builder: BuilderDesk, source: ProductSource, options: ShardBuildOptions): Promise<ShardsInfo> {
  // All on one core: it remembers what it counted.
  const here: BuilderDesk = { ...builder, build: (request, signal) => pool.callCatalog('buildCatalog', request, signal) };
  const count: ShardBuilderDesk['count'] = async (products, signal) =>
    void catalogInfo(await pool.callCatalog('countProducts', () => buildCatalogRequest({ products }), signal));
  const desk: ShardBuilderDesk = {
    count,
    plan: async (shards, termBuckets, signal) =>
      messages.shardPlan(await pool.callCatalog('planShards', () => messages.planShardsRequest(shards, termBuckets), signal)),
    build: (products, how) => buildCatalog(here, products, { ...how, shard: true }),
    termBucket: async (bucket, signal) =>
      messages.termBucket(await pool.callCatalog('writeTermBucket', () => messages.termBucketRequest(bucket), signal)),
    end: () => count([], undefined).catch(() => {}),
    vectorsOf: messages.vectorsOf,
  };
  return buildShards(desk, source, options);
}

/** Where bytes are given, nobody knows where the other files are. */
export const noAddress = () =>
  new AftersenseError('invalid_argument', 'This is the manifest of a catalogue in shards: give its address, not its bytes.');
