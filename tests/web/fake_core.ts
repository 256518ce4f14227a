/** A core without C++ for tests of what happens around it: it answers `analyze` with neutral verdicts, at a pace the test sets. */
import { Builder, ByteBuffer } from 'flatbuffers';
import * as fb from '../../web/messages/generated.ts';
import type { Bytes, Core, CoreMethod } from '../../web/protocol.ts';

function respond(builder: Builder, type: fb.Reply, reply: number, failure = 0): Bytes {
  fb.Response.startResponse(builder);
  fb.Response.addReplyType(builder, type);
  fb.Response.addReply(builder, reply);
  fb.Response.addFailure(builder, failure);
  builder.finish(fb.Response.endResponse(builder));
  return builder.asUint8Array() as Bytes;
}

export function analyzeReply(count: number): Bytes {
  const builder = new Builder();
  const analyses = Array.from({ length: count }, () => {
    fb.Analysis.startAnalysis(builder);
    fb.Analysis.addLanguage(builder, fb.Language.en);
    fb.Analysis.addSentiment(builder, fb.SentimentScores.createSentimentScores(builder, 0.25, 0.5, 0.25, 0.5));
    return fb.Analysis.endAnalysis(builder);
  });
  const vector = fb.AnalyzeReply.createAnalysesVector(builder, analyses);
  return respond(builder, fb.Reply.AnalyzeReply, fb.AnalyzeReply.createAnalyzeReply(builder, vector));
}

export function failureReply(code: string, message: string): Bytes {
  const builder = new Builder();
  const failure = fb.Failure.createFailure(builder, builder.createString(code), builder.createString(message));
  return respond(builder, fb.Reply.NONE, 0, failure);
}

export function textsOf(request: Bytes): string[] {
  const message = fb.AnalyzeRequest.getRootAsAnalyzeRequest(new ByteBuffer(request));
  return Array.from({ length: message.textsLength() }, (_, i) => message.texts(i));
}

export class FakeCore implements Core {
  readonly variant = 'simd128';
  /** The texts of each `analyze` call so far. */
  readonly calls: string[][] = [];
  disposed = 0;
  /** Runs before each reply. */
  before: (method: CoreMethod) => Promise<void> = async () => {};
  reply: (request: Bytes) => Bytes = (request) => analyzeReply(textsOf(request).length);

  async call(method: CoreMethod, request: Bytes): Promise<Bytes> {
    this.calls.push(textsOf(request));
    await this.before(method);
    return this.reply(request);
  }

  dispose(): void {
    this.disposed++;
  }
}
