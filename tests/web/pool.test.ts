/** Several cores behind one handle: with cores of the test's own, then with the built module in threads. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Aftersense, createAftersense, type Progress } from '../../dist/index.js';
import { Client } from '../../web/client.ts';
import { AftersenseError } from '../../web/errors.ts';
import type { Bytes } from '../../web/protocol.ts';
import { maxSliceTexts } from '../../web/slices.ts';
import { info as alone, FakeCore, failureReply } from './fake_core.ts';
import { distFile, enableRelaxedSimd, fakeFetch, NodeWorker } from './support.ts';

const info = { ...alone, worker: true, workers: 3 };
const catalog = Uint8Array.from([16, 0, 0, 0, ...new TextEncoder().encode('ASCT'), 9, 9]);
const many = Array.from({ length: 9 * maxSliceTexts.lite }, (_, i) => `text ${i}`);
const dead = new AftersenseError('worker_failed', 'The worker failed: out of memory.');

const settled = () => new Promise((resolve) => setTimeout(resolve));

function setUp() {
  const cores = [new FakeCore(), new FakeCore(), new FakeCore()] as const;
  return { cores, client: new Client(cores, info) };
}

/** From now on, whatever this core is asked, it is dead. */
function kill(core: FakeCore): void {
  core.before = async () => {
    throw dead;
  };
}

describe('a long list', () => {
  test('is shared by all cores, the slow one less; progress counts each text once', async () => {
    const { cores, client } = setUp();
    cores[1].before = () => new Promise((resolve) => setTimeout(resolve, 20));
    const seen: Progress[] = [];
    expect(await client.analyze(many, { onProgress: (step) => seen.push(step) })).toHaveLength(many.length);
    expect(cores.flatMap((core) => core.calls.flat()).sort()).toEqual([...many].sort());
    expect(cores[1].calls.length).toBeGreaterThan(0);
    expect(cores[1].calls.length).toBeLessThan(cores[0].calls.length);
    const done = seen.map((step) => ('done' in step ? step.done : Number.NaN));
    expect(done).toEqual(Array.from({ length: 9 }, (_, i) => (i + 1) * maxSliceTexts.lite));
  });

  test('leaves a core that is busy alone', async () => {
    const { cores, client } = setUp();
    cores[0].before = () => new Promise(() => {});
    void client.analyze('endless');
    await settled();
    for (const text of ['a', 'b']) await client.analyze(text);
    expect(cores.map((core) => core.calls.flat())).toEqual([['endless'], ['a', 'b'], []]);
  });

  test('aborted in its midst stops on every core', async () => {
    const { cores, client } = setUp();
    for (const core of cores) core.before = () => new Promise((resolve) => setTimeout(resolve, 5));
    const stop = new AbortController();
    const call = client.analyze(many, { signal: stop.signal, onProgress: () => stop.abort('typed on') });
    await expect(call).rejects.toMatchObject({ name: 'AbortError', code: 'aborted', cause: 'typed on' });
    const asked = cores.map((core) => core.calls.length);
    expect(asked.reduce((sum, count) => sum + count)).toBeLessThan(9);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(cores.map((core) => core.calls.length)).toEqual(asked);
    expect(await client.analyze('after')).toBeDefined();
  });

  test('that one core fails on rejects, and no core goes on with it', async () => {
    const { cores, client } = setUp();
    cores[1].instead = () => failureReply('text_too_long', 'Shorten it.');
    await expect(client.analyze(many)).rejects.toMatchObject({ code: 'text_too_long' });
    await settled();
    expect(cores.flatMap((core) => core.calls).length).toBeLessThan(9);
  });

  test('disposed of in its midst rejects, and all cores end', async () => {
    const { cores, client } = setUp();
    for (const core of cores) core.before = () => new Promise(() => {});
    const call = client.analyze(many);
    await settled();
    client.dispose();
    await expect(call).rejects.toMatchObject({ code: 'disposed' });
    await expect(client.analyze('after')).rejects.toMatchObject({ code: 'disposed' });
    expect(cores.map((core) => core.disposed)).toEqual([1, 1, 1]);
  });
});

describe('a core that dies', () => {
  test('leaves its share to the others', async () => {
    const { cores, client } = setUp();
    kill(cores[1]);
    expect(await client.analyze(many)).toHaveLength(many.length);
    expect(cores[1].disposed).toBe(1);
    expect([...cores[0].calls, ...cores[2].calls].flat().sort()).toEqual([...many].sort());
  });

  test('leaves what waits in its line, and the catalogue, to the others', async () => {
    const { cores, client } = setUp();
    await client.catalog.load(catalog.slice());
    let die = () => {};
    cores[0].before = () =>
      new Promise((_, reject) => {
        die = () => reject(dead);
      });
    const calls = [client.analyze('a'), client.analyze('b'), client.analyze('c'), client.analyze('d')];
    await settled();
    kill(cores[0]);
    die();
    for (const analysis of await Promise.all(calls)) expect(analysis.tier).toBe('lite');
    expect(cores[0].methods.slice(0, 1)).toEqual(['loadCatalog']);
    expect(cores[1].methods.filter((method) => method === 'loadCatalog')).toHaveLength(1);
    expect(cores[2].methods).not.toContain('loadCatalog');
  });

  test('of a text takes one more with it, not all', async () => {
    const { cores, client } = setUp();
    for (const core of cores) kill(core);
    await expect(client.analyze('poison')).rejects.toBe(dead);
    cores[2].before = async () => {};
    expect(await client.analyze('fine')).toBeDefined();
    expect(cores.map((core) => core.disposed)).toEqual([1, 1, 0]);
  });

  test('as the last one ends the handle with its reason', async () => {
    const { cores, client } = setUp();
    for (const core of cores) kill(core);
    for (let i = 0; i < 3; i++) await expect(client.analyze('a')).rejects.toBe(dead);
    expect(cores.map((core) => core.disposed)).toEqual([1, 1, 0]);
    client.dispose();
    expect(cores[2].disposed).toBe(1);
  });
});

describe('base', () => {
  function withBase() {
    const cores = [new FakeCore(), new FakeCore(), new FakeCore()] as const;
    const spare = new FakeCore();
    const download = vi.fn(async (): Promise<Bytes> => new Uint8Array(8));
    return { cores, spare, download, client: new Client(cores, info, { base: { download, restart: async () => spare } }) };
  }
  const loads = (core: FakeCore) => core.methods.filter((method) => method === 'loadModel').length;

  test('is downloaded once and loaded by every core; the first one answers for all', async () => {
    const { cores, client, download } = withBase();
    cores[1].before = () => new Promise(() => {});
    await client.ready('base');
    expect(await client.analyze(['a', 'b'])).toMatchObject([{ tier: 'base' }, { tier: 'base' }]);
    expect(cores.map((core) => core.calls.length)).toEqual([2, 0, 0]);
    expect(cores.map(loads)).toEqual([1, 1, 0]);
    expect(download).toHaveBeenCalledOnce();
  });

  test('is asked of all that have it; results keep the order of the texts', async () => {
    const { cores, client } = withBase();
    await client.ready('base');
    await vi.waitFor(() => expect(cores.map(loads)).toEqual([1, 1, 1]));
    await settled();
    cores[0].before = () => new Promise((resolve) => setTimeout(resolve, 5));
    const texts = Array.from({ length: 30 }, (_, i) => 'x'.repeat(i));
    expect((await client.embed(texts)).map(([length]) => length)).toEqual(texts.map(({ length }) => length));
    for (const core of cores) expect(core.calls.length).toBeGreaterThan(0);
  });

  test('that the second cannot hold stays in the first, and the third is not tried', async () => {
    const { cores, spare, client } = withBase();
    cores[1].before = async (method) => {
      if (method === 'loadModel') throw new AftersenseError('internal', 'The engine stopped: unreachable.');
    };
    await client.ready('base');
    await vi.waitFor(() => expect(cores[1].disposed).toBe(1));
    await settled();
    expect(loads(cores[2])).toBe(0);
    expect(new Set((await client.analyze(many)).map(({ tier }) => tier))).toEqual(new Set(['base']));
    expect([cores[1], cores[2], spare].flatMap((core) => core.calls)).toEqual([]);
    await client.analyze(many, { tier: 'lite' });
    for (const core of [cores[0], cores[2], spare]) expect(core.tiers).toContain('lite');
  });

  test('is gone with the only core that had it; lite goes on', async () => {
    const { cores, client } = withBase();
    cores[1].before = async (method) => {
      if (method === 'loadModel') throw new AftersenseError('internal', 'The engine stopped: unreachable.');
    };
    await client.ready('base');
    await settled();
    kill(cores[0]);
    await expect(client.embed('a')).rejects.toMatchObject({ code: 'worker_failed', message: expect.stringContaining('lite') });
    expect((await client.analyze('a')).tier).toBe('lite');
  });
});

describe('workers: n of the built module', () => {
  const site = 'https://shop.example/';
  const assets = { wasm: { simd128: `${site}a.wasm` }, lite: `${site}l.aspack` };
  const files = {
    [assets.wasm.simd128]: distFile('aftersense-simd128.wasm'),
    [assets.lite]: distFile('aftersense-lite.aspack'),
  };
  const texts = Array.from({ length: 400 }, (_, i) => `${i % 3 ? '物流太慢，盒子都破了' : 'Great quality, I love it'} ${i}`);
  const start = (workers: number, options = {}) =>
    createAftersense({ worker: true, workers, model: 'lite', variant: 'simd128', assets, fetch: fakeFetch(files).fetch, ...options });
  const allEnded = () => vi.waitFor(() => expect(NodeWorker.live).toBe(0), { timeout: 10_000 });

  enableRelaxedSimd();
  let one: Aftersense;
  beforeAll(async () => {
    vi.stubGlobal('Worker', NodeWorker);
    one = await createAftersense({ worker: false, model: 'lite', variant: 'simd128' });
  });
  afterAll(() => {
    one.dispose();
    vi.unstubAllGlobals();
  });
  beforeEach(allEnded);

  test('downloads each file once, tells its progress once, and starts as many threads', async () => {
    const { fetch, requests } = fakeFetch(files);
    const seen: Progress[] = [];
    const desk = await start(3, { fetch, onProgress: (step: Progress) => seen.push(step) });
    expect(requests.sort()).toEqual(Object.keys(files).sort());
    expect(seen.filter(({ stage }) => stage === 'wasm').at(-1)).toMatchObject({ loadedBytes: files[assets.wasm.simd128]?.length });
    const steps = seen.map((step) => JSON.stringify(step));
    expect(new Set(steps).size).toBe(steps.length);
    expect(NodeWorker.live).toBe(3);
    expect(desk.info).toMatchObject({ worker: true, workers: 3 });
    desk.dispose();
    await allEnded();
  });

  test('gives the results of one', async () => {
    const desk = await start(3);
    expect(await desk.analyze(texts, { explain: true })).toEqual(await one.analyze(texts, { explain: true }));
    desk.dispose();
  });

  test('goes on where a thread is killed in mid-batch, with its catalogue', async () => {
    const desk = await start(2);
    const { bytes } = await desk.catalog.build([{ id: 'a', title: 'tea' }]);
    await desk.catalog.load(bytes);
    let killed = false;
    const analyses = await desk.analyze(texts, {
      onProgress: () => {
        if (!killed) NodeWorker.running()[0]?.crash();
        killed = true;
      },
    });
    expect(analyses).toEqual(await one.analyze(texts));
    expect(await desk.catalog.list()).toHaveLength(1);
    await vi.waitFor(() => expect(NodeWorker.live).toBe(1));
    desk.dispose();
    await allEnded();
  });

  test('starts all or none', async () => {
    await expect(start(3, { assets: { ...assets, worker: new URL('none.js', import.meta.url) } })).rejects.toMatchObject({
      code: 'worker_failed',
    });
    await allEnded();
    const stop = new AbortController();
    const starting = start(3, { signal: stop.signal });
    await vi.waitFor(() => expect(NodeWorker.live).toBe(3), { interval: 1, timeout: 10_000 });
    stop.abort('left');
    await expect(starting).rejects.toMatchObject({ code: 'aborted', cause: 'left' });
    await allEnded();
  });

  test.each([
    [0, {}, 'workers must be an integer from 1 to 64, not 0'],
    [1.5, {}, 'not 1.5'],
    [2, { worker: false }, 'from 1 to 1, not 2'],
  ])('%s with %j is refused', async (workers, options, words) => {
    await expect(start(workers, options)).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining(words) });
  });
});
