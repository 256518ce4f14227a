/** Counts of cases over time, and which of them rise or fall: a pure function of the cases and the clock it is given. */
import { checkInteger, checkOneOf } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import { checkPeriod, checkTime, periodClock, startOf } from './calendar.ts';
import { adjust, compareCounts, probabilityInterval } from './statistics.ts';
import type { ReportedCase, Trend, TrendOptions, Trends } from './types.ts';

/** Seven days on either side of a comparison: weekends weigh alike. Ours, as are 5 cases; a shop sets its own. */
const defaultSpans = { day: { recent: 7, earlier: 28 }, week: { recent: 1, earlier: 8 } } as const;
const maxPeriods = 3660;

function complete(options: TrendOptions): Required<TrendOptions> {
  const { period = 'week', by = 'kind', minEvents = 5, falseDiscoveryRate = 0.05, now, timeZone } = options;
  checkPeriod(period);
  checkOneOf(by, 'by', ['kind', 'product', 'wish']);
  checkTime(now, 'now');
  const { recent = defaultSpans[period].recent, earlier = defaultSpans[period].earlier } = options;
  checkInteger(recent, 'recent', 1, maxPeriods);
  checkInteger(earlier, 'earlier', 1, maxPeriods);
  checkInteger(minEvents, 'minEvents', 1, Number.MAX_SAFE_INTEGER);
  if (!(falseDiscoveryRate > 0 && falseDiscoveryRate < 1))
    throw new AftersenseError('invalid_argument', `falseDiscoveryRate must lie between 0 and 1, not ${falseDiscoveryRate}.`);
  return { period, by, minEvents, falseDiscoveryRate, now, timeZone, recent, earlier };
}

export const openedAt = ({ history }: ReportedCase): number => history[0]?.at as number;

export function checkCases(cases: unknown): asserts cases is readonly ReportedCase[] {
  if (!Array.isArray(cases)) throw new AftersenseError('invalid_argument', 'cases must be an array.');
  for (const [i, one] of cases.entries()) checkTime(Object(one).history?.[0]?.at, `cases[${i}].history[0].at`);
}

interface Span {
  /** First period shown. */
  readonly from: number;
  /** First period compared. */
  readonly testFrom: number;
  /** First recent one. */
  readonly recentFrom: number;
  /** The running one. */
  readonly running: number;
}

/**
 * The period of the very first case is shown but not compared: it is the first because it has a case, and would always count one too many.
 * What follows it is free of that.
 */
function spanOf(first: number, running: number, { recent, earlier }: Required<TrendOptions>): Span {
  const earliest = running - recent - earlier;
  const from = Math.min(running, Math.max(first, earliest));
  return { from, testFrom: first >= earliest ? from + 1 : from, recentFrom: Math.max(from, running - recent), running };
}

/** Counts of one name in the periods of a span; the last is the running one. */
const sum = (counts: readonly number[], from: number, to: number) => counts.slice(from, to).reduce((a, b) => a + b, 0);

function compare(name: string, counts: readonly number[], { from, testFrom, recentFrom, running }: Span, minEvents: number): Trend {
  const shown = { name, counts: counts.slice(0, -1), running: counts.at(-1) ?? 0 };
  const [before, after] = [Math.max(0, recentFrom - testFrom), running - recentFrom];
  const recent = sum(counts, recentFrom - from, running - from);
  const earlier = before ? sum(counts, testFrom - from, recentFrom - from) : 0;
  const found = { ...shown, recent, earlier };
  if (before === 0 || recent + earlier === 0) return { ...found, verdict: 'too_few' };
  const perPeriod = before / after;
  const { low, high } = probabilityInterval(recent, recent + earlier);
  const rates = {
    ...(earlier > 0 && { ratio: (recent / earlier) * perPeriod }),
    ratioInterval: { low: (low / (1 - low)) * perPeriod, ...(high < 1 && { high: (high / (1 - high)) * perPeriod }) },
  };
  if (recent + earlier < minEvents) return { ...found, ...rates, verdict: 'too_few' };
  return { ...found, ...rates, p: compareCounts(recent, earlier, after / (before + after)), verdict: 'not_significant' };
}

/** Verdicts, once the number of names tested is known. */
function judge(trends: readonly Trend[], rate: number): Trend[] {
  const tested = trends.flatMap(({ p }) => (p === undefined ? [] : [p]));
  const adjusted = adjust(tested).values();
  return trends.map((trend) => {
    if (trend.p === undefined) return trend;
    const value = adjusted.next().value as number;
    const direction = (trend.ratio ?? Number.POSITIVE_INFINITY) > 1 ? 'rising' : 'falling';
    return { ...trend, adjusted: value, verdict: value <= rate ? direction : 'not_significant' };
  });
}

/** Most frequent first, then by name, whatever the language of the device. */
const byFrequency = (a: Trend, b: Trend) =>
  sum(b.counts, 0, b.counts.length) + b.running - sum(a.counts, 0, a.counts.length) - a.running || (a.name < b.name ? -1 : 1);

/** Error: invalid_argument. */
export function trends(cases: readonly ReportedCase[], options: TrendOptions): Trends {
  checkCases(cases);
  const settings = complete(options);
  const { period, by, timeZone, now, minEvents, falseDiscoveryRate } = settings;
  const periodAt = periodClock(period, timeZone);
  const running = periodAt(now);
  const past = cases.filter((one) => openedAt(one) <= now);
  const events = past.map((one) => ({ name: one[by], at: periodAt(openedAt(one)) }));
  const span = spanOf(
    events.reduce((least, { at }) => Math.min(least, at), running),
    running,
    settings,
  );
  const tally = new Map<string, number[]>();
  for (const { name, at } of events) {
    if (name === undefined || at < span.from) continue;
    const counts = tally.get(name) ?? new Array<number>(running - span.from + 1).fill(0);
    counts[at - span.from] = (counts[at - span.from] as number) + 1;
    tally.set(name, counts);
  }
  const compared = [...tally].map(([name, counts]) => compare(name, counts, span, minEvents));
  return {
    period,
    by,
    timeZone,
    periods: Array.from({ length: running - span.from }, (_, i) => startOf(span.from + i, period)),
    running: startOf(running, period),
    compared: { recent: running - span.recentFrom, earlier: Math.max(0, span.recentFrom - span.testFrom) },
    trends: judge(compared, falseDiscoveryRate).sort(byFrequency),
    left: { ahead: cases.length - past.length, unnamed: events.filter(({ name }) => name === undefined).length },
  };
}
