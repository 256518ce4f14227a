/** ONNX Runtime Web on one thread, with its files from the bench's own server. */
import * as ort from 'onnxruntime-web';

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = '/ort/';

export async function createSession(url) {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  return ort.InferenceSession.create(bytes, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
}

/** What a session takes for `rows` times the same ids, begin and end among them. */
export function toFeeds(ids, rows = 1) {
  const all = new BigInt64Array(rows * ids.length).map((_, i) => BigInt(ids[i % ids.length]));
  const dims = [rows, ids.length];
  return {
    input_ids: new ort.Tensor('int64', all, dims),
    attention_mask: new ort.Tensor('int64', new BigInt64Array(all.length).fill(1n), dims),
  };
}
