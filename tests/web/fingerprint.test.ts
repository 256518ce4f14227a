import { describe, expect, test } from 'vitest';
import { nearDuplicate, similarity } from '../../web/fingerprint.ts';

const first = '7715d50a86e8436a';
const none = '0000000000000000';

/** `first` with its lowest bits turned over. */
const flipped = (bits: number) => (BigInt(`0x${first}`) ^ ((1n << BigInt(bits)) - 1n)).toString(16).padStart(16, '0');

describe('fingerprints', () => {
  test.each([
    [0, true],
    [1, true],
    [12, true],
    [13, false],
    [64, false],
  ])('that differ in %i bits are of near duplicates: %s', (bits, near) => {
    expect(similarity(first, flipped(bits))).toBe(1 - bits / 64);
    expect(similarity(flipped(bits), first)).toBe(1 - bits / 64);
    expect(nearDuplicate(first, flipped(bits))).toBe(near);
  });

  test('of texts without words are like no other', () => {
    expect(similarity(none, none)).toBe(0);
    expect(similarity(first, none)).toBe(0);
    expect(nearDuplicate(none, none)).toBe(false);
  });

  test.each(['', '7715D50A86E8436A', '0x15d50a86e8436a', `${first}0`, 'text', undefined, 5])('%j is none', (wrong) => {
    for (const compare of [similarity, nearDuplicate]) {
      expect(() => compare(wrong as string, first)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
      expect(() => compare(first, wrong as string)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    }
  });
});
