/** Which WebAssembly this engine runs. An unknown instruction fails validation of the whole module, so a few bytes tell. */
import { AftersenseError } from '../errors.ts';
import type { Variant } from '../types.ts';

/** `(module (func (export "f") (result i32) <instructions> (i32x4.extract_lane 0)))`, in the binary format. */
function moduleWith(instructions: readonly number[]): Uint8Array<ArrayBuffer> {
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const types = [0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f];
  const functions = [0x03, 0x02, 0x01, 0x00];
  const exports = [0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00];
  const body = [0x00, ...instructions, 0xfd, 0x1b, 0x00, 0x0b];
  const code = [0x0a, body.length + 2, 0x01, body.length, ...body];
  return new Uint8Array([...header, ...types, ...functions, ...exports, ...code]);
}

// i32.const 1; i8x16.splat
const ones = [0x41, 0x01, 0xfd, 0x0f];
const probes: Readonly<Record<Variant, Uint8Array<ArrayBuffer>>> = {
  // i32x4.dot_i16x8_s
  simd128: moduleWith([...ones, ...ones, 0xfd, 0xba, 0x01]),
  // i32.const 1; i32x4.splat; i32x4.relaxed_dot_i8x16_i7x16_add_s: 4 · 1 · 1 + 1
  relaxed: moduleWith([...ones, ...ones, 0x41, 0x01, 0xfd, 0x11, 0xfd, 0x93, 0x02]),
};

/**
 * Whether the relaxed dot product adds up. V8 11.3 has it behind a flag, and its baseline compiler loses the third operand: 8 where 5 is
 * right. Where a Content Security Policy forbids to try, true: compiling the module itself will say so.
 */
function addsUp(probe: Uint8Array<ArrayBuffer>): boolean {
  let run: () => number;
  try {
    run = new WebAssembly.Instance(new WebAssembly.Module(probe)).exports.f as () => number;
  } catch {
    return true;
  }
  return run() === 5;
}

export function supports(variant: Variant): boolean {
  if (typeof WebAssembly !== 'object' || !WebAssembly.validate(probes[variant])) return false;
  return variant !== 'relaxed' || addsUp(probes.relaxed);
}

/** The variant to run: the one asked for, or the fastest there is. Throws `wasm_unsupported`. */
export function chooseVariant(wanted: 'auto' | Variant, has: (variant: Variant) => boolean = supports): Variant {
  if (wanted !== 'auto') {
    if (has(wanted)) return wanted;
    throw new AftersenseError('wasm_unsupported', `This engine has no working WebAssembly ${wanted} instructions. Use variant: 'auto'.`);
  }
  if (has('relaxed')) return 'relaxed';
  if (has('simd128')) return 'simd128';
  throw new AftersenseError(
    'wasm_unsupported',
    'This engine has no WebAssembly SIMD (Chrome 91, Firefox 89, Safari 16.4, Node 16.4 or newer have it).',
  );
}
