/** What this browser can do. */
import { createAftersense } from 'aftersense';
import { createBench } from './ours.js';

export async function describe() {
  const desk = await createAftersense({ model: 'lite', worker: false });
  const best = desk.info.variant;
  desk.dispose();
  return {
    variants: best === 'relaxed' ? ['simd128', 'relaxed'] : ['simd128'],
    hasDot: best === 'relaxed' && (await createBench('relaxed')).hasDot(),
    cores: navigator.hardwareConcurrency,
  };
}
