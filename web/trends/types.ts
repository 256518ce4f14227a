/** Public types of trends and reports. Types only. All times are milliseconds since 1970, as of `Date.now()`. */

/** A calendar day, or a week from Monday on, by the wall clock of a time zone. */
export type TrendPeriod = 'day' | 'week';

/** What cases are counted by. `kind` is the aspect that the case is about. */
export type TrendBy = 'kind' | 'product' | 'wish';

export interface TrendOptions {
  /** Default `week`. */
  readonly period?: TrendPeriod;
  /** Default `kind`. */
  readonly by?: TrendBy;
  /** IANA name, such as `Asia/Shanghai`. */
  readonly timeZone: string;
  readonly now: number;
  /** How many complete periods are compared with those before them. Default: 7 days, so that weekdays weigh alike, or 1 week. */
  readonly recent?: number;
  /** How many complete periods before them are the measure, at most. Default: 28 days, or 8 weeks. */
  readonly earlier?: number;
  /** Fewer cases than this in both spans together get no verdict. Default 5. */
  readonly minEvents?: number;
  /** The share of false alarms among all alarms that is put up with (Benjamini–Hochberg). Default 0.05. */
  readonly falseDiscoveryRate?: number;
}

/** `too_few`: cases or periods. `not_significant` does not say that nothing changed. */
export type TrendVerdict = 'rising' | 'falling' | 'not_significant' | 'too_few';

export interface Trend {
  /** The kind, product or wish. */
  readonly name: string;
  /** Cases opened in each complete period, as `periods` of the result. */
  readonly counts: readonly number[];
  /** Cases opened in the running period so far; no test looks at them. */
  readonly running: number;
  /** Cases in the recent periods, and in the earlier ones that they are compared with. */
  readonly recent: number;
  readonly earlier: number;
  /** Cases a period, recent over earlier; absent where there were none earlier. */
  readonly ratio?: number;
  /** Of the ratio, with at least 95 % confidence; no `high`: nothing bounds it. Absent where there is nothing to compare. */
  readonly ratioInterval?: { readonly low: number; readonly high?: number };
  /** Two-sided, exact; with `adjusted` for the number of names tested. Absent with `too_few`. */
  readonly p?: number;
  readonly adjusted?: number;
  readonly verdict: TrendVerdict;
}

export interface Trends {
  readonly period: TrendPeriod;
  readonly by: TrendBy;
  readonly timeZone: string;
  /** First days of the complete periods, `2026-11-16`, oldest first: none is left out. */
  readonly periods: readonly string[];
  /** First day of the period that `now` lies in. */
  readonly running: string;
  /** How many of `periods`, from the end, are recent; and how many before them they are compared with. */
  readonly compared: { readonly recent: number; readonly earlier: number };
  /** Most frequent first. */
  readonly trends: readonly Trend[];
  /** Cases left out: opened after `now` (a clock was set back), and without a product or wish. */
  readonly left: { readonly ahead: number; readonly unnamed: number };
}

/** What a shopper agreed to: no more than `epsilon` for what happened in any `days` days on end. */
export interface PrivacyBudget {
  readonly epsilon: number;
  readonly days: number;
}

export interface ReportConsent extends PrivacyBudget {
  readonly at: number;
  /** By whose wall clock this device's days and weeks go, for good: else one case could lie in two periods. */
  readonly timeZone: string;
}

/**
 * What one device tells of one period: names of which each is there by chance, its own a little more likely than the others. Safe to
 * send: README.md says what it gives away, and what not.
 */
export interface TrendReport {
  readonly format: 'aftersense-trend-report';
  readonly version: 1;
  /** By chance, and of this report alone: a sum that sees it twice counts it once. */
  readonly id: string;
  readonly mechanism: 'subset';
  readonly epsilon: number;
  readonly period: TrendPeriod;
  /** First day of the period. */
  readonly start: string;
  readonly kinds: readonly string[];
  /** Of `kinds` and `none`, in their order. */
  readonly picks: readonly string[];
}

export interface ReportOptions {
  /** The privacy loss of this one report, above 0 and at most 8: the smaller, the more is left to chance. */
  readonly epsilon: number;
  /** Default `week`. */
  readonly period?: TrendPeriod;
  /** The kinds told apart; all others count as `none`. The same on all devices. Default: all. */
  readonly kinds?: readonly string[];
  /** First day of a complete period. Default: the last one. */
  readonly start?: string;
}

export interface ReportsOptions {
  /** Name of the IndexedDB database; default `aftersense-reports`. */
  readonly database?: string;
  /** Default `Date.now`. */
  readonly now?: () => number;
}

/** What was agreed to, and what was told so far. */
export interface ReportsStatus {
  readonly consent: ReportConsent | undefined;
  readonly told: readonly { readonly period: TrendPeriod; readonly start: string; readonly epsilon: number }[];
}

/** The privacy ledger of this device. Nothing here sends anything. Errors of all calls: storage_unavailable, storage_full, invalid_argument. */
export interface Reports {
  /**
   * Record that the shopper agrees; again to change the budget. What was spent stays spent. `timeZone`, by default that of the device, stays
   * what it was at first.
   */
  consent(given: { readonly consent: true; readonly timeZone?: string } & PrivacyBudget): Promise<ReportConsent>;
  /** Erase the consent and every report. Only which periods were told of, with what epsilon and in which zone, is remembered. */
  revoke(): Promise<void>;
  status(): Promise<ReportsStatus>;
  /**
   * The report of a period, the same whenever it is asked for. Errors: consent_missing; privacy_budget_spent, also for a period that was
   * told of with other settings or before a revocation.
   */
  report(cases: readonly ReportedCase[], options: ReportOptions): Promise<TrendReport>;
  /** Closes the database; idempotent. */
  close(): void;
}

/** What of a `Case` a trend or a report looks at. */
export interface ReportedCase {
  readonly id: string;
  readonly kind: string;
  readonly product?: string;
  readonly wish?: string;
  readonly history: readonly { readonly at: number }[];
}

/** How many devices' first case of the period was of each kind, as far as their reports tell. */
export interface ReportEstimate {
  readonly mechanism: TrendReport['mechanism'];
  readonly epsilon: number;
  readonly period: TrendPeriod;
  readonly start: string;
  readonly reports: number;
  /** `none` is the last. An estimate is unbiased, so it may be below 0; `low` and `high` hold the truth 95 times in 100. */
  readonly kinds: readonly {
    readonly kind: string;
    readonly estimate: number;
    readonly standardError: number;
    readonly low: number;
    readonly high: number;
  }[];
}
