/** The optional peers, imported by name when they are asked for. Each `import` stands in its `try`: bundlers then do without the package. */
import { AftersenseError } from '../errors.ts';
import type { Bytes } from '../protocol.ts';

export type Ort = typeof import('onnxruntime-web/wasm');
export type Tokenizers = typeof import('@huggingface/tokenizers');

function missing(name: string, cause: unknown): AftersenseError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AftersenseError('peer_missing', `${name} could not be imported: ${why}. Install it beside aftersense: npm install ${name}.`, {
    cause,
  });
}

/**
 * ONNX Runtime Web, on this thread alone. Its settings belong to the page: the first `wasm` given stays, since it is started once.
 * Error: peer_missing.
 */
export async function importOrt(wasm: Bytes | undefined): Promise<Ort> {
  try {
    const ort = await import('onnxruntime-web/wasm');
    const settings = ort.env.wasm;
    // More threads would need a page with COOP and COEP headers.
    settings.numThreads = 1;
    if (wasm) settings.wasmBinary ??= wasm.buffer;
    return ort;
  } catch (cause) {
    throw missing('onnxruntime-web', cause);
  }
}

/** Error: peer_missing. */
export async function importTokenizers(): Promise<Tokenizers> {
  try {
    return await import('@huggingface/tokenizers');
  } catch (cause) {
    throw missing('@huggingface/tokenizers', cause);
  }
}
