import { describe, expect, test } from 'vitest';
import { exportLines } from '../../../web/corrections/export.ts';
import type { Correction } from '../../../web/corrections/types.ts';
import type { Readings } from '../../../web/desk/types.ts';
import { analysisOf } from './support.ts';

const read = { label: 'question', score: 0.4, tier: 'base', model: 'base 1' } as const;
const text = 'Call 555 0100 about my order.';
const of = (fields: Partial<Correction>): Correction =>
  ({ id: 'a', at: 0, by: 'agent', read, text, verdict: 'intent', label: 'track_order', ...fields }) as Correction;
const corrections = [
  of({}),
  of({ id: 'b', verdict: 'aspect.logistics', label: 'negative', read: null }),
  of({ id: 'c', verdict: 'aspect.price', label: 'absent' }),
  of({ id: 'd', text: '多少钱？', verdict: 'sentiment', label: 'neutral', by: 'shopper' }),
];
const lines = (exported: string) =>
  exported
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Marks digits as a telephone number. */
const analyze = async (texts: readonly string[]): Promise<Readings[]> =>
  texts.map((one) => {
    const found = /\d[\d ]+\d/.exec(one);
    const entities = found ? [{ kind: 'phone' as const, start: found.index, end: found.index + found[0].length }] : [];
    return { ...analysisOf(), entities };
  });

test('a line a text, as a row of the written messages, with what was read beside', async () => {
  const exported = await exportLines(corrections, { raw: true });
  expect(exported.endsWith('}\n')).toBe(true);
  expect(lines(exported)).toEqual([
    {
      format: 'aftersense-corrections',
      version: 1,
      id: 'a',
      text,
      intent: 'track_order',
      aspects: [{ aspect: 'logistics', polarity: 'negative', evidence: null }],
      tags: ['correction'],
      corrections: [
        { verdict: 'intent', label: 'track_order', by: 'agent', at: '1970-01-01T00:00:00.000Z', read },
        { verdict: 'aspect.logistics', label: 'negative', by: 'agent', at: '1970-01-01T00:00:00.000Z', read: null },
        { verdict: 'aspect.price', label: 'absent', by: 'agent', at: '1970-01-01T00:00:00.000Z', read },
      ],
    },
    expect.objectContaining({ text: '多少钱？', sentiment: 'neutral', id: 'd' }),
  ]);
});

test('what is disputed is no label, but stands among the corrections', async () => {
  const [row] = lines(await exportLines([of({}), of({ id: 'b', label: 'invoice' })], { raw: true }));
  expect(row).not.toHaveProperty('intent');
  expect(row.corrections.map(({ label }: Correction) => label)).toEqual(['track_order', 'invoice']);
});

test('none are no lines', async () => {
  expect(await exportLines([], { raw: true })).toBe('');
  expect(await exportLines([], { redact: analyze })).toBe('');
});

describe('personal data', () => {
  test('is taken out where the analysis marks it', async () => {
    const [row] = lines(await exportLines(corrections, { redact: analyze }));
    expect(row).toMatchObject({ text: 'Call [phone] about my order.', pii: [] });
    expect(JSON.stringify(row)).not.toContain('555');
  });

  test.each([
    ['nothing is said', undefined],
    ['nothing is chosen', {}],
    ['raw is not true', { raw: 'yes' }],
    [
      'the analysis marks nothing',
      { redact: async (texts: readonly string[]) => texts.map(() => ({ ...analysisOf(), entities: undefined })) },
    ],
    ['an analysis is missing', { redact: async () => [] }],
    [
      'the analysis is of another text',
      {
        redact: async () =>
          analyze([`${text} 555 0101 555 0102`, '']).then((all) =>
            all.map((one) => ({ ...one, entities: [{ kind: 'phone', start: 0, end: 99 }] })),
          ),
      },
    ],
  ])('keeps the texts in where %s', async (_, options) => {
    await expect(exportLines(corrections, options as never)).rejects.toMatchObject({ code: 'redaction_unavailable' });
  });
});
