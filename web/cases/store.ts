/** Cases on this device: the state machine over storage that may fail, and over other tabs that write too. */
import { checkString, checkStrings } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import { Lane } from '../lane.ts';
import { isStorageProblem } from '../storage/connection.ts';
import { deviceTimeZone } from '../trends/calendar.ts';
import { trends } from '../trends/trends.ts';
import type { TrendOptions, Trends } from '../trends/types.ts';
import { Announcer } from './announcer.ts';
import { IndexedDbShelf, type Shelf } from './database.ts';
import { CaseError } from './errors.ts';
import { beginsWith, caseFile, readCaseFile } from './file.ts';
import { invalid, readTerms } from './read.ts';
import { completeTerms, deadline, overdue } from './terms.ts';
import type {
  Case,
  CaseChange,
  CaseEvent,
  CaseFile,
  Cases,
  CasesOptions,
  ImportReport,
  Kept,
  NewCase,
  NewEvent,
  ServiceTerms,
} from './types.ts';
import { advance, openCase } from './workflow.ts';

/** A case that could not be stored, and the version of it that storage has; 0 for none. */
interface Held {
  readonly case: Case;
  readonly storedVersion: number;
}

/** 96 random bits. `crypto.randomUUID` is there in secure contexts alone. */
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');

function gone(id: string): never {
  throw new CaseError('case_unknown', `There is no case '${id}': it was erased, or never opened here.`);
}

class CaseStore implements Cases {
  readonly #shelf: Shelf;
  readonly #announcer: Announcer;
  readonly #terms: ServiceTerms;
  readonly #now: () => number;
  readonly #held = new Map<string, Held>();
  /** Changes go one by one: what fails to be stored is in memory before the next looks there. */
  readonly #lane = new Lane();
  #problem: AftersenseError | undefined;

  constructor(shelf: Shelf, announcer: Announcer, { terms, now = Date.now }: CasesOptions) {
    this.#shelf = shelf;
    this.#announcer = announcer;
    this.#terms = readTerms(completeTerms(terms), 'terms');
    this.#now = now;
  }

  get problem(): AftersenseError | undefined {
    return this.#problem;
  }

  async open(fresh: NewCase): Promise<Kept> {
    const { id = newId(), priority = 'P3', skill, by = 'shopper', kind = 'other', ...facts } = fresh;
    return this.#change(id, (latest) => {
      if (latest) throw new CaseError('case_repeated', `There is a case '${id}' already.`, { case: latest });
      const event = { type: 'open', id: newId(), by, facts: { kind, ...facts }, priority, terms: this.#terms } as const;
      return openCase(id, { ...event, ...(skill !== undefined && { skill }) }, this.#now());
    });
  }

  async advance(known: Case, event: NewEvent): Promise<Kept> {
    const { id, version } = Object(known) as Partial<Case>;
    checkString(id, 'known.id');
    const complete = { id: newId(), ...event } as CaseEvent;
    return this.#change(
      id,
      (latest) => {
        if (!latest) return gone(id);
        if (latest.history.some((entry) => entry.event.id === complete.id))
          throw new CaseError('case_repeated', `Case '${id}' has taken the event '${complete.id}' already.`, { case: latest });
        if (latest.version !== version)
          throw new CaseError('case_conflict', `Case '${id}' is at version ${latest.version}, not ${version}: look at it anew.`, {
            case: latest,
          });
        return advance(latest, complete, this.#now());
      },
      known,
    );
  }

  async get(id: string): Promise<Case | undefined> {
    checkString(id, 'id');
    return this.#copyHeld(id) ?? this.#watched(() => this.#shelf.read(id));
  }

  async list(): Promise<readonly Case[]> {
    const stored = await this.#watched(() => this.#shelf.readAll()).catch((error: unknown): Case[] => {
      if (isStorageProblem(error)) return [];
      throw error;
    });
    const inMemory = [...this.#held.keys()].map((id) => this.#copyHeld(id) as Case);
    const openedAt = ({ history }: Case) => history[0]?.at ?? 0;
    return [...stored.filter(({ id }) => !this.#held.has(id)), ...inMemory].sort((a, b) => openedAt(b) - openedAt(a));
  }

  async trends(options: Partial<TrendOptions> = {}): Promise<Trends> {
    return trends(await this.list(), { timeZone: deviceTimeZone(), now: this.#now(), ...options });
  }

  deadline(known: Case): number | undefined {
    return deadline(known);
  }

  isOverdue(known: Case): boolean {
    return overdue(known, this.#now());
  }

  async retry(): Promise<readonly Case[]> {
    for (const id of [...this.#held.keys()]) await this.#change(id, (latest) => latest ?? gone(id));
    return [...this.#held.keys()].map((id) => this.#copyHeld(id) as Case);
  }

  async export(ids?: readonly string[]): Promise<CaseFile> {
    if (ids !== undefined) checkStrings(ids, 'ids');
    const cases = await this.list();
    const missing = ids?.find((id) => !cases.some((one) => one.id === id));
    if (missing !== undefined) throw this.#problem ?? gone(missing);
    return caseFile(ids ? cases.filter(({ id }) => ids.includes(id)) : cases, this.#now());
  }

  async import(file: unknown): Promise<ImportReport> {
    const given = readCaseFile(file);
    return this.#lane.run(async () => {
      const report = { added: [], updated: [], unchanged: [], diverged: [] } as { readonly [K in keyof ImportReport]: string[] };
      const taken: Case[] = [];
      const ids = given.map(({ id }) => id);
      await this.#watched(() =>
        this.#shelf.update(ids, (stored) => {
          for (const [i, one] of given.entries()) {
            const fate = compare(one, this.#held.get(one.id)?.case ?? stored[i]);
            report[fate].push(one.id);
            if (fate === 'added' || fate === 'updated') taken.push(one);
          }
          return taken;
        }),
      );
      for (const one of taken) this.#stored(one);
      return report;
    });
  }

  erase(id?: string): Promise<void> {
    if (id !== undefined) checkString(id, 'id');
    return this.#lane.run(async () => {
      if (id === undefined) this.#held.clear();
      else this.#held.delete(id);
      await this.#watched(() => this.#shelf.remove(id));
      this.#announcer.tell({ kind: 'erased', ...(id !== undefined && { id }) });
    });
  }

  watch(listener: (change: CaseChange) => void, { signal }: { readonly signal?: AbortSignal } = {}): void {
    if (typeof listener !== 'function') throw invalid('listener must be a function.');
    this.#announcer.listen(listener, signal);
  }

  close(): void {
    this.#lane.close(new AftersenseError('disposed', 'The cases were closed.'));
    this.#announcer.close();
    this.#shelf.close();
  }

  /**
   * What `next` makes of the newest case of this id, stored, or else held in memory. `known` stands for the stored one where storage
   * cannot be read.
   */
  #change(id: string, next: (latest: Case | undefined) => Case, known?: Case): Promise<Kept> {
    return this.#lane.run(async () => {
      const held = this.#held.get(id);
      let made: Held | undefined;
      const make = (stored: Case | undefined): Case => {
        made = { case: next(held ? this.#unlessMoved(held, stored) : stored), storedVersion: stored?.version ?? 0 };
        return made.case;
      };
      try {
        await this.#watched(() => this.#shelf.update([id], ([stored]) => [make(stored)]));
      } catch (problem) {
        if (!isStorageProblem(problem)) throw problem;
        made ??= { case: next(held?.case ?? known), storedVersion: held?.storedVersion ?? known?.version ?? 0 };
        this.#held.set(id, structuredClone(made));
        return { kept: 'memory', case: made.case, problem };
      }
      const { case: kept } = made as Held;
      this.#stored(kept);
      return { kept: 'stored', case: kept };
    });
  }

  /** The held case, unless storage has moved on without it: then the stored one wins, and the caller gets both. */
  #unlessMoved(held: Held, stored: Case | undefined): Case {
    if ((stored?.version ?? 0) === held.storedVersion) return held.case;
    const { id } = held.case;
    this.#held.delete(id);
    if (!stored) return gone(id);
    throw new CaseError('case_conflict', `Case '${id}' was moved on by another tab, while this one could not store it.`, {
      case: stored,
      unsaved: held.case,
    });
  }

  #copyHeld(id: string): Case | undefined {
    return structuredClone(this.#held.get(id)?.case);
  }

  #stored({ id, version }: Case): void {
    this.#held.delete(id);
    this.#announcer.tell({ kind: 'changed', id, version });
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

/** What an imported case is to ours. */
function compare(given: Case, ours: Case | undefined): keyof ImportReport {
  if (!ours) return 'added';
  if (given.version <= ours.version) return beginsWith(ours.history, given.history) ? 'unchanged' : 'diverged';
  return beginsWith(given.history, ours.history) ? 'updated' : 'diverged';
}

/** With a shelf and an announcer of one's own; tests do that. @internal */
export const casesOver = (shelf: Shelf, announcer: Announcer, options: CasesOptions = {}): Cases =>
  new CaseStore(shelf, announcer, options);

/** The cases kept on this device. Nothing is opened before the first call. */
export function openCases(options: CasesOptions = {}): Cases {
  const { database = 'aftersense-cases' } = options;
  checkString(database, 'database');
  return casesOver(new IndexedDbShelf(database), new Announcer(database), options);
}
