/** A core without C++ for tests of what happens around it: it answers with neutral verdicts, at a pace the test sets. */
import { Builder, ByteBuffer } from 'flatbuffers';
import * as fb from '../../web/messages/generated.ts';
import type { Bytes, Core, CoreMethod } from '../../web/protocol.ts';
import type { AftersenseInfo, Tier } from '../../web/types.ts';

/** Of a handle around such a core. */
export const info: AftersenseInfo = {
  version: '0',
  variant: 'simd128',
  engine: 'native',
  worker: false,
  workers: 0,
  model: { name: 'small', version: '0', tier: 'lite', bytes: 0 },
};

/** A response that holds what `write` writes. */
export function reply(type: fb.Reply, write: (builder: Builder) => number): Bytes {
  const builder = new Builder();
  return respond(builder, type, write(builder));
}

function respond(builder: Builder, type: fb.Reply, reply: number, failure = 0): Bytes {
  fb.Response.startResponse(builder);
  fb.Response.addReplyType(builder, type);
  fb.Response.addReply(builder, reply);
  fb.Response.addFailure(builder, failure);
  builder.finish(fb.Response.endResponse(builder));
  return builder.asUint8Array() as Bytes;
}

export const analyzeReply = (count: number, tier: Tier = 'lite'): Bytes =>
  reply(fb.Reply.AnalyzeReply, (builder) => {
    const analyses = Array.from({ length: count }, () => {
      fb.Analysis.startAnalysis(builder);
      fb.Analysis.addLanguage(builder, fb.Language.en);
      fb.Analysis.addSentiment(builder, fb.SentimentScores.createSentimentScores(builder, 0.25, 0.5, 0.25, 0.5));
      fb.Analysis.addTier(builder, fb.Tier[tier]);
      return fb.Analysis.endAnalysis(builder);
    });
    return fb.AnalyzeReply.createAnalyzeReply(builder, fb.AnalyzeReply.createAnalysesVector(builder, analyses));
  });

export const modelReply = (tier: string): Bytes =>
  reply(fb.Reply.ModelInfo, (builder) => {
    const [name, version, text] = ['fake', '1.2.3', tier].map((value) => builder.createString(value));
    return fb.ModelInfo.createModelInfo(builder, name as number, version as number, text as number, 5);
  });

/** Vectors of two numbers, the first one the length of their text. */
export const embedReply = (texts: readonly string[]): Bytes =>
  reply(fb.Reply.EmbedReply, (builder) => {
    const numbers = new Float32Array(texts.flatMap((text) => [text.length, 0.5]));
    return fb.EmbedReply.createEmbedReply(builder, 2, fb.EmbedReply.createVectorsVector(builder, numbers));
  });

const catalogReply = (): Bytes =>
  reply(fb.Reply.CatalogInfo, (builder) => {
    fb.CatalogInfo.startCatalogInfo(builder);
    fb.CatalogInfo.addProducts(builder, 1);
    return fb.CatalogInfo.endCatalogInfo(builder);
  });

export function failureReply(code: string, message: string): Bytes {
  const builder = new Builder();
  const failure = fb.Failure.createFailure(builder, builder.createString(code), builder.createString(message));
  return respond(builder, fb.Reply.NONE, 0, failure);
}

export function readRequest(request: Bytes): { readonly texts: string[]; readonly tier: Tier } {
  const message = fb.AnalyzeRequest.getRootAsAnalyzeRequest(new ByteBuffer(request));
  const texts = Array.from({ length: message.textsLength() }, (_, i) => message.texts(i));
  return { texts, tier: fb.Tier[message.tier()] as Tier };
}

export class FakeCore implements Core {
  readonly variant = 'simd128';
  /** The texts of each `analyze` and `embed` call so far. */
  readonly calls: string[][] = [];
  /** The tier that each `analyze` call asked for. */
  readonly tiers: Tier[] = [];
  readonly methods: CoreMethod[] = [];
  disposed = 0;
  /** Runs before each reply. */
  before: (method: CoreMethod) => Promise<void> = async () => {};
  /** Stands in for the reply that would come, where it returns one. */
  instead: (method: CoreMethod, request: Bytes) => Bytes | undefined = () => undefined;

  async call(method: CoreMethod, request: Bytes): Promise<Bytes> {
    this.methods.push(method);
    const answer = this.#answer(method, request);
    await this.before(method);
    return this.instead(method, request) ?? answer;
  }

  dispose(): void {
    this.disposed++;
  }

  #answer(method: CoreMethod, request: Bytes): Bytes {
    if (method === 'loadModel') return modelReply('base');
    if (method === 'loadCatalog') return catalogReply();
    const { texts, tier } = readRequest(request);
    this.calls.push(texts);
    if (method === 'embed') return embedReply(texts);
    this.tiers.push(tier);
    return analyzeReply(texts.length, tier);
  }
}
