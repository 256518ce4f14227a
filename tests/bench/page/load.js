/**
 * From files that are there already to an engine that can answer: what ONNX Runtime Web calls creating a session. One engine a page, since
 * WebAssembly is compiled once a page.
 */
import { bytesOf } from './ours.js';

/** Our packs come compressed by gzip; `unpacked` hands them in without, as the peer has its model. */
export async function measureOurs({ unpacked }) {
  const { createAftersense } = await import('aftersense');
  const files = new Map();
  for (const name of ['aftersense-relaxed.wasm', 'aftersense-simd128.wasm', 'aftersense-lite.aspack', 'aftersense-base.aspack'])
    files.set(name, await bytesOf(unpacked && name.endsWith('.aspack') ? `/${name.split('-')[1]}` : `/dist/${name}`));
  const fetch = async (url) => new Response(files.get(String(url).split('/').at(-1)));
  const start = performance.now();
  const desk = await createAftersense({ model: 'base', worker: false, fetch });
  const ready = performance.now() - start;
  await desk.embed('ready');
  const answered = performance.now() - start;
  desk.dispose();
  return { ready, answered };
}

export async function measureOrt({ form }) {
  const ort = await import('onnxruntime-web');
  const { toFeeds } = await import('./ort.js');
  ort.env.wasm.wasmBinary = (await bytesOf('/ort/ort-wasm-simd-threaded.wasm')).buffer;
  const model = await bytesOf(`/onnx/aftersense-base.${form}.onnx`);
  const start = performance.now();
  const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
  const ready = performance.now() - start;
  await session.run(toFeeds([0, 5, 2]));
  return { ready, answered: performance.now() - start };
}
