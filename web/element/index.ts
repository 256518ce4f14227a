/** Registers the elements; importing it twice, or where there is no DOM, does no harm. */
import { AftersenseFeedback } from './feedback.ts';
import { AftersenseRecommendations } from './recommendations.ts';

const elements = { 'aftersense-feedback': AftersenseFeedback, 'aftersense-recommendations': AftersenseRecommendations };

if (globalThis.customElements) {
  for (const [name, element] of Object.entries(elements)) {
    if (!customElements.get(name)) customElements.define(name, element);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'aftersense-feedback': AftersenseFeedback;
    'aftersense-recommendations': AftersenseRecommendations;
  }
}

export type { FeedbackDesk, FeedbackDetail, FeedbackState } from './feedback.ts';
export type { PictureOf, RecommendationsState, RecommendDesk } from './recommendations.ts';
export { AftersenseFeedback, AftersenseRecommendations };
