import { describe, expect, test } from 'vitest';
// @ts-expect-error A command of the project, in JavaScript.
import { judge } from '../../tools/eval.mjs';
// @ts-expect-error As above.
import * as measures from '../../tools/eval_measures.mjs';
// @ts-expect-error As above.
import { aspectTruth, emotionTruth, readerOf, withoutEmoticons } from '../../tools/eval_sets.mjs';

const { areaUnderCurve, macroF1, measureFlag, measureMarks, measureSentiment, recallAt, retrievalRanks, spearman } = measures;

const scores = (negative: number, neutral: number, positive: number) => ({ negative, neutral, positive });

describe('the measures', () => {
  test('AUC is the share of pairs in order, ties half', () => {
    // Pairs (positive, negative): 0.9>0.8, 0.9>0.3, 0.3<0.8, 0.3=0.3: 2.5 of 4.
    expect(areaUnderCurve([0.9, 0.3, 0.8, 0.3], [true, true, false, false])).toBeCloseTo(2.5 / 4, 12);
    expect(areaUnderCurve([1, 1, 1], [true, false, false])).toBeCloseTo(0.5, 12);
  });

  test('macro-F1 is the plain mean over classes', () => {
    // Class 0: precision 1, recall 1/2, F1 2/3. Class 2: precision 2/3, recall 1, F1 4/5.
    expect(macroF1([0, 0, 2, 2], [0, 2, 2, 2])).toBeCloseTo((2 / 3 + 4 / 5) / 2, 12);
  });

  test('a set without neutral rows is judged between the other two', () => {
    const rows = [
      { label: 0, scores: scores(0.2, 0.7, 0.1) },
      { label: 2, scores: scores(0.2, 0.1, 0.7) },
    ];
    expect(measureSentiment(rows)).toEqual({ rows: 2, accuracy: 1, macroF1: 1, auc: 1, binaryAccuracy: 1 });
    const neutral = { label: 1, scores: scores(0.6, 0.3, 0.1) };
    expect(measureSentiment([...rows, neutral])).toMatchObject({ rows: 3, accuracy: 1 / 3, auc: 1, binaryAccuracy: 1 });
  });

  test('of marks count only what is known, each label alike in the macro-F1, each mark in the micro-F1', () => {
    const truths = [{ price: 1, logistics: 0 }, { price: 1, logistics: 1 }, { price: 0 }];
    // Price: 1 hit of 2 wanted, 1 guessed, F1 2/3. Logistics: 1 hit, 2 guessed, 1 wanted, F1 2/3. The guess for the last row is unknown.
    const guesses = [new Set(['price', 'logistics']), new Set(['logistics']), new Set(['logistics'])];
    expect(measureMarks(truths, guesses)).toEqual({ rows: 3, accuracy: 1 / 3, microF1: 4 / 6, macroF1: 2 / 3 });
  });

  test('of a flag say yes from one half on', () => {
    expect(measureFlag([true, true, false, false], [0.5, 0.4, 0.6, 0.1])).toEqual({ rows: 4, accuracy: 0.5, f1: 0.5, auc: 0.5 });
  });

  test("of rank are those of the textbook: Spearman's with ties, recall at k", () => {
    // Ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4: covariance 4.5, variances 4.5 and 5.
    expect(spearman([1, 2, 2, 3], [10, 30, 20, 40])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
    const bank = [
      [1, 0],
      [0, 1],
      [0.6, 0.8],
    ];
    const places = retrievalRanks([bank[0], bank[2], bank[1]], bank, [0, 1, 0]);
    expect(places).toEqual([0, 1, 2]);
    expect([recallAt(places, 1), recallAt(places, 3)]).toEqual([1 / 3, 1]);
  });
});

describe('the labels of a set', () => {
  const mark = (id: string | null, ...open: string[]) => ({ true: id, open });

  test('of emotions: a felt one rules out none, and what a label leaves open is not judged', () => {
    const joyful = emotionTruth([mark('joy', 'satisfaction')]);
    expect(joyful).toMatchObject({ joy: 1, none: 0, anger: 0 });
    expect(joyful).not.toHaveProperty('satisfaction');
    expect(emotionTruth([mark('none')])).toMatchObject({ none: 1, joy: 0 });
    expect(emotionTruth([mark(null, 'none')])).not.toHaveProperty('none');
  });

  test('of aspects are those that the set annotates', () => {
    expect(aspectTruth(['price', 'logistics', 'other'], [mark('price'), mark(null, 'other')])).toEqual({ price: 1, logistics: 0 });
  });

  test('of public sets become our ids', () => {
    const acos = { text: 'fast shipping', domain: 'laptop', opinions: [{ category: 'SHIPPING#GENERAL', polarity: 2 }] };
    expect(readerOf('aspect_en_acos.test.jsonl.gz')(acos)).toMatchObject({
      aspects: { logistics: 1, price: 0 },
      polarity: { logistics: [2] },
      sentiment: 2,
    });
    expect(readerOf('intent_en_bitext.dev.tsv.gz')({ text: 'a', intent: 'track_refund' })).toEqual({
      text: 'a',
      intent: 'request_refund',
      detail: 'track_refund',
    });
    expect(() => readerOf('intent_en_bitext.dev.tsv.gz')({ text: 'a', intent: 'fly' })).toThrow();
    expect(readerOf('intent_en_banking77.dev.tsv.gz')).toBeUndefined();
  });

  test('are not given away by the emoticons they were made from; other brackets stay', () => {
    expect(withoutEmoticons('好[哈哈][泪]！')).toBe('好  ！');
    expect(withoutEmoticons('see [this link here] [ ]')).toBe('see [this link here] [ ]');
  });
});

test('each label that a file has is judged, by base; sentiment alone by lite', () => {
  const row = {
    text: 'Late again, I want a refund today',
    sentiment: 0,
    emotions: { anger: 1, none: 0 },
    aspects: { logistics: 1, price: 0 },
    polarity: { logistics: [0] },
    intent: 'request_refund',
    urgency: 'P1',
    escalate: true,
  };
  const analysis = {
    sentiment: { scores: scores(0.8, 0.1, 0.1) },
    emotions: [{ emotion: 'anger', score: 0.9 }],
    aspects: [
      { aspect: 'logistics', polarity: 'negative' },
      { aspect: 'price', polarity: 'positive' },
    ],
    intent: { label: 'complaint', score: 0.6 },
    urgency: { level: 'P1', score: 0.8 },
    escalate: 0.7,
  };
  expect(Object.fromEntries(judge([row], [analysis]))).toMatchObject({
    sentiment: { accuracy: 1 },
    emotions: { accuracy: 1, microF1: 1 },
    aspects: { accuracy: 0, microF1: 2 / 3 },
    aspect_polarity: { rows: 1, accuracy: 1 },
    intent: { accuracy: 0 },
    urgency: { accuracy: 1 },
    escalate: { accuracy: 1, f1: 1 },
  });
  expect(judge([{ text: 'a', intent: 'praise' }], [analysis])).toHaveLength(1);
});
