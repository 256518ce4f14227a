import { describe, expect, test } from 'vitest';
// @ts-expect-error A command of the project, in JavaScript.
import { areaUnderCurve, macroF1, measure, withoutEmoticons } from '../../tools/eval.mjs';

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
    expect(measure(rows)).toEqual({ rows: 2, accuracy: 1, macroF1: 1, auc: 1, binaryAccuracy: 1 });
    const neutral = { label: 1, scores: scores(0.6, 0.3, 0.1) };
    expect(measure([...rows, neutral])).toMatchObject({ rows: 3, accuracy: 1 / 3, auc: 1, binaryAccuracy: 1 });
  });

  test('emoticons are stripped, other brackets stay', () => {
    expect(withoutEmoticons('好[哈哈][泪]！')).toBe('好  ！');
    expect(withoutEmoticons('see [this link here] [ ]')).toBe('see [this link here] [ ]');
  });
});
