/** What follows a verdict: the first form of the shop's after-sales policy. */
import type { Analysis, Intent } from 'aftersense';
import type { Step } from '../app/session.ts';

/** Offers are only made when we are sure; an unanswered complaint costs more than a needless form, so that bar is lower. */
const pleasedFrom = 0.6;
const complaintFrom = 0.5;
/** Where base is this sure of what is wanted, that decides; offers and apologies answer no question. */
const intentFrom = 0.6;

const askers: ReadonlySet<Intent> = new Set(['question', 'product_question', 'track_order', 'invoice']);

export function nextStep({ sentiment, abstained, intent }: Analysis): Exclude<Step, 'none'> {
  if (abstained) return 'unsure';
  if (intent && intent.score >= intentFrom) {
    if (intent.label === 'speak_to_human') return 'person';
    if (askers.has(intent.label)) return 'question';
  }
  if (sentiment.label === 'positive' && sentiment.confidence >= pleasedFrom) return 'pleased';
  if (sentiment.label === 'negative' && sentiment.confidence >= complaintFrom) return 'complaint';
  return 'unsure';
}
