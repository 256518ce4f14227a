/** What follows a verdict: the first form of the shop's after-sales policy. */
import type { Analysis } from 'aftersense';
import type { Step } from '../app/session.ts';

/** Offers are only made when we are sure; an unanswered complaint costs more than a needless form, so that bar is lower. */
const pleasedFrom = 0.6;
const complaintFrom = 0.5;

export function nextStep({ sentiment, abstained }: Analysis): Exclude<Step, 'none'> {
  if (abstained) return 'unsure';
  if (sentiment.label === 'positive' && sentiment.confidence >= pleasedFrom) return 'pleased';
  if (sentiment.label === 'negative' && sentiment.confidence >= complaintFrom) return 'complaint';
  return 'unsure';
}
