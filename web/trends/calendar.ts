/** Periods as integers that follow each other: days since 1970-01-01, or weeks, by the wall clock of a time zone. */
import { checkOneOf, checkString } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import type { TrendPeriod } from './types.ts';

const dayMs = 86_400_000;
export const periodDays: Readonly<Record<TrendPeriod, number>> = { day: 1, week: 7 };

const invalid = (message: string) => new AftersenseError('invalid_argument', message);

export function checkPeriod(value: unknown): asserts value is TrendPeriod {
  checkOneOf(value, 'period', ['day', 'week']);
}

export function checkTime(value: unknown, name: string): asserts value is number {
  if (!Number.isFinite(value) || Math.abs(value as number) > 8.64e15) throw invalid(`${name} must be a time in milliseconds.`);
}

// 1970-01-01 was a Thursday: its week began three days before.
const periodOfDay = (day: number, period: TrendPeriod) => (period === 'day' ? day : Math.floor((day + 3) / 7));
/** The day, counted from 1970-01-01, on which a period begins. */
export const firstDay = (index: number, period: TrendPeriod) => (period === 'day' ? index : index * 7 - 3);

/** `2026-11-16` */
export const startOf = (index: number, period: TrendPeriod) => new Date(firstDay(index, period) * dayMs).toISOString().slice(0, 10);

/** The period that begins on this day. Throws `invalid_argument` where none does. */
export function periodFrom(start: unknown, period: TrendPeriod): number {
  checkString(start, 'start');
  const time = /^\d{4}-\d\d-\d\d$/.test(start) ? Date.parse(start) : Number.NaN;
  const index = periodOfDay(time / dayMs, period);
  // Date.parse takes 30 February for a day in March.
  if (Number.isNaN(time) || startOf(index, period) !== start)
    throw invalid(`start must be ${period === 'week' ? 'a Monday' : 'a day'} such as 2026-11-16, not ${start}.`);
  return index;
}

/** From a time to its period. Throws `invalid_argument` for a time zone that is none. */
export function periodClock(period: TrendPeriod, timeZone: unknown): (time: number) => number {
  checkString(timeZone, 'timeZone');
  let clock: Intl.DateTimeFormat;
  try {
    clock = new Intl.DateTimeFormat('en-US-u-ca-gregory', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' });
  } catch (cause) {
    throw new AftersenseError('invalid_argument', `timeZone must be an IANA time zone such as 'Asia/Shanghai', not ${timeZone}.`, {
      cause,
    });
  }
  return (time) => {
    // '11/16/2026': several times as fast as formatToParts, and there may be many cases.
    const [month, day, year] = clock.format(time).split('/').map(Number) as [number, number, number];
    return periodOfDay(Date.UTC(year, month - 1, day) / dayMs, period);
  };
}

export const deviceTimeZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;
