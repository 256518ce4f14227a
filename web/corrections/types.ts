/** Public types of corrections. Types only. */
import type { Readings } from '../desk/types.ts';
import type { AftersenseError } from '../errors.ts';
import type { Aspect, Intent, SentimentLabel, Tier, UrgencyLevel } from '../types.ts';

/** What can be corrected: one choice among labels. An aspect is `absent`, or spoken of with a polarity. */
export type Verdict = 'sentiment' | 'intent' | 'urgency' | `aspect.${Aspect}`;

export type VerdictLabel<V extends Verdict> = V extends 'sentiment'
  ? SentimentLabel
  : V extends 'intent'
    ? Intent
    : V extends 'urgency'
      ? UrgencyLevel
      : SentimentLabel | 'absent';

/** What somebody says that a verdict should have been. The label that the model gave is welcome too: it holds other corrections back. */
export type NewCorrection = {
  readonly [V in Verdict]: {
    /** 1 to 8192 UTF-16 units, not blank. */
    readonly text: string;
    readonly verdict: V;
    readonly label: VerdictLabel<V>;
    readonly by: 'shopper' | 'agent';
  };
}[Verdict];

/** What the shipped model had read, before any correction. */
export interface ShippedReading {
  readonly label: string;
  /** Probability of `label`; absent where the analysis does not say it: of an aspect that it does not list. */
  readonly score?: number;
  readonly tier: Tier;
  /** Name and version of the model. */
  readonly model: string;
}

export type Correction = NewCorrection & {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Null where the model read nothing of the kind, as lite does not read intents. Anew once base is loaded. */
  readonly read: ShippedReading | null;
};

/** `memory`: the browser refused to store it, `problem` says why; it lives as long as the page, and is stored with the next that can be. */
export type KeptCorrection =
  | { readonly kept: 'stored'; readonly correction: Correction }
  | { readonly kept: 'memory'; readonly correction: Correction; readonly problem: AftersenseError };

export interface CorrectionsOptions {
  /** Of the IndexedDB database; default `aftersense-corrections`. */
  readonly database?: string;
  /** Whether corrections move verdicts from the start; default true. */
  readonly enabled?: boolean;
  /** The clock, in milliseconds; default `Date.now`. */
  readonly now?: () => number;
}

/** Personal data out, by the entities of an analysis such as `desk.analyze` gives; or the texts as they were written. */
export type CorrectionsExportOptions =
  | { readonly redact: (texts: readonly string[]) => Promise<readonly Readings[]> }
  | { readonly raw: true };

/** Corrections on this device. Nothing here sends anything. */
export interface Corrections {
  /** Whether they move verdicts, of this handle. Without, `analyze` gives exactly what the shipped model says. */
  enabled: boolean;
  /** Why the last use of the storage failed; undefined where it did not. */
  readonly problem: AftersenseError | undefined;
  /** How many stored records were no corrections, and are passed over; `erase` removes them. */
  readonly skipped: number;
  /**
   * Keep a correction; what was kept before, word for word, is not kept twice. Of more than 2,000 the oldest go.
   * Errors: invalid_argument; those of `analyze`.
   */
  add(correction: NewCorrection): Promise<KeptCorrection>;
  /** Newest first. */
  list(): Promise<readonly Correction[]>;
  /** As if it had never been made; false where there is none of this id. Errors: storage_unavailable, where it may come back. */
  undo(id: string): Promise<boolean>;
  /** JSON, a line a text, for retraining: README.md has the fields. Error: redaction_unavailable. */
  export(options: CorrectionsExportOptions): Promise<string>;
  /** All of them. Errors: storage_unavailable, where they may come back. */
  erase(): Promise<void>;
  /** Resolves when all that is kept applies: after base was loaded, older corrections have to be read by it first. */
  ready(): Promise<void>;
}
