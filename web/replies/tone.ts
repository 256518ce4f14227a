/** How the shopper feels, and with which words an answer opens. Openings are the shop's own, as answers are. */
import type { Emotion } from '../types.ts';
import defaults from './openings.json' with { type: 'json' };
import type { Mood, Openings, ReplyInput, Tone } from './types.ts';

export const defaultOpenings: Openings = defaults;

const moodOf: Readonly<Partial<Record<Emotion, Mood>>> = {
  anger: 'angry',
  anxiety: 'anxious',
  disappointment: 'disappointed',
  sadness: 'disappointed',
  satisfaction: 'pleased',
  gratitude: 'pleased',
  joy: 'pleased',
};
/** The strongest first, where a text shows several. */
const order: readonly Mood[] = ['angry', 'anxious', 'disappointed', 'pleased'];
/** Lite reads no emotions: its sentiment counts from this probability on. */
const sureSentiment = 0.7;

/** From emotions more likely than not; without emotions from the sentiment, where it is sure. */
export function readMood({ emotions, sentiment, abstained }: Exclude<ReplyInput, string>): Mood | undefined {
  if (abstained) return undefined;
  if (emotions) {
    const felt = emotions.map(({ emotion }) => moodOf[emotion]);
    return order.find((mood) => felt.includes(mood));
  }
  if (sentiment.confidence < sureSentiment) return undefined;
  if (sentiment.label === 'negative') return 'disappointed';
  return sentiment.label === 'positive' ? 'pleased' : undefined;
}

/** The mood that an answer's opening takes up: none that the answer speaks to itself, and no thanks before an apology. */
export function openingFor(mood: Mood | undefined, tone: Tone, openings: Openings): Mood | undefined {
  if (mood === undefined || openings[mood] === undefined) return undefined;
  switch (tone) {
    case 'neutral':
      return mood;
    case 'apologetic':
      return mood === 'anxious' ? mood : undefined;
    case 'warm':
      return undefined;
    default:
      return tone satisfies never;
  }
}
