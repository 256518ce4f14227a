import { describe, expect, test } from 'vitest';
import { type Mechanism, mechanismFor, ownWeight, pickRates, randomise, varianceEach } from '../../../web/trends/mechanism.ts';
import { drawsFrom } from '../../../web/trends/random.ts';

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));
interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}
function plus(a: Fraction, b: Fraction): Fraction {
  const [top, bottom] = [a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom];
  const shared = gcd(top, bottom);
  return { top: top / shared, bottom: bottom / shared };
}
const zero: Fraction = { top: 0n, bottom: 1n };

/** The exact probability of every output, by running the mechanism on everything that chance can give. */
function distribution(mechanism: Mechanism, value: number): Map<string, Fraction> {
  const found = new Map<string, Fraction>();
  let choices: readonly number[] = [];
  for (;;) {
    const bounds: number[] = [];
    const picks = randomise(mechanism, value, (bound) => choices[bounds.push(bound) - 1] ?? 0).join();
    const bottom = bounds.reduce((product, bound) => product * BigInt(bound), 1n);
    found.set(picks, plus(found.get(picks) ?? zero, { top: 1n, bottom }));
    // The next combination, as an odometer counts.
    let wheel = bounds.length - 1;
    while (wheel >= 0 && (choices[wheel] ?? 0) + 1 === bounds[wheel]) wheel--;
    if (wheel < 0) return found;
    const next = (choices[wheel] ?? 0) + 1;
    choices = bounds.slice(0, wheel + 1).map((_, i) => (i === wheel ? next : (choices[i] ?? 0)));
  }
}

const small: readonly Mechanism[] = [
  { values: 2, picks: 1, own: 3, other: 1 },
  { values: 3, picks: 2, own: 2, other: 1 },
  { values: 4, picks: 2, own: 5, other: 2 },
  { values: 5, picks: 3, own: 7, other: 4 },
  { values: 6, picks: 2, own: 9, other: 2 },
  { values: 6, picks: 1, own: 11, other: 3 },
];

describe.each(small)('all that chance can give, of $values values $picks told, at $own : $other', (mechanism) => {
  const { values, picks, own, other } = mechanism;
  const all = Array.from({ length: values }, (_, value) => distribution(mechanism, value));

  test('adds up to 1, over every set of picks', () => {
    const sets = Array.from({ length: picks }, (_, i) => (values - i) / (i + 1)).reduce((a, b) => a * b, 1);
    for (const chances of all) {
      expect(chances.size).toBe(Math.round(sets));
      expect([...chances.values()].reduce(plus)).toEqual({ top: 1n, bottom: 1n });
    }
  });

  test('no output is more than own : other times as likely from one device as from another, and some are just so', () => {
    let reached = false;
    for (const one of all) {
      for (const another of all) {
        for (const [picks, a] of one) {
          const b = another.get(picks) as Fraction;
          // a / b against own / other, in integers.
          const [left, right] = [a.top * b.bottom * BigInt(other), b.top * a.bottom * BigInt(own)];
          expect(left <= right).toBe(true);
          reached ||= left === right;
        }
      }
    }
    expect(reached).toBe(true);
  });

  test('the rates of picks are those that estimates are made with', () => {
    const { mine, others } = pickRates(mechanism);
    const rate = (value: number, picked: number) => {
      const chances = [...(all[value] as Map<string, Fraction>)].filter(([told]) => told.split(',').includes(String(picked)));
      const { top, bottom } = chances.map(([, chance]) => chance).reduce(plus, zero);
      return Number(top) / Number(bottom);
    };
    for (let value = 0; value < values; value++) {
      for (let picked = 0; picked < values; picked++) expect(rate(value, picked)).toBeCloseTo(value === picked ? mine : others, 12);
    }
  });
});

describe('the ratio of integers', () => {
  const epsilons = Array.from({ length: 800 }, (_, i) => (i + 1) / 100);

  test('is never more than e to the epsilon, nor much less', () => {
    for (const epsilon of [...epsilons, Math.log(2), Math.log(3), Math.log(10)]) {
      const ratio = ownWeight(epsilon) / 65_536;
      expect(ratio).toBeLessThan(Math.exp(epsilon));
      expect(ratio).toBeGreaterThan(Math.exp(epsilon) - 2e-5);
    }
  });

  // e = 2.718281828459045…, from its series in integers, so that no rounding of Math.exp can hide.
  test('is below e in exact arithmetic', () => {
    let [factorial, digits] = [1n, 10n ** 40n];
    for (let n = 1n; n < 40n; n++) {
      factorial *= n;
      digits += 10n ** 40n / factorial;
    }
    expect(BigInt(ownWeight(1)) * 10n ** 40n).toBeLessThan(digits * 65_536n);
  });

  test.each([0.01, 0.5, 1, 2, 4, 8])('at epsilon %f decides whether the own value is told, and fits into 32 bits', (epsilon) => {
    for (const values of [2, 13, 101]) {
      const { picks, own, other } = mechanismFor(epsilon, values);
      const bounds: number[] = [];
      const toldWith = (first: number) =>
        randomise({ values, picks, own, other }, 1, (bound) => (bounds.push(bound) === 1 ? first : 0)).includes(1);
      const border = picks * own;
      expect([toldWith(border - 1), bounds.splice(0).length > 0, toldWith(border)]).toEqual([true, true, false]);
      expect(bounds[0]).toBe(picks * own + (values - picks) * other);
      expect(bounds[0]).toBeLessThanOrEqual(2 ** 32);
    }
  });
});

describe('the number of picks', () => {
  test.each([
    [0.5, 13, 5],
    [1, 13, 3],
    [2, 13, 1],
    [4, 13, 1],
    [1, 2, 1],
  ])('at epsilon %f and %i values is %i: none has less error', (epsilon, values, expected) => {
    const chosen = mechanismFor(epsilon, values);
    expect(chosen.picks).toBe(expected);
    for (let picks = 1; picks < values; picks++) expect(varianceEach({ ...chosen, picks })).toBeGreaterThanOrEqual(varianceEach(chosen));
  });
});

describe('draws', () => {
  test('are even: words above the last whole multiple are drawn again', () => {
    const words = [2 ** 32 - 1, 5, 2 ** 32 - 2, 2 ** 32 - 1];
    const draw = drawsFrom(() => words.shift() as number);
    expect([draw(3), draw(3)]).toEqual([2, 2]);
    expect(words).toEqual([2 ** 32 - 1]);
    expect(drawsFrom(() => 2 ** 32 - 1)(2 ** 32)).toBe(2 ** 32 - 1);
  });
});
