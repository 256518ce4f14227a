/** The page's decisions that need no browser. */
import type { Analysis, Decision, Route } from 'aftersense';
import { describe, expect, test } from 'vitest';
import { stepOf } from '../../demo/feedback/flow.ts';
import { cutIntoRuns, marksOf, shownEvidence, stillValid } from '../../demo/feedback/highlight.ts';

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
