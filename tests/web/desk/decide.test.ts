import { describe, expect, test, vi } from 'vitest';
import { decide } from '../../../web/desk/decide.ts';
import { triage } from '../../../web/desk/triage.ts';
import type { DecideOptions, Order, Policy, Readings } from '../../../web/desk/types.ts';
import type { Analysis, AnalyzeOptions } from '../../../web/types.ts';
import { analysisOf, policyOf, rule } from './support.ts';

const sure = analysisOf({ sentiment: 'negative' });
const gold = { customer: { tier: ['gold'] } };
const now = '2026-03-10T12:00:00Z';

describe('rules that fire together', () => {
  test('the first route and skill win, the highest priority, all actions once', () => {
    const policy = policyOf([
      rule('a', {}, { priority: 'P3', actions: ['voucher'] }),
      rule('b', {}, { route: 'complaint', priority: 'P1', skill: 'repairs', actions: ['resend'] }),
      rule('c', {}, { route: 'offer', priority: 'P2', skill: 'general', actions: ['sorry'] }),
      rule('d', { sentiment: { is: ['positive'] } }, { priority: 'P1', actions: ['sorry'] }),
    ]);
    const decision = decide(sure, policy);
    expect(decision).toMatchObject({
      route: 'complaint',
      priority: 'P1',
      skill: 'repairs',
      abstained: false,
      policy: 'test',
      tier: 'lite',
    });
    expect(decision.reasons.map((reason) => reason.rule)).toEqual(['a', 'b', 'c']);
    expect(decision.actions).toEqual([
      { name: 'voucher', kind: 'coupon', percent: 5 },
      { name: 'resend', kind: 'reship', express: true },
      { name: 'sorry', kind: 'apology' },
    ]);
  });

  test('what follows from an action comes right after it', () => {
    const decision = decide(sure, policyOf([rule('a', {}, { actions: ['resend'] }), rule('b', {}, { actions: ['voucher'] })]));
    expect(decision.actions.map(({ name }) => name)).toEqual(['resend', 'sorry', 'voucher']);
  });

  test('none is looked at behind one that stops', () => {
    const rules = [
      rule('a', {}, { route: 'answer', priority: 'P3', stop: true }),
      rule('b', {}, { priority: 'P1', actions: ['sorry'] }),
      rule('c', gold),
    ];
    expect(decide(sure, policyOf(rules))).toMatchObject({ route: 'answer', priority: 'P3', actions: [], missing: [] });
    expect(decide(sure, policyOf(rules.slice(1)))).toMatchObject({ priority: 'P1' });
  });

  test('what they leave open is the fallback', () => {
    const decision = decide(sure, policyOf([rule('a', {}, { skill: 'repairs' })]));
    expect(decision).toMatchObject({ route: 'answer', priority: 'P4', skill: 'repairs' });
    expect(decision.reasons.map((reason) => reason.rule)).toEqual(['a', '@fallback']);
  });
});

describe('missing facts', () => {
  const routed = rule('routed', {}, { route: 'complaint', priority: 'P2', skill: 'general', actions: ['resend'] });
  test.each<[string, Policy['rules'], readonly string[]]>([
    ['another route', [rule('a', gold, { route: 'human' }), routed], ['customer.tier']],
    ['the route that there is', [rule('a', gold, { route: 'complaint' }), routed], []],
    ['a route that comes too late', [routed, rule('a', gold, { route: 'human' })], []],
    ['a higher priority', [routed, rule('a', gold, { priority: 'P1' })], ['customer.tier']],
    ['a lower priority', [routed, rule('a', gold, { priority: 'P3' })], []],
    ['an action that is there', [routed, rule('a', gold, { actions: ['voucher', 'sorry'] })], []],
    ['a skill that comes first', [rule('a', gold, { skill: 'repairs' }), routed], ['customer.tier']],
    ['stopping what fires', [rule('a', gold, { route: 'complaint', stop: true }), routed], ['customer.tier']],
    ['two rules, once', [rule('a', gold), rule('b', { ...gold, words: ['x'] }), routed], ['customer.tier', 'text']],
    ['a rule that fails anyway', [rule('a', { ...gold, sentiment: { is: ['positive'] } }), routed], []],
  ])('that would mean %s', (_, rules, missing) => {
    const decision = decide(sure, policyOf(rules));
    expect([...decision.missing].sort()).toEqual([...missing].sort());
  });

  test('are no more once they are given', () => {
    const policy = policyOf([rule('a', gold, { route: 'human' })]);
    expect(decide(sure, policy)).toMatchObject({ route: 'answer', missing: ['customer.tier'] });
    expect(decide(sure, policy, { customer: { tier: 'gold' } })).toMatchObject({ route: 'human', missing: [] });
    expect(decide(sure, policy, { customer: { tier: 'basic' } })).toMatchObject({ route: 'answer', missing: [] });
  });
});

describe('abstaining', () => {
  const rules = [
    rule('words', { words: ['律师'] }, { route: 'human', priority: 'P1', actions: ['sorry'] }),
    rule('praise', { intent: { is: ['praise'] } }, { route: 'offer', actions: ['voucher'] }),
    rule('upset', { sentiment: { is: ['negative'] } }, { route: 'complaint', priority: 'P3', actions: ['sorry'] }),
    rule('always', {}, { priority: 'P2', actions: ['voucher'] }),
  ];
  const policy = policyOf(rules);
  const asking = policyOf(rules, {
    abstain: { ...policy.abstain, then: 'ask', question: { zh: '能再说说吗？', en: 'Could you say more?' } },
  });

  test.each<[string, Readings, boolean, string]>([
    ['a sure sentiment', analysisOf({ sentiment: 'negative', confidence: 0.5 }), false, 'complaint'],
    ['an unsure sentiment', analysisOf({ sentiment: 'negative', confidence: 0.49 }), true, 'human'],
    ['nothing to judge', analysisOf({ sentiment: 'negative', confidence: 0, abstained: true }), true, 'human'],
    ['another language', analysisOf({ language: 'other', abstained: true }), true, 'human'],
    ['an unsure intent and a neutral text', analysisOf({ intent: 'praise', intentScore: 0.4 }), true, 'human'],
    ['an unsure intent, a sure complaint', analysisOf({ sentiment: 'negative', intent: 'praise', intentScore: 0.4 }), false, 'complaint'],
    ['an unsure sentiment, a sure intent', analysisOf({ confidence: 0.4, intent: 'praise' }), false, 'offer'],
    ['a neutral text', analysisOf(), false, 'answer'],
  ])('%s', (_, analysis, abstained, route) => {
    const decision = decide(analysis, policy, { text: '' });
    expect(decision).toMatchObject({ abstained, route });
    expect(decision).not.toHaveProperty('question');
    expect(decide(analysis, asking, { text: '' })).toMatchObject(abstained ? { abstained, route: 'answer' } : { abstained, route });
  });

  test('proposes nothing, keeps the higher priority, and says what was unsure', () => {
    const decision = decide(analysisOf({ sentiment: 'negative', confidence: 0.4 }), policy, { text: '' });
    expect(decision).toMatchObject({ abstained: true, priority: 'P2', actions: [], missing: ['analysis.intent', 'analysis.sentiment'] });
    expect(decision.reasons.map((reason) => reason.rule)).toEqual(['always', '@abstain']);
  });

  test('is not needed where a rule has a route from what is sure', () => {
    expect(decide(analysisOf({ confidence: 0.2 }), policy, { text: '我找律师' })).toMatchObject({
      abstained: false,
      route: 'human',
      priority: 'P1',
    });
  });

  test('may ask, in the language of the text or as told', () => {
    const unsure = analysisOf({ language: 'zh', confidence: 0.3 });
    expect(decide(unsure, asking)).toMatchObject({ route: 'answer', question: '能再说说吗？' });
    expect(decide(unsure, asking, { locale: 'en' })).toMatchObject({
      question: 'Could you say more?',
      reasons: [{ text: 'rule always' }, { text: 'other' }],
    });
  });

  test('goes by the thresholds of the policy', () => {
    const strict = policyOf(rules, { abstain: { ...policy.abstain, sentiment: 0.95, intent: 0.99 } });
    expect(decide(sure, strict, { text: '' }).abstained).toBe(true);
    expect(decide(analysisOf({ confidence: 0.96, intent: 'praise', intentScore: 0.98 }), strict, { text: '' }).abstained).toBe(true);
    const bold = policyOf(rules, { abstain: { ...policy.abstain, sentiment: 0, intent: 0 } });
    expect(decide(analysisOf({ sentiment: 'negative', confidence: 0.34 }), bold, { text: '' })).toMatchObject({
      abstained: false,
      route: 'complaint',
    });
  });
});

describe('a wish for a human', () => {
  const policy = policyOf([rule('never', {}, { route: 'answer', priority: 'P4', skill: 'repairs', stop: true })]);
  test.each<[string, Readings, DecideOptions]>([
    ['by a button', sure, { human: true }],
    ['by a button, with nothing written', analysisOf({ abstained: true, confidence: 0 }), { human: true }],
    ['in words', analysisOf({ intent: 'speak_to_human' }), {}],
    ['in words, unsure', analysisOf({ intent: 'speak_to_human', intentScore: 0.2, confidence: 0.3 }), {}],
  ])('wins over every rule: %s', (_, analysis, options) => {
    const decision = decide(analysis, policy, options);
    expect(decision).toMatchObject({ route: 'human', priority: 'P3', skill: 'repairs', abstained: false });
    expect(decision.reasons[0]).toMatchObject({ rule: '@human', evidence: [{ kind: options.human ? 'request' : 'reading' }] });
  });

  test('keeps the priority of a rule where that is higher', () => {
    expect(decide(sure, policyOf([rule('a', {}, { priority: 'P1' })]), { human: true }).priority).toBe('P1');
  });

  test('false is no wish', () => expect(decide(sure, policy, { human: false }).route).toBe('answer'));
});

describe('dates of an order', () => {
  const window = policyOf([rule('in_time', { order: { daysSinceDelivery: { max: 7 } } }, { route: 'offer' })]);
  test.each<[Order, string]>([
    [{ deliveredAt: '2026-03-03T12:00:00Z' }, 'offer'],
    [{ deliveredAt: '2026-03-02T12:00:01Z' }, 'offer'],
    [{ deliveredAt: '2026-03-02T12:00:00Z' }, 'answer'],
    [{ deliveredAt: new Date('2026-03-10T12:00:00Z'), placedAt: '2026-03-01' }, 'offer'],
    [{ daysSinceDelivery: 7 }, 'offer'],
    [{ daysSinceDelivery: 8 }, 'answer'],
  ])('%j', (order, route) => expect(decide(sure, window, { order, now }).route).toBe(route));

  test('a warranty has days left, or has run out', () => {
    const policy = policyOf([rule('covered', { order: { warrantyDaysLeft: { min: 0 } } }, { route: 'offer' })]);
    expect(decide(sure, policy, { order: { warrantyUntil: '2026-03-10T12:00:00Z' }, now }).route).toBe('offer');
    expect(decide(sure, policy, { order: { warrantyUntil: '2026-03-10T11:59:59Z' }, now }).route).toBe('answer');
  });
});

describe('bad input', () => {
  test.each<[string, DecideOptions, RegExp]>([
    ['placed in the future', { order: { placedAt: '2026-03-10T12:00:01Z' } }, /order\.placedAt is in the future/],
    ['delivered in the future', { order: { deliveredAt: '2030-01-01' } }, /order\.deliveredAt is in the future/],
    ['delivered before it was placed', { order: { placedAt: '2026-03-02', deliveredAt: '2026-03-01' } }, /before order\.placedAt/],
    ['negative days', { order: { daysSinceDelivery: -1 } }, /order\.daysSinceDelivery must be a number from 0/],
    ['NaN days', { order: { daysSinceDelivery: Number.NaN } }, /order\.daysSinceDelivery/],
    ['NaN warranty', { order: { warrantyDaysLeft: Number.NaN } }, /order\.warrantyDaysLeft/],
    ['an infinite value', { order: { value: Number.POSITIVE_INFINITY } }, /order\.value/],
    ['a negative value', { order: { value: -5 } }, /order\.value/],
    ['a value in words', { order: { value: '5' as never } }, /order\.value/],
    ['no date', { order: { deliveredAt: 'yesterday' } }, /order\.deliveredAt must be a date/],
    ['a date of another kind', { order: { deliveredAt: {} as never } }, /order\.deliveredAt must be a date/],
    ['both forms', { order: { deliveredAt: '2026-03-01', daysSinceDelivery: 9 } }, /give one of them/],
    ['a misspelt fact', { order: { days_since_delivery: 3 } as never }, /order\.days_since_delivery is no fact/],
    ['an order that is none', { order: [] as never }, /order must be an object/],
    ['a misspelt customer', { customer: { vip: true } as never }, /customer\.vip/],
    ['a tier that is no string', { customer: { tier: 1 as never } }, /customer\.tier/],
    ['negative contacts', { customer: { pastContacts: -1 } }, /customer\.pastContacts/],
    ['NaN returns', { customer: { pastReturns: Number.NaN } }, /customer\.pastReturns/],
    ['human in words', { human: 'yes' as never }, /human must be true or false/],
    ['an unknown locale', { locale: 'fr' as never }, /locale/],
    ['no time', { now: Number.NaN }, /now must be a date/],
    ['a text that is none', { text: 5 as never }, /text must be a string/],
  ])('%s', (_, options, message) => {
    const call = () => decide(sure, policyOf([]), { now, ...options });
    expect(call).toThrow(message);
    expect(call).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty object', {}],
    ['a sentiment of NaN', { ...sure, sentiment: { label: 'negative', confidence: Number.NaN } }],
    ['a sentiment of no label', { ...sure, sentiment: { label: 'angry', confidence: 0.5 } }],
    ['no language', { ...sure, language: undefined }],
    ['aspects that are no list', { ...sure, aspects: {} }],
    ['an intent without a score', { ...sure, intent: { label: 'praise' } }],
    ['an urgency of 2', { ...sure, urgency: { level: 'P1', score: 2 } }],
  ])('an analysis: %s', (_, analysis) => {
    expect(() => decide(analysis as Readings, policyOf([]))).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });

  test('a policy that is none', () => {
    for (const policy of [undefined, null, 'default', { ...policyOf([]), extra: 1 }])
      expect(() => decide(sure, policy as Policy)).toThrow(expect.objectContaining({ code: 'policy_invalid' }));
  });
});

describe('triage', () => {
  const policy = policyOf([rule('law', { words: ['lawyer'] }, { route: 'human' })]);

  test('reads a text, with its evidence, and has its words', async () => {
    const analyze = vi.fn(async (_text: string, _options: AnalyzeOptions<Analysis>) => sure);
    const { signal } = new AbortController();
    expect(await triage(analyze, 'My lawyer will call', policy, { tier: 'lite', signal })).toMatchObject({ route: 'human' });
    expect(analyze).toHaveBeenCalledExactlyOnceWith('My lawyer will call', { explain: true, tier: 'lite', signal });
  });

  test('goes by an analysis, and by its text only where that is given', async () => {
    const analyze = vi.fn();
    expect(await triage(analyze, sure, policy)).toMatchObject({ route: 'answer', missing: ['text'] });
    expect(await triage(analyze, sure, policy, { text: 'A LAWYER' })).toMatchObject({ route: 'human', missing: [] });
    expect(analyze).not.toHaveBeenCalled();
  });

  test('decides again where base comes later, with the same facts', async () => {
    const rules = [rule('gold_praise', { ...gold, intent: { is: ['praise'] } }, { route: 'offer' })];
    const better: string[] = [];
    const analyze = async (_: string, { onUpdate }: AnalyzeOptions<Analysis>) => {
      queueMicrotask(() => onUpdate?.(analysisOf({ intent: 'praise' })));
      return sure;
    };
    const options = { customer: { tier: 'gold' }, onUpdate: ({ route }: { route: string }) => better.push(route) };
    expect(await triage(analyze, 'Lovely', policyOf(rules), options)).toMatchObject({ route: 'answer', tier: 'lite' });
    await Promise.resolve();
    expect(better).toEqual(['offer']);
  });

  test('takes another policy for one call', async () => {
    const another = policyOf([], { fallback: { ...policy.fallback, route: 'offer' } });
    expect(await triage(vi.fn(), sure, policy, { policy: another })).toMatchObject({ route: 'offer' });
  });

  test('rejects what cannot be', async () => {
    await expect(triage(async () => sure, 'x', policy, { order: { value: -1 } })).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(triage(vi.fn(), 5 as never, policy)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});
