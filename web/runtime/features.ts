/** Which WebAssembly this engine runs. An unknown instruction fails validation of the whole module, so a few bytes tell. */
import { AftersenseError } from '../errors.ts';
import type { Variant } from '../types.ts';

/** `(module (func (result v128) <instructions>))`, in the binary format. */
function moduleWith(instructions: readonly number[]): Uint8Array<ArrayBuffer> {
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const types = [0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b];
  const functions = [0x03, 0x02, 0x01, 0x00];
  const body = [0x00, ...instructions, 0x0b];
  const code = [0x0a, body.length + 2, 0x01, body.length, ...body];
  return new Uint8Array([...header, ...types, ...functions, ...code]);
}

// i32.const 0; i8x16.splat
const splat = [0x41, 0x00, 0xfd, 0x0f];
const probes: Readonly<Record<Variant, Uint8Array<ArrayBuffer>>> = {
  // i32x4.dot_i16x8_s
  simd128: moduleWith([...splat, ...splat, 0xfd, 0xba, 0x01]),
  // i32x4.relaxed_dot_i8x16_i7x16_add_s
  relaxed: moduleWith([...splat, ...splat, ...splat, 0xfd, 0x93, 0x02]),
};

export function supports(variant: Variant): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(probes[variant]);
}

/** The variant to run: the one asked for, or the fastest there is. Throws `wasm_unsupported`. */
export function chooseVariant(wanted: 'auto' | Variant, has: (variant: Variant) => boolean = supports): Variant {
  if (wanted !== 'auto') {
    if (has(wanted)) return wanted;
    throw new AftersenseError('wasm_unsupported', `This engine has no WebAssembly ${wanted} instructions. Use variant: 'auto'.`);
  }
  if (has('relaxed')) return 'relaxed';
  if (has('simd128')) return 'simd128';
  throw new AftersenseError(
    'wasm_unsupported',
    'This engine has no WebAssembly SIMD (Chrome 91, Firefox 89, Safari 16.4, Node 16.4 or newer have it).',
  );
}
