import { describe, expect, test } from 'vitest';
import { Announcer } from '../../../web/cases/announcer.ts';
import { casesOver } from '../../../web/cases/store.ts';
import { drawsFrom } from '../../../web/trends/random.ts';
import { trends } from '../../../web/trends/trends.ts';
import type { ReportedCase, Trend, TrendOptions, Trends } from '../../../web/trends/types.ts';
import { FakeShelf } from '../cases/support.ts';
import { caseAt, day, november, seededWords } from './support.ts';

const week = 7 * day;
/** A Wednesday. */
const now = november(25);
const utc = { now, timeZone: 'UTC' } as const;
const named = (found: Trends, name: string) => found.trends.find((trend) => trend.name === name) as Trend;

/** So many cases of a kind in each week, the last week first: the running one, then those before it. */
const weeks = (kind: string, counts: readonly number[]): ReportedCase[] =>
  counts.flatMap((count, back) => Array.from({ length: count }, (_, i) => caseAt(now - back * week - i, kind)));

describe('counts', () => {
  test('of weeks stand from the first case on, the running week apart', () => {
    const found = trends([...weeks('logistics', [2, 1, 0, 3]), ...weeks('price', [0, 1])], utc);
    expect(found.periods).toEqual(['2026-11-02', '2026-11-09', '2026-11-16']);
    expect(found.running).toBe('2026-11-23');
    expect(found.trends.map(({ name, counts, running }) => [name, counts, running])).toEqual([
      ['logistics', [3, 0, 1], 2],
      ['price', [0, 0, 1], 0],
    ]);
  });

  test('begin where both spans begin, when there are older cases', () => {
    const found = trends(weeks('price', [0, 0, 0, 0, 0, 1]), { ...utc, earlier: 3 });
    expect(found).toMatchObject({ periods: ['2026-10-26', '2026-11-02', '2026-11-09', '2026-11-16'], trends: [] });
    expect(found.compared).toEqual({ recent: 1, earlier: 3 });
  });

  test('go by the wall clock of the zone, over the days on which it changes', () => {
    const at = Date.UTC(2026, 9, 31, 23, 30);
    const days = (timeZone: string, times: readonly number[]) =>
      trends(
        times.map((time) => caseAt(time)),
        { period: 'day', timeZone, now: times.at(-1) as number },
      );
    expect(days('UTC', [at]).running).toBe('2026-10-31');
    expect(days('Asia/Shanghai', [at]).running).toBe('2026-11-01');
    // New York turns its clock back on 1 November 2026, a day of 25 hours.
    const hours = Array.from({ length: 50 }, (_, i) => Date.UTC(2026, 10, 1, 4) + i * 3_600_000);
    expect(days('America/New_York', hours)).toMatchObject({ periods: ['2026-11-01', '2026-11-02'], running: '2026-11-03' });
    expect(days('America/New_York', hours).trends[0]).toMatchObject({ counts: [25, 24], running: 1 });
  });

  test.each(['product', 'wish'] as const)('by %s leave out cases without', (by) => {
    const cases = [caseAt(now, 'price', { [by]: 'x' }), caseAt(now)];
    expect(trends(cases, { ...utc, by })).toMatchObject({ trends: [{ name: 'x', running: 1 }], left: { ahead: 0, unnamed: 1 } });
  });

  test('of none are none', () => expect(trends([], utc)).toMatchObject({ periods: [], trends: [], left: { ahead: 0, unnamed: 0 } }));

  test('leave out what was opened after now: the clock was set back', () => {
    const found = trends([caseAt(now), caseAt(now + 1)], utc);
    expect(found).toMatchObject({ trends: [{ running: 1 }], left: { ahead: 1 } });
  });

  test('are the same whatever the order of the cases', () => {
    const cases = [...weeks('price', [1, 4, 2]), ...weeks('usability', [1, 4, 2])];
    expect(trends([...cases].reverse(), utc)).toEqual(trends(cases, utc));
  });
});

describe('verdicts', () => {
  const steady = [0, 2, 2, 2, 2, 2, 2, 2, 2, 2];

  test('tell what rises and what falls, and do not what stays', () => {
    const cases = [...weeks('logistics', [0, 12, 1, 1, 1, 1, 1, 1, 1, 1]), ...weeks('price', [0, 0, ...Array(8).fill(9)])];
    const found = trends([...cases, ...weeks('usability', steady), ...weeks('packaging', [9, 0, 1, 0, 1])], utc);
    expect(found.compared).toEqual({ recent: 1, earlier: 7 });
    expect(named(found, 'logistics')).toMatchObject({ verdict: 'rising', recent: 12, earlier: 7, ratio: 12 });
    expect(named(found, 'price')).toMatchObject({ verdict: 'falling', recent: 0, earlier: 63, ratio: 0, ratioInterval: { low: 0 } });
    expect(named(found, 'usability')).toMatchObject({ verdict: 'not_significant', p: 1, ratio: 1 });
    // Nine in the running week are no verdict yet.
    expect(named(found, 'packaging')).toMatchObject({ verdict: 'too_few', running: 9 });
    expect(named(found, 'packaging')).not.toHaveProperty('p');
  });

  test('hold the interval and the test together', () => {
    for (let recent = 0; recent < 20; recent++) {
      const { trends: found } = trends(weeks('price', [0, recent, ...Array(9).fill(2)]), utc);
      const { p, ratioInterval, earlier } = found[0] as Trend;
      expect(earlier).toBe(16);
      const { low = 0, high = Number.POSITIVE_INFINITY } = ratioInterval ?? {};
      expect(low <= 1 && high >= 1).toBe((p as number) > 0.05);
    }
  });

  test('need a period to compare with, other than that of the first case', () => {
    expect(named(trends(weeks('price', [0, 50, 1]), utc), 'price')).toMatchObject({ verdict: 'too_few', earlier: 0 });
    expect(named(trends(weeks('price', [0, 50, 0, 1]), utc), 'price')).toMatchObject({ verdict: 'rising', recent: 50, earlier: 0 });
    expect(named(trends(weeks('price', [0, 50, 0, 1]), utc), 'price')).not.toHaveProperty('ratio');
  });

  test('get harder with the number of kinds: eight chances are not one', () => {
    const odd = weeks('price', [0, 5, ...Array(9).fill(1)]);
    const others = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].flatMap((kind) => weeks(kind, steady));
    expect(named(trends(odd, utc), 'price')).toMatchObject({ verdict: 'rising' });
    const among = named(trends([...odd, ...others], utc), 'price');
    expect(among.verdict).toBe('not_significant');
    expect(among.p).toBe(named(trends(odd, utc), 'price').p);
    expect(among.adjusted).toBeCloseTo(9 * (among.p as number), 12);
  });

  // 400 shops where nothing changes: of ten kinds, in how many shops is any said to change? The rate allowed is 5 %.
  test('are seldom wrong where nothing changes', () => {
    const draw = drawsFrom(seededWords(7));
    let alarms = 0;
    for (let shop = 0; shop < 400; shop++) {
      const cases = Array.from({ length: 300 }, () => caseAt(now - draw(10 * 7 * 24) * 3_600_000, `kind${draw(10)}`));
      if (trends(cases, utc).trends.some(({ verdict }) => verdict === 'rising' || verdict === 'falling')) alarms++;
    }
    // Exact tests of few events stay below what is allowed. Three standard deviations above 20.
    expect(alarms).toBeLessThan(33);
    expect(alarms).toBeGreaterThan(0);
  });
});

test.each([
  [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
  [{ timeZone: undefined }, 'timeZone'],
  [{ now: Number.NaN }, 'now'],
  [{ now: Number.POSITIVE_INFINITY }, 'now'],
  [{ period: 'month' }, 'period'],
  [{ by: 'aspect' }, 'by'],
  [{ recent: 0 }, 'recent'],
  [{ earlier: 1.5 }, 'earlier'],
  [{ minEvents: 0 }, 'minEvents'],
  [{ falseDiscoveryRate: 1 }, 'falseDiscoveryRate'],
])('%j is refused by its name', (wrong, name) => {
  const call = () => trends([], { ...utc, ...wrong } as unknown as TrendOptions);
  expect(call).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(name) }));
});

test.each([[null], [[{}]], [[{ history: [] }]], [[{ history: [{ at: 'yesterday' }] }]]])('%j are refused as cases', (cases) => {
  expect(() => trends(cases as never, utc)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
});

test('cases.trends() looks at the cases of the device, by its clock and zone unless told otherwise', async () => {
  let clock = november(20);
  const cases = casesOver(new FakeShelf(), new Announcer('trends'), { now: () => clock });
  await cases.open({ text: 'It leaks.', kind: 'product_quality', product: 'kettle' });
  clock = now;
  await cases.open({ text: 'Late.', kind: 'logistics' });
  const found = await cases.trends();
  expect(found).toMatchObject({ period: 'week', by: 'kind', timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone });
  expect(found.trends.map(({ name, counts, running }) => [name, counts, running])).toEqual([
    ['logistics', [0], 1],
    ['product_quality', [1], 0],
  ]);
  expect(await cases.trends({ by: 'product', period: 'day', timeZone: 'UTC' })).toMatchObject({ trends: [{ name: 'kettle' }] });
  cases.close();
});
