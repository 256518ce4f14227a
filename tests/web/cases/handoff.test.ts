import { describe, expect, test } from 'vitest';
import { handOff } from '../../../web/cases/handoff.ts';
import { personalKinds, redact, redactionsOf } from '../../../web/cases/redact.ts';
import type { Case, PersonalKind } from '../../../web/cases/types.ts';
import { advance, openCase } from '../../../web/cases/workflow.ts';
import type { Analysis, Entity, EntityKind } from '../../../web/types.ts';
import { event, opening, start } from './support.ts';

const spanOf = (text: string, words: string, kind: EntityKind): Entity => ({
  kind,
  start: text.indexOf(words),
  end: text.indexOf(words) + words.length,
});

describe('redaction', () => {
  const text = 'Call Ann 😀 on 555-0101 about A-77, 20 EUR.';
  const ann = spanOf(text, 'Ann', 'name');
  const phone = spanOf(text, '555-0101', 'phone');
  const order = spanOf(text, 'A-77', 'order_id');
  const out = (entities: readonly Entity[], keep?: readonly PersonalKind[]) => redact(text, redactionsOf(text, entities, keep));

  test.each(personalKinds)('takes a %s out, unless it is kept', (kind) => {
    expect(out([{ ...ann, kind }])).toBe(text.replace('Ann', `[${kind}]`));
    expect(out([{ ...ann, kind }], [kind])).toBe(text);
  });

  test.each(['product', 'amount', 'date'] as const)('leaves a %s', (kind) => expect(out([{ ...ann, kind }])).toBe(text));

  test('takes out a kind that it does not know', () => expect(out([{ ...ann, kind: 'iris' as EntityKind }])).toContain('[iris]'));

  test('takes several out, in any order', () => {
    expect(out([order, ann, phone])).toBe('Call [name] 😀 on [phone] about [order_id], 20 EUR.');
  });

  test('merges what overlaps, not what touches', () => {
    const inner = spanOf(text, '0101', 'order_id');
    const across = spanOf(text, '0101 about', 'address');
    expect(out([phone, inner])).toContain('on [phone/order_id] about');
    expect(out([across, phone])).toContain('on [phone/address] A-77');
    expect(out([spanOf(text, '555', 'phone'), spanOf(text, '-0101', 'order_id')])).toContain('[phone][order_id]');
    expect(out([phone, phone])).toContain('on [phone] about');
  });

  test('cuts a kept span where another covers it', () => {
    expect(out([spanOf(text, '555-0101 about A-77', 'order_id'), phone], ['order_id'])).toContain('on [phone] about A-77');
  });

  test('never halves a surrogate pair', () => {
    const face = text.indexOf('😀');
    for (const [from, to] of [
      [face + 1, face + 3],
      [face - 1, face + 1],
      [face, face + 1],
      [face + 1, face + 2],
    ] as const) {
      const redacted = out([{ kind: 'name', start: from, end: to }]);
      expect(redacted).not.toMatch(/[\uD800-\uDFFF]/);
    }
  });

  test.each([
    [-1, 2],
    [0, 0],
    [3, 2],
    [0, 999],
    [0.5, 2],
    [Number.NaN, 2],
  ])('refuses a span from %d to %d', (from, to) => {
    expect(() => out([{ kind: 'name', start: from, end: to }])).toThrow(expect.objectContaining({ code: 'redaction_unavailable' }));
  });

  test('lists what was taken out, where it stood', () => {
    expect(redactionsOf(text, [phone, ann])).toEqual([
      { kinds: ['name'], start: 5, end: 8, placeholder: '[name]' },
      { kinds: ['phone'], start: 15, end: 23, placeholder: '[phone]' },
    ]);
  });

  test('a quote shows the placeholders that it touches whole', () => {
    const cuts = redactionsOf(text, [phone]);
    expect(redact(text, cuts, { start: 12, end: 18 })).toBe('on [phone]');
    expect(redact(text, cuts, { start: 20, end: 29 })).toBe('[phone] about');
    expect(redact(text, cuts, { start: 16, end: 20 })).toBe('[phone]');
    expect(redact(text, cuts, { start: 0, end: 4 })).toBe('Call');
  });

  /** Whatever the spans, no unit inside one that is not kept is left, and every unit outside stays. */
  test('holds for random spans', () => {
    const letters = '甲乙丙丁戊己庚辛壬癸abcdefghij';
    let seed = 7;
    const below = (n: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % n;
    };
    for (let round = 0; round < 500; round++) {
      const entities = Array.from({ length: below(6) }, (): Entity => {
        const from = below(letters.length - 1);
        return {
          kind: personalKinds[below(personalKinds.length)] as PersonalKind,
          start: from,
          end: from + 1 + below(letters.length - from),
        };
      });
      const redacted = redact(letters, redactionsOf(letters, entities, ['url'])).replaceAll(/\[[a-z_/]+\]/g, '');
      const hidden = entities.filter(({ kind }) => kind !== 'url');
      const left = [...letters].filter((_, at) => !hidden.some((span) => span.start <= at && at < span.end));
      expect(redacted).toBe(left.join(''));
    }
  });
});

/** Stands in for the engine: finds telephone and order numbers, and the words `broke` and `rude`. */
async function analyze(texts: readonly string[]): Promise<Analysis[]> {
  const find = (text: string, pattern: RegExp) =>
    [...text.matchAll(pattern)].map((found) => ({ start: found.index, end: found.index + found[0].length }));
  return texts.map((text) => ({
    language: 'en',
    sentiment: { label: 'negative', confidence: 0.954, scores: { negative: 0.954, neutral: 0.04, positive: 0.006 } },
    keywords: [],
    sentences: [],
    fingerprint: '0',
    evidence: [
      ...find(text, /broke|555-\d+/g).map((span) => ({ ...span, score: 2 })),
      ...find(text, /nice/g).map((span) => ({ ...span, score: -1 })),
    ],
    truncated: false,
    abstained: false,
    tier: 'base',
    engine: 'native',
    emotions: [{ emotion: 'anger', score: 0.9 }],
    aspects: [{ aspect: 'customer_service', polarity: 'negative', score: 0.876, evidence: find(text, /rude to 555-\d+/g) }],
    intent: { label: 'request_refund', score: 0.8 },
    urgency: { level: 'P2', score: 0.7, reasons: [] },
    entities: [
      ...find(text, /555-\d+/g).map((span) => ({ ...span, kind: 'phone' as const })),
      ...find(text, /A-\d+/g).map((span) => ({ ...span, kind: 'order_id' as const })),
    ],
  }));
}

const words = 'It broke, nice. Order A-77. You were rude to 555-0101.';
const described: Case = openCase('c1', { ...opening, facts: { ...opening.facts, text: words, product: 'Kettle for 555-0102' } }, start);
const secret = /555-\d|A-77|2026-1234/;

function withHistory(): Case {
  const [submitted, offered, agreed, planned] = [
    event({ type: 'submit', by: 'shopper' }),
    event({ type: 'propose', by: 'agent', remedies: ['repair'], text: 'Reach me at 555-0103' }),
    event({ type: 'agree', by: 'shopper' }),
    event({ type: 'schedule', by: 'agent', steps: [{ id: 's', title: 'Call 555-0104' }] }),
  ];
  return [submitted, offered, agreed, planned].reduce((known, one, i) => advance(known, one, start + i + 1), described);
}

describe('the packet', () => {
  test('has what an agent needs, and nothing personal', async () => {
    const { packet, preview, redactions } = await handOff(withHistory(), { analyze });
    expect(packet).toMatchObject({
      format: 'aftersense-hand-off',
      version: 1,
      case: 'c1',
      state: 'plan',
      kind: 'product_quality',
      priority: 'P2',
      dueAt: new Date(start + 3 + 24 * 3_600_000).toISOString(),
      skill: null,
      wish: 'refund',
      order: '[order_id]',
      product: 'Kettle for [phone]',
      language: 'en',
      text: 'It broke, nice. Order [order_id]. You were rude to [phone].',
      redacted: { order_id: 2, phone: 4 },
      sentiment: { label: 'negative', score: 0.95, quotes: ['broke'] },
      emotions: [{ label: 'anger', score: 0.9 }],
      aspects: [{ label: 'customer_service', polarity: 'negative', score: 0.88, quotes: ['rude to [phone]'] }],
      intent: { label: 'request_refund', score: 0.8 },
      urgency: { label: 'P2', score: 0.7 },
      proposal: ['repair'],
      steps: [{ id: 's', title: 'Call [phone]', done: false }],
    });
    expect(packet.timeline.map(({ type, text, remedies }) => [type, text, remedies])).toEqual([
      ['open', undefined, undefined],
      ['submit', undefined, undefined],
      ['propose', 'Reach me at [phone]', ['repair']],
      ['agree', undefined, undefined],
      ['schedule', undefined, undefined],
    ]);
    expect(preview).not.toMatch(secret);
    expect(JSON.parse(preview)).toEqual(packet);
    expect(redactions.map(({ start: from, end, placeholder }) => [words.slice(from, end), placeholder])).toEqual([
      ['A-77', '[order_id]'],
      ['555-0101', '[phone]'],
    ]);
  });

  test('keeps what the shopper chose', async () => {
    const { packet } = await handOff(withHistory(), { analyze, keep: ['order_id'] });
    expect(packet).toMatchObject({ order: '2026-1234', text: expect.stringContaining('Order A-77. You were rude to [phone].') });
    expect(packet.redacted).toEqual({ phone: 4 });
  });

  test('takes an edited text in place of the case’s, and redacts it too', async () => {
    const { packet, preview } = await handOff(withHistory(), { analyze, text: 'Call 555-9999 instead.' });
    expect(packet.text).toBe('Call [phone] instead.');
    expect(preview).not.toMatch(secret);
    expect(preview).not.toContain('broke');
  });

  test('of a closed case, or one without a verdict, has nulls', async () => {
    const bare = openCase('c', { ...opening, facts: { text: 'x', kind: 'other' } }, start);
    const withdrawn = advance(bare, event({ type: 'withdraw', by: 'shopper' }), start);
    const blank = async (texts: readonly string[]) => {
      const lite = await analyze(texts);
      return lite.map(({ emotions, aspects, intent, urgency, evidence, ...rest }) => ({ ...rest, abstained: true }));
    };
    expect((await handOff(withdrawn, { analyze: blank })).packet).toMatchObject({
      ...{ dueAt: null, wish: null, order: null, product: null, sentiment: null, intent: null, urgency: null },
      ...{ emotions: [], aspects: [], redacted: {} },
    });
  });

  const without = async (texts: readonly string[]) => (await analyze(texts)).map(({ entities, ...rest }) => rest as Analysis);
  const fewer = async (texts: readonly string[]) => (await analyze(texts)).slice(1);
  const elsewhere = async (texts: readonly string[]) =>
    (await analyze(texts)).map((one) => ({ ...one, entities: [{ kind: 'name', start: 0, end: 9999 } as const] }));
  test.each([
    ['has no entities', without],
    ['lacks a text', fewer],
    ['is of another text', elsewhere],
  ])('is refused where the analysis %s', async (_, lacking) => {
    await expect(handOff(withHistory(), { analyze: lacking })).rejects.toMatchObject({ code: 'redaction_unavailable' });
  });

  test.each([
    ['no case', {}, { analyze }],
    ['no analyze', described, {}],
    ['an unknown kind to keep', described, { analyze, keep: ['amount'] }],
    ['a text that is none', described, { analyze, text: 5 }],
  ])('is refused with %s', async (_, known, options) => {
    await expect(handOff(known as Case, options as never)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});
