/** A verdict of an analysis as a choice among labels, and the analysis with another one. */
import { aspects } from '../aspects.ts';
import type { Analysis, Aspect, AspectOpinion, Intent, Sentiment, SentimentLabel, UrgencyLevel } from '../types.ts';
import type { Verdict } from './types.ts';

const sentiments = ['negative', 'neutral', 'positive'] as const satisfies readonly SentimentLabel[];
const intents = [
  'complaint',
  'question',
  'request_refund',
  'request_return',
  'request_exchange',
  'request_repair',
  'track_order',
  'cancel_order',
  'change_order',
  'invoice',
  'payment_issue',
  'account_issue',
  'product_question',
  'praise',
  'feedback',
  'speak_to_human',
  'other',
] as const satisfies readonly Intent[];
const urgencies = ['P1', 'P2', 'P3', 'P4'] as const satisfies readonly UrgencyLevel[];
const opinions = ['absent', ...sentiments] as const;

/** How often an aspect that base does not list is indeed absent: 94.6 % of the written messages' dev part (README.md). */
const absentWhereUnlisted = 0.946;

type AspectVerdict = `aspect.${Aspect}`;
const aspectLabels = Object.fromEntries(
  aspects.map((aspect): [AspectVerdict, readonly string[]] => [`aspect.${aspect}`, opinions]),
) as Readonly<Record<AspectVerdict, readonly string[]>>;

/** The labels of each verdict. */
export const labels: Readonly<Record<Verdict, readonly string[]>> = {
  sentiment: sentiments,
  intent: intents,
  urgency: urgencies,
  ...aspectLabels,
};
export const verdicts = Object.keys(labels) as readonly Verdict[];

const aspectOf = (verdict: Verdict) => verdict.slice('aspect.'.length) as Aspect;

/** The label of an analysis, and its probability where the analysis has one. */
export function readingOf(analysis: Analysis, verdict: Verdict): { readonly label: string; readonly score?: number } | undefined {
  if (analysis.abstained) return undefined;
  const { sentiment, intent, urgency, aspects: found } = analysis;
  if (verdict === 'sentiment') return { label: sentiment.label, score: sentiment.confidence };
  if (verdict === 'intent') return intent && { label: intent.label, score: intent.score };
  if (verdict === 'urgency') return urgency && { label: urgency.level, score: urgency.score };
  const opinion = found?.find(({ aspect }) => aspect === aspectOf(verdict));
  if (opinion) return { label: opinion.polarity, score: opinion.score };
  return found && { label: 'absent' };
}

/**
 * The probabilities of all labels of a verdict. Of the sentiment the analysis has them; of the others it has the likeliest label's, and
 * the rest is shared evenly.
 */
export function probabilitiesOf(analysis: Analysis, verdict: Verdict): Map<string, number> | undefined {
  const reading = readingOf(analysis, verdict);
  if (!reading) return undefined;
  if (verdict === 'sentiment') return new Map(Object.entries(analysis.sentiment.scores));
  const { label, score = absentWhereUnlisted } = reading;
  const choices = labels[verdict];
  return new Map(choices.map((choice) => [choice, choice === label ? score : (1 - score) / (choices.length - 1)]));
}

function movedSentiment(label: SentimentLabel, probabilities: ReadonlyMap<string, number>): Sentiment {
  const of = (choice: SentimentLabel) => probabilities.get(choice) ?? 0;
  const scores = { negative: of('negative'), neutral: of('neutral'), positive: of('positive') };
  return { label, scores, confidence: scores[label], adapted: true };
}

/** The likeliest first, as the analysis lists them. */
function movedAspects(found: readonly AspectOpinion[], aspect: Aspect, label: string, score: number): readonly AspectOpinion[] {
  const before = found.find((opinion) => opinion.aspect === aspect);
  const others = found.filter((opinion) => opinion !== before);
  if (label === 'absent') return others;
  const opinion = { aspect, polarity: label as SentimentLabel, score, evidence: before?.evidence ?? [], adapted: true } as const;
  return [...others, opinion].sort((a, b) => b.score - a.score);
}

/** The analysis with the likeliest of these labels; a tie leaves the label as it is. */
export function withProbabilities(analysis: Analysis, verdict: Verdict, probabilities: ReadonlyMap<string, number>): Analysis {
  const before = readingOf(analysis, verdict)?.label ?? '';
  let label = before;
  for (const [choice, probability] of probabilities) if (probability > (probabilities.get(label) ?? 0)) label = choice;
  const score = probabilities.get(label) ?? 0;
  const moved = { ...analysis, adapted: true } as const;
  if (verdict === 'sentiment') return { ...moved, sentiment: movedSentiment(label as SentimentLabel, probabilities) };
  const { reasons = [] } = analysis.urgency ?? {};
  if (verdict === 'urgency') return { ...moved, urgency: { level: label as UrgencyLevel, score, reasons, adapted: true } };
  if (verdict !== 'intent') return { ...moved, aspects: movedAspects(analysis.aspects ?? [], aspectOf(verdict), label, score) };
  // The finer intent was one of the intent that was read.
  const kept = label === before ? analysis.intent : undefined;
  return { ...moved, intent: { ...kept, label: label as Intent, score, adapted: true } };
}
