import { describe, expect, test } from 'vitest';
// @ts-expect-error A part of a command of the project, in JavaScript.
import { ticks, toSvg } from '../bench/plot.mjs';
// @ts-expect-error Likewise.
import { quantile, summarize, toRow } from '../bench/statistics.mjs';
// @ts-expect-error Likewise.
import { format, toTable } from '../bench/table.mjs';

describe('statistics of the bench', () => {
  test('quantiles lie between neighbours, in any order of the values', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([30, 10, 20], 0.25)).toBe(15);
    expect(quantile([7], 0.95)).toBe(7);
  });

  test('a summary has median and spread', () => {
    const values = Array.from({ length: 101 }, (_, i) => 100 - i);
    expect(summarize(values)).toEqual({ p25: 25, median: 50, p75: 75, p95: 95, least: 0, calls: 101 });
  });

  test.each([[[]], [[1, Number.NaN]]])('%j is not taken for a measurement', (values) => {
    expect(() => summarize(values)).toThrow('Not measured');
  });

  test('the ratio says how many times better ours is, of times and of rates', () => {
    expect(toRow({ name: 'a', unit: 'ms', ours: [2, 2], peer: [6, 6], peerName: 'p' })).toMatchObject({ ours: 2, peer: 6, ratio: 3 });
    expect(toRow({ name: 'b', unit: 'GOP/s', ours: [30], peer: [40], peerName: 'p' })).toMatchObject({ ours: 30, peer: 40, ratio: 0.75 });
  });

  test('a bar is the least ratio, or the most of ours', () => {
    const ratio = (least: number) => toRow({ name: 'a', unit: 'ms', ours: 2, peer: 6, bar: { ratio: least } }).passed;
    const most = (limit: number) => toRow({ name: 'a', unit: 'bytes', ours: 300, bar: { ours: limit } }).passed;
    expect([ratio(3), ratio(3.01), most(300), most(299)]).toEqual([true, false, true, false]);
  });

  test('without a peer or a bar, there is none in the row', () => {
    expect(toRow({ name: 'a', unit: 'bytes', ours: 5 })).toEqual({ name: 'a', unit: 'bytes', ours: 5 });
  });
});

describe('what the bench prints', () => {
  test('units are for people', () => {
    expect([
      format(0.5, 'ms'),
      format(12.345, 'ms'),
      format(388_360, 'bytes'),
      format(14_239_897, 'bytes'),
      format(57.123, 'GOP/s'),
    ]).toEqual(['500 µs', '12.35 ms', '388.4 kB', '14.24 MB', '57.1 GOP/s']);
  });

  test('a table has the device, every row and how many bars were passed', () => {
    const rows = [
      { name: 'device', browser: 'Chromium 1', cpu: ['x64', 'avx2'] },
      toRow({ name: 'good', unit: 'ms', ours: [1, 1], peer: [4, 4], peerName: 'peer', bar: { ratio: 2 } }),
      toRow({ name: 'bad', unit: 'bytes', ours: 9, bar: { ours: 8 }, note: 'too much' }),
    ];
    const lines = toTable(rows).split('\n');
    expect(lines.slice(0, 3)).toEqual(['browser: Chromium 1', 'cpu: x64 avx2', '']);
    expect(lines[4]).toMatch(/^good +1\.00 ms .* 4\.00 ms .* × 4\.00 +passed \(ratio ≥ 2\) +peer$/);
    expect(lines[5]).toMatch(/^bad .* SHORT \(ours ≤ 8\) +too much$/);
    expect(lines[7]).toBe('1 of 2 bars passed');
  });
});

describe('the plot of the bench', () => {
  test('ticks embrace the values', () => {
    expect(ticks([3, 40])).toEqual([2, 5, 10, 20, 50]);
    expect(ticks([5])).toEqual([5]);
  });

  test('a chart has its points in order, its words escaped, and no number that is none', () => {
    const points = [
      [8, 10],
      [16, 100],
    ];
    const svg = toSvg([{ title: 'a < b', x: 'tokens', y: 'ms', series: [{ label: 'ours', points }] }]);
    expect(svg).toContain('a &lt; b');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    const [first, second] = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)];
    expect(Number(first?.[1])).toBeLessThan(Number(second?.[1]));
    expect(Number(first?.[2])).toBeGreaterThan(Number(second?.[2]));
  });
});
