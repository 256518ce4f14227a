/** Loading, aborting and disposing of the built module; memory stands still. */
import v8 from 'node:v8';
import vm from 'node:vm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import createModule from '../../build/generated/glue.js';
import { createAftersense, type Progress } from '../../dist/index.js';
import { analyzeRequest } from '../../web/messages/requests.ts';
import { distFile, fakeFetch, modelPack, NodeWorker } from './support.ts';

const wasm = distFile('aftersense-simd128.wasm');
const model = distFile('aftersense-lite.aspack');
const site = 'https://shop.example/';
const assets = { wasm: { simd128: `${site}a.wasm` }, lite: new URL('a.aspack', site) };
const served = () => fakeFetch({ [`${site}a.wasm`]: wasm, [`${site}a.aspack`]: model });

const settled = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

beforeEach(() => {
  vi.stubGlobal('Worker', NodeWorker);
});
afterEach(() => vi.unstubAllGlobals());

describe.each([false, true])('with worker: %s', (worker) => {
  const options = { worker, variant: 'simd128', model: 'lite', assets } as const;

  test('the injected fetch gets each file once; after that nothing is requested', async () => {
    const { fetch, requests } = served();
    vi.stubGlobal('fetch', () => expect.fail('The global fetch was used.'));
    const desk = await createAftersense({ ...options, fetch });
    expect(requests.sort()).toEqual([`${site}a.aspack`, `${site}a.wasm`]);
    await desk.analyze(['好', 'bad'], { explain: true });
    const { bytes } = await desk.catalog.build([{ id: 'a', title: 'tea' }]);
    await desk.catalog.load(bytes);
    await desk.recommend({ for: 'query', text: 'tea' });
    expect(requests).toHaveLength(2);
    desk.dispose();
  });

  test('progress of both files ends at their sizes', async () => {
    const seen: Progress[] = [];
    const desk = await createAftersense({ ...options, fetch: served().fetch, onProgress: (step) => seen.push(step) });
    desk.dispose();
    const ends = Object.fromEntries(seen.map((step) => [step.stage, 'loadedBytes' in step ? step.loadedBytes : -1]));
    expect(ends).toEqual({ wasm: wasm.length, lite: model.length });
  });

  test('a catalogue is fetched by address', async () => {
    const maker = await createAftersense({ worker: false, model: 'lite' });
    const { bytes } = await maker.catalog.build([{ id: 'a', title: 'tea' }]);
    maker.dispose();
    const { fetch, requests } = fakeFetch({ [`${site}a.wasm`]: wasm, [`${site}a.aspack`]: model, [`${site}c.ascat`]: bytes });
    const desk = await createAftersense({ ...options, fetch });
    const seen: Progress[] = [];
    expect(await desk.catalog.load(`${site}c.ascat`, { onProgress: (step) => seen.push(step) })).toMatchObject({ products: 1 });
    expect(seen.at(-1)).toMatchObject({ stage: 'catalog', loadedBytes: bytes.length });
    await expect(desk.catalog.load(`${site}none.ascat`)).rejects.toMatchObject({ code: 'download_failed' });
    expect(await desk.catalog.list()).toHaveLength(1);
    expect(requests).toContain(`${site}c.ascat`);
    desk.dispose();
  });

  test('a failed start says why, and the next one works', async () => {
    const { fetch } = fakeFetch({ [`${site}a.wasm`]: wasm });
    await expect(createAftersense({ ...options, fetch })).rejects.toMatchObject({
      code: 'download_failed',
      message: expect.stringContaining('a.aspack'),
    });
    const desk = await createAftersense({ ...options, fetch: served().fetch });
    expect((await desk.analyze('好')).sentiment.label).toBe('positive');
    desk.dispose();
  });

  test('an abort stops the loading at once', async () => {
    const stop = new AbortController();
    const never: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
    const loading = createAftersense({ ...options, fetch: never, signal: stop.signal });
    stop.abort('left');
    await expect(loading).rejects.toMatchObject({ name: 'AbortError', code: 'aborted', cause: 'left' });
    await expect(createAftersense({ ...options, signal: AbortSignal.abort('gone') })).rejects.toMatchObject({
      code: 'aborted',
      cause: 'gone',
    });
  });

  test('an abort of a long list comes before its end', async () => {
    const desk = await createAftersense({ ...options, fetch: served().fetch });
    const stop = new AbortController();
    const texts = Array.from({ length: 20_000 }, (_, i) => `物流太慢，盒子都破了 ${i}`);
    let done = 0;
    const call = desk.analyze(texts, {
      signal: stop.signal,
      onProgress: (step) => {
        done = step.stage === 'analyze' ? step.done : done;
      },
    });
    setTimeout(() => stop.abort(), 50);
    await expect(call).rejects.toMatchObject({ code: 'aborted' });
    expect(done).toBeLessThan(texts.length);
    expect(await desk.analyze('after')).toBeDefined();
    desk.dispose();
  });

  test('two handles work at once, each with its own; the end of one is nothing to the other', async () => {
    const [a, b] = await Promise.all([1, 2].map(() => createAftersense({ ...options, fetch: served().fetch })));
    if (!a || !b) expect.fail('There are not two handles.');
    const { bytes } = await a.catalog.build([{ id: 'a', title: 'tea' }]);
    await a.catalog.load(bytes);
    await expect(b.catalog.list()).rejects.toMatchObject({ code: 'catalog_missing' });
    const texts = Array.from({ length: 200 }, (_, i) => `物流太慢，盒子都破了 ${i}`);
    const alone = await b.analyze(texts, { explain: true });
    const ending = a.analyze(texts);
    const going = b.analyze(texts, { explain: true });
    a.dispose();
    await expect(ending).rejects.toMatchObject({ code: 'disposed' });
    expect(await going).toEqual(alone);
    b.dispose();
  });

  test('dispose rejects what is under way and what comes; it may be repeated', async () => {
    const desk = await createAftersense({ ...options, fetch: served().fetch });
    const call = desk.analyze(Array.from({ length: 1000 }, () => '好'));
    desk.dispose();
    desk.dispose();
    await expect(call).rejects.toMatchObject({ code: 'disposed' });
    await expect(desk.analyze('好')).rejects.toMatchObject({ code: 'disposed' });
    await expect(desk.catalog.list()).rejects.toMatchObject({ code: 'disposed' });
  });
});

describe('workers', () => {
  const allEnded = () => vi.waitFor(() => expect(NodeWorker.live).toBe(0), { timeout: 10_000 });

  test('end with their handles', async () => {
    await allEnded();
    const desk = await createAftersense({ worker: true, model: 'lite' });
    expect(NodeWorker.live).toBe(1);
    desk.dispose();
    await allEnded();
  });

  test('end when the start fails', async () => {
    const { fetch } = fakeFetch({ [`${site}a.wasm`]: wasm.slice(0, 100), [`${site}a.aspack`]: model });
    await expect(createAftersense({ worker: true, variant: 'simd128', assets, fetch })).rejects.toMatchObject({ code: 'wasm_unsupported' });
    await allEnded();
  });

  test('end when the start is aborted', async () => {
    const stop = new AbortController();
    const starting = createAftersense({ worker: true, signal: stop.signal });
    await vi.waitFor(() => expect(NodeWorker.live).toBe(1), { interval: 1, timeout: 10_000 });
    stop.abort();
    await expect(starting).rejects.toMatchObject({ code: 'aborted' });
    await allEnded();
  });

  test('whose script is missing fail with worker_failed', async () => {
    const missing = new URL('none.js', import.meta.url);
    await expect(createAftersense({ worker: true, assets: { worker: missing } })).rejects.toMatchObject({ code: 'worker_failed' });
  });

  test('are named as missing where there are none', async () => {
    vi.unstubAllGlobals();
    await expect(createAftersense({ worker: true, model: 'lite' })).rejects.toMatchObject({
      code: 'worker_failed',
      message: expect.stringContaining('worker: false'),
    });
    const desk = await createAftersense({ model: 'lite' });
    expect(desk.info.worker).toBe(false);
    desk.dispose();
  });
});

describe('memory', () => {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;

  test('of a module stands still over 1,000 engines', async () => {
    const module = await createModule({
      instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
        void WebAssembly.instantiate(wasm, imports).then(({ instance }) => done(instance));
        return {};
      },
    });
    const request = analyzeRequest(['物流太慢，盒子都破了', 'fine'], true, 'lite');
    const cycle = () => {
      const engine = new module.Engine();
      for (const [method, bytes] of [
        ['loadModel', model],
        ['analyze', request],
      ] as const) {
        const buffer = new module.Buffer(bytes.length);
        (buffer.view() as Uint8Array).set(bytes);
        engine[method](buffer);
        buffer.delete();
      }
      engine.delete();
    };
    for (let i = 0; i < 3; i++) cycle();
    const heapBytes = module.HEAPU8.byteLength;
    for (let i = 0; i < 1000; i++) cycle();
    expect(module.HEAPU8.byteLength).toBe(heapBytes);
  });

  const measure = async () => {
    await settled(50);
    collect();
    return { memories: v8.queryObjects(WebAssembly.Memory, { format: 'count' }) as unknown as number, rss: process.memoryUsage().rss };
  };

  test('of the process stands still over 1,000 handles, and no module stays alive', async () => {
    const { fetch } = fakeFetch({ [`${site}a.wasm`]: wasm, [`${site}a.aspack`]: modelPack('lite') });
    const cycle = async () => {
      const desk = await createAftersense({ worker: false, variant: 'simd128', model: 'lite', assets, fetch });
      await desk.analyze('好');
      desk.dispose();
    };
    for (let i = 0; i < 50; i++) await cycle();
    const before = await measure();
    for (let i = 0; i < 1000; i++) await cycle();
    const after = await measure();
    expect(after.memories).toBeLessThanOrEqual(before.memories + 1);
    expect(after.rss - before.rss).toBeLessThan(100 * 1e6);
  }, 900_000);

  test('of the process stands still over handles with base, loaded or on its way', async () => {
    const cycle = async () => {
      const desk = await createAftersense({ worker: false, variant: 'simd128', model: 'base' });
      await desk.embed('好');
      desk.dispose();
      const early = await createAftersense({ worker: false, variant: 'simd128' });
      early.dispose();
    };
    for (let i = 0; i < 3; i++) await cycle();
    const before = await measure();
    for (let i = 0; i < 20; i++) await cycle();
    const after = await measure();
    expect(after.memories).toBeLessThanOrEqual(before.memories + 1);
    // A handle with base holds several times ten megabytes.
    expect(after.rss - before.rss).toBeLessThan(100 * 1e6);
  }, 600_000);
});
