import { describe, expect, test } from 'vitest';
import { analyzeRequest } from '../../web/messages/requests.ts';
import { readRequest } from './fake_core.ts';

const through = (text: string) => readRequest(analyzeRequest([text], false, 'base')).texts[0];

describe('a text in a request', () => {
  test.each(['', '物流太慢，盒子都破了', 'a\0b\0', '👩‍👩‍👧‍👦🏳️‍🌈', '\u{10ffff}', 'e\u0301'])('%j arrives as it is', (text) =>
    expect(through(text)).toBe(text));

  test('has U+FFFD for each lone surrogate, so that every offset stays', () => {
    const text = 'a\ud800b\udc00\udc00c\ud83d';
    expect(through(text)).toBe('a\ufffdb\ufffd\ufffdc\ufffd');
    expect(through(text)).toHaveLength(text.length);
  });
});

test.each(['lite', 'base'] as const)('a request for %s asks for it', (tier) => {
  expect(readRequest(analyzeRequest(['fine'], true, tier)).tier).toBe(tier);
});
