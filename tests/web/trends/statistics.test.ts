/** Against scipy 1.17: `binom.cdf`, `binom.sf(k - 1)`, `binomtest(k, n).proportion_ci(method='exact')`, `false_discovery_control`. */
import { describe, expect, test } from 'vitest';
import { adjust, binomialTails, compareCounts, probabilityInterval } from '../../../web/trends/statistics.ts';

/** Equal to ten digits, however small. */
const close = (found: number, expected: number) => expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-10 * Math.abs(expected));

describe('tails of the binomial distribution', () => {
  test.each([
    [0, 1, 0.5, 0.5, 1],
    [3, 20, 0.1, 0.8670466765656649, 0.32307319481053404],
    [7, 7, 0.2, 1, 1.2800000000000005e-5],
    [12, 15, 1 / 9, 0.9999999999667737, 1.1646980496943517e-9],
    [0, 40, 1 / 9, 0.008992886291378108, 1],
    [60, 100, 0.5, 0.9823998998911476, 0.028443966820490444],
    [30, 1000, 1 / 9, 1.8283465675914227e-21, 1],
    [160, 1000, 1 / 9, 0.999998760939104, 1.9241695606124284e-6],
    [111_000, 1_000_000, 1 / 9, 0.3625687760569609, 0.6386242393145274],
    [400, 500, 0.2, 1, 1.1453027884022418e-182],
  ])('of %i in %i at %f', (k, n, p, atMost, atLeast) => {
    const found = binomialTails(k, n, p);
    close(found.atMost, atMost);
    close(found.atLeast, atLeast);
  });

  test('beyond what numbers can hold are 0, not NaN', () => {
    expect(binomialTails(5000, 5000, 1e-3)).toEqual({ atMost: 1, atLeast: 0 });
    expect(binomialTails(0, 0, 0.3)).toEqual({ atMost: 1, atLeast: 1 });
  });
});

test.each([
  [0, 5, 0, 0.5218237501049814],
  [5, 5, 0.47817624989501856, 1],
  [3, 20, 0.03207093718554477, 0.37892682654529564],
  [12, 15, 0.5191088661931469, 0.956687994894164],
  [160, 1000, 0.13780518522205493, 0.18421675275850258],
])('the interval of %i in %i', (k, n, low, high) => {
  const found = probabilityInterval(k, n);
  close(found.low, low);
  close(found.high, high);
});

describe('two counts compared', () => {
  test('double the smaller tail', () => {
    close(compareCounts(60, 40, 0.5), 2 * 0.028443966820490444);
    close(compareCounts(0, 40, 1 / 9), 2 * 0.008992886291378108);
    expect(compareCounts(5, 5, 0.5)).toBe(1);
  });

  // Exact: whatever the rate, no more than alpha of all outcomes may be called significant.
  test.each([2, 10, 50, 300])('call at most 5 %% of equal rates different, of %i events', (n) => {
    for (const share of [1 / 9, 0.2, 0.5]) {
      let chance = 0;
      for (let k = 0; k <= n; k++) {
        const { atMost, atLeast } = binomialTails(k, n, share);
        if (compareCounts(k, n - k, share) <= 0.05) chance += atMost + atLeast - 1;
      }
      expect(chance).toBeLessThanOrEqual(0.05);
      if (n === 300) expect(chance).toBeGreaterThan(0.025);
    }
  });
});

describe('p-values adjusted for their number', () => {
  test('as Benjamini and Hochberg do, in their order', () => {
    const found = adjust([0.001, 0.2, 0.03, 0.04, 0.9, 0.03, 0]);
    const expected = [0.0035, 0.23333333333333336, 0.0525, 0.056, 0.9, 0.0525, 0];
    for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 12);
  });

  test('are none of none, and one stays as it is', () => {
    expect(adjust([])).toEqual([]);
    expect(adjust([0.03])).toEqual([0.03]);
  });
});
