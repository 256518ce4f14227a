import { describe, expect, test } from 'vitest';
import { decide } from '../../../web/desk/decide.ts';
import type { Condition, DecideOptions, Decision, Readings } from '../../../web/desk/types.ts';
import { findWord, foldText, foldWord } from '../../../web/desk/words.ts';
import { analysisOf, policyOf, rule } from './support.ts';

const decideOn = (when: Condition, analysis: Readings, options: DecideOptions = {}): Decision =>
  decide(analysis, policyOf([rule('tested', when, { route: 'offer' })]), options);

/** Whether the rule fired, and what it lacked. */
function outcome(when: Condition, analysis: Readings, options?: DecideOptions): boolean | readonly string[] {
  const { route, missing } = decideOn(when, analysis, options);
  return missing.length > 0 ? missing : route === 'offer';
}

const base = analysisOf({
  sentiment: 'negative',
  intent: 'request_refund',
  detail: 'get_refund',
  aspects: [
    ['logistics', 'negative'],
    ['price', 'positive'],
  ],
  anger: 0.9,
  urgency: 'P2',
  escalate: 0.7,
});
const lite = analysisOf({ sentiment: 'negative' });
const order = { value: 300, currency: 'CNY', status: 'delivered', daysSinceDelivery: 3, warrantyDaysLeft: -1 };
const facts = { order, customer: { tier: 'gold', pastContacts: 2, pastReturns: 0 }, text: 'I will SUE you' };

describe('a field', () => {
  test.each<[Condition, Condition]>([
    [{ sentiment: { is: ['negative'] } }, { sentiment: { is: ['positive', 'neutral'] } }],
    [{ sentiment: { is: ['negative'], min: 0.9 } }, { sentiment: { is: ['negative'], min: 0.91 } }],
    [{ aspect: { is: ['logistics'] } }, { aspect: { is: ['packaging'] } }],
    [{ aspect: { is: ['price'], polarity: ['positive'] } }, { aspect: { is: ['price'], polarity: ['negative'] } }],
    [{ aspect: { polarity: ['negative'], min: 0.8 } }, { aspect: { polarity: ['negative'], min: 0.81 } }],
    [{ emotion: { is: ['anger'] } }, { emotion: { is: ['joy'] } }],
    [{ emotion: { is: ['anger'], min: 0.9 } }, { emotion: { is: ['anger'], min: 0.95 } }],
    [{ intent: { is: ['request_refund'] } }, { intent: { is: ['praise'] } }],
    [{ intent: { detail: ['get_refund'] } }, { intent: { detail: ['track_refund'] } }],
    [{ intent: { is: ['request_refund'], min: 0.9 } }, { intent: { is: ['request_refund'], min: 0.91 } }],
    [{ urgency: { is: ['P1', 'P2'] } }, { urgency: { is: ['P3'] } }],
    [{ urgency: { is: ['P2'], min: 0.8 } }, { urgency: { is: ['P2'], min: 0.9 } }],
    [{ escalate: { min: 0.7 } }, { escalate: { min: 0.71 } }],
    [{ entity: { is: ['phone', 'url'] } }, { entity: { is: ['email'] } }],
    [{ language: ['zh', 'en'] }, { language: ['zh'] }],
    [{ words: ['lawyer', 'sue'] }, { words: ['lawyer'] }],
    [{ order: { value: { min: 300 }, currency: ['CNY'] } }, { order: { value: { min: 301 }, currency: ['CNY'] } }],
    [{ order: { currency: ['CNY'] } }, { order: { currency: ['USD'] } }],
    [{ order: { status: ['delivered'] } }, { order: { status: ['shipped'] } }],
    [{ order: { daysSinceDelivery: { max: 3 } } }, { order: { daysSinceDelivery: { max: 2 } } }],
    [{ order: { daysSinceDelivery: { min: 3, max: 3 } } }, { order: { daysSinceDelivery: { min: 4 } } }],
    [{ order: { warrantyDaysLeft: { max: -1 } } }, { order: { warrantyDaysLeft: { min: 0 } } }],
    [{ customer: { tier: ['gold'] } }, { customer: { tier: ['silver'] } }],
    [{ customer: { pastContacts: { min: 2 } } }, { customer: { pastContacts: { min: 3 } } }],
    [{ customer: { pastReturns: { max: 0 } } }, { customer: { pastReturns: { min: 1 } } }],
  ])('%j holds, %j does not', (holds, fails) => {
    const read = { ...base, entities: [{ kind: 'phone' as const, start: 1, end: 3 }] };
    expect(outcome(holds, read, facts)).toBe(true);
    expect(outcome(fails, read, facts)).toBe(false);
    expect(outcome({ not: holds }, read, facts)).toBe(false);
    expect(outcome({ not: fails }, read, facts)).toBe(true);
  });

  test.each<[Condition, readonly string[]]>([
    [{ aspect: { is: ['logistics'] } }, ['analysis.aspects']],
    [{ emotion: { is: ['anger'] } }, ['analysis.emotions']],
    [{ intent: { is: ['complaint'] } }, ['analysis.intent']],
    [{ urgency: { is: ['P1'] } }, ['analysis.urgency']],
    [{ escalate: { min: 0 } }, ['analysis.escalate']],
    [{ words: ['sue'] }, ['text']],
    [{ order: { value: { min: 1 }, currency: ['CNY'] } }, ['order.currency', 'order.value']],
    [{ order: { daysSinceDelivery: { max: 7 }, status: ['x'] } }, ['order.status', 'order.daysSinceDelivery']],
    [{ order: { warrantyDaysLeft: { min: 0 } } }, ['order.warrantyDaysLeft']],
    [
      { customer: { tier: ['gold'], pastContacts: { min: 1 }, pastReturns: { min: 1 } } },
      ['customer.tier', 'customer.pastContacts', 'customer.pastReturns'],
    ],
  ])('%j is not known from lite alone and without facts', (when, missing) => {
    expect(outcome(when, lite)).toEqual(missing);
    expect(outcome({ not: when }, lite)).toEqual(missing);
    expect(decideOn(when, lite).route).toBe('answer');
  });
});

test('entities are not known of an analysis that was made without them', () => {
  const { entities, ...without } = lite;
  expect(outcome({ entity: { is: ['phone'] } }, without)).toEqual(['analysis.entities']);
  expect(outcome({ entity: { is: ['phone'] } }, { ...without, entities })).toBe(false);
});

describe('all, any, not', () => {
  const yes: Condition = { sentiment: { is: ['negative'] } };
  const no: Condition = { sentiment: { is: ['positive'] } };
  const open: Condition = { customer: { tier: ['gold'] } };
  const lacks = ['customer.tier'];

  test.each<[Condition, boolean | readonly string[]]>([
    [{}, true],
    [{ not: {} }, false],
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ all: [yes, open] }, lacks],
    [{ all: [open, no] }, false],
    [{ any: [no, yes] }, true],
    [{ any: [no, no] }, false],
    [{ any: [no, open] }, lacks],
    [{ any: [open, yes] }, true],
    [{ not: { any: [no, open] } }, lacks],
    [{ ...yes, ...open }, lacks],
    [{ ...no, ...open }, false],
    [{ not: { not: yes } }, true],
    [{ all: [{ any: [no, { all: [yes, { not: no }] }] }, yes] }, true],
  ])('%j', (when, expected) => expect(outcome(when, lite)).toEqual(expected));
});

describe('evidence', () => {
  test('of words: each that stands there, where it stands', () => {
    const text = '我要找律师！律师函见。';
    const [reason] = decideOn({ words: ['律师', '法院'] }, lite, { text }).reasons;
    expect(reason?.evidence).toEqual([
      {
        kind: 'words',
        value: '律师',
        spans: [
          { start: 3, end: 5 },
          { start: 6, end: 8 },
        ],
      },
    ]);
    for (const evidence of reason?.evidence ?? []) {
      if (evidence.kind === 'words') for (const { start, end } of evidence.spans) expect(text.slice(start, end)).toBe('律师');
    }
  });

  test('of a fact: its name and value; of a reading: its score and its words', () => {
    const when: Condition = {
      order: { value: { min: 100 }, currency: ['CNY'] },
      aspect: { is: ['logistics'] },
      sentiment: { is: ['negative'] },
    };
    const evidence = [
      { start: 2, end: 6, score: 1.5 },
      { start: 8, end: 9, score: -0.5 },
    ];
    const [reason] = decideOn(when, { ...base, evidence }, facts).reasons;
    expect(reason).toMatchObject({ rule: 'tested', text: 'rule tested' });
    expect(reason?.evidence).toEqual([
      { kind: 'fact', fact: 'order.currency', value: 'CNY' },
      { kind: 'fact', fact: 'order.value', value: 300 },
      { kind: 'reading', fact: 'analysis.aspects', value: 'logistics: negative', score: 0.8, spans: [{ start: 0, end: 4 }] },
      // Words that speak against the verdict are no evidence for it.
      { kind: 'reading', fact: 'analysis.sentiment', value: 'negative', score: 0.9, spans: [{ start: 2, end: 6 }] },
    ]);
  });

  test('of any: each branch that held; of not: none', () => {
    const when: Condition = {
      any: [{ customer: { tier: ['gold'] } }, { order: { status: ['lost'] } }, { order: { status: ['delivered'] } }],
    };
    expect(decideOn(when, lite, facts).reasons[0]?.evidence.map((one) => 'fact' in one && one.fact)).toEqual([
      'customer.tier',
      'order.status',
    ]);
    expect(decideOn({ not: { order: { status: ['lost'] } } }, lite, facts).reasons[0]?.evidence).toEqual([]);
  });
});

describe('words', () => {
  test.each([
    ['sue', 'I will SUE you', ['SUE']],
    ['sue', 'There is an issue, pursue it, sued, sue2', []],
    ['sue', '我要sue你们', ['sue']],
    ['律师', '我的律师会联系', ['律师']],
    ['ｒｅｆｕｎｄ', 'Refund! refunds', ['Refund']],
    ['refund', 'ＲＥＦＵＮＤ。', ['ＲＥＦＵＮＤ']],
    ['speak to a human', 'Speak\tto a\nhuman, please', ['Speak\tto a\nhuman']],
    ["don't", 'I don’t', ['don’t']],
    ['caf', 'café cafe\u0301 caf', ['caf']],
    ['cafe', 'cafe\u0301', []],
    ['12315', '打12315投诉，不是123156', ['12315']],
    ['.*', 'a.b .* c', ['.*']],
    ['(a+)+$', `${'a'.repeat(5000)}!`, []],
    ['İ', 'İstanbul İ', ['İ']],
    ['😡', '😡😡', ['😡', '😡']],
    ['   ', 'a   b', []],
  ])('%j in %j', (word, text, expected) => {
    const spans = findWord(foldText(text), foldWord(word));
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(expected);
  });

  test('folding keeps every offset', () => {
    for (const text of ['İSTANBUL ﬁne ㎏ ｶﾞ ＡＢＣ', '😡\ud800x', 'ẞ ǅ']) expect(foldText(text)).toHaveLength(text.length);
  });
});
