/** How much memory of WebAssembly the tiers take: a phone has little to give. */
import { expect, test } from 'vitest';
import { analyses, modelInfo } from '../../web/messages/replies.ts';
import { analyzeRequest } from '../../web/messages/requests.ts';
import { EngineHost } from '../../web/runtime/engine.ts';
import { distFile, modelPack } from './support.ts';

const maxBytes = 48e6;
const texts = {
  'of over 512 tokens': 'The battery died after two days, and nobody answers my messages. '.repeat(50),
  'of 100 kB': '电池用了两天就坏了，客服也不回复。'.repeat(2000),
};

test('base beside lite stays within 48 MB, whatever the text', async () => {
  const host = await EngineHost.create(distFile('aftersense-simd128.wasm'));
  modelInfo(host.call('loadModel', modelPack('lite')), 'lite');
  modelInfo(host.call('loadModel', modelPack('base')), 'base');
  expect(host.heapBytes, 'loaded').toBeLessThanOrEqual(maxBytes);
  for (const [name, text] of Object.entries(texts)) {
    const [analysis] = analyses(host.call('analyze', analyzeRequest([text], true, 'base')), [text], true);
    expect(analysis?.tier, name).toBe('base');
    expect(host.heapBytes, name).toBeLessThanOrEqual(maxBytes);
  }
  host.dispose();
});
