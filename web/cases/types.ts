/** Public types of cases. Types only. All times are milliseconds since 1970, as of `Date.now()`. */
import type { AftersenseError } from '../errors.ts';
import type { TrendOptions, Trends } from '../trends/types.ts';
import type { Analysis, Aspect, EntityKind, Span, UrgencyLevel } from '../types.ts';

/** Where work goes on, in its order. */
export type OpenState = 'collect' | 'mediate' | 'plan' | 'execute' | 'follow_up';
export type EndState = 'closed' | 'withdrawn';
export type CaseState = OpenState | EndState;

/** Who sends an event; `system` is the shop's software. */
export type Party = 'shopper' | 'agent' | 'system';

/** What the shopper wishes, or the shop offers. */
export type Remedy = 'refund' | 'exchange' | 'reship' | 'repair' | 'coupon' | 'apology' | 'call_back' | 'other';

/** What the case is about. */
export interface CaseFacts {
  /** What happened, in the shopper's words. */
  readonly text: string;
  readonly kind: Aspect;
  readonly wish?: Remedy;
  readonly order?: string;
  readonly product?: string;
}

/** How long a case may stay in each state, in hours, by priority; and for how many days after its end it can be reopened. */
export interface ServiceTerms {
  readonly hours: Readonly<Record<UrgencyLevel, Readonly<Record<OpenState, number>>>>;
  readonly reopenDays: number;
}

/** One piece of what was agreed on. */
export interface Step {
  readonly id: string;
  readonly title: string;
  readonly done: boolean;
}

interface EventBase {
  /** The idempotency key: an event whose id the case has seen is refused. */
  readonly id: string;
  readonly by: Party;
}

/** How a case begins: the first entry of its history. `terms` stay with the case, whatever the shop's policy becomes. */
export interface OpenEvent extends EventBase {
  readonly type: 'open';
  readonly facts: CaseFacts;
  readonly priority: UrgencyLevel;
  /** The queue that is to work on it. */
  readonly skill?: string;
  readonly terms: ServiceTerms;
}

/** What moves a case on. Which state takes which event, and from whom: README.md. */
export type CaseEvent = EventBase &
  (
    | { readonly type: 'describe'; readonly facts: Partial<CaseFacts> }
    | { readonly type: 'submit' }
    | { readonly type: 'propose'; readonly remedies: readonly Remedy[]; readonly text?: string }
    | { readonly type: 'decline'; readonly text: string }
    | { readonly type: 'agree' }
    | { readonly type: 'schedule'; readonly steps: readonly Pick<Step, 'id' | 'title'>[] }
    | { readonly type: 'start' }
    | { readonly type: 'finish_step'; readonly step: string }
    | { readonly type: 'fail'; readonly text: string }
    | { readonly type: 'complete' }
    | { readonly type: 'dispute'; readonly text: string }
    | { readonly type: 'confirm' }
    | { readonly type: 'note'; readonly text: string }
    | { readonly type: 'assign'; readonly priority?: UrgencyLevel; readonly skill?: string }
    | { readonly type: 'withdraw'; readonly text?: string }
    | { readonly type: 'reopen'; readonly text: string }
  );
export type EventType = CaseEvent['type'];

/** As a caller of the store gives it: without an `id`, it gets one, and cannot be recognised when it comes twice. */
export type NewEvent = CaseEvent extends infer E ? (E extends CaseEvent ? Omit<E, 'id'> & { readonly id?: string } : never) : never;

export interface HistoryEntry {
  /** 1 for the first, and no number is left out. */
  readonly sequence: number;
  /** Never before the entry before. */
  readonly at: number;
  /** Present where the clock stood before the last entry's time, which `at` then repeats. */
  readonly clockSkew?: true;
  /** Absent for the first. */
  readonly from?: CaseState;
  readonly to: CaseState;
  readonly event: OpenEvent | CaseEvent;
}

/** A case as of its last event: what its history leads to, and nothing else. */
export interface Case extends CaseFacts {
  readonly id: string;
  /** Sequence number of the last entry of the history. */
  readonly version: number;
  readonly state: CaseState;
  /** When it came into this state. */
  readonly enteredAt: number;
  readonly priority: UrgencyLevel;
  readonly skill?: string;
  /** What the shop offers; empty where no offer stands. */
  readonly proposal: readonly Remedy[];
  readonly steps: readonly Step[];
  readonly terms: ServiceTerms;
  readonly history: readonly HistoryEntry[];
}

/** A new case; `text` is enough. */
export interface NewCase extends Partial<CaseFacts> {
  readonly text: string;
  /** Default: one by chance. Give one, and the same case cannot be opened twice. */
  readonly id?: string;
  /** Default `P3`. */
  readonly priority?: UrgencyLevel;
  readonly skill?: string;
  /** Default `shopper`. */
  readonly by?: Party;
}

/**
 * A case after a call. Kept in memory alone, because of `problem`, it lasts until the page goes: `retry()` and every further event try
 * to store it again, `export()` has it too.
 */
export type Kept =
  | { readonly kept: 'stored'; readonly case: Case }
  | { readonly kept: 'memory'; readonly case: Case; readonly problem: AftersenseError };

/** What another tab did: moved a case on, or erased one or (without `id`) all. */
export type CaseChange =
  | { readonly kind: 'changed'; readonly id: string; readonly version: number }
  | { readonly kind: 'erased'; readonly id?: string };

/** The exchange format, JSON: README.md. */
export interface CaseFile {
  readonly format: 'aftersense-cases';
  readonly version: 1;
  /** ISO 8601. */
  readonly exportedAt: string;
  readonly cases: readonly Case[];
}

export interface ImportReport {
  /** Ids of cases that were not here. */
  readonly added: readonly string[];
  /** Ids of cases whose imported history goes on where ours ended. */
  readonly updated: readonly string[];
  /** Ids of cases that the file knows no better. */
  readonly unchanged: readonly string[];
  /** Ids of cases whose histories went different ways; ours stayed. */
  readonly diverged: readonly string[];
}

export interface CasesOptions {
  /** Name of the IndexedDB database; default `aftersense-cases`. */
  readonly database?: string;
  /** Terms of cases opened from now on; what is left out has its default (README.md). */
  readonly terms?: {
    readonly hours?: Partial<Record<UrgencyLevel, Partial<Record<OpenState, number>>>>;
    readonly reopenDays?: number;
  };
  /** Default `Date.now`. */
  readonly now?: () => number;
}

/** Cases on this device. Errors of all calls: `CaseError` and `AftersenseError`, by their codes. */
export interface Cases {
  /** Why storage failed when it was last used; undefined where it worked. */
  readonly problem: AftersenseError | undefined;
  open(fresh: NewCase): Promise<Kept>;
  /**
   * Move `known` on, as the caller last saw it. Where it has moved on since, in another tab or in this one, `case_conflict` (or
   * `case_repeated`, where it was this very event) with the newer case.
   */
  advance(known: Case, event: NewEvent): Promise<Kept>;
  /** Rejects where the storage cannot be read and memory has no such case. */
  get(id: string): Promise<Case | undefined>;
  /** Newest first. Where the storage cannot be read (`problem`), those in memory. */
  list(): Promise<readonly Case[]>;
  /** How often which kind of case was opened, and what rises or falls. Default: weeks of the device's time zone, up to now. */
  trends(options?: Partial<TrendOptions>): Promise<Trends>;
  /** When the state must have been left; undefined for a case that has ended. */
  deadline(known: Case): number | undefined;
  isOverdue(known: Case): boolean;
  /** Try again to store what only memory holds; what is still in memory alone afterwards. */
  retry(): Promise<readonly Case[]>;
  /** All cases, or these; as `list`. */
  export(ids?: readonly string[]): Promise<CaseFile>;
  /** All of the file, or nothing: it is checked first, and written at once. */
  import(file: unknown): Promise<ImportReport>;
  /** One case, or all. */
  erase(id?: string): Promise<void>;
  /** Calls `listener` after changes that other tabs made, until `signal` aborts. */
  watch(listener: (change: CaseChange) => void, options?: { readonly signal?: AbortSignal }): void;
  /** Closes the database; idempotent. */
  close(): void;
}

/** Kinds that are about a person; the others are about the matter. */
export type PersonalKind = Exclude<EntityKind, 'product' | 'amount' | 'date'>;

export interface HandOffOptions {
  /** Reads texts, on the device, in the order given: `desk.analyze`. */
  readonly analyze: (texts: readonly string[], options: { readonly explain: true }) => Promise<readonly Analysis[]>;
  /** Personal data that the shopper chose to leave in. Default: none. */
  readonly keep?: readonly PersonalKind[];
  /** The text as the shopper edited it, in place of the case's. */
  readonly text?: string;
}

/** A reading, and the words it rests on, redacted. */
export interface HandOffReading {
  readonly label: string;
  /** Calibrated probability, rounded to a hundredth. */
  readonly score: number;
  readonly quotes: readonly string[];
}

export interface HandOffEntry {
  readonly sequence: number;
  /** ISO 8601. */
  readonly at: string;
  readonly by: Party;
  readonly type: EventType | 'open';
  readonly state: CaseState;
  /** What was noted or given as a reason, redacted. What the shopper described is in `text` of the packet alone. */
  readonly text?: string;
  readonly remedies?: readonly Remedy[];
}

/** What a human agent needs, without what the shopper did not choose to tell. */
export interface HandOffPacket {
  readonly format: 'aftersense-hand-off';
  readonly version: 1;
  readonly case: string;
  readonly state: CaseState;
  readonly kind: Aspect;
  readonly priority: UrgencyLevel;
  /** ISO 8601; null for a case that has ended. */
  readonly dueAt: string | null;
  readonly skill: string | null;
  readonly wish: Remedy | null;
  /** Redacted as an entity of kind `order_id`. */
  readonly order: string | null;
  readonly product: string | null;
  readonly language: Analysis['language'];
  /** The shopper's words; what was taken out stands as `[kind]`. */
  readonly text: string;
  /** How often each kind was taken out, anywhere in the packet. */
  readonly redacted: Readonly<Partial<Record<PersonalKind, number>>>;
  /** Null where the analysis abstained. */
  readonly sentiment: HandOffReading | null;
  readonly emotions: readonly Omit<HandOffReading, 'quotes'>[];
  readonly aspects: readonly (HandOffReading & { readonly polarity: string })[];
  readonly intent: Omit<HandOffReading, 'quotes'> | null;
  readonly urgency: Omit<HandOffReading, 'quotes'> | null;
  readonly proposal: readonly Remedy[];
  readonly steps: readonly Step[];
  readonly timeline: readonly HandOffEntry[];
}

/** A span of the shopper's text that is taken out, and what stands in its place. Of the page alone: it is no part of the packet. */
export interface Redaction extends Span {
  readonly kinds: readonly PersonalKind[];
  readonly placeholder: string;
}

export interface HandOff {
  readonly packet: HandOffPacket;
  /** `packet` as JSON: exactly what a shop that sends it would send. This module sends nothing. */
  readonly preview: string;
  /** What was taken out of the text that was read, for display before the shopper agrees. */
  readonly redactions: readonly Redaction[];
}
