import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { chooseVariant, supports } from '../../web/runtime/features.ts';
import type { Variant } from '../../web/types.ts';
import { enableRelaxedSimd } from './support.ts';

const having =
  (...variants: Variant[]) =>
  (variant: Variant) =>
    variants.includes(variant);

describe('feature detection', () => {
  test('finds SIMD, which every supported engine has', () => expect(supports('simd128')).toBe(true));

  test('finds relaxed SIMD exactly where V8 has it: from 11.4 on, before that behind a flag', () => {
    const [major = 0, minor = 0] = process.versions.v8.split('.').map(Number);
    expect(supports('relaxed')).toBe(major > 11 || (major === 11 && minor >= 4));
    enableRelaxedSimd();
    expect(supports('relaxed')).toBe(true);
  });

  describe('of relaxed SIMD', () => {
    beforeAll(() => enableRelaxedSimd());
    afterEach(() => vi.restoreAllMocks());

    test('asks for a sum that is right', () => {
      vi.spyOn(WebAssembly, 'Instance').mockImplementation(() => ({ exports: { f: () => 8 } }));
      expect(supports('relaxed')).toBe(false);
      expect(supports('simd128')).toBe(true);
    });

    test('leaves a policy against WebAssembly to be told by the module itself', () => {
      vi.spyOn(WebAssembly, 'Module').mockImplementation(() => {
        throw new WebAssembly.CompileError('blocked by CSP');
      });
      expect(supports('relaxed')).toBe(true);
    });
  });
});

describe('the choice of a variant', () => {
  test('is the fastest there is', () => {
    expect(chooseVariant('auto', having('simd128', 'relaxed'))).toBe('relaxed');
    expect(chooseVariant('auto', having('simd128'))).toBe('simd128');
  });

  test('can be forced', () => expect(chooseVariant('simd128', having('simd128', 'relaxed'))).toBe('simd128'));

  test.each([
    ['auto', []],
    ['relaxed', ['simd128']],
  ] as const)('of %s fails where it cannot run, with what would do', (wanted, variants) => {
    expect(() => chooseVariant(wanted, having(...variants))).toThrowError(expect.objectContaining({ code: 'wasm_unsupported' }));
  });
});
