/** Corrections in IndexedDB: one record a correction, with its vector. */
import type { DBSchema } from 'idb';
import { Connection, type Upgrade } from '../storage/connection.ts';
import type { Row } from './rows.ts';

/** Where corrections are kept; the tests of the store put another in its place. */
export interface Shelf {
  /** Whether there is any storage to be asked. */
  readonly isAvailable: boolean;
  /** Records as they are found: whoever reads them checks them. */
  readAll(): Promise<readonly unknown[]>;
  /** In one transaction. Resolves when the disk has it. */
  change(put: readonly Row[], remove: readonly string[]): Promise<void>;
  clear(): Promise<void>;
  close(): void;
}

interface Schema extends DBSchema {
  corrections: { key: string; value: Row };
}

/** As `Connection` wants them: add to the end; never change one that was released. */
const upgrades: readonly Upgrade<Schema>[] = [
  (database) => {
    database.createObjectStore('corrections', { keyPath: 'id' });
  },
];

export class IndexedDbShelf implements Shelf {
  readonly #connection: Connection<Schema>;

  constructor(name: string) {
    this.#connection = new Connection(name, upgrades);
  }

  get isAvailable(): boolean {
    return typeof indexedDB !== 'undefined';
  }

  async readAll(): Promise<readonly unknown[]> {
    if (!(await this.#connection.exists())) return [];
    return this.#connection.use((database) => database.getAll('corrections'));
  }

  change(put: readonly Row[], remove: readonly string[]): Promise<void> {
    return this.#connection.use(async (database) => {
      const transaction = database.transaction('corrections', 'readwrite', { durability: 'strict' });
      // Whatever fails rejects `done` too; it is awaited last, so it must not count as unhandled before.
      transaction.done.catch(() => {});
      await Promise.all([...put.map((row) => transaction.store.put(row)), ...remove.map((id) => transaction.store.delete(id))]);
      await transaction.done;
    });
  }

  async clear(): Promise<void> {
    if (await this.#connection.exists()) await this.#connection.use((database) => database.clear('corrections'));
  }

  close(): void {
    this.#connection.close();
  }
}
