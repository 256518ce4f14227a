/** Both tiers of the built module, with the shipped models. */
import { ByteBuffer } from 'flatbuffers';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { ModelPack } from '../../build/generated/schema/pack/aftersense/schema.js';
import { type Aftersense, type Analysis, createAftersense, type Progress } from '../../dist/index.js';
import { distFile, enableRelaxedSimd, fakeFetch, modelPack, NodeWorker, variants } from './support.ts';

const complaint = '物流太慢，盒子都破了，我要退款！';
const texts = [
  complaint,
  'The kettle arrived broken and nobody answers my emails. I want my money back today.',
  'Great quality, I love it!',
  '客服态度很好，谢谢',
  '什么时候发货？',
  '<p>The&nbsp;zipper broke.</p> 很失望😡！ But the ＰＲＩＣＥ was fair.',
  '',
  'Товар пришёл сломанным',
];
const site = 'https://shop.example/';
const assets = { wasm: { simd128: `${site}a.wasm` }, lite: `${site}l.aspack`, base: `${site}b.aspack` };
const files = {
  [assets.wasm.simd128]: distFile('aftersense-simd128.wasm'),
  [assets.lite]: distFile('aftersense-lite.aspack'),
  [assets.base]: distFile('aftersense-base.aspack'),
};

enableRelaxedSimd();
vi.stubGlobal('Worker', NodeWorker);

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/** The first of the numbers of a vector, of unit length again. */
function shorten(vector: Float32Array, dimensions: number): Float32Array {
  const head = vector.subarray(0, dimensions);
  return head.map((value) => value / Math.sqrt(dot(head, head)));
}

describe('base', () => {
  let desk: Aftersense;
  beforeAll(async () => {
    desk = await createAftersense({ worker: true, model: 'base' });
  });
  afterAll(() => desk.dispose());

  test('is named, with its size in memory', async () => {
    expect(desk.info.model).toMatchObject({ name: 'aftersense-base', tier: 'base', bytes: expect.any(Number) });
    // Unpacked, its weights take more room than its file.
    expect(desk.info.model.bytes).toBeGreaterThan(modelPack('base').length);
    expect(await desk.ready('base')).toBe(desk.info.model);
    expect(await desk.ready('lite')).toMatchObject({ name: 'aftersense-lite', tier: 'lite' });
  });

  test('reads intent, aspects, emotions and urgency, and so does lite', async () => {
    const analysis = await desk.analyze('物流太慢了，等了两个星期才到', { explain: true });
    expect(analysis).toMatchObject({ tier: 'base', language: 'zh', sentiment: { label: 'negative' }, abstained: false });
    const { emotions = [], aspects = [], intent, urgency, escalate = Number.NaN } = analysis;
    expect(aspects).toContainEqual(expect.objectContaining({ aspect: 'logistics', polarity: 'negative' }));
    expect(intent?.label).toBe('complaint');
    for (const { score } of [...emotions, ...aspects]) expect(score).toBeGreaterThanOrEqual(0.5);
    for (const score of [intent?.score, urgency?.score]) expect(score).toBeGreaterThan(0);
    expect(escalate).toBeGreaterThanOrEqual(0);
    expect(escalate).toBeLessThanOrEqual(1);
    const lite = await desk.analyze('物流太慢了，等了两个星期才到', { tier: 'lite' });
    expect(lite).toMatchObject({ tier: 'lite', intent: { label: expect.any(String) }, escalate: expect.any(Number) });
    expect(lite.intent).not.toHaveProperty('detail');
    const [logistics] = (lite.aspects ?? []).filter(({ aspect }) => aspect === 'logistics');
    expect(logistics?.polarity).toBe('negative');
    expect(logistics?.evidence.length).toBeGreaterThan(0);
  });

  test('gives evidence as spans of the text as given', async () => {
    let spans = 0;
    for (const [i, { aspects = [] }] of (await desk.analyze(texts)).entries()) {
      for (const { start, end } of aspects.flatMap(({ evidence }) => evidence)) {
        spans++;
        expect(start).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(texts[i]?.length ?? 0);
      }
    }
    expect(spans).toBeGreaterThan(0);
  });

  test('abstains where lite does, and then has read nothing', async () => {
    for (const text of ['', 'Товар пришёл сломанным']) {
      const analysis = await desk.analyze(text);
      expect(analysis).toMatchObject({ abstained: true, sentiment: { label: 'neutral', confidence: 0 } });
      expect(analysis).not.toHaveProperty('intent');
    }
  });

  test('embeds the same words in another language nearer than other words, with 384 and with 128 numbers', async () => {
    const vectors = await desk.embed([
      'The parcel came late and the box was broken',
      '包裹来得很晚，盒子也破了',
      'Can I pay with a credit card?',
    ]);
    const [late, 晚, card] = vectors as [Float32Array, Float32Array, Float32Array];
    expect(late).toHaveLength(384);
    for (const vector of vectors) expect(dot(vector, vector)).toBeCloseTo(1, 5);
    expect(dot(late, 晚)).toBeGreaterThan(dot(late, card) + 0.1);
    const [a, b, c] = [late, 晚, card].map((vector) => shorten(vector, 128)) as [Float32Array, Float32Array, Float32Array];
    expect(dot(a, b)).toBeGreaterThan(dot(a, c) + 0.1);
  });

  test('embeds any text, and refuses one that is too long', async () => {
    for (const vector of await desk.embed(['', '😡', 'Товар пришёл', 'x'.repeat(20_000)])) expect(dot(vector, vector)).toBeCloseTo(1, 5);
    await expect(desk.embed('好'.repeat(1_400_000))).rejects.toMatchObject({ code: 'text_too_long' });
  });
});

test('both variants have the same results, to the last bit', async () => {
  const results: [Analysis[], Float32Array[]][] = [];
  for (const variant of variants) {
    const desk = await createAftersense({ variant, worker: false, model: 'base' });
    results.push([await desk.analyze(texts, { explain: true }), await desk.embed(texts)]);
    desk.dispose();
  }
  expect(results[1]).toEqual(results[0]);
});

describe.each([false, true])('auto, with worker: %s', (worker) => {
  const options = { worker, variant: 'simd128', assets } as const;
  const start = (served = files, onProgress?: (progress: Progress) => void) => {
    const { fetch, requests } = fakeFetch(served);
    return { requests, starting: createAftersense({ ...options, fetch, ...(onProgress ? { onProgress } : {}) }) };
  };
  let desk: Aftersense | undefined;
  afterEach(() => desk?.dispose());

  test('answers with lite, then updates with what base says', async () => {
    const { requests, starting } = start();
    desk = await starting;
    expect(desk.info.model.tier).toBe('lite');
    const better = new Promise<Analysis>((resolve) => {
      void desk?.analyze(complaint, { onUpdate: resolve }).then(({ tier }) => expect(tier).toBe('lite'));
    });
    const updated = await better;
    expect(updated.tier).toBe('base');
    expect(await desk.analyze(complaint)).toEqual(updated);
    expect(desk.info.model.tier).toBe('base');
    expect(requests.sort()).toEqual(Object.keys(files).sort());
  });

  test('tells how much of base has come', async () => {
    const seen: Progress[] = [];
    desk = await start(files, (step) => seen.push(step)).starting;
    await desk.ready('base');
    expect(seen.at(-1)).toMatchObject({ stage: 'base', loadedBytes: files[assets.base]?.length });
  });

  test.each([
    ['is not there', {}, 'download_failed'],
    ['is a web page', { [assets.base]: new TextEncoder().encode('<!doctype html>') }, 'pack_wrong_type'],
    ['is cut off', { [assets.base]: files[assets.base]?.slice(0, 1_000_000) }, 'pack_truncated'],
    ['is a lite model', { [assets.base]: files[assets.lite] }, 'pack_wrong_type'],
    ['is corrupt', { [assets.base]: corruptBase() }, 'pack_corrupt'],
  ] as const)('keeps lite and the catalogue where base %s', async (_, instead, code) => {
    const { [assets.base]: __, ...others } = files;
    desk = await start({ ...others, ...(instead as typeof files) }).starting;
    const { bytes } = await desk.catalog.build([{ id: 'a', title: 'tea' }]);
    await desk.catalog.load(bytes);
    await expect(desk.ready('base')).rejects.toMatchObject({ code });
    await expect(desk.embed('a')).rejects.toMatchObject({ code: 'model_missing', cause: { code } });
    expect(await desk.analyze(complaint)).toMatchObject({ tier: 'lite', sentiment: { label: 'negative' } });
    expect(await desk.catalog.list()).toHaveLength(1);
  });

  test('is stopped by dispose in mid-download', async () => {
    const cancelled = vi.fn();
    const { fetch } = fakeFetch(files);
    const endless: typeof globalThis.fetch = async (source, init) => {
      if (String(source) !== assets.base) return fetch(source, init);
      const body = new ReadableStream({
        start: (controller) => init?.signal?.addEventListener('abort', () => controller.error(cancelled(init.signal?.reason))),
      });
      return new Response(body);
    };
    const stopped = await createAftersense({ ...options, fetch: endless });
    const waiting = stopped.ready('base');
    const told = vi.fn();
    await stopped.analyze('fine', { onUpdate: told });
    stopped.dispose();
    await expect(waiting).rejects.toMatchObject({ code: 'disposed' });
    expect(cancelled).toHaveBeenCalledOnce();
    expect(told).not.toHaveBeenCalled();
  });
});

/** The shipped base pack with a width that its matrices do not have: whole as a FlatBuffer, at odds with itself. */
function corruptBase(): Uint8Array<ArrayBuffer> {
  const file = modelPack('base');
  const encoder = ModelPack.getRootAsModelPack(new ByteBuffer(file)).encoder();
  if (!encoder) expect.fail('The base pack has no encoder.');
  const hiddenAt = encoder.bb_pos + (encoder.bb?.__offset(encoder.bb_pos, 4) ?? 0);
  new DataView(file.buffer).setUint16(hiddenAt, encoder.hidden() - 32, true);
  return file;
}

describe('a device with little memory', () => {
  const pageBytes = 65_536;
  const limitBytes = 16 * 1024 * 1024;
  const { grow } = WebAssembly.Memory.prototype;

  beforeAll(() => {
    WebAssembly.Memory.prototype.grow = function (pages) {
      if (this.buffer.byteLength + pages * pageBytes > limitBytes) throw new RangeError('WebAssembly.Memory.grow(): no more');
      return grow.call(this, pages);
    };
  });
  afterAll(() => {
    WebAssembly.Memory.prototype.grow = grow;
  });

  test('keeps lite and the catalogue, and says why', async () => {
    const desk = await createAftersense({ worker: false });
    const { bytes } = await desk.catalog.build([{ id: 'a', title: 'tea' }]);
    await desk.catalog.load(bytes);
    await expect(desk.ready('base')).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('memory') });
    expect(await desk.analyze(complaint)).toMatchObject({ tier: 'lite', sentiment: { label: 'negative' } });
    expect(await desk.catalog.list()).toHaveLength(1);
    desk.dispose();
  });

  test('is told so where base alone would do', async () => {
    await expect(createAftersense({ worker: false, model: 'base' })).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('starting with base', () => {
  test('fails where base is not there', async () => {
    const { fetch } = fakeFetch({ ...files, [assets.base]: 404 });
    const starting = createAftersense({ worker: false, variant: 'simd128', model: 'base', assets, fetch });
    await expect(starting).rejects.toMatchObject({ code: 'download_failed', message: expect.stringContaining('base model') });
  });

  test('is aborted while base loads', async () => {
    const stop = new AbortController();
    const onProgress = ({ stage }: Progress) => stage === 'base' && stop.abort('left');
    const starting = createAftersense({ worker: false, model: 'base', signal: stop.signal, onProgress });
    await expect(starting).rejects.toMatchObject({ code: 'aborted', cause: 'left' });
  });

  test('refuses a model that there is none of', async () => {
    await expect(createAftersense({ model: 'huge' as 'base' })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: "model must be 'auto' or 'lite' or 'base', not huge.",
    });
  });
});
