/** What an event says of the shopper's taste, and how that fades. The numbers are choices: README.md says why. */
import type { Aspect } from '../types.ts';
import { timeOf } from './events.ts';
import type { ProfileEvent, ProfileEventKind } from './types.ts';

const dayMs = 86_400_000;

/** After so many days an event counts half. */
export const halfLifeDays: Readonly<Record<ProfileEventKind, number>> = {
  purchase: 180,
  rating: 180,
  feedback: 180,
  view: 30,
  search: 14,
  shown: 14,
};

const purchaseWeight = 4;
const searchWeight = 2;
const viewWeight = 1;
/** For each star above 3, or below. */
const starWeight = 2;
const feedbackWeight = 3;

/** Aspects that speak of the product; of the others, such as a late parcel, it is not to blame. */
const productAspects: ReadonlySet<Aspect> = new Set<Aspect>(['product_quality', 'performance', 'as_described', 'usability']);
const signs = { negative: -1, neutral: 0, positive: 1 } as const;

/** What feedback says of the product, from -1 to 1. */
function opinion({ sentiment, aspects }: Extract<ProfileEvent, { kind: 'feedback' }>): number {
  if (aspects === null || aspects.length === 0) return signs[sentiment.label] * sentiment.confidence;
  const own = aspects.filter(({ aspect }) => productAspects.has(aspect));
  const total = own.reduce((sum, { score }) => sum + score, 0);
  return total > 0 ? own.reduce((sum, { polarity, score }) => sum + signs[polarity] * score, 0) / total : 0;
}

function freshWeight(event: ProfileEvent): number {
  switch (event.kind) {
    case 'purchase':
      return purchaseWeight;
    case 'view':
      return viewWeight;
    case 'search':
      return searchWeight;
    case 'rating':
      return (event.stars - 3) * starWeight;
    case 'feedback':
      return opinion(event) * feedbackWeight;
    case 'shown':
      return 0;
    default:
      return event satisfies never;
  }
}

export const daysSince = (event: Pick<ProfileEvent, 'at'>, now: number): number => (now - timeOf(event, now)) / dayMs;

/** Today's weight of an event: half of it after each half-life. */
export const weightOf = (event: ProfileEvent, now: number): number =>
  freshWeight(event) * 2 ** (-daysSince(event, now) / halfLifeDays[event.kind]);
