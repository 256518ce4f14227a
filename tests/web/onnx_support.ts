/** What the tests of ONNX Runtime share. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** ONNX Runtime's WebAssembly. */
export const ortWasm: string = require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');

/** The base model as ONNX. */
export const baseOnnx = new URL('../../build/onnx/aftersense-base.exact.onnx', import.meta.url);

export function readBaseOnnx(): Uint8Array<ArrayBuffer> {
  if (!existsSync(baseOnnx)) throw new Error(`${baseOnnx.pathname} is missing: "npm test" writes it.`);
  return new Uint8Array(readFileSync(baseOnnx));
}
