/** Whether a moment lies within weekly hours by the wall clock of a place: daylight saving time is the zone's own affair. */
import { AftersenseError } from '../errors.ts';
import type { Hours, Weekday } from './types.ts';

export const weekdays: readonly Weekday[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const dayMinutes = 24 * 60;

const invalid = (message: string) => new AftersenseError('invalid_argument', message);

/** Minutes since midnight; `24:00` is a day's end. */
function minutesOf(clock: unknown, name: string): number {
  const [, hours, minutes] = /^(\d\d):([0-5]\d)$/.exec(String(clock)) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  if (!(total <= dayMinutes)) throw invalid(`${name} must be a time such as '09:30', up to '24:00', not ${String(clock)}.`);
  return total;
}

function clockOf(timeZone: string, name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  } catch (cause) {
    throw new AftersenseError('invalid_argument', `${name} must be an IANA time zone such as 'Asia/Shanghai', not ${String(timeZone)}.`, {
      cause,
    });
  }
}

/** Minutes since Monday's midnight there. */
function minuteOfWeek(time: number, clock: Intl.DateTimeFormat): number {
  const parts = Object.fromEntries(clock.formatToParts(time).map(({ type, value }) => [type, value]));
  return weekdays.indexOf(parts.weekday as Weekday) * dayMinutes + Number(parts.hour) * 60 + Number(parts.minute);
}

/** The hours as a test of a moment, in milliseconds since 1970. Throws `invalid_argument`, naming what cannot be. */
export function openingTest(hours: Hours, name: string): (time: number) => boolean {
  if (typeof hours !== 'object' || hours === null || !Array.isArray(hours.weekly))
    throw invalid(`${name} must have a timeZone and weekly intervals.`);
  if (typeof hours.timeZone !== 'string') throw invalid(`${name}.timeZone must be a string.`);
  const clock = clockOf(hours.timeZone, `${name}.timeZone`);
  const intervals = hours.weekly.flatMap(({ days, from, to }, i) => {
    const at = `${name}.weekly[${i}]`;
    const [start, end] = [minutesOf(from, `${at}.from`), minutesOf(to, `${at}.to`)];
    if (start === end || start === dayMinutes) throw invalid(`${at} is empty: from ${from} to ${to}.`);
    if (!Array.isArray(days) || days.some((day) => !weekdays.includes(day))) throw invalid(`${at}.days must be of ${weekdays.join(', ')}.`);
    const length = end > start ? end - start : end - start + dayMinutes;
    return days.map((day) => ({ start: weekdays.indexOf(day) * dayMinutes + start, length }));
  });
  const week = 7 * dayMinutes;
  return (time) => {
    const minute = minuteOfWeek(time, clock);
    // An interval of Sunday's may end on Monday.
    return intervals.some(({ start, length }) => (minute - start + week) % week < length);
  };
}
