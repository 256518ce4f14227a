/** Reasons of urgency, fingerprints and explanations, by the built module with the shipped models. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aftersense, type Analysis, createAftersense, nearDuplicate, type UrgencyKind } from '../../dist/index.js';
import { enableRelaxedSimd } from './support.ts';

enableRelaxedSimd();

const complaint = '😠 Ｔhe charger caught fire, my lawyer will write. Refund me by midnight!';

describe('lite', () => {
  let desk: Aftersense;
  beforeAll(async () => {
    desk = await createAftersense({ model: 'lite', worker: false });
  });
  afterAll(() => desk.dispose());

  test('gives the words behind the urgency, where they stand in the text as written', async () => {
    const { urgency } = await desk.analyze(complaint);
    expect(urgency?.level).toBe('P1');
    const words = urgency?.reasons.map(({ kind, start, end }): [UrgencyKind, string] => [kind, complaint.slice(start, end)]);
    expect(words).toEqual([
      ['safety', 'caught fire'],
      ['legal', 'lawyer'],
      ['deadline', 'by midnight'],
    ]);
  });

  test('leaves the urgency out where it abstains', async () => {
    for (const text of ['', '今日は電車が燃えましたか、とても危険です']) {
      const analysis = await desk.analyze(text);
      expect(analysis.abstained).toBe(true);
      expect(analysis).not.toHaveProperty('urgency');
    }
  });

  test('fingerprints texts: equal for the same words, near after an edit, none without words', async () => {
    const [a, b, c, d] = (await desk.analyze(['物流太慢，盒子都破了', '物流太慢盒子都破了！😠', 'Lovely mug', '!!!'])) as [
      Analysis,
      Analysis,
      Analysis,
      Analysis,
    ];
    expect(a.fingerprint).toBe('7715d50a86e8436a');
    expect(b.fingerprint).toBe(a.fingerprint);
    expect(nearDuplicate(a.fingerprint, c.fingerprint)).toBe(false);
    expect(d.fingerprint).toBe('0000000000000000');
  });

  test('explains the sentiment alone, exactly', async () => {
    const { evidence, explanations, sentiment } = await desk.analyze(complaint, { explain: true });
    expect(explanations).toEqual([{ verdict: 'sentiment', label: sentiment.label, method: 'exact', words: evidence }]);
    expect(await desk.analyze(complaint)).not.toHaveProperty('explanations');
  });
});

describe('base', () => {
  let desks: Aftersense[];
  beforeAll(async () => {
    desks = await Promise.all(
      (['simd128', 'relaxed'] as const).map((variant) => createAftersense({ model: 'base', worker: false, variant })),
    );
  });
  afterAll(() => {
    for (const desk of desks) desk.dispose();
  });

  test('explains each of its verdicts, alike in both variants', async () => {
    for (const text of [complaint, '客服一直不回复，我要退款，今天必须处理']) {
      const [first, second] = (await Promise.all(desks.map((desk) => desk.analyze(text, { explain: true })))) as [Analysis, Analysis];
      expect(second).toEqual(first);
      const told = new Map(first.explanations?.map(({ verdict, label }) => [verdict, label]));
      expect(told.get('sentiment')).toBe(first.sentiment.label);
      expect(told.get('intent')).toBe(first.intent?.label);
      expect(told.get('urgency')).toBe(first.urgency?.level);
      for (const { method, words } of first.explanations ?? []) {
        expect(method).toBe('occlusion');
        const scores = words.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
        for (const { start, end } of words) expect(text.slice(start, end)).toMatch(/[\p{L}\p{N}\p{Extended_Pictographic}]/u);
      }
    }
  });

  test('a long text is explained by at most 32 of its parts', async () => {
    const text = 'The courier was late, the box was torn, and nobody at the shop ever answered my letters. '.repeat(20);
    const { explanations = [] } = await (desks[0] as Aftersense).analyze(text, { explain: true });
    expect(explanations.length).toBeGreaterThan(2);
    for (const { words } of explanations) {
      expect(words.length).toBeGreaterThanOrEqual(4);
      expect(words.length).toBeLessThanOrEqual(32);
    }
  });
});
