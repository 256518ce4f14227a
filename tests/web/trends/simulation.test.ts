/**
 * 10,000 devices against the truth. `npx vitest run tests/web/trends/simulation.test.ts` prints the table of README.md, which is held to
 * it here; chance comes from a seed.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { aspects } from '../../../web/aspects.ts';
import { mechanismFor, pickRates } from '../../../web/trends/mechanism.ts';
import { drawsFrom } from '../../../web/trends/random.ts';
import { makeReport, readReport } from '../../../web/trends/report.ts';
import { reportsOver } from '../../../web/trends/reports.ts';
import { ReportSum } from '../../../web/trends/sum.ts';
import type { ReportEstimate } from '../../../web/trends/types.ts';
import { kary, laplace, optimised, type Peer, subset, symmetric } from './peers.ts';
import { caseAt, FakeLedger, november, seededWords } from './support.ts';

const devices = 10_000;
const epsilons = [0.5, 1, 2, 4] as const;
const names = [...aspects, 'none'];
const print = (text: string) => process.stdout.write(`${text}\n`);

/** Of every 100 devices, how many have a case of each kind in the week; the others have none. */
const shares = [9, 3, 4, 2, 8, 1, 2, 5, 1, 2, 1, 0];
const kindOf = shares.flatMap((share, kind) => new Array<number>(share).fill(kind));

/** Which kind each device has, and how many have each. */
function shop(word: () => number) {
  const draw = drawsFrom(word);
  const values = Array.from({ length: devices }, () => kindOf[draw(100)] ?? shares.length);
  return { values, truth: names.map((_, kind) => values.filter((value) => value === kind).length) };
}

const within = ({ kinds }: ReportEstimate, truth: readonly number[]) =>
  kinds.filter(({ low, high }, i) => low <= (truth[i] as number) && (truth[i] as number) <= high).length;

test('10,000 devices with cases of their own report, and the sum finds how many have what', async () => {
  const word = seededWords(11);
  const draw = drawsFrom(word);
  const { values, truth } = shop(word);
  const sum = new ReportSum();
  for (const value of values) {
    // Some had cases before and after the week, or a second one in it: neither counts.
    const own = value < aspects.length ? [caseAt(november(17, draw(24)), aspects[value])] : [];
    const later = own.length && draw(4) === 0 ? [caseAt(november(20), aspects[draw(12)] as string)] : [];
    const cases = [...later, ...own, caseAt(november(9 + draw(6)), 'other'), caseAt(november(24), 'price')];
    const reports = reportsOver(new FakeLedger(), draw, () => november(25));
    await reports.consent({ consent: true, epsilon: 1, days: 7, timeZone: 'UTC' });
    const report = await reports.report(cases, { epsilon: 1 });
    sum.add(readReport(JSON.parse(JSON.stringify(report))));
  }
  const [found] = sum.estimates() as [ReportEstimate];
  expect(found).toMatchObject({ start: '2026-11-16', reports: devices, kinds: names.map((kind) => ({ kind })) });
  print(`\n${devices} devices, epsilon 1${' '.repeat(6)}truth  estimate    95 % interval`);
  for (const [i, { kind, estimate, low, high }] of found.kinds.entries())
    print(
      `${kind.padEnd(24)}${String(truth[i]).padStart(10)}${estimate.toFixed(0).padStart(10)}  ${low.toFixed(0).padStart(8)} … ${high.toFixed(0)}`,
    );
  // Of 13 intervals at 95 %, fewer than 10 hold the truth less than once in 300 times.
  expect(within(found, truth)).toBeGreaterThanOrEqual(10);
  // The order of what matters most survives: nothing that one device in a hundred has overtakes what nine have.
  const largest = found.kinds.slice(0, -1).reduce((a, b) => (b.estimate > a.estimate ? b : a));
  expect(['product_quality', 'logistics']).toContain(largest.kind);
}, 120_000);

/** Lets the test runner hear that we are alive. */
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

test('the intervals hold the truth 95 times in 100', async () => {
  const rounds = 4;
  let [held, all] = [0, 0];
  for (const epsilon of epsilons) {
    const word = seededWords(100 * epsilon);
    const draw = drawsFrom(word);
    for (let round = 0; round < rounds; round++) {
      const { values, truth } = shop(word);
      const sum = new ReportSum();
      for (const value of values) sum.add(makeReport({ period: 'week', index: 2968, epsilon, kinds: aspects }, value, draw));
      held += within(sum.estimates()[0] as ReportEstimate, truth);
      all += names.length;
      await breathe();
    }
  }
  print(`${held} of ${all} intervals hold the truth: ${((100 * held) / all).toFixed(1)} %`);
  // Three standard deviations of a proportion of 0.95.
  expect(Math.abs(held / all - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / all));
}, 300_000);

/** Root mean square error over all kinds of some shops, in devices. */
async function errorOf(peer: Peer, epsilon: number, rounds: number): Promise<number> {
  const word = seededWords(1000 * epsilon + 1);
  let squares = 0;
  for (let round = 0; round < rounds; round++) {
    const { values, truth } = shop(word);
    const found = peer(values, names.length, epsilon, word);
    squares += found.reduce((sum, estimate, i) => sum + (estimate - (truth[i] as number)) ** 2, 0) / names.length;
    await breathe();
  }
  return Math.sqrt(squares / rounds);
}

/** The same from the rates alone: each device adds the variance of its pick. */
function predictedError(epsilon: number): number {
  const { mine, others } = pickRates(mechanismFor(epsilon, names.length));
  const variances = [...shares, 100 - shares.reduce((a, b) => a + b)].map((hundredth) => {
    const having = (devices * hundredth) / 100;
    return (having * mine * (1 - mine) + (devices - having) * others * (1 - others)) / (mine - others) ** 2;
  });
  return Math.sqrt(variances.reduce((a, b) => a + b) / variances.length);
}

describe('error against epsilon', () => {
  const peers = { subset, kary, symmetric, optimised, laplace } as const;
  const rows: string[] = [];

  test.each(epsilons)('is at %f what is predicted, and no other mechanism has less', async (epsilon) => {
    const { picks } = mechanismFor(epsilon, names.length);
    const predicted = predictedError(epsilon);
    const errors: number[] = [];
    for (const peer of Object.values(peers)) errors.push(await errorOf(peer, epsilon, 20));
    const [ours = 0, ...others] = errors;
    rows.push(`| ${[epsilon, picks, predicted.toFixed(0), ...errors.map((error) => error.toFixed(0))].join(' | ')} |`);
    // Twenty shops: the mean of the squares has a standard deviation of about 12 %, its root half of that.
    expect(Math.abs(ours / predicted - 1)).toBeLessThan(0.2);
    for (const error of others) expect(error).toBeGreaterThan(0.9 * ours);
  });

  test('is as the README says', () => {
    print(`\n| epsilon | picks | predicted | ${Object.keys(peers).join(' | ')} |\n${rows.join('\n')}`);
    const readme = readFileSync(new URL('../../../web/trends/README.md', import.meta.url), 'utf8');
    expect(rows).toHaveLength(epsilons.length);
    for (const row of rows) expect(readme).toContain(row);
  });
});
