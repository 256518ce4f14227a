/** The profile on this device: over storage that may fail, and beside other tabs that write too. */
import { checkInteger, checkString } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import { Lane } from '../lane.ts';
import { Channel } from '../storage/channel.ts';
import { isStorageProblem } from '../storage/connection.ts';
import { type Change, IndexedDbShelf, type Shelf, type Stored } from './database.ts';
import { isRepeated, oldestFirst, readNew, readRow, tooMany } from './events.ts';
import { historyOf, suppressedIn, vectorOf } from './history.ts';
import { interestsOf } from './interests.ts';
import { type IsSensitive, sensitiveBy } from './sensitive.ts';
import type {
  Interests,
  KeptConsent,
  KeptEvent,
  NewProfileEvent,
  Profile,
  ProfileChange,
  ProfileConsent,
  ProfileEvent,
  ProfileFile,
  ProfileHistory,
  ProfileOptions,
  Suppressed,
  SuppressionOptions,
  VectorSource,
} from './types.ts';

const maxLimit = 1000;
const changeKinds: readonly unknown[] = ['consented', 'recorded', 'erased'] satisfies ProfileChange['kind'][];
const isChange = (value: unknown): value is ProfileChange => changeKinds.includes((Object(value) as { readonly kind?: unknown }).kind);
const invalid = (message: string) => new AftersenseError('invalid_argument', message);
const consentMissing = (cause?: AftersenseError) =>
  new AftersenseError('consent_missing', 'The shopper has not agreed to a profile: ask, then call consent(true).', { cause });

const tooOld: KeptEvent = { kept: 'none', reason: 'too_old' };

/** 96 random bits. `crypto.randomUUID` is there in secure contexts alone. */
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');

function readConsent(value: unknown): ProfileConsent | undefined {
  const { id, at } = Object(value) as Readonly<Record<string, unknown>>;
  return typeof id === 'string' && typeof at === 'number' && Number.isFinite(at) ? { id, at } : undefined;
}

/** What is stored, checked. Without a consent there is nothing to be read. */
interface Contents {
  readonly consent: ProfileConsent | undefined;
  readonly events: readonly ProfileEvent[];
  readonly skipped: number;
}

function readStored({ consent: record, records }: Stored): Contents {
  const consent = readConsent(record);
  if (!consent) return { consent, events: [], skipped: records.length };
  const events = records.flatMap((one) => readRow(one) ?? []);
  return { consent, events, skipped: records.length - events.length };
}

class ProfileStore implements Profile {
  readonly #shelf: Shelf;
  readonly #channel: Channel<ProfileChange>;
  readonly #now: () => number;
  readonly #isSensitive: IsSensitive;
  /** Calls go one by one: what fails to be stored is in memory before the next looks there. */
  readonly #lane = new Lane();
  /** The consent as this handle knows it: it holds where storage cannot be asked. */
  #consent: ProfileConsent | undefined;
  /** Whether storage has not got the consent. */
  #isConsentHeld = false;
  /** Events of this consent that storage could not take. */
  #held: readonly ProfileEvent[] = [];
  #isListening = false;
  #problem: AftersenseError | undefined;
  #skipped = 0;

  constructor(shelf: Shelf, channel: Channel<ProfileChange>, { now = Date.now, sensitive }: ProfileOptions) {
    this.#shelf = shelf;
    this.#channel = channel;
    this.#now = now;
    this.#isSensitive = sensitiveBy(sensitive);
  }

  get problem(): AftersenseError | undefined {
    return this.#problem;
  }

  get skipped(): number {
    return this.#skipped;
  }

  consent(given: true): Promise<KeptConsent>;
  consent(given: false): Promise<void>;
  // biome-ignore lint/suspicious/noConfusingVoidType: the overloads say which
  async consent(given: boolean): Promise<KeptConsent | void> {
    if (given === false) return this.erase();
    if (given !== true) throw invalid('consent takes true, or false for a withdrawal.');
    return this.#run(() => this.#consented());
  }

  consented(): Promise<boolean> {
    return this.#run(async () => (await this.#read()).consent !== undefined);
  }

  async record(given: NewProfileEvent): Promise<KeptEvent> {
    const event = readNew(given, { id: newId(), at: this.#now() });
    return this.#run(async () => {
      if (!this.#isSensitive(event)) return this.#keep(event);
      if (!(await this.#read()).consent) throw consentMissing(this.#problem);
      return { kept: 'none', reason: 'sensitive' };
    });
  }

  async interests({ limit = 20 }: { readonly limit?: number } = {}): Promise<Interests> {
    checkInteger(limit, 'limit', 1, maxLimit);
    return interestsOf(await this.#usable(), this.#now(), limit);
  }

  async history(): Promise<ProfileHistory> {
    return historyOf(await this.#usable(), this.#now());
  }

  async suppressed(options?: SuppressionOptions): Promise<readonly Suppressed[]> {
    return suppressedIn(await this.#usable(), this.#now(), options);
  }

  async vector(source: VectorSource): Promise<Float32Array<ArrayBuffer> | undefined> {
    return vectorOf(await this.history(), source);
  }

  async export(): Promise<ProfileFile> {
    const { consent, events } = await this.#run(() => this.#read());
    const now = this.#now();
    return {
      format: 'aftersense-profile',
      version: 1,
      exportedAt: new Date(now).toISOString(),
      consent: consent ?? null,
      events,
      interests: interestsOf(this.#harmless(events), now, maxLimit),
    };
  }

  erase(): Promise<void> {
    return this.#run(async () => {
      this.#forget();
      try {
        if (this.#shelf.isAvailable) await this.#watched(() => this.#shelf.destroy());
        if (this.#shelf.isAvailable) await this.#checkErased();
      } finally {
        // Told after a failure too: what other tabs hold in memory goes in any case.
        this.#channel.tell({ kind: 'erased' });
      }
      this.#skipped = 0;
    });
  }

  watch(listener: (change: ProfileChange) => void, { signal }: { readonly signal?: AbortSignal } = {}): void {
    if (typeof listener !== 'function') throw invalid('listener must be a function.');
    this.#channel.listen(listener, signal);
  }

  close(): void {
    this.#lane.close(new AftersenseError('disposed', 'The profile was closed.'));
    this.#channel.close();
    this.#shelf.close();
  }

  /** In its turn. From the first call on, another tab's erasure takes what this one holds in memory. */
  #run<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#isListening && this.#shelf.isAvailable) {
      this.#isListening = true;
      this.#channel.listen(({ kind }) => {
        if (kind === 'erased') void this.#lane.run(async () => this.#forget()).catch(() => {});
      });
    }
    return this.#lane.run(work);
  }

  #forget(): void {
    this.#consent = undefined;
    this.#isConsentHeld = false;
    this.#held = [];
  }

  async #consented(): Promise<KeptConsent> {
    const fresh: ProfileConsent = this.#isConsentHeld && this.#consent ? this.#consent : { id: newId(), at: this.#now() };
    let stored: ProfileConsent = fresh;
    const problem = await this.#attempt(() =>
      this.#shelf.update((found) => {
        const known = readConsent(found.consent);
        stored = known ?? fresh;
        return known ? {} : { consent: fresh };
      }),
    );
    if (problem) {
      this.#isConsentHeld = this.#consent === undefined || this.#isConsentHeld;
      this.#consent ??= fresh;
      return { kept: 'memory', consent: this.#consent, problem };
    }
    this.#know(stored);
    this.#channel.tell({ kind: 'consented' });
    return { kept: 'stored', consent: stored };
  }

  async #keep(fresh: ProfileEvent): Promise<KeptEvent> {
    let kept: ProfileEvent | undefined = fresh;
    let consent: ProfileConsent | undefined;
    const problem = await this.#attempt(() =>
      this.#shelf.update((found) => {
        const change = this.#join(found, fresh);
        ({ kept, consent } = change);
        return change;
      }),
    ).catch((error: unknown) => {
      // Withdrawn in another tab: what was held goes too.
      if (error instanceof AftersenseError && error.code === 'consent_missing') this.#forget();
      throw error;
    });
    if (problem) return this.#hold(fresh, problem);
    this.#held = [];
    if (consent) this.#know(consent);
    this.#channel.tell({ kind: 'recorded' });
    return kept ? { kept: 'stored', event: kept } : tooOld;
  }

  /** What storing an event comes to, with those that were held before. Throws `consent_missing`. */
  #join(found: Stored, fresh: ProfileEvent): Change & { readonly kept: ProfileEvent | undefined; readonly consent?: ProfileConsent } {
    const { consent: known, events } = readStored(found);
    const consent = known ?? (this.#isConsentHeld ? this.#consent : undefined);
    if (!consent) throw consentMissing();
    // What was held under a consent that was withdrawn meanwhile is not kept under another.
    const held = consent.id === this.#consent?.id ? this.#held : [];
    const all = [...events];
    for (const event of [...held, fresh]) if (!all.some((one) => isRepeated(one, event))) all.push(event);
    const dropped = new Set(tooMany(all, this.#now()).map(({ id }) => id));
    return {
      kept: all.find((one) => isRepeated(one, fresh) && !dropped.has(one.id)),
      put: all.slice(events.length).filter(({ id }) => !dropped.has(id)),
      remove: events.flatMap(({ id }) => (dropped.has(id) ? [id] : [])),
      ...(!known && { consent }),
    };
  }

  #hold(fresh: ProfileEvent, problem: AftersenseError): KeptEvent {
    if (!this.#consent) throw consentMissing(problem);
    const twin = this.#held.find((one) => isRepeated(one, fresh));
    if (twin) return { kept: 'memory', event: twin, problem };
    const all = [...this.#held, fresh];
    const dropped = tooMany(all, this.#now());
    this.#held = all.filter((event) => !dropped.includes(event));
    return dropped.includes(fresh) ? tooOld : { kept: 'memory', event: fresh, problem };
  }

  /** All that is kept, in storage and in memory, oldest first. */
  async #read(): Promise<Omit<Contents, 'skipped'>> {
    let found: Contents = { consent: undefined, events: [], skipped: this.#skipped };
    const read = async () => {
      found = readStored(await this.#shelf.read());
    };
    const problem = this.#shelf.isAvailable ? await this.#attempt(read) : this.#problem;
    this.#skipped = found.skipped;
    if (found.consent) this.#know(found.consent);
    else if (!problem && !this.#isConsentHeld) this.#forget();
    const ids = new Set(found.events.map(({ id }) => id));
    const events = [...found.events, ...this.#held.filter(({ id }) => !ids.has(id))];
    return { consent: this.#consent, events: events.sort(oldestFirst(this.#now())) };
  }

  /** Without what the shop has come to know as sensitive since it was kept. */
  #harmless(events: readonly ProfileEvent[]): readonly ProfileEvent[] {
    return events.filter((event) => !this.#isSensitive(event));
  }

  async #usable(): Promise<readonly ProfileEvent[]> {
    return this.#harmless((await this.#run(() => this.#read())).events);
  }

  /** Storage has this consent. What is held under another goes. */
  #know(consent: ProfileConsent): void {
    if (this.#consent && this.#consent.id !== consent.id) this.#held = [];
    this.#consent = consent;
    this.#isConsentHeld = false;
  }

  async #checkErased(): Promise<void> {
    const { consent, records } = await this.#watched(() => this.#shelf.read());
    if (consent === undefined && records.length === 0) return;
    throw new AftersenseError('storage_unavailable', `After the erasure storage still has ${records.length} records: erase again.`);
  }

  /** The problem that the storage has with it; what else goes wrong is thrown. */
  async #attempt(work: () => Promise<void>): Promise<AftersenseError | undefined> {
    try {
      await this.#watched(work);
      return undefined;
    } catch (error) {
      if (isStorageProblem(error)) return error;
      throw error;
    }
  }

  /** Keeps `problem` up to date. */
  async #watched<T>(work: () => Promise<T>): Promise<T> {
    try {
      const value = await work();
      this.#problem = undefined;
      return value;
    } catch (error) {
      if (isStorageProblem(error)) this.#problem = error;
      throw error;
    }
  }
}

/** With a shelf and a channel of one's own; tests do that. @internal */
export const profileOver = (shelf: Shelf, channel: Channel<ProfileChange>, options: ProfileOptions = {}): Profile =>
  new ProfileStore(shelf, channel, options);

/** @internal */
export const profileChannel = (name: string): Channel<ProfileChange> => new Channel(name, isChange);

/** The profile kept on this device. Nothing is opened before the first call. */
export function openProfile(options: ProfileOptions = {}): Profile {
  const { database = 'aftersense-profile', now = Date.now } = options;
  checkString(database, 'profile.database');
  if (typeof now !== 'function') throw invalid('profile.now must be a function.');
  return profileOver(new IndexedDbShelf(database), profileChannel(database), options);
}
