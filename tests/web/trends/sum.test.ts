import { describe, expect, test } from 'vitest';
import { makeReport, readReport } from '../../../web/trends/report.ts';
import { ReportSum } from '../../../web/trends/sum.ts';
import type { TrendReport } from '../../../web/trends/types.ts';
import { seededDraw } from './support.ts';

const kinds = ['logistics', 'price', 'usability'];
/** 2026-11-16 as a week. */
const question = { period: 'week', index: 2968, epsilon: 1, kinds } as const;
const report = (more: Partial<TrendReport> = {}): TrendReport => ({ ...makeReport(question, 0, seededDraw(1)), ...more });

const chance = seededDraw(2);
/** Reports of so many devices for each kind, and `none`. */
function reports(devices: readonly number[], asked = question): TrendReport[] {
  return devices.flatMap((count, value) => Array.from({ length: count }, () => makeReport(asked, value, chance)));
}

function estimates(all: readonly TrendReport[]) {
  const sum = new ReportSum();
  for (const one of all) sum.add(one);
  return sum.estimates();
}

describe('a sum', () => {
  test('frees the picks from chance: by hand, of k-ary randomised response at a ratio of 3 to 1', () => {
    // Two kinds and none. A device tells its own value with 3/5, each other with 1/5: N = (P − n/5) / (2/5).
    const asked = { ...question, kinds: ['a', 'b'], epsilon: Math.log(3) };
    const tell = (pick: string, i: number) => ({ ...makeReport(asked, 2, seededDraw(i)), picks: [pick] });
    const picks = [...Array(50).fill('a'), ...Array(30).fill('b'), ...Array(20).fill('none')];
    const [found] = estimates(picks.map(tell));
    expect(found?.reports).toBe(100);
    const expected: readonly (readonly [string, number])[] = [
      ['a', 75],
      ['b', 25],
      ['none', 0],
    ];
    for (const [i, [kind, estimate]] of expected.entries()) {
      const one = found?.kinds[i];
      expect(one?.kind).toBe(kind);
      expect(one?.estimate).toBeCloseTo(estimate, 1);
      // √(N·0.6·0.4 + (100 − N)·0.2·0.8) / 0.4
      const error = Math.sqrt(estimate * 0.24 + (100 - estimate) * 0.16) / 0.4;
      expect(one?.standardError).toBeCloseTo(error, 2);
      expect([one?.low, one?.high].map((end) => Math.round(end as number))).toEqual(
        [estimate - 1.96 * error, estimate + 1.96 * error].map(Math.round),
      );
    }
  });

  test('keeps apart what was asked in another way or of another period, oldest first', () => {
    const all = [
      ...reports([3, 0, 0, 2]),
      ...reports([1, 1, 0, 0], { ...question, epsilon: 2 } as never),
      ...reports([0, 1, 0, 0], { ...question, kinds: ['price'] } as never),
      ...reports([4, 0, 0, 0], { ...question, index: 2967 } as never),
      ...reports([1, 0, 0, 0], { ...question, period: 'day', index: 20_773 } as never),
    ];
    expect(estimates(all).map(({ start, period, epsilon, reports: count }) => [start, period, epsilon, count])).toEqual([
      ['2026-11-09', 'week', 1, 4],
      ['2026-11-16', 'day', 1, 1],
      ['2026-11-16', 'week', 1, 5],
      ['2026-11-16', 'week', 1, 1],
      ['2026-11-16', 'week', 2, 2],
    ]);
  });

  test('counts a report that comes twice once', () => {
    const sum = new ReportSum();
    expect([sum.add(report()), sum.add(report()), sum.add(report({ id: '0'.repeat(24) }))]).toEqual([true, false, true]);
    expect(sum.estimates()[0]?.reports).toBe(2);
  });

  test('of nothing is nothing', () => expect(estimates([])).toEqual([]));

  test('does not depend on the order', () => {
    const all = reports([30, 20, 0, 50]);
    expect(estimates([...all].reverse())).toEqual(estimates(all));
  });

  // Every report picks as many names, so their estimates must add up to the devices.
  test('adds up to the number of devices', () => {
    const [found] = estimates(reports([300, 200, 0, 500]));
    expect(found?.kinds.reduce((total, { estimate }) => total + estimate, 0)).toBeCloseTo(1000, 6);
  });
});

describe('a report that is read', () => {
  test('is what was made', () => expect(readReport(JSON.parse(JSON.stringify(report())))).toEqual(report()));

  test.each([
    [{ format: 'aftersense-cases' }, 'format'],
    [{ version: 2 }, 'version is 2'],
    [{ mechanism: 'laplace' }, 'mechanism'],
    [{ id: 'x' }, 'id'],
    [{ epsilon: 0 }, 'epsilon'],
    [{ epsilon: '1' }, 'epsilon'],
    [{ period: 'year' }, 'period'],
    [{ start: '2026-11-18' }, 'Monday'],
    [{ start: 20 }, 'start'],
    [{ kinds: 'logistics' }, 'kinds'],
    [{ kinds: ['logistics', 'logistics', 'price'] }, 'twice'],
    [{ picks: [] }, 'picks must be 1'],
    [{ picks: ['price', 'none'] }, 'picks must be 1'],
    [{ picks: ['food'] }, '"food"'],
    [{ picks: [7] }, 'none of kinds'],
    [{ picks: { length: 1 } }, 'picks'],
    [{ device: 'mine' }, '"device" is not known'],
  ])('with %j is refused', (wrong, words) => {
    const read = () => readReport({ ...report(), ...wrong });
    expect(read).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(words) }));
  });

  test('without a field is refused', () => {
    for (const name of Object.keys(report())) {
      const { [name as keyof TrendReport]: _, ...rest } = report();
      expect(() => readReport(rest)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    }
  });
});
