/** The default policy on what shoppers write: a table to read. `lite` has a sentiment alone, `base` all readings. */
import { expect, test } from 'vitest';
import { decide } from '../../../web/desk/decide.ts';
import { defaultPolicy } from '../../../web/desk/policy.ts';
import type { DecideOptions } from '../../../web/desk/types.ts';
import { analysisOf, type Made } from './support.ts';

const zh = { language: 'zh' } as const;
const negative = { sentiment: 'negative' } as const;
const positive = { sentiment: 'positive' } as const;

/** The text, what was read of it, the facts; then route, priority, skill, actions, and the rules in their order. */
const scenarios: readonly (readonly [text: string, made: Made, options: DecideOptions, decision: string, rules: string])[] = [
  // From lite alone.
  ['很好用，谢谢', { ...zh, ...positive }, {}, 'offer P4 general', 'pleased'],
  ['Love it, works great', positive, {}, 'offer P4 general', 'pleased'],
  ['太差了，用两天就坏', { ...zh, ...negative }, {}, 'complaint P3 general: apologise', 'complaint'],
  ['Broke after two days', negative, {}, 'complaint P3 general: apologise', 'complaint'],
  ['什么时候发货', zh, {}, 'answer P3 general', '@fallback'],
  ['When does it ship?', {}, {}, 'answer P3 general', '@fallback'],
  ['还行吧', { ...zh, confidence: 0.4 }, {}, 'human P3 general (abstained)', '@abstain'],
  ['meh', { confidence: 0.4 }, {}, 'human P3 general (abstained)', '@abstain'],
  ['Товар сломан', { language: 'other', abstained: true, confidence: 0 }, {}, 'human P3 general (abstained)', '@abstain'],
  ['转人工', { ...zh, confidence: 0.4 }, {}, 'human P3 general', 'asks_for_human'],
  ['Let me talk to a real person', {}, {}, 'human P3 general', 'asks_for_human'],
  ['充电器冒烟了', { ...zh, ...negative }, {}, 'human P1 safety: call_today, apologise', 'safety complaint'],
  ['The charger caught fire!', negative, {}, 'human P1 safety: call_today, apologise', 'safety complaint'],
  ['用了脸上过敏红肿', { ...zh, ...negative }, {}, 'human P1 safety: call_today, apologise', 'harm complaint'],
  ['敏感肌用了也不过敏', { ...zh, ...positive }, {}, 'offer P4 general', 'pleased'],
  ['再不退我就打12315', { ...zh, ...negative }, {}, 'human P1 legal: apologise', 'legal complaint'],
  ['You will hear from my lawyer', negative, {}, 'human P1 legal: apologise', 'legal complaint'],
  ['还没退款', { ...zh, ...negative }, { customer: { pastContacts: 3 } }, 'complaint P2 general: apologise', 'repeated_contact complaint'],
  ['It does not work', negative, { order: { value: 900, currency: 'USD' } }, 'complaint P2 general: apologise', 'money_at_risk complaint'],
  ['It does not work', negative, { order: { value: 900, currency: 'JPY' } }, 'complaint P3 general: apologise', 'complaint'],
  [
    '没收到',
    { ...zh, ...negative },
    { order: { status: 'lost' } },
    'complaint P2 logistics: send_again, apologise',
    'lost_parcel complaint',
  ],
  ['', { abstained: true, confidence: 0 }, { human: true }, 'human P3 general', '@human'],
  // From base.
  [
    '我要退货',
    { ...zh, intent: 'request_return' },
    { order: { daysSinceDelivery: 3 } },
    'complaint P3 returns: refund_on_return',
    'refund_in_time refund',
  ],
  ['I want my money back', { intent: 'request_refund' }, { order: { daysSinceDelivery: 30 } }, 'complaint P3 returns', 'refund'],
  [
    '换个大一码',
    { ...zh, intent: 'request_exchange' },
    { order: { daysSinceDelivery: 10 } },
    'complaint P3 returns: exchange_item',
    'exchange_in_time exchange',
  ],
  [
    'Please repair it',
    { intent: 'request_repair' },
    { order: { warrantyDaysLeft: 40 } },
    'complaint P3 repairs: repair_item',
    'repair_in_warranty repair',
  ],
  ['能修吗', { ...zh, intent: 'request_repair' }, { order: { warrantyDaysLeft: -2 } }, 'complaint P3 repairs', 'repair'],
  [
    '扣了两次款',
    { ...zh, ...negative, intent: 'payment_issue', urgency: 'P2' },
    {},
    'complaint P2 payments: apologise',
    'pressing payment_trouble complaint',
  ],
  ['Where is my parcel?', { intent: 'track_order' }, {}, 'answer P3 logistics', 'order_question'],
  ['开张发票', { ...zh, intent: 'invoice' }, {}, 'answer P3 payments', 'papers_and_account'],
  ['Does it fit a 13 inch laptop?', { intent: 'product_question' }, {}, 'answer P3 product', 'product_question'],
  [
    '盒子破了',
    { ...zh, ...negative, intent: 'complaint', aspects: [['packaging', 'negative']] },
    {},
    'complaint P3 logistics: apologise',
    'about_delivery complaint',
  ],
  ['Furious!', { ...negative, intent: 'complaint', anger: 0.9 }, {}, 'complaint P2 general: apologise', 'strong_anger complaint'],
  [
    '手机不错，就是贵',
    { ...zh, ...positive, intent: 'praise', aspects: [['price', 'negative']] },
    {},
    'answer P4 general: make_up',
    'mixed pleased praise',
  ],
  ['Best shop ever', { ...positive, intent: 'praise' }, {}, 'offer P4 general', 'pleased praise'],
  [
    '我要投诉到底',
    { ...zh, ...negative, intent: 'complaint', urgency: 'P1', escalate: 0.9 },
    {},
    'human P1 general: apologise',
    'urgent needs_human pressing complaint',
  ],
  ['I need somebody on the phone', { intent: 'speak_to_human', intentScore: 0.4 }, {}, 'human P3 general', '@human'],
];

test.each(scenarios)('%s %o %o', (text, made, options, decision, rules) => {
  const { route, priority, skill, actions, reasons, abstained } = decide(analysisOf(made), defaultPolicy, { text, ...options });
  const names = actions.map(({ name }) => name).join(', ');
  expect(`${route} ${priority} ${skill}${names && `: ${names}`}${abstained ? ' (abstained)' : ''}`).toBe(decision);
  expect(reasons.map((reason) => reason.rule).join(' ')).toBe(rules);
  const script = made.language === 'zh' ? /\p{Script=Han}/u : /[a-z]/;
  for (const reason of reasons) expect(reason.text).toMatch(script);
});
