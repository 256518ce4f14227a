/** The page's decisions that need no browser. */
import type { Analysis, Intent, SentimentLabel } from 'aftersense';
import { describe, expect, test } from 'vitest';
import { nextStep } from '../../demo/feedback/flow.ts';
import { cutIntoRuns, marksOf, shownEvidence, stillValid } from '../../demo/feedback/highlight.ts';
import { readableReasons } from '../../demo/views/reasons.ts';

function reading(label: SentimentLabel, confidence: number, abstained = false): Analysis {
  const rest = (1 - confidence) / 2;
  return {
    language: 'en',
    sentiment: { label, confidence, scores: { negative: rest, neutral: rest, positive: rest, [label]: confidence } },
    keywords: [],
    sentences: [],
    truncated: false,
    abstained,
    tier: 'lite',
    engine: 'native',
  };
}

test.each([
  ['positive', 0.6, 'pleased'],
  ['positive', 0.59, 'unsure'],
  ['negative', 0.5, 'complaint'],
  ['negative', 0.49, 'unsure'],
  ['neutral', 0.99, 'unsure'],
] as const)('a %s verdict of confidence %d leads to %s', (label, confidence, step) => {
  expect(nextStep(reading(label, confidence))).toBe(step);
  expect(nextStep(reading(label, confidence, true))).toBe('unsure');
});

test.each([
  ['speak_to_human', 0.6, 'person'],
  ['speak_to_human', 0.59, 'complaint'],
  ['product_question', 0.9, 'question'],
  ['request_refund', 0.9, 'complaint'],
] as const)('an intent of %s that is %d sure leads a displeased shopper to %s', (label: Intent, score, step) => {
  expect(nextStep({ ...reading('negative', 0.9), tier: 'base', intent: { label, score } })).toBe(step);
});

describe('marked text', () => {
  const text = 'not bad at all';

  test('keeps every character, and the earlier of two overlapping marks wins', () => {
    const runs = cutIntoRuns(text, [
      { start: 0, end: 7, role: 'for' },
      { start: 4, end: 10, role: 'against' },
    ]);
    expect(runs).toEqual([
      { text: 'not bad', role: 'for' },
      { text: ' at', role: 'against' },
      { text: ' all', role: 'plain' },
    ]);
    expect(cutIntoRuns('', [])).toEqual([]);
  });

  test('drops marks from the first changed character on, and words too weak to explain anything', () => {
    const evidence = [
      { start: 0, end: 3, score: 2 },
      { start: 4, end: 7, score: -0.1 },
    ];
    const marks = evidence.map(({ start, end }) => ({ start, end, role: 'for' }) as const);
    expect(stillValid(marks, text, 'not best')).toEqual([marks[0]]);
    expect(stillValid(marks, text, `${text}!`)).toEqual(marks);
    expect(shownEvidence(text, evidence)).toEqual([evidence[0]]);
  });

  test('shows what was said of aspects where base tells, else the words that decided, and nothing where there was nothing to judge', () => {
    const lite: Analysis = { ...reading('positive', 0.9), evidence: [{ start: 4, end: 7, score: 1 }] };
    expect(marksOf(text, lite)).toEqual([{ start: 4, end: 7, role: 'for' }]);
    const said = { aspect: 'price', score: 0.9, polarity: 'negative', evidence: [{ start: 0, end: 3 }] } as const;
    expect(marksOf(text, { ...lite, tier: 'base', aspects: [said] })).toEqual([{ start: 0, end: 3, role: 'negative' }]);
    expect(marksOf(text, { ...lite, tier: 'base', aspects: [{ ...said, evidence: [] }] })).toEqual([{ start: 4, end: 7, role: 'for' }]);
    expect(marksOf(text, { ...lite, abstained: true })).toEqual([]);
  });

  test('joins neighbours that pull the same way, and leaves punctuation out', () => {
    const review = 'Very happy, but slow!';
    const span = (words: string, score: number) => ({ start: review.indexOf(words), end: review.indexOf(words) + words.length, score });
    const evidence = [span('happy', 2), span('Very', 1), span('slow', -1.5), span('!', 1), span('but', 0.1)];
    const shown = shownEvidence(review, evidence);
    expect(shown.map(({ start, end, score }) => [review.slice(start, end), score])).toEqual([
      ['Very happy', 3],
      ['slow', -1.5],
    ]);
  });
});

describe('shared terms', () => {
  const kettle = {
    telling: ['pour-over', 'coffee', 'Gooseneck kettle'],
    names: ['Ember & Rye', 'Small electronics'],
    rest: 'Ready in an hour.',
  };

  test('in Chinese are joined to the words they are parts of, and single characters are left out', () => {
    const bottle = { telling: ['水壶', '不锈钢', '细口手冲壶'], names: ['麦烬'], rest: '保温一小时' };
    expect(readableReasons(['不锈', '锈', '锈钢', '钢', '水壶'], bottle, 3)).toEqual(['水壶', '不锈钢']);
    expect(readableReasons(['麦烬', '保温'], bottle, 3)).toEqual(['麦烬']);
    expect(readableReasons(['钢', '壶'], bottle, 3)).toEqual([]);
  });

  test('in English are written as the product writes them, brands and categories whole, each once', () => {
    expect(readableReasons(['pour', 'over', 'electronic', 'small'], kettle, 3)).toEqual(['pour-over', 'Small electronics']);
    expect(readableReasons(['rye', 'hour', 'kettle'], kettle, 3)).toEqual(['kettle', 'Ember & Rye']);
    expect(readableReasons(['hour'], kettle, 3)).toEqual(['hour']);
    expect(readableReasons(['pour', 'coffee', 'kettle', 'ember'], kettle, 2)).toEqual(['pour-over', 'coffee']);
  });
});
