/** Whatever comes in has a documented result or an error with a code, and the handle works afterwards. */
import { Builder, ByteBuffer } from 'flatbuffers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Catalog } from '../../build/generated/schema/messages/aftersense/schema.js';
import { ModelPack } from '../../build/generated/schema/pack/aftersense/schema.js';
import { type Aftersense, AftersenseError, createAftersense } from '../../dist/index.js';
import { startCore } from '../../web/core.ts';
import * as fb from '../../web/messages/generated.ts';
import { analyses } from '../../web/messages/replies.ts';
import type { CorePort } from '../../web/protocol.ts';
import { distFile, distUrl, fakeFetch, modelPack } from './support.ts';

const model = modelPack('lite');
const shippedModel = distFile('aftersense-lite.aspack');
const url = 'https://shop.example/file';
const page = new TextEncoder().encode('<!doctype html><title>Not found</title>');
const neutral = { label: 'neutral', confidence: 0 };

let desk: Aftersense;
let catalog: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  desk = await createAftersense({ worker: false, model: 'lite' });
  catalog = (
    await desk.catalog.build([
      { id: 'a', title: 'Green tea' },
      { id: 'b', title: 'Black tea' },
    ])
  ).bytes;
  await desk.catalog.load(catalog);
});
afterEach(async () => {
  expect((await desk.analyze('质量很好，下次还会来')).sentiment.label).toBe('positive');
  expect((await desk.recommend({ for: 'product', id: 'a' }))[0]?.product.id).toBe('b');
});
afterAll(() => desk.dispose());

const loadModel = (file: Uint8Array<ArrayBuffer>) =>
  createAftersense({ worker: false, model: 'lite', assets: { lite: url }, fetch: fakeFetch({ [url]: file }).fetch });

/** `file` with a bit flipped. */
function flip(file: Uint8Array<ArrayBuffer>, bit: number): Uint8Array<ArrayBuffer> {
  const copy = file.slice();
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** A fixed sequence of pseudo-random integers below `limit` (the minimal standard generator of Park and Miller 1988). */
function* randomIntegers(limit: number, seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 48_271) % 0x7fff_ffff;
    yield state % limit;
  }
}

describe('a text', () => {
  test.each([
    ['empty', ''],
    ['blank', ' \n\t\u3000'],
    ['of NUL bytes', '\0\0\0'],
    ['of lone surrogates', '\udc00\udc00\ud800'],
  ])('%s is neutral with no confidence: there is nothing to judge', async (_, text) => {
    expect(await desk.analyze(text, { explain: true })).toMatchObject({
      sentiment: neutral,
      abstained: true,
      keywords: [],
      sentences: [],
      evidence: [],
    });
  });

  test('of emoji alone is judged by them', async () => {
    expect(await desk.analyze('😡😡😡')).toMatchObject({ language: 'other', sentiment: { label: 'negative' }, abstained: false });
    expect(await desk.analyze('😍🥰')).toMatchObject({ language: 'other', sentiment: { label: 'positive' }, abstained: false });
  });

  test.each([
    'Товар пришёл сломанным, верните деньги',
    'المنتج ممتاز وأنصح به',
    'สินค้าดีมาก',
  ])('in an unknown language is not judged: %s', async (text) => {
    expect(await desk.analyze(text)).toMatchObject({ language: 'other', sentiment: neutral, abstained: true });
  });

  test('with NUL bytes and lone surrogates inside is judged by the rest', async () => {
    const analysis = await desk.analyze('质量\0很好\ud800，下次还会来\udfff');
    expect(analysis).toMatchObject({ language: 'zh', sentiment: { label: 'positive' }, abstained: false });
  });

  test('of 1 MB is judged by its beginning and end, and says so', async () => {
    const analysis = await desk.analyze('东西很差，退货！'.repeat(44_000));
    expect(analysis).toMatchObject({ language: 'zh', sentiment: { label: 'negative' }, truncated: true });
  });

  test('of 4 MiB is taken, of one byte more refused, in whatever script', async () => {
    const limit = 4 * 1024 * 1024;
    expect(await desk.analyze('a'.repeat(limit))).toMatchObject({ truncated: expect.any(Boolean) });
    await expect(desk.analyze('a'.repeat(limit + 1))).rejects.toMatchObject({ name: 'AftersenseError', code: 'text_too_long' });
    await expect(desk.analyze(['fine', '好'.repeat(Math.ceil((limit + 1) / 3))])).rejects.toMatchObject({ code: 'text_too_long' });
  });

  test('of invalid UTF-8, which only reaches the core from C++, passes over what is none', async () => {
    const { createLocalPort } = (await import(distUrl('local.js').href)) as { createLocalPort(): CorePort };
    const core = await startCore(createLocalPort(), distFile('aftersense-simd128.wasm').buffer);
    await core.call('loadModel', model.slice());
    const judge = async (text: Uint8Array) => {
      const builder = new Builder();
      const texts = fb.AnalyzeRequest.createTextsVector(builder, [builder.createString(text)]);
      builder.finish(fb.AnalyzeRequest.createAnalyzeRequest(builder, texts, true, fb.Tier.lite));
      const reply = await core.call('analyze', builder.asUint8Array() as Uint8Array<ArrayBuffer>);
      return analyses(reply, [new TextDecoder().decode(text)], true)[0];
    };
    expect(await judge(new Uint8Array([0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf5]))).toMatchObject({ sentiment: neutral, abstained: true });
    const praise = new TextEncoder().encode('质量很好，下次还会来');
    expect(await judge(new Uint8Array([0xff, ...praise, 0xe8]))).toMatchObject({ language: 'zh', sentiment: { label: 'positive' } });
    core.dispose();
  });
});

describe('a model', () => {
  test.each([2, 100, 10_000, shippedModel.length - 1])('cut to %i bytes of its gzip file is refused', async (length) => {
    await expect(loadModel(shippedModel.slice(0, length))).rejects.toMatchObject({ code: 'pack_truncated' });
  });

  test('is taken unpacked as well', async () => {
    const desk = await loadModel(model.slice());
    desk.dispose();
  });

  test.each([0, 7, 8, 100, 10_000, model.length - 16])('cut to %i bytes is refused', async (length) => {
    await expect(loadModel(model.slice(0, length))).rejects.toMatchObject({ code: expect.stringMatching(/^pack_(truncated|corrupt)$/) });
  });

  test('of a newer format is refused as such', async () => {
    const file = model.slice();
    const pack = ModelPack.getRootAsModelPack(new ByteBuffer(file));
    new DataView(file.buffer).setUint32(pack.bb_pos + (pack.bb?.__offset(pack.bb_pos, 4) ?? 0), pack.formatVersion() + 1, true);
    await expect(loadModel(file)).rejects.toMatchObject({ code: 'pack_wrong_version' });
  });

  test.each([
    ['a catalogue', () => catalog],
    ['a web page', () => page],
    ['a WebAssembly file', () => distFile('aftersense-simd128.wasm')],
  ])('that is %s is refused', async (_, file) => {
    await expect(loadModel(file())).rejects.toMatchObject({ code: 'pack_wrong_type' });
  });

  test('with a flipped bit is refused, or works with another weight', async () => {
    const bits = randomIntegers(model.length * 8, 20);
    const head = Array.from({ length: 30 }, (_, i) => i * 7);
    for (const bit of [...head, ...Array.from({ length: 30 }, () => bits.next().value)]) {
      const outcome = await loadModel(flip(model, bit)).catch((error: unknown) => error);
      if (outcome instanceof AftersenseError) {
        expect(outcome.code, `bit ${bit}`).toMatch(/^pack_/);
        continue;
      }
      const flipped = outcome as Aftersense;
      const { scores } = (await flipped.analyze('物流太慢，盒子都破了', { explain: true })).sentiment;
      expect(scores.negative + scores.neutral + scores.positive, `bit ${bit}`).toBeCloseTo(1, 4);
      flipped.dispose();
    }
  });
});

describe('a WebAssembly file', () => {
  const start = (file: Uint8Array<ArrayBuffer> | number) =>
    createAftersense({ worker: false, variant: 'simd128', assets: { wasm: { simd128: url } }, fetch: fakeFetch({ [url]: file }).fetch });

  test('that is a web page is named as one', async () => {
    await expect(start(page)).rejects.toMatchObject({ code: 'not_wasm', message: expect.stringContaining('web page') });
  });

  test('that is not there is a failed download', async () => {
    await expect(start(404)).rejects.toMatchObject({ code: 'download_failed', message: expect.stringContaining('404') });
  });

  test('that is cut off is refused', async () => {
    await expect(start(distFile('aftersense-simd128.wasm').slice(0, 5000))).rejects.toMatchObject({ code: 'wasm_unsupported' });
  });
});

describe('a catalogue', () => {
  test('is refused when it is cut off anywhere but in its final padding, and the one before stays', async () => {
    for (let length = 0; length < catalog.length - 8; length += 7) {
      await expect(desk.catalog.load(catalog.slice(0, length)), `${length} bytes`).rejects.toMatchObject({
        code: expect.stringMatching(/^pack_/),
      });
    }
    expect(await desk.catalog.list()).toHaveLength(2);
  });

  test('with a flipped bit is refused, or answers', async () => {
    const other = await createAftersense({ worker: false, model: 'lite' });
    for (let bit = 0; bit < catalog.length * 8; bit += 5) {
      const info = await other.catalog.load(flip(catalog, bit)).catch((error: unknown) => error);
      if (info instanceof AftersenseError) expect(info.code, `bit ${bit}`).toMatch(/^pack_/);
      else expect(Array.isArray(await other.recommend({ for: 'query', text: 'tea' })), `bit ${bit}`).toBe(true);
    }
    other.dispose();
  });

  test('of a newer format is refused as such', async () => {
    const file = catalog.slice();
    const root = Catalog.getRootAsCatalog(new ByteBuffer(file));
    new DataView(file.buffer).setUint32(root.bb_pos + (root.bb?.__offset(root.bb_pos, 4) ?? 0), root.formatVersion() + 1, true);
    await expect(desk.catalog.load(file)).rejects.toMatchObject({ code: 'pack_wrong_version' });
  });

  test.each([
    ['a model', () => model, 'pack_wrong_type'],
    ['a web page', () => page, 'pack_wrong_type'],
    ['empty', () => new Uint8Array(), 'pack_truncated'],
  ])('that is %s is refused', async (_, file, code) => {
    await expect(desk.catalog.load(file())).rejects.toMatchObject({ code });
    await expect(desk.catalog.load(file().buffer)).rejects.toMatchObject({ code });
  });

  test('leaves the bytes it is loaded from to the caller', async () => {
    const whole = new Uint8Array([9, ...catalog, 9]);
    await desk.catalog.load(whole.subarray(1, -1));
    expect(whole).toEqual(new Uint8Array([9, ...catalog, 9]));
  });

  test('is not built from two products with one id, which the message names', async () => {
    const products = [
      { id: 'kettle-7', title: 'x' },
      { id: 'b', title: 'y' },
      { id: 'kettle-7', title: 'z' },
    ];
    await expect(desk.catalog.build(products)).rejects.toMatchObject({
      code: 'duplicate_product',
      message: expect.stringContaining('kettle-7'),
    });
  });

  test('leaves out a product without text, and names it; is not built from such alone', async () => {
    const { info } = await desk.catalog.build([{ id: 'a', title: 'tea' }, { id: 'b' }, { id: 'c', description: '  ' }]);
    expect(info).toMatchObject({
      products: 1,
      skipped: [
        { id: 'b', reason: 'no_text' },
        { id: 'c', reason: 'no_text' },
      ],
    });
    await expect(desk.catalog.build([{ id: 'b' }])).rejects.toMatchObject({ code: 'empty_catalog' });
    await expect(desk.catalog.build([])).rejects.toMatchObject({ code: 'empty_catalog' });
    await expect(desk.catalog.build([{ id: '', title: 'x' }])).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  test('is needed for recommendations, and must have the product', async () => {
    const bare = await createAftersense({ worker: false, model: 'lite' });
    await expect(bare.recommend({ for: 'query', text: 'tea' })).rejects.toMatchObject({ code: 'catalog_missing' });
    await expect(bare.catalog.list()).rejects.toMatchObject({ code: 'catalog_missing' });
    bare.dispose();
    await expect(desk.recommend({ for: 'product', id: 'nope' })).rejects.toMatchObject({
      code: 'unknown_product',
      message: expect.stringContaining('nope'),
    });
    await expect(desk.recommend({ for: 'basket', ids: [] })).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(await desk.recommend({ for: 'query', text: 'кофе \ud800' })).toEqual([]);
  });
});
