/** A core and its queue: one call at a time, and a fresh core where base was too much for the one before. */
import { AftersenseError, errorFrom, failureFrom } from './errors.ts';
import { Lane } from './lane.ts';
import * as replies from './messages/replies.ts';
import { dropShardsRequest } from './messages/shards.ts';
import type { Bytes, Core, CoreMethod } from './protocol.ts';
import type { CatalogInfo, ModelInfo } from './types.ts';

export class Session {
  readonly #lane = new Lane();
  #core: Core;
  /** Starts a core with lite in it. Kept, as are copies of the catalogue or its shards, until base is loaded or given up. */
  #restart: (() => Promise<Core>) | undefined;
  #catalogs: Bytes[] = [];
  #hasBase = false;
  #disposed = false;

  constructor(core: Core, restart?: () => Promise<Core>) {
    this.#core = core;
    this.#restart = restart;
  }

  get hasBase(): boolean {
    return this.#hasBase;
  }

  /** How many calls wait or run. */
  get load(): number {
    return this.#lane.length;
  }

  /** The request is built when its turn comes, so that what waits holds no memory. */
  call(method: CoreMethod, request: () => Bytes, signal?: AbortSignal): Promise<Bytes> {
    return this.#lane.run(() => this.#core.call(method, request()), signal);
  }

  /** `file` is given away. `loadShard` adds to what is loaded, `loadCatalog` takes its place. */
  loadCatalog(method: 'loadCatalog' | 'loadShard', file: Bytes, signal?: AbortSignal): Promise<CatalogInfo> {
    return this.#lane.run(async () => {
      const copy = this.#restart && file.slice();
      const info = replies.catalogInfo(await this.#core.call(method, file));
      if (this.#restart) this.#catalogs = [...(method === 'loadShard' ? this.#catalogs : []), ...(copy ? [copy] : [])];
      return info;
    }, signal);
  }

  /** Those at these places in the order of loading. */
  dropShards(places: readonly number[]): Promise<CatalogInfo> {
    return this.#lane.run(async () => {
      const info = replies.catalogInfo(await this.#core.call('dropShards', dropShardsRequest(places)));
      this.#catalogs = this.#catalogs.filter((_, place) => !places.includes(place));
      return info;
    });
  }

  /** Load base beside lite, as soon as its file is there. Where that fails, lite and the catalogue are as they were. */
  async loadBase(download: Promise<Bytes>): Promise<ModelInfo> {
    try {
      const file = await download;
      const info = await this.#lane.run(() => this.#install(file));
      this.#hasBase = true;
      return info;
    } finally {
      this.#restart = undefined;
      this.#catalogs = [];
    }
  }

  /** Idempotent. */
  dispose(reason: AftersenseError): void {
    this.#disposed = true;
    this.#lane.close(reason);
    this.#core.dispose();
  }

  async #install(file: Bytes): Promise<ModelInfo> {
    try {
      return replies.modelInfo(await this.#core.call('loadModel', file), 'base');
    } catch (error) {
      // The core may have ended, for want of memory; if not, a fresh one gives back what the attempt took.
      await this.#replaceCore();
      throw isFault(error) ? tooMuch(error) : error;
    }
  }

  async #replaceCore(): Promise<void> {
    const restart = this.#restart;
    if (!restart) return;
    this.#core.dispose();
    try {
      this.#core = await restart();
      // Disposed of meanwhile: there was another core then.
      if (this.#disposed) this.#core.dispose();
      else for (const [i, file] of this.#catalogs.entries()) replies.catalogInfo(await this.#core.call(methodAt(i), file));
    } catch (error) {
      this.#lane.close(errorFrom(failureFrom(error)));
    }
  }
}

/** How the file at this place of several is loaded into a fresh core. */
export const methodAt = (place: number) => (place === 0 ? 'loadCatalog' : 'loadShard');

/** Whether an error is the end of a core; every other one is a reply of a core that lives. */
export const isFault = (error: unknown): error is AftersenseError =>
  error instanceof AftersenseError && (error.code === 'internal' || error.code === 'worker_failed');

const tooMuch = (fault: AftersenseError) =>
  new AftersenseError(
    fault.code,
    `The base model could not be loaded: the engine ended in the attempt, most likely for want of memory. The lite model does without. (${fault.message})`,
    { cause: fault },
  );
