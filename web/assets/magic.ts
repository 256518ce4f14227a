/** A first look at downloaded bytes, so that a web page in place of a file is named as such. The core checks the rest. */
import { AftersenseError } from '../errors.ts';
import type { Tier } from '../types.ts';

export type AssetKind = 'wasm' | Tier | 'catalog' | 'answers' | 'onnx' | 'ort' | 'tokenizer';

/** What each is called in messages. */
export const assetNames: Readonly<Record<AssetKind, string>> = {
  wasm: 'wasm file',
  lite: 'lite model',
  base: 'base model',
  catalog: 'catalogue',
  answers: 'answers file',
  onnx: 'ONNX model',
  ort: 'wasm file of ONNX Runtime',
  tokenizer: 'tokenizer.json',
};

/** FlatBuffers file identifiers, bytes 4 to 8 (src/nn/model_pack.fbs, src/tasks/catalog.fbs; those of a catalogue in shards: shards.fbs). */
const identifiers = { lite: ['ASMP'], base: ['ASMP'], catalog: ['ASCT', 'ASCM', 'ASCR', 'ASCS'] } as const;

const model = 'an aftersense model (.aspack)';
const wasm = 'a WebAssembly file';
const expected: Readonly<Record<AssetKind, string>> = {
  wasm,
  lite: model,
  base: model,
  catalog: 'an aftersense catalogue (.ascat)',
  answers: 'an aftersense answers file (.asans)',
  onnx: 'an ONNX model',
  ort: wasm,
  tokenizer: 'a tokenizer.json',
};

const ascii = (bytes: Uint8Array) => String.fromCharCode(...bytes);

function isMarkup(bytes: Uint8Array): boolean {
  return ascii(bytes.subarray(0, 64))
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
    .startsWith('<');
}

/** Throws `not_wasm`, `onnx_invalid`, `answers_invalid`, `pack_truncated` or `pack_wrong_type` unless `bytes` begin as a file of this kind does. */
export function checkMagic(kind: AssetKind, bytes: Uint8Array, from: string): void {
  const markup = isMarkup(bytes);
  const got = markup
    ? 'it is a web page or other markup, as servers send for a missing file'
    : `it has ${bytes.length} bytes that begin otherwise`;
  const wrong = `${from} is not ${expected[kind]}: ${got}. Check the address.`;
  if (kind === 'onnx' || kind === 'tokenizer') {
    if (markup) throw new AftersenseError('onnx_invalid', wrong);
    return;
  }
  if (kind === 'answers') {
    if (markup) throw new AftersenseError('answers_invalid', wrong);
    return;
  }
  if (kind === 'wasm' || kind === 'ort') {
    if (ascii(bytes.subarray(0, 4)) !== '\0asm') throw new AftersenseError('not_wasm', wrong);
    return;
  }
  if (markup) throw new AftersenseError('pack_wrong_type', wrong);
  if (bytes.length < 8) throw new AftersenseError('pack_truncated', `${from} has only ${bytes.length} bytes. Download it again.`);
  const allowed: readonly string[] = identifiers[kind];
  if (!allowed.includes(ascii(bytes.subarray(4, 8)))) throw new AftersenseError('pack_wrong_type', wrong);
}
