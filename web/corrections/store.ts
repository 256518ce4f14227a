/** Corrections on this device: over storage that may fail, beside other tabs that write too, and over a model that may come later. */
import { abortable } from '../abort.ts';
import { checkString } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import { Lane } from '../lane.ts';
import { Channel } from '../storage/channel.ts';
import { isStorageProblem } from '../storage/connection.ts';
import type { Analysis } from '../types.ts';
import { Adaptation } from './adapt.ts';
import { IndexedDbShelf, type Shelf } from './database.ts';
import { exportLines } from './export.ts';
import { correctionOf, newestFirst, type Row, readNew, readRow } from './rows.ts';
import type { Correction, Corrections, CorrectionsExportOptions, CorrectionsOptions, KeptCorrection, NewCorrection } from './types.ts';
import { readingOf } from './verdicts.ts';

/** What a model says of a text, before any correction. */
export interface Shipped {
  readonly analysis: Analysis;
  /** Null where base has not read the text. */
  readonly vector: Float32Array | null;
  /** Name and version of the model. */
  readonly model: string;
}

/** The models, as the handle has them. */
export interface Reader {
  /** Name and version of base; undefined while it is not loaded. */
  readonly base: string | undefined;
  /** By the best tier that is loaded. */
  read(texts: readonly string[]): Promise<readonly Shipped[]>;
}

export const maxCorrections = 2000;
const rowsPerRead = 8;
const changed = 'changed';
const isChanged = (value: unknown): value is typeof changed => value === changed;

/** 96 random bits. `crypto.randomUUID` is there in secure contexts alone. */
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');

function withReading<R extends NewCorrection & { readonly id: string; readonly at: number }>(
  correction: R,
  { analysis, vector, model }: Shipped,
): Row {
  const reading = readingOf(analysis, correction.verdict);
  const read = reading ? { ...reading, tier: analysis.tier, model } : null;
  return { ...correction, read, vector: analysis.abstained ? null : vector, model };
}

const isSame = (a: NewCorrection, b: NewCorrection) => a.text === b.text && a.verdict === b.verdict && a.label === b.label && a.by === b.by;

export class CorrectionStore implements Corrections {
  enabled: boolean;
  readonly #shelf: Shelf;
  readonly #channel: Channel<typeof changed>;
  readonly #reader: Reader;
  readonly #now: () => number;
  /** All that is kept, by id; the storage has a copy of all but `#unsaved`. */
  #rows = new Map<string, Row>();
  readonly #unsaved = new Set<string>();
  readonly #lane = new Lane();
  #loading: Promise<void> | undefined;
  #isLoaded: boolean;
  #refreshing: Promise<void> = Promise.resolve();
  #adaptation: Adaptation | undefined;
  #problem: AftersenseError | undefined;
  #skipped = 0;

  constructor(shelf: Shelf, channel: Channel<typeof changed>, reader: Reader, { enabled = true, now = Date.now }: CorrectionsOptions = {}) {
    this.#shelf = shelf;
    this.#channel = channel;
    this.#reader = reader;
    this.#now = now;
    this.enabled = enabled;
    this.#isLoaded = !shelf.isAvailable;
  }

  get problem(): AftersenseError | undefined {
    return this.#problem;
  }

  get skipped(): number {
    return this.#skipped;
  }

  /** False where `current` has nothing to say, and need not be asked. */
  get mayApply(): boolean {
    return this.enabled && (!this.#isLoaded || !this.#current.isEmpty);
  }

  /** What applies now; undefined where nothing does. */
  async current(signal?: AbortSignal): Promise<Adaptation | undefined> {
    await abortable(this.#load(), signal);
    return this.enabled && !this.#current.isEmpty ? this.#current : undefined;
  }

  async add(given: NewCorrection): Promise<KeptCorrection> {
    const fresh = readNew(given);
    return this.#lane.run(async () => {
      await this.#load();
      let row = [...this.#rows.values()].find((kept) => isSame(kept, fresh));
      if (!row) {
        const [shipped] = await this.#reader.read([fresh.text]);
        row = withReading({ ...fresh, id: newId(), at: this.#time() }, shipped as Shipped);
        this.#rows.set(row.id, row);
        await this.#save([row], this.#dropOldest());
      }
      const correction = correctionOf(row);
      const problem = this.#problem;
      return problem && this.#unsaved.has(row.id) ? { kept: 'memory', correction, problem } : { kept: 'stored', correction };
    });
  }

  async list(): Promise<readonly Correction[]> {
    await this.#load();
    return [...this.#rows.values()].map(correctionOf).sort(newestFirst);
  }

  async undo(id: string): Promise<boolean> {
    checkString(id, 'id');
    return this.#lane.run(async () => {
      await this.#load();
      if (!this.#rows.delete(id)) return false;
      this.#adaptation = undefined;
      if (!this.#unsaved.delete(id)) await this.#stored(() => this.#shelf.change([], [id]));
      return true;
    });
  }

  async export(options: CorrectionsExportOptions): Promise<string> {
    return exportLines([...(await this.list())].reverse(), options);
  }

  erase(): Promise<void> {
    return this.#lane.run(async () => {
      await this.#load();
      this.#rows.clear();
      this.#unsaved.clear();
      this.#adaptation = undefined;
      this.#skipped = 0;
      if (this.#shelf.isAvailable) await this.#stored(() => this.#shelf.clear());
    });
  }

  async ready(): Promise<void> {
    await this.#load();
    await this.#refreshing;
  }

  /** Base has come, or other rows: have it read what another model read. Goes on by itself; a failure leaves what is not read unapplied. */
  refresh(): void {
    this.#refreshing = this.#refreshing.then(() => this.#readStale()).catch(() => {});
  }

  close(): void {
    this.#lane.close(new AftersenseError('disposed', 'The corrections were closed.'));
    this.#channel.close();
    this.#shelf.close();
  }

  get #current(): Adaptation {
    const { base } = this.#reader;
    this.#adaptation ??= new Adaptation(
      [...this.#rows.values()].flatMap(({ text, verdict, label, read, vector, model }) =>
        read && vector && model === base ? [{ text, verdict, label, read: read.label, vector }] : [],
      ),
    );
    return this.#adaptation;
  }

  #load(): Promise<void> {
    if (this.#isLoaded) return Promise.resolve();
    if (!this.#loading) {
      this.#channel.listen(() => void this.#lane.run(() => this.#reload()).catch(() => {}));
      this.#loading = this.#reload();
    }
    return this.#loading;
  }

  /** The rows as the storage has them, and those that it could not take. Never rejects: what cannot be read is as good as none. */
  async #reload(): Promise<void> {
    const records = await this.#stored(() => this.#shelf.readAll(), false).catch(() => undefined);
    this.#isLoaded = true;
    if (!records) return;
    const rows = records.flatMap((record) => readRow(record) ?? []);
    const unsaved = [...this.#rows.values()].filter(({ id }) => this.#unsaved.has(id));
    this.#rows = new Map([...rows, ...unsaved].map((row) => [row.id, row]));
    this.#skipped = records.length - rows.length;
    this.#adaptation = undefined;
    if (this.#reader.base !== undefined) this.refresh();
  }

  async #readStale(): Promise<void> {
    await this.#load();
    const { base } = this.#reader;
    this.#adaptation = undefined;
    if (base === undefined) return;
    const stale = [...this.#rows.values()].filter(({ model }) => model !== base);
    for (let i = 0; i < stale.length; i += rowsPerRead) {
      const some = stale.slice(i, i + rowsPerRead);
      const shipped = await this.#reader.read(some.map(({ text }) => text));
      await this.#lane.run(async () => {
        // What was undone meanwhile stays so.
        const fresh = some.map((row, k) => withReading(row, shipped[k] as Shipped)).filter(({ id }) => this.#rows.has(id));
        for (const row of fresh) this.#rows.set(row.id, row);
        await this.#save(fresh, []);
      });
    }
  }

  /** Never before the newest that is kept: where the clock was set back, what is added is still the newest. */
  #time(): number {
    return [...this.#rows.values()].reduce((newest, { at }) => Math.max(newest, at), this.#now());
  }

  #dropOldest(): readonly string[] {
    const oldest = [...this.#rows.values()].sort(newestFirst).slice(maxCorrections);
    for (const { id } of oldest) this.#rows.delete(id);
    return oldest.map(({ id }) => id).filter((id) => !this.#unsaved.delete(id));
  }

  /** Where the storage refuses, the rows stay in memory, and the next that is saved takes them along. */
  async #save(rows: readonly Row[], removed: readonly string[]): Promise<void> {
    this.#adaptation = undefined;
    for (const { id } of rows) this.#unsaved.add(id);
    const unsaved = [...this.#unsaved].flatMap((id) => this.#rows.get(id) ?? []);
    try {
      await this.#stored(() => this.#shelf.change(unsaved, removed));
      this.#unsaved.clear();
    } catch (error) {
      if (!isStorageProblem(error)) throw error;
    }
  }

  /** Keeps `problem` up to date, and tells other tabs of what was written. */
  async #stored<T>(work: () => Promise<T>, isChange = true): Promise<T> {
    try {
      const value = await work();
      this.#problem = undefined;
      if (isChange) this.#channel.tell(changed);
      return value;
    } catch (error) {
      if (isStorageProblem(error)) this.#problem = error;
      throw error;
    }
  }
}

/** Throws `invalid_argument`. */
export function checkCorrectionsOptions({ database = '', enabled = true, now = Date.now }: CorrectionsOptions = {}): void {
  const invalid = (message: string) => new AftersenseError('invalid_argument', message);
  checkString(database, 'corrections.database');
  if (typeof enabled !== 'boolean') throw invalid('corrections.enabled must be true or false.');
  if (typeof now !== 'function') throw invalid('corrections.now must be a function.');
}

/** Nothing is opened before the first call, or before base has been loaded. */
export function openCorrections(reader: Reader, options: CorrectionsOptions = {}): CorrectionStore {
  const { database = 'aftersense-corrections' } = options;
  return new CorrectionStore(new IndexedDbShelf(database), new Channel(database, isChanged), reader, options);
}
