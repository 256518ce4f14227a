/** A handle whose texts a shop's own classifier judges, beside or in place of lite. */
import { triage } from '../desk/triage.ts';
import type { Decision, Policy, Readings, TriageOptions } from '../desk/types.ts';
import { AftersenseError } from '../errors.ts';
import { Lane } from '../lane.ts';
import type { Answers, Replies, ReplyInput, ReplyOptions } from '../replies/types.ts';
import { slices } from '../slices.ts';
import type * as api from '../types.ts';
import type { Classifier } from './classifier.ts';

const sentiments: readonly string[] = ['negative', 'neutral', 'positive'] satisfies api.SentimentLabel[];

export class ClassifiedDesk implements api.Aftersense {
  readonly #desk: api.Aftersense;
  readonly #classifier: Classifier;
  readonly #judgesSentiment: boolean;
  readonly #policy: Policy;
  readonly #lane = new Lane();

  constructor(desk: api.Aftersense, classifier: Classifier, labels: readonly string[], policy: Policy) {
    this.#desk = desk;
    // So that it can be handed on alone: `handOff(case, { analyze: desk.analyze })`.
    this.analyze = this.analyze.bind(this) as typeof this.analyze;
    this.#classifier = classifier;
    this.#policy = policy;
    this.#judgesSentiment = labels.length === sentiments.length && labels.every((label) => sentiments.includes(label));
  }

  get info(): api.AftersenseInfo {
    return { ...this.#desk.info, engine: 'onnx' };
  }

  get catalog(): api.Catalog {
    return this.#desk.catalog;
  }

  get cases(): api.Aftersense['cases'] {
    return this.#desk.cases;
  }

  get corrections(): api.Aftersense['corrections'] {
    return this.#desk.corrections;
  }

  get profile(): api.Aftersense['profile'] {
    return this.#desk.profile;
  }

  analyze(text: string, options?: api.AnalyzeOptions<api.Analysis>): Promise<api.Analysis>;
  analyze(texts: readonly string[], options?: api.AnalyzeOptions<api.Analysis[]>): Promise<api.Analysis[]>;
  async analyze(input: string | readonly string[], options: api.AnalyzeOptions<never> = {}): Promise<api.Analysis | api.Analysis[]> {
    // The handle within checks what this one is given.
    const texts = typeof input === 'string' ? [input] : Array.isArray(input) ? [...input] : (input as readonly string[]);
    const { explain = false, signal, onProgress } = options;
    const analyses = await this.#desk.analyze(texts, { explain, ...(signal ? { signal } : {}) });
    const judged: api.Analysis[] = [];
    for (const { start, end } of slices(texts, 'lite')) {
      const found = await this.#lane.run(() => this.#classifier.classify(texts.slice(start, end)), signal);
      for (const [i, custom] of found.entries()) judged.push(this.#join(analyses[start + i] as api.Analysis, custom));
      onProgress?.({ stage: 'analyze', done: end, total: texts.length });
    }
    return typeof input === 'string' ? (judged[0] as api.Analysis) : judged;
  }

  ready(tier: api.Tier): Promise<api.ModelInfo> {
    return this.#desk.ready(tier);
  }

  embed(text: string, options?: api.EmbedOptions): Promise<Float32Array<ArrayBuffer>>;
  embed(texts: readonly string[], options?: api.EmbedOptions): Promise<Float32Array<ArrayBuffer>[]>;
  embed(input: string | readonly string[], options?: api.EmbedOptions): Promise<never> {
    return this.#desk.embed(input as never, options) as Promise<never>;
  }

  triage(input: string | Readings, options?: TriageOptions): Promise<Decision> {
    return triage((text, how) => this.analyze(text, how), input, this.#policy, options);
  }

  get answers(): Answers {
    return this.#desk.answers;
  }

  /** The handle within reads the mood, and searches. */
  reply(input: ReplyInput, options?: ReplyOptions): Promise<Replies> {
    return this.#desk.reply(input, options);
  }

  recommend(request: api.RecommendRequest): Promise<api.Recommendation[]>;
  recommend(request: api.OfferRequest): Promise<api.OfferRecommendation[]>;
  recommend(request: api.ContentRequest): Promise<api.ArticleRecommendation[]>;
  recommend(request: api.AnyRecommendRequest): Promise<api.AnyRecommendation[]>;
  recommend(request: api.AnyRecommendRequest): Promise<api.AnyRecommendation[]> {
    return this.#desk.recommend(request);
  }

  dispose(): void {
    this.#desk.dispose();
    this.#lane.close(new AftersenseError('disposed', 'The handle was disposed. Create a new one with createAftersense.'));
    void this.#classifier.dispose();
  }

  #join(analysis: api.Analysis, custom: api.Classification | undefined): api.Analysis {
    if (!custom) return analysis;
    if (!this.#judgesSentiment) return { ...analysis, custom };
    const sentiment = {
      label: custom.label as api.SentimentLabel,
      scores: custom.scores as api.Sentiment['scores'],
      confidence: custom.score,
    };
    return { ...analysis, sentiment, abstained: false, engine: 'onnx', custom };
  }
}
