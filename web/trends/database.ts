/** The ledger in IndexedDB: one record, one transaction a change. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { AftersenseError } from '../errors.ts';
import { emptyLedger, type Ledger } from './ledger.ts';

/** Where the ledger is kept; the tests put another in its place. */
export interface LedgerShelf {
  read(): Promise<Ledger>;
  /**
   * In one transaction: read the ledger and put what `change` makes of it. What `change` throws ends the transaction with nothing put, and
   * is thrown again. Resolves when the disk has it: a report that a caller has seen is never drawn again.
   */
  update(change: (ledger: Ledger) => Ledger): Promise<void>;
  close(): void;
}

interface Schema extends DBSchema {
  ledger: { key: string; value: Ledger };
}
const key = 'ledger';

function storageError(cause: unknown): AftersenseError {
  const { name, message } = cause instanceof Error || cause instanceof DOMException ? cause : { name: 'Error', message: String(cause) };
  if (name === 'QuotaExceededError')
    return new AftersenseError('storage_full', 'The browser grants no more room, so that no report can be accounted for.', { cause });
  return new AftersenseError('storage_unavailable', `IndexedDB cannot be used (${name}: ${message}): without a ledger, no reports.`, {
    cause,
  });
}

export class IndexedDbLedger implements LedgerShelf {
  readonly #name: string;
  #opened: Promise<IDBPDatabase<Schema>> | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  read(): Promise<Ledger> {
    return this.#use(async (database) => (await database.get('ledger', key)) ?? emptyLedger);
  }

  async update(change: (ledger: Ledger) => Ledger): Promise<void> {
    let refusal: { readonly error: unknown } | undefined;
    await this.#use(async (database) => {
      const transaction = database.transaction('ledger', 'readwrite', { durability: 'strict' });
      // Whatever fails rejects `done` too; it is awaited last, so it must not count as unhandled before.
      transaction.done.catch(() => {});
      const stored = (await transaction.store.get(key)) ?? emptyLedger;
      try {
        const next = change(stored);
        if (next !== stored) await transaction.store.put(next, key);
      } catch (error) {
        refusal = { error };
      }
      await transaction.done;
    });
    if (refusal) throw refusal.error;
  }

  close(): void {
    this.#opened?.then(
      (database) => database.close(),
      () => {},
    );
    this.#opened = undefined;
  }

  /** A failure forgets the connection, so that the next call tries anew. */
  async #use<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    try {
      this.#opened ??= openDB<Schema>(this.#name, 1, {
        upgrade: (database) => void database.createObjectStore('ledger'),
        // A page with newer code waits for this one to let go.
        blocking: () => this.close(),
        terminated: () => {
          this.#opened = undefined;
        },
      });
      return await work(await this.#opened);
    } catch (error) {
      this.close();
      throw storageError(error);
    }
  }
}
