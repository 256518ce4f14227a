/** The profile in IndexedDB: the consent, and one record an event; a change is one transaction over both. */
import type { DBSchema } from 'idb';
import { AftersenseError } from '../errors.ts';
import { Connection, type Upgrade } from '../storage/connection.ts';
import type { ProfileConsent, ProfileEvent } from './types.ts';

/** What is stored, as it is found: whoever reads it checks it. */
export interface Stored {
  readonly consent: unknown;
  readonly records: readonly unknown[];
}

export interface Change {
  /** A consent that was not there before: whatever else is stored goes. */
  readonly consent?: ProfileConsent;
  readonly put?: readonly ProfileEvent[];
  /** Ids of events. */
  readonly remove?: readonly string[];
}

/** Where the profile is kept; the tests of the store put another in its place. */
export interface Shelf {
  /** Whether there is any storage to be asked. */
  readonly isAvailable: boolean;
  read(): Promise<Stored>;
  /**
   * In one transaction: read all that is stored, and do what `change` says. What `change` throws ends the transaction with nothing
   * changed, and is thrown again. It may be called twice. Resolves when the change is stored.
   */
  update(change: (stored: Stored) => Change): Promise<void>;
  /** The database, with all that is in it. */
  destroy(): Promise<void>;
  close(): void;
}

interface Schema extends DBSchema {
  state: { key: 'consent'; value: ProfileConsent };
  events: { key: string; value: ProfileEvent };
}

/** As `Connection` wants them: add to the end; never change one that was released. */
export const upgrades: readonly Upgrade<Schema>[] = [
  (database) => {
    database.createObjectStore('state');
    database.createObjectStore('events', { keyPath: 'id' });
  },
];

const nothing: Stored = { consent: undefined, records: [] };

/** A profile that a newer version has written is left as it is: no storage that fails, but none that may be worked around either. */
async function unlessNewer<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { cause } = Object(error) as { readonly cause?: { readonly name?: unknown } };
    if (cause?.name !== 'VersionError') throw error;
    const message = 'A newer version of aftersense has written this profile, and it was left as it is: reload the page, or erase it.';
    throw new AftersenseError('profile_wrong_version', message, { cause });
  }
}

export class IndexedDbShelf implements Shelf {
  readonly #connection: Connection<Schema>;

  constructor(name: string, steps: readonly Upgrade<Schema>[] = upgrades) {
    this.#connection = new Connection(name, steps);
  }

  get isAvailable(): boolean {
    return typeof indexedDB !== 'undefined';
  }

  async read(): Promise<Stored> {
    if (!(await this.#connection.exists())) return nothing;
    return unlessNewer(() =>
      this.#connection.use(async (database) => {
        const transaction = database.transaction(['state', 'events']);
        const [consent, records] = await Promise.all([
          transaction.objectStore('state').get('consent'),
          transaction.objectStore('events').getAll(),
        ]);
        return { consent, records };
      }),
    );
  }

  async update(change: (stored: Stored) => Change): Promise<void> {
    // So that a refusal leaves no database behind.
    if (!(await this.#connection.exists())) change(nothing);
    let refusal: { readonly error: unknown } | undefined;
    await unlessNewer(() =>
      this.#connection.use(async (database) => {
        const transaction = database.transaction(['state', 'events'], 'readwrite');
        // Whatever fails rejects `done` too; it is awaited last, so it must not count as unhandled before.
        transaction.done.catch(() => {});
        const [state, events] = [transaction.objectStore('state'), transaction.objectStore('events')];
        const [consent, records] = await Promise.all([state.get('consent'), events.getAll()]);
        let next: Change = {};
        try {
          next = change({ consent, records });
        } catch (error) {
          refusal = { error };
        }
        if (next.consent) await Promise.all([events.clear(), state.put(next.consent, 'consent')]);
        await Promise.all([...(next.remove ?? []).map((id) => events.delete(id)), ...(next.put ?? []).map((event) => events.put(event))]);
        await transaction.done;
      }),
    );
    if (refusal) throw refusal.error;
  }

  destroy(): Promise<void> {
    return this.#connection.destroy();
  }

  close(): void {
    this.#connection.close();
  }
}
