/**
 * Whether a condition holds of the facts, in three values: it does, with its evidence; it does not; or that cannot be said, for want of
 * facts. Kleene's logic: `all` is false where one is, and unknown only where that could still be; `not` of the unknown is unknown.
 */
import type { Span } from '../types.ts';
import type { Facts, SureReadings } from './facts.ts';
import type { Condition, DecisionEvidence, Fact, Range } from './types.ts';
import { findWord, foldWords } from './words.ts';

export type Verdict =
  | { readonly holds: true; readonly evidence: readonly DecisionEvidence[] }
  | { readonly holds: false }
  | { readonly holds: 'unknown'; readonly missing: readonly Fact[] };

const no: Verdict = { holds: false };
const yes = (...evidence: DecisionEvidence[]): Verdict => ({ holds: true, evidence });
const unknown = (fact: Fact): Verdict => ({ holds: 'unknown', missing: [fact] });

function all(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.some(({ holds }) => holds === false)) return no;
  const missing = verdicts.flatMap((verdict) => (verdict.holds === 'unknown' ? verdict.missing : []));
  if (missing.length > 0) return { holds: 'unknown', missing };
  return yes(...verdicts.flatMap((verdict) => (verdict.holds === true ? verdict.evidence : [])));
}

function any(verdicts: readonly Verdict[]): Verdict {
  const held = verdicts.flatMap((verdict) => (verdict.holds === true ? [verdict.evidence] : []));
  if (held.length > 0) return yes(...held.flat());
  const missing = verdicts.flatMap((verdict) => (verdict.holds === 'unknown' ? verdict.missing : []));
  return missing.length > 0 ? { holds: 'unknown', missing } : no;
}

/** That something did not hold has no evidence. */
function not(verdict: Verdict): Verdict {
  if (verdict.holds === 'unknown') return verdict;
  return verdict.holds ? no : yes();
}

const includes = <T>(list: readonly T[] | undefined, value: T): boolean => list === undefined || list.includes(value);

const read = (fact: Fact, value: string, score: number, spans: readonly Span[] = []): DecisionEvidence => ({
  kind: 'reading',
  fact,
  value,
  score,
  spans: spans.map(({ start, end }) => ({ start, end })),
});

/** The words that speak for the verdict, where the analysis explains itself. */
const forVerdict = ({ evidence = [] }: SureReadings) => evidence.filter(({ score }) => score > 0);

type Field = keyof Condition;
type Check<F extends Field> = (wanted: NonNullable<Condition[F]>, facts: Facts) => Verdict;

/** One of the items found fits, or some do. */
const found = (evidence: readonly DecisionEvidence[]): Verdict => (evidence.length > 0 ? yes(...evidence) : no);

function checkFact(fact: Fact, value: string | number | undefined, fits: boolean): Verdict {
  if (value === undefined) return unknown(fact);
  return fits ? yes({ kind: 'fact', fact, value }) : no;
}

function inRange(fact: Fact, value: number | undefined, range: Range | undefined): Verdict {
  if (range === undefined) return yes();
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range;
  return checkFact(fact, value, value !== undefined && value >= min && value <= max);
}

function oneOf(fact: Fact, value: string | undefined, list: readonly string[] | undefined): Verdict {
  if (list === undefined) return yes();
  return checkFact(fact, value, value !== undefined && list.includes(value));
}

/** Each field of a condition, on its own. */
const checks: { readonly [F in Field]: Check<F> } = {
  all: (conditions, facts) => all(conditions.map((condition) => evaluate(condition, facts))),
  any: (conditions, facts) => any(conditions.map((condition) => evaluate(condition, facts))),
  not: (condition, facts) => not(evaluate(condition, facts)),
  sentiment: ({ is, min = 0 }, { readings }) => {
    const { sentiment } = readings;
    if (!sentiment) return unknown('analysis.sentiment');
    const { label, confidence } = sentiment;
    return is.includes(label) && confidence >= min ? yes(read('analysis.sentiment', label, confidence, forVerdict(readings))) : no;
  },
  aspect: ({ is, polarity, min = 0 }, { readings: { aspects } }) => {
    if (!aspects) return unknown('analysis.aspects');
    const fitting = aspects.filter((item) => includes(is, item.aspect) && includes(polarity, item.polarity) && item.score >= min);
    return found(fitting.map((item) => read('analysis.aspects', `${item.aspect}: ${item.polarity}`, item.score, item.evidence)));
  },
  emotion: ({ is, min = 0 }, { readings: { emotions } }) => {
    if (!emotions) return unknown('analysis.emotions');
    const fitting = emotions.filter(({ emotion, score }) => is.includes(emotion) && score >= min);
    return found(fitting.map(({ emotion, score }) => read('analysis.emotions', emotion, score)));
  },
  intent: ({ is, detail, min = 0 }, { readings: { intent } }) => {
    if (!intent) return unknown('analysis.intent');
    const fits = includes(is, intent.label) && intent.score >= min && (!detail || detail.includes(intent.detail ?? ''));
    return fits ? yes(read('analysis.intent', intent.label, intent.score)) : no;
  },
  urgency: ({ is, min = 0 }, { readings: { urgency } }) => {
    if (!urgency) return unknown('analysis.urgency');
    return is.includes(urgency.level) && urgency.score >= min ? yes(read('analysis.urgency', urgency.level, urgency.score)) : no;
  },
  escalate: ({ min }, { readings: { escalate } }) => {
    if (escalate === undefined) return unknown('analysis.escalate');
    return escalate >= min ? yes(read('analysis.escalate', 'escalate', escalate)) : no;
  },
  entity: ({ is }, { readings: { entities } }) => {
    if (!entities) return unknown('analysis.entities');
    const fitting = entities.filter(({ kind }) => is.includes(kind));
    return found(fitting.map((entity) => ({ kind: 'reading', fact: 'analysis.entities', value: entity.kind, spans: [spanOf(entity)] })));
  },
  language: (is, { readings: { language } }) =>
    is.includes(language) ? yes({ kind: 'reading', fact: 'analysis.language', value: language, spans: [] }) : no,
  words: (words, { text }) => {
    if (text === undefined) return unknown('text');
    const hits = foldWords(words).map((word, i) => ({ kind: 'words' as const, value: words[i] as string, spans: findWord(text, word) }));
    return found(hits.filter(({ spans }) => spans.length > 0));
  },
  order: ({ value, currency, status, daysSinceDelivery, warrantyDaysLeft }, { order }) =>
    all([
      oneOf('order.currency', order.currency, currency),
      inRange('order.value', order.value, value),
      oneOf('order.status', order.status, status),
      inRange('order.daysSinceDelivery', order.daysSinceDelivery, daysSinceDelivery),
      inRange('order.warrantyDaysLeft', order.warrantyDaysLeft, warrantyDaysLeft),
    ]),
  customer: ({ tier, pastContacts, pastReturns }, { customer }) =>
    all([
      oneOf('customer.tier', customer.tier, tier),
      inRange('customer.pastContacts', customer.pastContacts, pastContacts),
      inRange('customer.pastReturns', customer.pastReturns, pastReturns),
    ]),
};

const spanOf = ({ start, end }: Span): Span => ({ start, end });

export function evaluate(condition: Condition, facts: Facts): Verdict {
  const fields = Object.keys(condition) as Field[];
  return all(fields.map((field) => (checks[field] as Check<Field>)(condition[field] as never, facts)));
}
