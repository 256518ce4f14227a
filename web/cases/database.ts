/** Cases in IndexedDB: one record a case, one transaction a change. What the browser refuses becomes `storage_full` or `storage_unavailable`. */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb';
import { AftersenseError } from '../errors.ts';
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
type Database = IDBPDatabase<Schema>;
type Upgrade = (database: Database, transaction: IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>) => void | Promise<void>;

/**
 * What leads from version i of the database to version i + 1. Add to the end; never change one that was released. All that are missing
 * run in one transaction: it ends with every record changed, or with none.
 */
export const upgrades: readonly Upgrade[] = [
  (database) => {
    database.createObjectStore('cases', { keyPath: 'id' });
  },
];

function storageError(cause: unknown): AftersenseError {
  const { name, message } = cause instanceof Error || cause instanceof DOMException ? cause : { name: 'Error', message: String(cause) };
  if (name === 'QuotaExceededError')
    return new AftersenseError('storage_full', 'The browser grants no more room. Free some, or export the cases.', { cause });
  return new AftersenseError('storage_unavailable', `IndexedDB cannot be used (${name}: ${message}). Export the cases to keep them.`, {
    cause,
  });
}

export class IndexedDbShelf implements Shelf {
  readonly #name: string;
  readonly #upgrades: readonly Upgrade[];
  #opened: Promise<Database> | undefined;

  constructor(name: string, steps: readonly Upgrade[] = upgrades) {
    this.#name = name;
    this.#upgrades = steps;
  }

  read(id: string): Promise<Case | undefined> {
    return this.#use((database) => database.get('cases', id));
  }

  readAll(): Promise<Case[]> {
    return this.#use((database) => database.getAll('cases'));
  }

  async update(ids: readonly string[], change: (stored: readonly (Case | undefined)[]) => readonly Case[]): Promise<void> {
    let refusal: { readonly error: unknown } | undefined;
    await this.#use(async (database) => {
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
    return this.#use((database) => (id === undefined ? database.clear('cases') : database.delete('cases', id)));
  }

  close(): void {
    this.#opened?.then(
      (database) => database.close(),
      () => {},
    );
    this.#opened = undefined;
  }

  /** A failure forgets the connection, so that the next call tries anew. */
  async #use<T>(work: (database: Database) => Promise<T>): Promise<T> {
    try {
      this.#opened ??= this.#open();
      return await work(await this.#opened);
    } catch (error) {
      this.close();
      throw storageError(error);
    }
  }

  #open(): Promise<Database> {
    return new Promise((resolve, reject) => {
      let abandoned = false;
      const forget = () => {
        this.#opened = undefined;
      };
      openDB<Schema>(this.#name, this.#upgrades.length, {
        upgrade: async (database, from, _to, transaction) => {
          // idb does not look at what becomes of this promise: a failure has to end the transaction itself.
          transaction.done.catch(() => {});
          try {
            for (const step of this.#upgrades.slice(from)) await step(database, transaction);
          } catch (error) {
            transaction.abort();
            reject(error);
          }
        },
        // A page with newer code waits for this one to let go.
        blocking: (_from, _to, event) => {
          (event.target as IDBDatabase).close();
          forget();
        },
        blocked: () => {
          abandoned = true;
          reject(new Error('another tab holds an older version of the database open'));
        },
        terminated: forget,
      }).then((database) => (abandoned ? database.close() : resolve(database)), reject);
    });
  }
}
