/** A catalogue in shards on the device: which of them a request needs, their download, and which leave when memory is short. */
import { AftersenseError } from '../errors.ts';
import type { Route, Sought } from '../messages/shards.ts';
import type { Bytes } from '../protocol.ts';
import { type Manifest, readIds, readTerms, type TermRoute } from './files.ts';
import { fnv1a, idBucketName, shardName, termBucketName } from './names.ts';
import { bestShards } from './route.ts';

/** What a catalogue in shards asks of its handle. */
export interface ShardDesk {
  /** A file beside the manifest, unpacked; `anew`: past what a cache may keep of it. */
  download(name: string, anew: boolean): Promise<Bytes>;
  /** Into the core, which then answers from it too; `file` is given away. */
  load(file: Bytes): Promise<void>;
  /** Out of the core: those at these places in the order of loading, ascending. */
  drop(places: readonly number[]): Promise<void>;
  route(sought: Sought): Promise<Route>;
  /** A file that is left out, after a second try. */
  onLeftOut(error: AftersenseError): void;
}

export interface Wanted extends Sought {
  /** What is for the products is wanted too: spare parts and accessories. */
  readonly fits?: boolean;
  /** The products alone, not what is like them. */
  readonly only?: boolean;
}

/**
 * Of shards with what is sought, so many are fetched, one less for every two that hold the products themselves (README.md has what they
 * find): the more products, the more of what is like them is beside them.
 */
const reach = 8;
const leastReach = 2;
/** Of a text, or of what a shopper searched for, so many terms are looked up: a page of text would fetch every file. */
const maxQueryTerms = 16;
const maxFits = 4;
/** Of a long history the weightiest; of products that are only looked up, the first. */
const maxOwn = { sought: 12, only: 24 };

/** Of files that tell the way, which are small: the oldest go first. */
const maxRoutes = 512;

interface Loaded {
  readonly bytes: number;
  /** The shard stays while requests use it. */
  users: number;
  usedAt: number;
}

/** The values by what `keyOf` says of each. */
function grouped<T>(values: Iterable<T>, keyOf: (value: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}

const asError = (error: unknown) =>
  error instanceof AftersenseError ? error : new AftersenseError('internal', String(error), { cause: error });

export class Shards {
  readonly manifest: Manifest;
  readonly #desk: ShardDesk;
  readonly #maxBytes: number;
  /** In the order of loading, as the core has them. */
  readonly #order: number[] = [];
  readonly #loaded = new Map<number, Loaded>();
  readonly #loading = new Map<number, Promise<void>>();
  readonly #routes = new Map<string, Promise<Bytes>>();
  /** What changes the core's list goes one after the other. */
  #changes: Promise<unknown> = Promise.resolve();
  #clock = 0;

  /** `first`: bytes of shard 0, which the core has and keeps. */
  constructor(manifest: Manifest, desk: ShardDesk, { first, maxBytes }: { readonly first: number; readonly maxBytes: number }) {
    this.manifest = manifest;
    this.#desk = desk;
    this.#maxBytes = maxBytes;
    this.#order.push(0);
    this.#loaded.set(0, { bytes: first, users: 1, usedAt: 0 });
  }

  /**
   * Runs `work` with the shards in the core that `wanted` needs. Files that do not come are left out; where all that was needed is missing,
   * rejects with the first one's error.
   */
  async using<T>(wanted: Wanted, work: () => Promise<T>): Promise<T> {
    const request = new Request(this, wanted);
    try {
      await request.prepare();
      return await work();
    } finally {
      request.release();
      await this.#makeRoom();
    }
  }

  /** Which shards have the products, and what is for them. */
  async find(ids: readonly string[], fits: boolean, onFailure: (error: AftersenseError) => void): Promise<number[]> {
    const { folder, idBuckets, shards } = this.manifest;
    const byBucket = grouped(new Set(ids.map(fnv1a)), (hash) => hash % idBuckets);
    const found = await Promise.all(
      Array.from(byBucket, ([bucket, hashes]) =>
        this.#read(idBucketName(folder, bucket), onFailure, (bytes, from) => readIds(bytes, new Set(hashes), shards, from)),
      ),
    );
    const routes = found.flatMap((some) => some ?? []);
    const parts = fits ? routes.filter((route) => route.fits).slice(0, maxFits) : [];
    return [...routes.filter((route) => !route.fits), ...parts].map(({ shard }) => shard);
  }

  async termsOf(terms: readonly string[], onFailure: (error: AftersenseError) => void): Promise<ReadonlyMap<string, TermRoute>> {
    const { folder, termBuckets, shards } = this.manifest;
    const byBucket = grouped(terms, (term) => fnv1a(term) % termBuckets);
    const found = await Promise.all(
      Array.from(byBucket, ([bucket, some]) =>
        this.#read(termBucketName(folder, bucket), onFailure, (bytes, from) => readTerms(bytes, some, shards, from)),
      ),
    );
    return new Map(found.flatMap((some) => [...(some ?? [])]));
  }

  route(sought: Sought): Promise<Route> {
    return this.#desk.route(sought);
  }

  /** The shard is in the core, and stays until it is released; false where it does not come. */
  async hold(shard: number, onFailure: (error: AftersenseError) => void): Promise<boolean> {
    let loading = this.#loading.get(shard);
    if (!loading && !this.#loaded.has(shard)) {
      loading = this.#load(shard).finally(() => this.#loading.delete(shard));
      this.#loading.set(shard, loading);
    }
    try {
      await loading;
    } catch (error) {
      onFailure(asError(error));
      return false;
    }
    const loaded = this.#loaded.get(shard) as Loaded;
    loaded.users++;
    loaded.usedAt = ++this.#clock;
    return true;
  }

  release(shard: number): void {
    (this.#loaded.get(shard) as Loaded).users--;
  }

  async #load(shard: number): Promise<void> {
    const name = shardName(this.manifest.folder, shard);
    await this.#twice(async (anew) => {
      const file = await this.#desk.download(name, anew);
      const bytes = file.length;
      await this.#change(async () => {
        await this.#desk.load(file);
        this.#order.push(shard);
        // Nobody may drop it before whoever waits for it has it.
        this.#loaded.set(shard, { bytes, users: 0, usedAt: Number.POSITIVE_INFINITY });
      });
    });
  }

  /** What a routing file says; undefined where it does not come. Files stay: they are small. */
  async #read<T>(
    name: string,
    onFailure: (error: AftersenseError) => void,
    read: (bytes: Bytes, from: string) => T,
  ): Promise<T | undefined> {
    try {
      return await this.#twice(async (anew) => {
        let file = this.#routes.get(name);
        if (!file) {
          file = this.#desk.download(name, anew);
          this.#routes.set(name, file);
          const [oldest] = this.#routes.keys();
          if (this.#routes.size > maxRoutes) this.#routes.delete(oldest as string);
        }
        try {
          return read(await file, name);
        } catch (error) {
          this.#routes.delete(name);
          throw error;
        }
      });
    } catch (error) {
      onFailure(asError(error));
      return undefined;
    }
  }

  async #twice<T>(attempt: (anew: boolean) => Promise<T>): Promise<T> {
    try {
      return await attempt(false);
    } catch (error) {
      // The handle was disposed, or its engine has stopped: nothing will help.
      if (error instanceof AftersenseError && ['disposed', 'internal', 'worker_failed'].includes(error.code)) throw error;
    }
    try {
      return await attempt(true);
    } catch (error) {
      this.#desk.onLeftOut(asError(error));
      throw error;
    }
  }

  /** The longest unused go until the rest fits; those in use stay. */
  async #makeRoom(): Promise<void> {
    await this.#change(async () => {
      let bytes = [...this.#loaded.values()].reduce((sum, loaded) => sum + loaded.bytes, 0);
      const idle = [...this.#loaded].filter(([, { users }]) => users === 0).sort(([, a], [, b]) => a.usedAt - b.usedAt);
      const going: number[] = [];
      for (const [shard, loaded] of idle) {
        if (bytes <= this.#maxBytes) break;
        if (loaded.usedAt === Number.POSITIVE_INFINITY) continue;
        going.push(shard);
        bytes -= loaded.bytes;
      }
      if (going.length === 0) return;
      const places = going.map((shard) => this.#order.indexOf(shard)).sort((a, b) => a - b);
      for (const shard of going) this.#loaded.delete(shard);
      for (const place of [...places].reverse()) this.#order.splice(place, 1);
      await this.#desk.drop(places);
    });
  }

  #change<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#changes.then(change);
    this.#changes = done.catch(() => {});
    return done;
  }
}

/** The shards of one request. */
class Request {
  readonly #shards: Shards;
  readonly #wanted: Wanted;
  readonly #held: number[] = [];
  #failure: AftersenseError | undefined;

  constructor(shards: Shards, wanted: Wanted) {
    this.#shards = shards;
    this.#wanted = wanted;
  }

  async prepare(): Promise<void> {
    const { products, texts, fits = false, only = false } = this.#wanted;
    const weightiest = only ? products : [...products].sort((a, b) => b.weight - a.weight);
    const ids = weightiest.slice(0, only ? maxOwn.only : maxOwn.sought).map(({ product }) => product);
    const own = await this.#shards.find(ids, fits, this.#note);
    await this.#hold(own);
    if (!only && products.length + texts.length > 0) await this.#hold(await this.#others());
    // Shard 0 is always there, so that there is always something to say; that nothing of what was needed came is to be told.
    if (this.#failure && this.#held.length === 0) throw this.#failure;
  }

  release(): void {
    for (const shard of this.#held.splice(0)) this.#shards.release(shard);
  }

  readonly #note = (error: AftersenseError): void => {
    this.#failure ??= error;
  };

  /** The shards that promise most, of those that are not held. */
  async #others(): Promise<number[]> {
    const route = await this.#shards.route(this.#wanted);
    const queryTerms = [...route.queryTerms].sort((a, b) => b.score - a.score).slice(0, maxQueryTerms);
    const terms = new Set([...route.productTerms, ...queryTerms].map(({ term }) => term));
    const found = await this.#shards.termsOf([...terms], this.#note);
    return bestShards(this.#shards.manifest, { ...route, queryTerms }, found, {
      held: new Set(this.#held),
      count: Math.max(leastReach, reach - (this.#held.length >> 1)),
    });
  }

  async #hold(shards: readonly number[]): Promise<void> {
    const missing = [...new Set(shards)].filter((shard) => !this.#held.includes(shard));
    await Promise.all(
      missing.map(async (shard) => {
        if (await this.#shards.hold(shard, this.#note)) this.#held.push(shard);
      }),
    );
  }
}
