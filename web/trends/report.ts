/** What a device tells of one period, made and read: the exchange format of README.md. */
import { checkInteger, checkString } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import { checkPeriod, periodFrom, startOf } from './calendar.ts';
import { type Mechanism, mechanismFor, randomise } from './mechanism.ts';
import type { Draw } from './random.ts';
import { openedAt } from './trends.ts';
import type { ReportedCase, TrendPeriod, TrendReport } from './types.ts';

const format = 'aftersense-trend-report';
const version = 1;
/** Above, nearly nothing is left to chance; below, nearly everything. */
const epsilons = { min: 0.01, max: 8 };
const maxKinds = 100;
const maxName = 200;

/** The value of a device without a case, or with one of a kind that is not asked for. */
export const none = 'none';

const invalid = (message: string) => new AftersenseError('invalid_argument', message);

/** What is asked of a device. */
export interface Question {
  readonly period: TrendPeriod;
  /** The period's number: calendar.ts. */
  readonly index: number;
  readonly epsilon: number;
  readonly kinds: readonly string[];
}

export function checkEpsilon(value: unknown): asserts value is number {
  if (typeof value !== 'number' || !(value >= epsilons.min && value <= epsilons.max))
    throw invalid(`epsilon must be from ${epsilons.min} to ${epsilons.max}, not ${String(value)}.`);
}

export function checkKinds(value: unknown): asserts value is readonly string[] {
  if (!Array.isArray(value)) throw invalid('kinds must be an array of strings.');
  checkInteger(value.length, 'the number of kinds', 1, maxKinds);
  for (const [i, kind] of value.entries()) {
    checkString(kind, `kinds[${i}]`);
    if (kind === '' || kind.length > maxName) throw invalid(`kinds[${i}] must have 1 to ${maxName} characters.`);
    if (kind === none) throw invalid(`kinds[${i}] must not be '${none}': that is what all others count as.`);
    if (value.indexOf(kind) !== i) throw invalid(`kinds has '${kind}' twice.`);
  }
}

/** All devices with this question draw alike. */
export const mechanismOf = ({ epsilon, kinds }: Pick<Question, 'epsilon' | 'kinds'>): Mechanism => mechanismFor(epsilon, kinds.length + 1);

/** The device's own value: the kind of the first case opened in the period, by its place; the place after the last for `none`. */
export function ownValue(cases: readonly ReportedCase[], { index, kinds }: Question, periodAt: (time: number) => number): number {
  const within = cases.filter((one) => periodAt(openedAt(one)) === index);
  const earlier = (a: ReportedCase, b: ReportedCase) => openedAt(a) < openedAt(b) || (openedAt(a) === openedAt(b) && a.id < b.id);
  const first = within.length > 0 ? within.reduce((a, b) => (earlier(b, a) ? b : a)) : undefined;
  const place = first ? kinds.indexOf(first.kind) : -1;
  return place < 0 ? kinds.length : place;
}

/** 96 random bits. */
const newId = (draw: Draw) =>
  Array.from({ length: 3 }, () =>
    draw(2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');

export function makeReport(question: Question, value: number, draw: Draw): TrendReport {
  const { period, index, epsilon, kinds } = question;
  const names = [...kinds, none];
  const picks = randomise(mechanismOf(question), value, draw).map((place) => names[place] as string);
  const told = { epsilon, period, start: startOf(index, period), kinds: [...kinds], picks };
  return { format, version, id: newId(draw), mechanism: 'subset', ...told };
}

const fields: readonly string[] = ['format', 'version', 'id', 'mechanism', 'epsilon', 'period', 'start', 'kinds', 'picks'];

/** Whatever JSON.parse gave, as a report that a device may have made. Error: invalid_argument. */
export function readReport(value: unknown): TrendReport {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('a report must be an object.');
  const given = value as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).find((name) => !fields.includes(name));
  if (unknown !== undefined) throw invalid(`field "${unknown}" is not known.`);
  if (given.format !== format) throw invalid(`format must be '${format}', not ${String(given.format)}.`);
  if (given.version !== version) throw invalid(`version is ${String(given.version)}; this module reads version ${version}.`);
  if (given.mechanism !== 'subset') throw invalid(`mechanism must be 'subset', not ${String(given.mechanism)}.`);
  const { id, epsilon, period, start, kinds, picks } = given;
  if (typeof id !== 'string' || !/^[0-9a-f]{24}$/.test(id)) throw invalid('id must be 24 hexadecimal digits.');
  checkEpsilon(epsilon);
  checkPeriod(period);
  checkKinds(kinds);
  const first = startOf(periodFrom(start, period), period);
  return { format, version, id, mechanism: 'subset', epsilon, period, start: first, kinds, picks: readPicks(picks, { epsilon, kinds }) };
}

function readPicks(picks: unknown, question: Pick<Question, 'epsilon' | 'kinds'>): readonly string[] {
  const { values, picks: wanted } = mechanismOf(question);
  if (!Array.isArray(picks) || picks.length !== wanted || new Set(picks).size !== wanted)
    throw invalid(`picks must be ${wanted} different names: that many are told of ${values} with this epsilon.`);
  const stranger = picks.find((pick) => pick !== none && !question.kinds.includes(pick));
  if (stranger !== undefined) throw invalid(`picks has ${JSON.stringify(stranger)}, which is none of kinds.`);
  return picks;
}
