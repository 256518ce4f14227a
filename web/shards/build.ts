/** Builds a catalogue in shards, in two passes over the products: README.md has the files and why they are so. */
import { AftersenseError } from '../errors.ts';
import { noShard, type ShardPlan } from '../messages/shards.ts';
import type { Bytes } from '../protocol.ts';
import type { CatalogBuildOptions, CatalogInfo, ProductInput } from '../types.ts';
import { type IdRoute, type Manifest, writeIds, writeManifest } from './files.ts';
import { bucketsFor, fnv1a, idBucketName, manifestName, shardName, termBucketName } from './names.ts';
import type { ProductSource, ShardBuildOptions, ShardsInfo } from './types.ts';

/** What the handle's core does for it, one call after the other on the same core. */
export interface ShardBuilderDesk {
  count(products: readonly ProductInput[], signal: AbortSignal | undefined): Promise<void>;
  plan(shards: number, termBuckets: number, signal: AbortSignal | undefined): Promise<ShardPlan>;
  build(products: readonly ProductInput[], options: CatalogBuildOptions): Promise<{ readonly bytes: Bytes; readonly info: CatalogInfo }>;
  termBucket(bucket: number, signal: AbortSignal | undefined): Promise<Bytes>;
  /** Lets the core forget what it counted. */
  end(): Promise<void>;
  /** The numbers of a vector in a catalogue file, a row a product, and the model that made them. */
  vectorsOf(file: Bytes): { readonly model: string; readonly dimensions: number; readonly rows: Float32Array } | undefined;
}

/** A shopper's request fetches some shards whole (README.md): these are some 30 to 50 kB each. */
const productsOfShard = 64;
/** A file of some kilobytes each. */
const productsOfTermBucket = 64;
const productsOfIdBucket = 512;
/** Centroids are cut to so many numbers, and are no more than so many bytes together: they are in the manifest, which every page fetches. */
const centroidDimensions = 64;
const maxCentroidBytes = 384 * 1024;

/** Shards that are packed and written at a time. */
const maxUnder = 4;

const invalid = (message: string) => new AftersenseError('invalid_argument', message);

async function gzip(bytes: Bytes): Promise<Bytes> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** What the first pass keeps of each product. */
interface Scanned {
  readonly ids: string[];
  /** Of spare parts and accessories: what they are for, by place. */
  readonly fits: Map<number, readonly string[]>;
}

class Build {
  readonly #desk: ShardBuilderDesk;
  readonly #source: ProductSource;
  readonly #options: ShardBuildOptions;
  #files = 0;
  #bytes = 0;

  constructor(desk: ShardBuilderDesk, source: ProductSource, options: ShardBuildOptions) {
    this.#desk = desk;
    this.#source = source;
    this.#options = options;
  }

  async run(): Promise<ShardsInfo> {
    const { signal } = this.#options;
    const { ids, fits } = await this.#scan();
    const wanted = this.#options.shards ?? Math.max(1, Math.ceil(ids.length / productsOfShard));
    const termBuckets = bucketsFor(ids.length / productsOfTermBucket);
    const idBuckets = bucketsFor(ids.length / productsOfIdBucket);
    const plan = await this.#desk.plan(wanted, termBuckets, signal);
    // A folder of its own: a page that has the manifest of an older build goes on with the files of that.
    const folder = Date.now().toString(36);
    const vectors = await this.#writeShards(folder, plan, ids);
    for (let bucket = 0; bucket < termBuckets; bucket++)
      await this.#write(termBucketName(folder, bucket), await this.#desk.termBucket(bucket, signal));
    await this.#writeIds(folder, plan, { ids, fits }, idBuckets);
    const skipped = ids.filter((_, place) => plan.shardOf[place] === noShard);
    const products = ids.length - skipped.length;
    const manifest: Manifest = { folder, products, shards: plan.shards, termBuckets, idBuckets, ...vectors };
    const packed = await gzip(writeManifest(manifest));
    await this.#keep(manifestName, packed);
    return {
      products,
      shards: plan.shards,
      files: this.#files,
      bytes: this.#bytes,
      dimensions: vectors.fullDimensions,
      skipped: skipped.map((id) => ({ id, reason: 'no_text' as const })),
    };
  }

  async #scan(): Promise<Scanned> {
    const { signal, onProgress } = this.#options;
    const scanned: Scanned = { ids: [], fits: new Map() };
    const seen = new Set<string>();
    for await (const batch of this.#source.scan()) {
      for (const { id, fits = [] } of batch) {
        if (seen.has(id)) throw new AftersenseError('duplicate_product', `There are two products with the id "${id}".`);
        seen.add(id);
        if (fits.length > 0) scanned.fits.set(scanned.ids.length, fits);
        scanned.ids.push(id);
      }
      await this.#desk.count(batch, signal);
      onProgress?.({ stage: 'count', done: scanned.ids.length, total: 0 });
    }
    return scanned;
  }

  async #writeShards(folder: string, { shardOf, shards }: ShardPlan, ids: readonly string[]) {
    const { embeddings = false, offers, articles, interactions, signal, onProgress } = this.#options;
    const places: number[][] = Array.from({ length: shards }, () => []);
    for (const [place, shard] of shardOf.entries()) if (shard !== noShard) (places[shard] as number[]).push(place);
    const means = new Means(shards);
    let done = 0;
    const under: Promise<void>[] = [];
    for (const [shard, own] of places.entries()) {
      const products = await this.#source.pick(own);
      if (products.length !== own.length || products.some(({ id }, i) => id !== ids[own[i] as number]))
        throw invalid('pick gave other products than scan: the source has changed.');
      const given = typeof embeddings === 'function' ? await embeddings(products.map(({ id }) => id)) : embeddings;
      const learnt = interactions ? { interactions: await interactions(products.map(({ id }) => id)) } : {};
      // The first shard is always there on the device: it holds what belongs to no product.
      const common = shard === 0 ? { ...(offers ? { offers } : {}), ...(articles ? { articles } : {}) } : {};
      const { bytes } = await this.#desk.build(products, { embeddings: given, ...learnt, ...common, ...(signal ? { signal } : {}) });
      means.add(shard, this.#desk.vectorsOf(bytes));
      // Packed and written while the core builds the next ones.
      if (under.length >= maxUnder) await under.shift();
      const writing = this.#write(shardName(folder, shard), bytes);
      writing.catch(() => {});
      under.push(writing);
      done += own.length;
      onProgress?.({ stage: 'shards', done, total: ids.length });
    }
    await Promise.all(under);
    return means.take();
  }

  async #writeIds(folder: string, { shardOf }: ShardPlan, { ids, fits }: Scanned, buckets: number): Promise<void> {
    const routes: IdRoute[][] = Array.from({ length: buckets }, () => []);
    const add = (id: string, shard: number, isFor: boolean) => {
      const hash = fnv1a(id);
      (routes[hash % buckets] as IdRoute[]).push({ hash, shard, fits: isFor });
    };
    for (const [place, id] of ids.entries()) {
      const shard = shardOf[place] as number;
      if (shard === noShard) continue;
      add(id, shard, false);
      for (const target of fits.get(place) ?? []) add(target, shard, true);
    }
    for (const [bucket, some] of routes.entries()) await this.#write(idBucketName(folder, bucket), writeIds(some));
  }

  async #write(name: string, bytes: Bytes): Promise<void> {
    await this.#keep(name, await gzip(bytes));
  }

  async #keep(name: string, bytes: Bytes): Promise<void> {
    this.#options.signal?.throwIfAborted();
    this.#files++;
    this.#bytes += bytes.length;
    await this.#options.write(name, bytes);
  }
}

/** What the products of each shard mean on the average. */
class Means {
  readonly #shards: number;
  #model: string | undefined;
  #full = 0;
  #dimensions = 0;
  #sums = new Float32Array();

  constructor(shards: number) {
    this.#shards = shards;
  }

  add(shard: number, vectors: ReturnType<ShardBuilderDesk['vectorsOf']>): void {
    if (!vectors) return;
    const { model, dimensions, rows } = vectors;
    if (this.#model === undefined) {
      this.#model = model;
      this.#full = dimensions;
      this.#dimensions = Math.min(dimensions, centroidDimensions, Math.floor(maxCentroidBytes / this.#shards));
      this.#sums = new Float32Array(this.#shards * this.#dimensions);
    }
    const sum = this.#sums.subarray(shard * this.#dimensions, (shard + 1) * this.#dimensions);
    for (let row = 0; row < rows.length; row += dimensions)
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (rows[row + i] as number);
    const length = Math.hypot(...sum);
    for (let i = 0; i < sum.length; i++) sum[i] = length > 0 ? (sum[i] as number) / length : 0;
  }

  take(): Pick<Manifest, 'vectorModel' | 'dimensions' | 'centroids'> & { readonly fullDimensions: number } {
    return { vectorModel: this.#model, dimensions: this.#dimensions, centroids: this.#sums, fullDimensions: this.#full };
  }
}

export async function buildShards(desk: ShardBuilderDesk, source: ProductSource, options: ShardBuildOptions): Promise<ShardsInfo> {
  if (typeof source?.scan !== 'function' || typeof source.pick !== 'function')
    throw invalid('buildShards takes a source with scan and pick.');
  if (typeof options?.write !== 'function') throw invalid('buildShards needs options.write, which keeps the files.');
  const { shards = 1 } = options;
  if (!Number.isInteger(shards) || shards < 1 || shards > 65_535)
    throw invalid(`shards must be an integer from 1 to 65535, not ${shards}.`);
  try {
    return await new Build(desk, source, options).run();
  } finally {
    await desk.end();
  }
}
