/** What the tests of the desk share: analyses and policies made to order. */
import type { Condition, Policy, Rule } from '../../../web/desk/types.ts';
import type { Analysis, Aspect, Intent, Language, SentimentLabel, UrgencyLevel } from '../../../web/types.ts';

export interface Made {
  readonly language?: Language;
  readonly sentiment?: SentimentLabel;
  readonly confidence?: number;
  readonly intent?: Intent;
  readonly intentScore?: number;
  readonly detail?: string;
  readonly aspects?: readonly (readonly [Aspect, SentimentLabel])[];
  readonly anger?: number;
  readonly urgency?: UrgencyLevel;
  readonly escalate?: number;
  readonly abstained?: boolean;
}

/** Lite's analysis; with an intent, base's. */
export function analysisOf(made: Made = {}): Analysis {
  const { language = 'en', sentiment: label = 'neutral', confidence = 0.9, abstained = false } = made;
  const rest = (1 - confidence) / 2;
  const lite: Analysis = {
    language,
    sentiment: { label, confidence, scores: { negative: rest, neutral: rest, positive: rest, [label]: confidence } },
    keywords: [],
    sentences: [],
    entities: [],
    fingerprint: '0000000000000000',
    truncated: false,
    abstained,
    tier: 'lite',
    engine: 'native',
  };
  if (made.intent === undefined) return lite;
  const { intent, intentScore = 0.9, detail, aspects = [], anger = 0, urgency = 'P3', escalate = 0.1 } = made;
  return {
    ...lite,
    tier: 'base',
    intent: { label: intent, score: intentScore, ...(detail ? { detail } : {}) },
    aspects: aspects.map(([aspect, polarity]) => ({ aspect, polarity, score: 0.8, evidence: [{ start: 0, end: 4 }] })),
    emotions: anger >= 0.5 ? [{ emotion: 'anger', score: anger }] : [],
    urgency: { level: urgency, score: 0.8, reasons: [] },
    escalate,
  };
}

export const rule = (id: string, when: Condition, then: Rule['then'] = { priority: 'P1' }): Rule => ({
  id,
  when,
  then,
  reason: { zh: `规则 ${id}`, en: `rule ${id}` },
});

export function policyOf(rules: readonly Rule[], more: Partial<Policy> = {}): Policy {
  const reason = { zh: '其他', en: 'other' };
  return {
    version: 1,
    name: 'test',
    skills: { general: { en: 'General' }, repairs: { en: 'Repairs' } },
    actions: {
      sorry: { kind: 'apology' },
      voucher: { kind: 'coupon', percent: 5 },
      resend: { kind: 'reship', express: true, then: ['sorry', 'voucher'] },
    },
    rules,
    human: { priority: 'P3', skill: 'general', reason },
    abstain: { then: 'human', priority: 'P3', skill: 'general', reason },
    fallback: { route: 'answer', priority: 'P4', skill: 'general', reason },
    ...more,
  };
}
