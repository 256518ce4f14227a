/** What corrections do to analyses, over vectors that the test makes up. */
import { describe, expect, test } from 'vitest';
import { Adaptation, type Example } from '../../../web/corrections/adapt.ts';
import { verdicts } from '../../../web/corrections/verdicts.ts';
import { analysisOf, vector } from './support.ts';

const shipped = analysisOf();
const example = (fields: Partial<Example> = {}): Example => ({
  text: 'corrected',
  verdict: 'sentiment',
  label: 'negative',
  read: 'neutral',
  vector: vector(1),
  ...fields,
});
const adapt = (examples: readonly Example[], cosine = 1) => new Adaptation(examples).adapt(shipped, vector(cosine));

describe('a text that was corrected', () => {
  test('reads as it was corrected, in each verdict', () => {
    const examples = [
      example(),
      example({ verdict: 'intent', label: 'track_order', read: 'question' }),
      example({ verdict: 'urgency', label: 'P1', read: 'P3' }),
      example({ verdict: 'aspect.logistics', label: 'negative', read: 'neutral' }),
      example({ verdict: 'aspect.price', label: 'positive', read: 'absent' }),
    ];
    const adapted = adapt(examples);
    expect(adapted).toMatchObject({
      adapted: true,
      sentiment: { label: 'negative', adapted: true },
      intent: { label: 'track_order', adapted: true },
      urgency: { level: 'P1', adapted: true },
    });
    expect(adapted.intent).not.toHaveProperty('detail');
    expect(adapted.aspects).toHaveLength(2);
    expect(adapted.aspects).toContainEqual(expect.objectContaining({ aspect: 'price', polarity: 'positive', evidence: [], adapted: true }));
    const logistics = { aspect: 'logistics', polarity: 'negative', evidence: [{ start: 0, end: 3 }], adapted: true };
    expect(adapted.aspects).toContainEqual(expect.objectContaining(logistics));
    const { negative, neutral, positive } = adapted.sentiment.scores;
    expect(negative + neutral + positive).toBeCloseTo(1);
    expect(adapted.sentiment.confidence).toBe(negative);
    expect(adapted).toMatchObject({ keywords: shipped.keywords, sentences: shipped.sentences, escalate: 0.1 });
  });

  test('does so however sure the model was', () => {
    const sure = analysisOf({ intent: { label: 'question', score: 1 } });
    const correction = example({ verdict: 'intent', label: 'invoice', read: 'question' });
    expect(new Adaptation([correction]).adapt(sure, vector(1)).intent?.label).toBe('invoice');
  });

  test('loses an aspect that it does not speak of', () => {
    const adapted = adapt([example({ verdict: 'aspect.logistics', label: 'absent', read: 'neutral' })]);
    expect(adapted).toMatchObject({ aspects: [], adapted: true });
  });
});

describe('a text that is like one', () => {
  test('is moved the more, the nearer it is, and not at all from afar', () => {
    const at = (cosine: number) => adapt([example()], cosine);
    const negative = [1, 0.9, 0.8, 0.6].map((cosine) => at(cosine).sentiment.scores.negative);
    expect(negative).toEqual([...negative].sort((a, b) => b - a));
    expect(new Set(negative).size).toBe(4);
    expect(at(1).sentiment.label).toBe('negative');
    for (const cosine of [0.5, 0.2, -1]) expect(at(cosine)).toBe(shipped);
  });

  test('is moved within a bound, by however many corrections', () => {
    const many = Array.from({ length: 500 }, (_, i) => example({ text: `text ${i}` }));
    expect(adapt(many)).toEqual(adapt([example()]));
  });

  test('is not moved where it was read otherwise: the mistake was not made', () => {
    expect(adapt([example({ read: 'positive' })])).toBe(shipped);
    expect(adapt([example({ verdict: 'aspect.logistics', label: 'negative', read: 'absent' })])).toBe(shipped);
  });

  test('keeps its urgency sooner than its intent: of that, likeness says little', () => {
    const shares = (cosine: number) => {
      const { intent, urgency } = adapt(
        [example({ verdict: 'urgency', label: 'P1', read: 'P3' }), example({ verdict: 'intent', label: 'invoice', read: 'question' })],
        cosine,
      );
      return [intent?.label, urgency?.level];
    };
    expect(shares(1)).toEqual(['invoice', 'P1']);
    expect(shares(0.88)).toEqual(['invoice', 'P3']);
  });

  test('is left alone where as near a text was right as it was read', () => {
    const confirmed = example({ text: 'right', label: 'neutral' });
    expect(adapt([example(), confirmed])).toBe(shipped);
  });
});

test('corrections of one text that contradict each other cancel', () => {
  const two = [example(), example({ label: 'positive' })];
  expect(new Adaptation(two).isEmpty).toBe(true);
  expect(adapt(two)).toBe(shipped);
  expect(adapt([...two, example({ text: 'elsewhere' })])).toEqual(adapt([example({ text: 'elsewhere' })]));
});

test('corrections of like texts that contradict each other cancel', () => {
  expect(adapt([example(), example({ text: 'same', label: 'positive' })])).toBe(shipped);
});

test('confirmations alone move nothing', () => {
  expect(new Adaptation([example({ label: 'neutral' })]).isEmpty).toBe(true);
});

test('the order of the corrections is of no account', () => {
  const labels = ['negative', 'positive', 'negative', 'neutral', 'positive'];
  const examples = labels.map((label, i) => example({ text: `text ${i}`, label, vector: vector(0.99 - 0.07 * i) }));
  const expected = adapt(examples);
  for (let shift = 1; shift < examples.length; shift++)
    expect(adapt([...examples.slice(shift), ...examples.slice(0, shift)])).toEqual(expected);
  expect(adapt([...examples].reverse())).toEqual(expected);
});

test('every verdict of an analysis of lite but the sentiment is left as it is: absent', () => {
  const { aspects: _, intent: __, urgency: ___, ...lite } = analysisOf({ tier: 'lite' });
  const examples = verdicts.filter((verdict) => verdict !== 'sentiment').map((verdict) => example({ verdict, label: 'P1', read: 'P3' }));
  expect(new Adaptation(examples).adapt(lite, vector(1))).toBe(lite);
});
