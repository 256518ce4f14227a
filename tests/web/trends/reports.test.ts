/** The ledger over a shelf in memory; over the real IndexedDB: tests/browser/trends.test.ts. */
import { beforeEach, describe, expect, test } from 'vitest';
import { emptyLedger } from '../../../web/trends/ledger.ts';
import { secureDraw } from '../../../web/trends/random.ts';
import { readReport } from '../../../web/trends/report.ts';
import { reportsOver } from '../../../web/trends/reports.ts';
import type { ReportOptions, Reports } from '../../../web/trends/types.ts';
import { caseAt, day, FakeLedger, november, seededDraw } from './support.ts';

let shelf: FakeLedger;
let now: number;
let reports: Reports;

beforeEach(() => {
  shelf = new FakeLedger();
  now = november(25);
  reports = reportsOver(shelf, secureDraw, () => now);
});

const cases = [caseAt(november(17))];
const one = { epsilon: 1 } as const;
const agree = (epsilon = 4, days = 28) => reports.consent({ consent: true, epsilon, days, timeZone: 'UTC' });
const refused = (code: string, words = '') => expect.objectContaining({ code, message: expect.stringContaining(words) });

describe('consent', () => {
  test('comes first: without it there is no report, and nothing is written', async () => {
    await expect(reports.report(cases, one)).rejects.toEqual(refused('consent_missing'));
    expect(shelf.stored).toEqual(emptyLedger);
  });

  test('is recorded with its budget and time', async () => {
    expect(await agree(3, 14)).toEqual({ epsilon: 3, days: 14, at: now, timeZone: 'UTC' });
    expect(await reports.status()).toEqual({ consent: { epsilon: 3, days: 14, at: now, timeZone: 'UTC' }, told: [] });
  });

  test.each([
    [{ consent: 'yes' }],
    [{ consent: false }],
    [{ epsilon: 0 }],
    [{ epsilon: Number.NaN }],
    [{ epsilon: '4' }],
    [{ days: 0 }],
    [{ timeZone: 'Mars' }],
  ])('is not %j', async (wrong) => {
    const given = { consent: true, epsilon: 4, days: 28, ...wrong } as never;
    await expect(reports.consent(given)).rejects.toEqual(refused('invalid_argument'));
    await expect(reports.consent(undefined as never)).rejects.toEqual(refused('invalid_argument'));
    expect(shelf.stored).toEqual(emptyLedger);
  });

  test('revoked erases the reports; what was spent stays spent, also after another consent', async () => {
    await agree();
    await reports.report(cases, one);
    await reports.revoke();
    expect(JSON.stringify(shelf.stored)).not.toMatch(/picks|kinds|consent|days/);
    await expect(reports.report(cases, one)).rejects.toEqual(refused('consent_missing'));
    await agree();
    await expect(reports.report(cases, one)).rejects.toEqual(refused('privacy_budget_spent', 'erased'));
    expect((await reports.status()).told).toEqual([{ period: 'week', start: '2026-11-16', epsilon: 1 }]);
  });
});

describe('a report', () => {
  test('is of the last complete week unless told otherwise, and can be read back', async () => {
    await agree();
    const report = await reports.report(cases, one);
    expect(report).toMatchObject({ mechanism: 'subset', epsilon: 1, period: 'week', start: '2026-11-16' });
    expect(report.kinds).toHaveLength(12);
    expect(report.picks).toHaveLength(3);
    expect(readReport(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect((await reports.report(cases, { ...one, period: 'day' })).start).toBe('2026-11-24');
    expect((await reports.report(cases, { ...one, start: '2026-11-09' })).start).toBe('2026-11-09');
  });

  test('asked for again is the same, whatever happened since: a thousand answers tell no more than one', async () => {
    await agree();
    const first = await reports.report(cases, one);
    for (let i = 0; i < 1000; i++) expect(await reports.report(i % 2 ? cases : [], one)).toEqual(first);
    const anew = reportsOver(shelf, secureDraw, () => now);
    expect(await anew.report(cases, one)).toEqual(first);
    expect((await reports.status()).told).toHaveLength(1);
  });

  test('of a period that was told of in another way is refused', async () => {
    await agree();
    await reports.report(cases, one);
    await expect(reports.report(cases, { ...one, epsilon: 0.5 })).rejects.toEqual(refused('privacy_budget_spent', 'epsilon 1'));
    await expect(reports.report(cases, { ...one, kinds: ['logistics'] })).rejects.toEqual(refused('privacy_budget_spent'));
  });

  test('tells the kind of the first case of the period, by the zone of the first consent', async () => {
    const monday = Date.UTC(2026, 10, 16);
    const [sunday, first, second] = [caseAt(monday - 1, 'price'), caseAt(monday, 'usability'), caseAt(monday + 1, 'packaging')];
    const told = async (start: string) => {
      const kinds = ['price', 'usability', 'packaging'];
      return (await reports.report([second, first, sunday], { epsilon: 8, start, kinds })).picks;
    };
    // With epsilon 8 a device tells its own kind 999 times in 1,000, and with these seeds it does.
    const over = (seed: number) => reportsOver(new FakeLedger(), seededDraw(seed), () => now);
    reports = over(1);
    await agree(100, 1);
    expect([await told('2026-11-16'), await told('2026-11-09'), await told('2026-11-02')]).toEqual([['usability'], ['price'], ['none']]);
    reports = over(2);
    await reports.consent({ consent: true, epsilon: 100, days: 1, timeZone: 'Asia/Shanghai' });
    await reports.revoke();
    expect(await agree(100, 1)).toMatchObject({ timeZone: 'Asia/Shanghai' });
    expect(await told('2026-11-16')).toEqual(['price']);
  });

  test('of a week that has not ended is refused, also where the clock was set back; one that was made stays', async () => {
    await agree();
    await expect(reports.report(cases, { ...one, start: '2026-11-23' })).rejects.toEqual(refused('invalid_argument', 'not ended'));
    const report = await reports.report(cases, one);
    now = november(3);
    expect(await reports.report(cases, { ...one, start: '2026-11-16' })).toEqual(report);
    await expect(reports.report(cases, { ...one, start: '2026-11-09' })).rejects.toEqual(refused('invalid_argument', 'not ended'));
  });

  test.each([
    [{ epsilon: 0 }, 'epsilon'],
    [{ epsilon: 9 }, 'epsilon'],
    [{ epsilon: Number.NaN }, 'epsilon'],
    [{ epsilon: undefined }, 'epsilon'],
    [{ period: 'month' }, 'period'],
    [{ kinds: [] }, 'kinds'],
    [{ kinds: ['none'] }, 'kinds[0]'],
    [{ kinds: ['a', 'a'] }, "'a' twice"],
    [{ kinds: ['a', ''] }, 'kinds[1]'],
    [{ kinds: Array.from({ length: 101 }, (_, i) => `k${i}`) }, 'kinds'],
    [{ start: '2026-11-17' }, 'Monday'],
    [{ start: '2026-02-30', period: 'day' }, 'start'],
    [{ start: 'soon' }, 'start'],
  ])('with %j is refused by its name, and nothing is spent', async (wrong, words) => {
    await agree();
    await expect(reports.report(cases, { ...one, ...wrong } as ReportOptions)).rejects.toEqual(refused('invalid_argument', words));
    await expect(reports.report([{}] as never, one)).rejects.toEqual(refused('invalid_argument', 'cases[0]'));
    expect(shelf.stored.told).toEqual([]);
  });

  test('is not made where it cannot be booked', async () => {
    await agree();
    shelf.fail = true;
    await expect(reports.report(cases, one)).rejects.toEqual(refused('storage_unavailable'));
    shelf.fail = false;
    expect((await reports.status()).told).toEqual([]);
  });
});

describe('the budget', () => {
  const weekFrom = (monday: number, epsilon = 1) => reports.report(cases, { ...one, epsilon, start: isoDay(monday) });
  const isoDay = (time: number) => new Date(time).toISOString().slice(0, 10);

  test('holds for any days on end, in whatever order weeks are told of', async () => {
    await agree(2, 21);
    now = november(30);
    await weekFrom(november(2));
    await weekFrom(november(16));
    // Three weeks lie in 21 days: the one between would be the third.
    await expect(weekFrom(november(9))).rejects.toEqual(refused('privacy_budget_spent'));
    // 21 days hold four weeks in part: a third after the 16th would share a window with both.
    await expect(weekFrom(november(23))).rejects.toEqual(refused('privacy_budget_spent'));
    await expect(weekFrom(november(9) - 14 * day, 0.5)).rejects.toEqual(refused('privacy_budget_spent'));
    await weekFrom(november(9) - 28 * day);
  });

  test('counts days and weeks that overlap together', async () => {
    await agree(1.5, 7);
    await weekFrom(november(16));
    const dayOf = (date: number, epsilon: number) =>
      reports.report(cases, { ...one, epsilon, period: 'day', start: isoDay(november(date)) });
    await dayOf(20, 0.5);
    await expect(dayOf(21, 0.1)).rejects.toEqual(refused('privacy_budget_spent', '1.5 are spent'));
  });

  test('is not refilled by a clock set back or forward', async () => {
    await agree(1, 28);
    await reports.report(cases, one);
    now = november(25) + 400 * day;
    await expect(weekFrom(november(9))).rejects.toEqual(refused('privacy_budget_spent'));
    now = november(25) - 400 * day;
    await expect(weekFrom(november(9))).rejects.toEqual(refused('privacy_budget_spent'));
    now = november(25);
    await expect(weekFrom(november(9))).rejects.toEqual(refused('privacy_budget_spent'));
  });

  test('takes sums of decimals at their word', async () => {
    await agree(0.3, 366);
    for (const back of [0, 7, 14]) await weekFrom(november(16) - back * day, 0.1);
    await expect(weekFrom(november(16) - 21 * day, 0.01)).rejects.toEqual(refused('privacy_budget_spent'));
  });

  // The ledger against what was promised: in any window of the days, what was told adds up to no more than the budget.
  test('holds whatever is asked', async () => {
    const draw = seededDraw(3);
    await agree(3, 20);
    now = november(30);
    let refusals = 0;
    for (let asked = 0; asked < 400; asked++) {
      const [period, epsilon] = [draw(2) ? 'day' : 'week', (draw(20) + 1) / 10] as const;
      const start = isoDay(period === 'day' ? november(29) - draw(120) * day : november(23) - draw(17) * 7 * day);
      await reports.report(cases, { epsilon, period, start }).catch(({ code }) => {
        expect(code).toBe('privacy_budget_spent');
        refusals++;
      });
    }
    const { told } = await reports.status();
    expect(told.length).toBeGreaterThan(10);
    expect(refusals).toBeGreaterThan(100);
    for (let from = november(1) - 150 * day; from < november(30); from += day) {
      const within = told.filter(({ start, period }) => {
        const first = Date.parse(start);
        return first < from + 20 * day && first + (period === 'day' ? 1 : 7) * day > from;
      });
      expect(within.reduce((sum, { epsilon }) => sum + epsilon, 0)).toBeLessThanOrEqual(3 + 1e-9);
    }
  });
});
