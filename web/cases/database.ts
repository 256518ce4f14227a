/** Cases in IndexedDB: one record a case, one transaction a change. What the browser refuses becomes `storage_full` or `storage_unavailable`. */
import type { DBSchema } from 'idb';
import { Connection, type Upgrade } from '../storage/connection.ts';
import type { Case } from './types.ts';

/** Where cases are kept; the tests of the store put another in its place. */
export interface Shelf {
  read(id: string): Promise<Case | undefined>;
  readAll(): Promise<Case[]>;
  /**
   * In one transaction: read what is stored under `ids`, in their order, and put what `change` makes of it. What `change` throws ends
   * the transaction with nothing put, and is thrown again. Resolves when the disk has it.
   */
  update(ids: readonly string[], change: (stored: readonly (Case | undefined)[]) => readonly Case[]): Promise<void>;
  /** One record, or all. */
  remove(id?: string): Promise<void>;
  close(): void;
}

interface Schema extends DBSchema {
  cases: { key: string; value: Case };
}

/** As `Connection` wants them: add to the end; never change one that was released. */
export const upgrades: readonly Upgrade<Schema>[] = [
  (database) => {
    database.createObjectStore('cases', { keyPath: 'id' });
  },
];

export class IndexedDbShelf implements Shelf {
  readonly #connection: Connection<Schema>;

  constructor(name: string, steps: readonly Upgrade<Schema>[] = upgrades) {
    this.#connection = new Connection(name, steps);
  }

  read(id: string): Promise<Case | undefined> {
    return this.#connection.use((database) => database.get('cases', id));
  }

  readAll(): Promise<Case[]> {
    return this.#connection.use((database) => database.getAll('cases'));
  }

  async update(ids: readonly string[], change: (stored: readonly (Case | undefined)[]) => readonly Case[]): Promise<void> {
    let refusal: { readonly error: unknown } | undefined;
    await this.#connection.use(async (database) => {
      // 'strict': a case that a call has answered for survives a power cut.
      const transaction = database.transaction('cases', 'readwrite', { durability: 'strict' });
      // Whatever fails rejects `done` too; it is awaited last, so it must not count as unhandled before.
      transaction.done.catch(() => {});
      const stored = await Promise.all(ids.map((id) => transaction.store.get(id)));
      let next: readonly Case[] = [];
      try {
        next = change(stored);
      } catch (error) {
        refusal = { error };
      }
      await Promise.all(next.map((one) => transaction.store.put(one)));
      await transaction.done;
    });
    if (refusal) throw refusal.error;
  }

  remove(id?: string): Promise<void> {
    return this.#connection.use((database) => (id === undefined ? database.clear('cases') : database.delete('cases', id)));
  }

  close(): void {
    this.#connection.close();
  }
}
