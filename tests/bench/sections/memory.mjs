import { toRow } from '../statistics.mjs';

export const title = 'WebAssembly memory with base, at its peak';

const tokens = 512;
const window = 256;

/** Texts of at least `tokens` tokens: no character of these gives less than a seventh of one. */
const longTexts = (texts) =>
  [0, 1].map((first) =>
    texts
      .filter((_, i) => i % 2 === first)
      .join(' ')
      .slice(0, 7 * tokens),
  );

export async function run({ browser, texts, variants, ort }) {
  const peer = await browser.run('memory', 'measureOrt', { form: 'dynamic', length: window, rows: tokens / window });
  return Promise.all(
    variants.map(async (variant) => {
      const { loaded, peak } = await browser.run('memory', 'measureOurs', { texts: longTexts(texts), variant });
      const note = `${(loaded / 1e6).toFixed(1)} MB once loaded`;
      return toRow({ name: `memory.${variant}`, unit: 'bytes', ours: peak, peer: peer.peak, peerName: ort, bar: { ours: 48e6 }, note });
    }),
  );
}
