/** The cores behind a handle: a call goes to the one with the least to do, and what one drops by dying another picks up. */
import { AftersenseError } from './errors.ts';
import type { Bytes, Core, CoreMethod } from './protocol.ts';
import { isFault, methodAt, Session } from './session.ts';
import type { CatalogInfo, ModelInfo, Tier } from './types.ts';

export class Pool {
  /** Those that live, at least one; the first holds the catalogue. */
  readonly #sessions: Session[];
  /** The catalogue, or its shards; kept where there is another session that could take them over. */
  #catalogs: Bytes[] = [];

  constructor(cores: readonly Core[], restart?: () => Promise<Core>) {
    this.#sessions = cores.map((core) => new Session(core, restart));
  }

  get size(): number {
    return this.#sessions.length;
  }

  has(tier: Tier): boolean {
    return tier === 'lite' || this.#sessions.some(({ hasBase }) => hasBase);
  }

  /** Ask any core that has this tier. */
  call(method: CoreMethod, request: () => Bytes, signal?: AbortSignal, tier: Tier = 'lite'): Promise<Bytes> {
    return this.#ask(
      () => this.#idlest(tier),
      (session) => session.call(method, request, signal),
    );
  }

  /** Ask the core that holds the catalogue. */
  callCatalog(method: CoreMethod, request: () => Bytes, signal?: AbortSignal): Promise<Bytes> {
    return this.#ask(
      () => this.#holder,
      (session) => session.call(method, request, signal),
    );
  }

  /** `file` is given away. `loadShard` adds to what is loaded, `loadCatalog` takes its place. */
  async loadCatalog(method: 'loadCatalog' | 'loadShard', file: Bytes, signal?: AbortSignal): Promise<CatalogInfo> {
    const alone = this.size === 1;
    const info = await this.#ask(
      () => this.#holder,
      (session) => session.loadCatalog(method, alone ? file : file.slice(), signal),
    );
    this.#catalogs = alone ? [] : [...(method === 'loadShard' ? this.#catalogs : []), file];
    return info;
  }

  /** Those at these places in the order of loading. */
  async dropShards(places: readonly number[]): Promise<void> {
    await this.#ask(
      () => this.#holder,
      (session) => session.dropShards(places),
    );
    this.#catalogs = this.#catalogs.filter((_, place) => !places.includes(place));
  }

  /**
   * Load base into one core after the other, so that memory holds no more copies of the file than need be. Resolves when the first one
   * has it, which then answers for all. Another that cannot hold it stays with lite, and those after it are not tried.
   */
  loadBase(download: Promise<Bytes>): Promise<ModelInfo> {
    let before: Promise<unknown> = download;
    const loads = this.#sessions.map((session, i) => {
      const isLast = i === this.size - 1;
      const file = Promise.all([download, before]).then(([bytes]) => (isLast ? bytes : bytes.slice()));
      const load = session.loadBase(file);
      load.catch(() => {});
      before = load;
      return load;
    });
    return loads[0] as Promise<ModelInfo>;
  }

  /** Idempotent. */
  dispose(reason: AftersenseError): void {
    for (const session of this.#sessions) session.dispose(reason);
  }

  get #holder(): Session {
    return this.#sessions[0] as Session;
  }

  #idlest(tier: Tier): Session {
    const able = tier === 'lite' ? this.#sessions : this.#sessions.filter(({ hasBase }) => hasBase);
    if (able.length === 0) throw new AftersenseError('worker_failed', 'The workers with the base model have ended; lite still answers.');
    return able.reduce((best, session) => (session.load < best.load ? session : best));
  }

  /** One more try where a core dies: a text that kills whoever reads it must not go round and kill them all. */
  async #ask<T>(choose: () => Session, work: (session: Session) => Promise<T>): Promise<T> {
    const session = choose();
    try {
      return await work(session);
    } catch (error) {
      if (!isFault(error) || !this.#drop(session, error)) throw error;
      return work(choose());
    }
  }

  /** Go on without this session; what it still had to do rejects with `fault`, and is asked again by `#ask`. False for the last one. */
  #drop(session: Session, fault: AftersenseError): boolean {
    const place = this.#sessions.indexOf(session);
    if (place < 0) return true;
    if (this.size === 1) return false;
    this.#sessions.splice(place, 1);
    if (place === 0) for (const [i, file] of this.#catalogs.entries()) this.#holder.loadCatalog(methodAt(i), file.slice()).catch(() => {});
    session.dispose(fault);
    return true;
  }
}
