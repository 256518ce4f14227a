/** One IndexedDB database, opened when it is first used. What the browser refuses becomes `storage_full` or `storage_unavailable`. */
import { type DBSchema, deleteDB, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb';
import { AftersenseError } from '../errors.ts';

export type Upgrade<Schema extends DBSchema> = (
  database: IDBPDatabase<Schema>,
  transaction: IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>,
) => void | Promise<void>;

function storageError(cause: unknown): AftersenseError {
  const { name, message } = cause instanceof Error || cause instanceof DOMException ? cause : { name: 'Error', message: String(cause) };
  if (name === 'QuotaExceededError')
    return new AftersenseError('storage_full', 'The browser grants no more room. Free some, or export what is kept.', { cause });
  return new AftersenseError('storage_unavailable', `IndexedDB cannot be used (${name}: ${message}). Export what is to be kept.`, {
    cause,
  });
}

export const isStorageProblem = (error: unknown): error is AftersenseError =>
  error instanceof AftersenseError && (error.code === 'storage_full' || error.code === 'storage_unavailable');

/** How long other tabs may take to let go of a database that is to be deleted. */
const releaseMs = 5000;

export class Connection<Schema extends DBSchema> {
  readonly #name: string;
  readonly #upgrades: readonly Upgrade<Schema>[];
  #opened: Promise<IDBPDatabase<Schema>> | undefined;

  /**
   * `upgrades`: what leads from version i of the database to version i + 1. Add to the end; never change one that was released. All that
   * are missing run in one transaction: it ends with every record changed, or with none.
   */
  constructor(name: string, upgrades: readonly Upgrade<Schema>[]) {
    this.#name = name;
    this.#upgrades = upgrades;
  }

  /** So that a page that keeps nothing leaves no database behind. True where the browser does not say: Firefox does from version 126 on. */
  async exists(): Promise<boolean> {
    try {
      return (await indexedDB.databases()).some(({ name }) => name === this.#name);
    } catch {
      return true;
    }
  }

  /** A failure forgets the connection, so that the next call tries anew. */
  async use<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    try {
      this.#opened ??= this.#open();
      return await work(await this.#opened);
    } catch (error) {
      this.close();
      throw storageError(error);
    }
  }

  /** The database with all that is in it, of whatever version. */
  async destroy(): Promise<void> {
    this.close();
    if (!(await this.exists())) return;
    await new Promise<void>((resolve, reject) => {
      let patience: ReturnType<typeof setTimeout> | undefined;
      const refuse = () => reject(new Error('another tab holds the database open; it goes when that tab closes'));
      const blocked = () => {
        patience = setTimeout(refuse, releaseMs);
      };
      deleteDB(this.#name, { blocked })
        .then(resolve, reject)
        .finally(() => clearTimeout(patience));
    }).catch((error: unknown) => {
      throw storageError(error);
    });
  }

  close(): void {
    this.#opened?.then(
      (database) => database.close(),
      () => {},
    );
    this.#opened = undefined;
  }

  #open(): Promise<IDBPDatabase<Schema>> {
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
