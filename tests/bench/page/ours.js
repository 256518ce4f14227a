/** The bench's own WebAssembly (tests/bench/bench.cpp): what lies below the public interface. */

export const bytesOf = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());

export async function createBench(variant) {
  const { default: create } = await import(`/wasm-${variant}/aftersense_bench.mjs`);
  return create();
}

/** `bytes` in a buffer of the module. */
export function toBuffer(bench, bytes) {
  const buffer = new bench.Buffer(bytes.byteLength);
  buffer.view().set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return buffer;
}

/** The base model, running under `variant`. */
export function loadEncoder(bench, variant, pack) {
  const buffer = toBuffer(bench, pack);
  const encoder = bench.Encoder.load(variant, buffer);
  buffer.delete();
  if (!encoder) throw new Error(`No base model under ${variant}`);
  return encoder;
}

/** Text in, ids out, as a page would have it: a JavaScript string in, an Int32Array of its own out. */
export function createTokenize(bench, encoder) {
  const tokenizer = bench.Tokenizer.load(encoder);
  const utf8 = new TextEncoder();
  const buffer = new bench.Buffer(1 << 16);
  return (text) => tokenizer.encode(buffer, utf8.encodeInto(text, buffer.view()).written).slice();
}
