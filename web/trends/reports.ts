/** Reports of this device: the question checked, the answer drawn and booked in one transaction. */
import { aspects } from '../aspects.ts';
import { checkInteger, checkString } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import { checkPeriod, checkTime, deviceTimeZone, periodClock, periodFrom, startOf } from './calendar.ts';
import { IndexedDbLedger, type LedgerShelf } from './database.ts';
import { agreed, consentOf, revoked, tell } from './ledger.ts';
import { type Draw, secureDraw } from './random.ts';
import { checkEpsilon, checkKinds, makeReport, ownValue, type Question } from './report.ts';
import { checkCases } from './trends.ts';
import type {
  PrivacyBudget,
  ReportConsent,
  ReportedCase,
  ReportOptions,
  Reports,
  ReportsOptions,
  ReportsStatus,
  TrendReport,
} from './types.ts';

const maxEpsilon = 100;
const maxDays = 366;

const invalid = (message: string) => new AftersenseError('invalid_argument', message);

interface Parts {
  readonly shelf: LedgerShelf;
  readonly now: () => number;
  readonly draw: Draw;
}

class ReportStore implements Reports {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async consent(given: { readonly consent: true; readonly timeZone?: string } & PrivacyBudget): Promise<ReportConsent> {
    const { consent, epsilon, days, timeZone = deviceTimeZone() } = Object(given) as Partial<typeof given>;
    if (consent !== true) throw invalid('consent must be true: nothing else is a consent.');
    if (typeof epsilon !== 'number' || !(epsilon > 0 && epsilon <= maxEpsilon))
      throw invalid(`epsilon must be above 0 and at most ${maxEpsilon}, not ${String(epsilon)}.`);
    checkInteger(days, 'days', 1, maxDays);
    periodClock('day', timeZone);
    let recorded: ReportConsent | undefined;
    await this.#parts.shelf.update((ledger) => {
      const next = agreed(ledger, { epsilon, days, at: this.#parts.now(), timeZone });
      recorded = next.consent;
      return next;
    });
    return recorded as ReportConsent;
  }

  revoke(): Promise<void> {
    return this.#parts.shelf.update(revoked);
  }

  async status(): Promise<ReportsStatus> {
    const { consent, told } = await this.#parts.shelf.read();
    return { consent, told: told.map(({ period, index, epsilon }) => ({ period, start: startOf(index, period), epsilon })) };
  }

  async report(cases: readonly ReportedCase[], options: ReportOptions): Promise<TrendReport> {
    checkCases(cases);
    const { epsilon, period = 'week', kinds = aspects, start } = Object(options) as Partial<ReportOptions>;
    checkEpsilon(epsilon);
    checkPeriod(period);
    checkKinds(kinds);
    const asked = start === undefined ? undefined : periodFrom(start, period);
    const now = this.#parts.now();
    checkTime(now, 'now');
    let report: TrendReport | undefined;
    await this.#parts.shelf.update((ledger) => {
      const periodAt = periodClock(period, consentOf(ledger).timeZone);
      const index = asked ?? periodAt(now) - 1;
      const question: Question = { period, index, epsilon, kinds };
      const next = tell(ledger, question, () => {
        if (index >= periodAt(now)) throw invalid(`The ${period} of ${start} has not ended yet.`);
        return makeReport(question, ownValue(cases, question, periodAt), this.#parts.draw);
      });
      report = next.report;
      return next.ledger;
    });
    return report as TrendReport;
  }

  close(): void {
    this.#parts.shelf.close();
  }
}

/** With a shelf and chance of one's own; tests do that. @internal */
export const reportsOver = (shelf: LedgerShelf, draw: Draw, now: () => number): Reports => new ReportStore({ shelf, draw, now });

/** The reports of this device. Nothing is opened before the first call. */
export function openReports({ database = 'aftersense-reports', now = Date.now }: ReportsOptions = {}): Reports {
  checkString(database, 'database');
  return reportsOver(new IndexedDbLedger(database), secureDraw, now);
}
