/**
 * What a device agreed to tell and what it told: pure. Spending is booked on the days that were told of, not on those when it was asked:
 * no clock, set forward or back, gives any of it back (w-event privacy: Kellaris et al. 2014).
 */
import { AftersenseError } from '../errors.ts';
import { firstDay, periodDays, startOf } from './calendar.ts';
import type { Question } from './report.ts';
import type { PrivacyBudget, ReportConsent, TrendPeriod, TrendReport } from './types.ts';

/** A period that was told of. After a revocation without its report. */
export interface Told {
  readonly period: TrendPeriod;
  readonly index: number;
  readonly epsilon: number;
  readonly report?: TrendReport;
}

export interface Ledger {
  readonly consent?: ReportConsent;
  /** Set by the first consent, and never changed. */
  readonly timeZone?: string;
  readonly told: readonly Told[];
}

export const emptyLedger: Ledger = { told: [] };

/** With the shopper's consent in it; the zone stays that of the first. */
export function agreed({ timeZone, told }: Ledger, given: ReportConsent): Ledger {
  const consent = timeZone === undefined ? given : { ...given, timeZone };
  return { consent, timeZone: consent.timeZone, told };
}

export function revoked({ consent: _, told, ...rest }: Ledger): Ledger {
  return { ...rest, told: told.map(({ period, index, epsilon }) => ({ period, index, epsilon })) };
}

/** Error: consent_missing. */
export function consentOf({ consent }: Ledger): ReportConsent {
  if (!consent) throw new AftersenseError('consent_missing', 'The shopper has not agreed to reports: ask, then call consent().');
  return consent;
}

const spent = (message: string) => new AftersenseError('privacy_budget_spent', message);

/** The largest sum of epsilon in any window of the budget's days that a period lies in, the period itself left out. */
function mostSpent(told: readonly Told[], { period, index }: Pick<Question, 'period' | 'index'>, { days }: PrivacyBudget): number {
  const spans = told.map((one) => {
    const from = firstDay(one.index, one.period);
    return { from, to: from + periodDays[one.period] - 1, epsilon: one.epsilon };
  });
  const [from, to] = [firstDay(index, period), firstDay(index, period) + periodDays[period] - 1];
  let most = 0;
  for (let start = from - days + 1; start <= to; start++) {
    const within = spans.filter((span) => span.from < start + days && span.to >= start);
    most = Math.max(
      most,
      within.reduce((sum, { epsilon }) => sum + epsilon, 0),
    );
  }
  return most;
}

const sameQuestion = ({ epsilon, kinds }: TrendReport, asked: Question) =>
  epsilon === asked.epsilon && kinds.length === asked.kinds.length && kinds.every((kind, i) => kind === asked.kinds[i]);

/** Sums of decimals such as 0.1 are off by less. */
const slack = 1e-9;

/** The ledger with the report in it: the old one, or what `make` gives. Errors: consent_missing, privacy_budget_spent. */
export function tell(ledger: Ledger, asked: Question, make: () => TrendReport): { readonly ledger: Ledger; readonly report: TrendReport } {
  const { told } = ledger;
  const consent = consentOf(ledger);
  const { period, index, epsilon } = asked;
  const name = `The ${period} of ${startOf(index, period)}`;
  const before = told.find((one) => one.period === period && one.index === index);
  if (before?.report && sameQuestion(before.report, asked)) return { ledger, report: before.report };
  if (before?.report) throw spent(`${name} was told of with epsilon ${before.epsilon} and kinds of its own: ask for that report.`);
  if (before) throw spent(`${name} was told of before the consent was revoked, and the report is erased: it cannot be told of again.`);
  const most = mostSpent(told, asked, consent);
  if (most + epsilon > consent.epsilon + slack)
    throw spent(
      `${name} would take epsilon ${epsilon}; of ${consent.epsilon} in ${consent.days} days, ${most} are spent. Report fewer periods, or with a smaller epsilon.`,
    );
  const report = make();
  return { ledger: { ...ledger, told: [...told, { period, index, epsilon, report }] }, report };
}
