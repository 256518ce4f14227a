/** Replies with every field written, read back as the public types. */
import type { Builder } from 'flatbuffers';
import { describe, expect, test } from 'vitest';
import * as fb from '../../web/messages/generated.ts';
import { analyses, embeddings, modelInfo } from '../../web/messages/replies.ts';
import { analyzeReply, embedReply, modelReply, reply } from './fake_core.ts';

const label = (builder: Builder, text: string, score: number) =>
  fb.ScoredLabel.createScoredLabel(builder, builder.createString(text), score);

function opinion(builder: Builder, aspect: string, polarity: number, score: number, spans: readonly (readonly [number, number])[]): number {
  const name = builder.createString(aspect);
  fb.AspectOpinion.startEvidenceVector(builder, spans.length);
  for (const [start, end] of [...spans].reverse()) fb.Span.createSpan(builder, start, end);
  const evidence = builder.endVector();
  return fb.AspectOpinion.createAspectOpinion(builder, name, polarity, score, evidence);
}

function understanding(builder: Builder, withDetail: boolean): number {
  const { Understanding } = fb;
  const emotions = Understanding.createEmotionsVector(builder, [label(builder, 'anger', 0.75), label(builder, 'disappointment', 0.5)]);
  const opinions = [
    opinion(builder, 'logistics', 0, 0.75, [
      [0, 4],
      [7, 9],
    ]),
    opinion(builder, 'price', 2, 0.5, []),
  ];
  const aspects = Understanding.createAspectsVector(builder, opinions);
  const intent = label(builder, 'request_refund', 0.5);
  const detail = withDetail ? label(builder, 'get_refund', 0.75) : 0;
  Understanding.startUnderstanding(builder);
  Understanding.addEmotions(builder, emotions);
  Understanding.addAspects(builder, aspects);
  Understanding.addIntent(builder, intent);
  Understanding.addIntentDetail(builder, detail);
  Understanding.addEscalate(builder, 0.125);
  return Understanding.endUnderstanding(builder);
}

function urgency(builder: Builder): number {
  const level = builder.createString('P2');
  fb.Urgency.startReasonsVector(builder, 1);
  fb.UrgencyReason.createUrgencyReason(builder, fb.UrgencyKind.repeated_contact, 2, 4);
  return fb.Urgency.createUrgency(builder, level, 0.25, builder.endVector());
}

const understood = (withDetail: boolean) =>
  reply(fb.Reply.AnalyzeReply, (builder) => {
    const what = understanding(builder, withDetail);
    const pressing = urgency(builder);
    fb.Analysis.startAnalysis(builder);
    fb.Analysis.addLanguage(builder, fb.Language.zh);
    fb.Analysis.addSentiment(builder, fb.SentimentScores.createSentimentScores(builder, 0.75, 0.125, 0.125, 0.75));
    fb.Analysis.addTier(builder, fb.Tier.base);
    fb.Analysis.addUnderstanding(builder, what);
    fb.Analysis.addUrgency(builder, pressing);
    fb.Analysis.addFingerprint(builder, 0xabcn);
    const vector = fb.AnalyzeReply.createAnalysesVector(builder, [fb.Analysis.endAnalysis(builder)]);
    return fb.AnalyzeReply.createAnalyzeReply(builder, vector);
  });

describe('an analysis', () => {
  test('of base has what base alone reads', () => {
    expect(analyses(understood(true), ['物流太慢了 要退款'], false)[0]).toEqual({
      language: 'zh',
      sentiment: { label: 'negative', scores: { negative: 0.75, neutral: 0.125, positive: 0.125 }, confidence: 0.75 },
      keywords: [],
      sentences: [],
      truncated: false,
      abstained: false,
      entities: [],
      fingerprint: '0000000000000abc',
      tier: 'base',
      engine: 'native',
      emotions: [
        { emotion: 'anger', score: 0.75 },
        { emotion: 'disappointment', score: 0.5 },
      ],
      aspects: [
        {
          aspect: 'logistics',
          polarity: 'negative',
          score: 0.75,
          evidence: [
            { start: 0, end: 4 },
            { start: 7, end: 9 },
          ],
        },
        { aspect: 'price', polarity: 'positive', score: 0.5, evidence: [] },
      ],
      intent: { label: 'request_refund', score: 0.5, detail: 'get_refund' },
      urgency: { level: 'P2', score: 0.25, reasons: [{ kind: 'repeated_contact', start: 2, end: 4 }] },
      escalate: 0.125,
    });
  });

  test('has no detail of its intent where the core is not sure of one', () => {
    expect(analyses(understood(false), ['x'], false)[0]?.intent).toEqual({ label: 'request_refund', score: 0.5 });
  });

  test.each(['lite', 'base'] as const)('of %s without an understanding has none of its fields', (tier) => {
    const [analysis] = analyses(analyzeReply(1, tier), ['x'], false);
    expect(analysis?.tier).toBe(tier);
    for (const field of ['emotions', 'aspects', 'intent', 'urgency', 'escalate']) expect(analysis).not.toHaveProperty(field);
  });
});

describe('a reply that does not fit its request is internal', () => {
  test('with other than one analysis a text', () => {
    expect(() => analyses(analyzeReply(2), ['x'], false)).toThrowError(expect.objectContaining({ code: 'internal' }));
  });

  test('with other than one vector a text', () => {
    expect(() => embeddings(embedReply(['a', 'b']), 3)).toThrowError(expect.objectContaining({ code: 'internal' }));
  });

  test('of another kind', () => {
    expect(() => embeddings(modelReply('base'), 1)).toThrowError(
      expect.objectContaining({ code: 'internal', message: 'The core replied with ModelInfo, not EmbedReply.' }),
    );
  });
});

test('a model of another tier than was wanted is named as such', () => {
  expect(modelInfo(modelReply('base'), 'base')).toEqual({ name: 'fake', version: '1.2.3', tier: 'base', bytes: 5 });
  expect(() => modelInfo(modelReply('base'), 'lite')).toThrowError(
    expect.objectContaining({ code: 'pack_wrong_type', message: expect.stringContaining('assets.lite') }),
  );
});
