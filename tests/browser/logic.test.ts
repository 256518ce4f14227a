/** The page's decisions that need no browser. */
import type { Analysis, Decision, Route } from 'aftersense';
import { describe, expect, test } from 'vitest';
import { stepOf } from '../../demo/feedback/flow.ts';
import { cutIntoRuns, marksOf, shownEvidence, stillValid } from '../../demo/feedback/highlight.ts';
import { readableReasons } from '../../demo/views/reasons.ts';

function decision(route: Route, abstained = false, rule = 'a_rule'): Decision {
  return {
    route,
    priority: 'P3',
    skill: 'general',
    actions: [],
    reasons: [{ rule, text: '', evidence: [] }],
    abstained,
    missing: [],
    language: 'en',
    tier: 'base',
    policy: 'default',
  };
}

test.each([
  ['offer', 'pleased'],
  ['answer', 'question'],
  ['complaint', 'complaint'],
  ['human', 'person'],
] as const)('the route %s opens %s; unsure, the shopper is asked', (route, step) => {
  expect(stepOf(decision(route))).toBe(step);
  expect(stepOf(decision(route, true))).toBe('unsure');
  expect(stepOf(decision(route, false, '@fallback'))).toBe('unsure');
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
    const lite: Analysis = {
      language: 'en',
      sentiment: { label: 'positive', confidence: 0.9, scores: { negative: 0.05, neutral: 0.05, positive: 0.9 } },
      keywords: [],
      sentences: [],
      entities: [],
      fingerprint: '0000000000000000',
      evidence: [{ start: 4, end: 7, score: 1 }],
      truncated: false,
      abstained: false,
      tier: 'lite',
      engine: 'native',
    };
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
