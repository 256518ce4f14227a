import { describe, expect, test } from 'vitest';
import { Client } from '../../web/client.ts';
import { maxSliceTexts } from '../../web/slices.ts';
import type { Progress, RecommendRequest } from '../../web/types.ts';
import { FakeCore, failureReply, info } from './fake_core.ts';

function setUp() {
  const core = new FakeCore();
  return { core, client: new Client([core], info) };
}

const many = Array.from({ length: 3 * maxSliceTexts.lite - 1 }, (_, i) => `text ${i}`);

describe('analyze', () => {
  test('of one text gives one analysis, of a list a list, of an empty list none', async () => {
    const { client, core } = setUp();
    expect(await client.analyze('fine')).toMatchObject({ language: 'en', sentiment: { label: 'neutral', confidence: 0.5 } });
    expect(await client.analyze(['fine'])).toHaveLength(1);
    expect(await client.analyze([])).toEqual([]);
    expect(core.calls).toEqual([['fine'], ['fine']]);
  });

  test('has evidence only when asked to explain', async () => {
    const { client } = setUp();
    expect(await client.analyze('fine')).not.toHaveProperty('evidence');
    expect(await client.analyze('fine', { explain: true })).toHaveProperty('evidence', []);
  });

  test('of many texts goes in slices and tells its progress', async () => {
    const { client, core } = setUp();
    const seen: Progress[] = [];
    expect(await client.analyze(many, { onProgress: (step) => seen.push(step) })).toHaveLength(many.length);
    expect(core.calls.flat()).toEqual(many);
    const ends = [maxSliceTexts.lite, 2 * maxSliceTexts.lite, many.length];
    expect(seen).toEqual(ends.map((done) => ({ stage: 'analyze', done, total: many.length })));
  });

  test('keeps to the texts it was called with', async () => {
    const { client, core } = setUp();
    const texts = [...many];
    const call = client.analyze(texts);
    texts.fill('changed');
    await call;
    expect(core.calls.flat()).toEqual(many);
  });

  test('aborted between two slices asks for no further one', async () => {
    const { client, core } = setUp();
    const stop = new AbortController();
    const call = client.analyze(many, { signal: stop.signal, onProgress: () => stop.abort('typed on') });
    await expect(call).rejects.toMatchObject({ code: 'aborted', cause: 'typed on' });
    expect(core.calls).toHaveLength(1);
    expect(await client.analyze('after')).toBeDefined();
  });

  test('lets a short call in between the slices of a long one', async () => {
    const { client, core } = setUp();
    const long = client.analyze(many);
    const short = client.analyze('short');
    await Promise.all([long, short]);
    expect(core.calls.map((texts) => texts[0])).toEqual([
      'text 0',
      'short',
      `text ${maxSliceTexts.lite}`,
      `text ${2 * maxSliceTexts.lite}`,
    ]);
  });

  test('failing in the core rejects with its code, and the next call works', async () => {
    const { client, core } = setUp();
    core.instead = () => failureReply('model_missing', 'Load a model first.');
    await expect(client.analyze('a')).rejects.toMatchObject({
      name: 'AftersenseError',
      code: 'model_missing',
      message: 'Load a model first.',
    });
    core.instead = () => undefined;
    expect(await client.analyze('a')).toBeDefined();
  });

  test.each([
    ['a number', 7, 'invalid_argument', 'number'],
    ['nothing', undefined, 'invalid_argument', 'undefined'],
    ['a list with a hole in it', ['a', null], 'invalid_argument', 'texts[1]'],
    ['a text that must be over the limit', 'x'.repeat(4 * 1024 * 1024 + 1), 'text_too_long', 'Shorten'],
  ])('of %s is refused before the core sees it', async (_, input, code, words) => {
    const { client, core } = setUp();
    await expect(client.analyze(input as string)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    expect(core.calls).toEqual([]);
  });
});

describe('other calls', () => {
  test.each([
    ['an unknown kind', { for: 'fun' }, '"for"'],
    ['no id', { for: 'product' }, 'id must be a string'],
    ['ids that are not a list', { for: 'basket', ids: 'a' }, 'ids must be an array'],
    ['k of 0', { for: 'query', text: 'tea', k: 0 }, 'k must be an integer from 1 to 1000'],
    ['k of 1.5', { for: 'query', text: 'tea', k: 1.5 }, 'not 1.5'],
    ['an excluded number', { for: 'query', text: 'tea', exclude: [1] }, 'exclude[0]'],
  ])('recommend with %s names the fault', async (_, request, words) => {
    const { client } = setUp();
    await expect(client.recommend(request as unknown as RecommendRequest)).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining(words),
    });
  });

  test.each([
    ['not a list', {}, 'array of products'],
    ['a product without id', [{ title: 'tea' }], 'products[0].id'],
    ['a price that is no number', [{ id: 'a', price: Number.NaN }], 'products[0].price'],
    ['tags that are no list', [{ id: 'a', tags: 'x' }], 'products[0].tags'],
    ['null', [null], 'products[0] must be an object'],
  ])('catalog.build with %s names the fault', async (_, products, words) => {
    const { client } = setUp();
    await expect(client.catalog.build(products as [])).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining(words),
    });
  });

  test('catalog.load and list refuse what they cannot take', async () => {
    const { client } = setUp();
    await expect(client.catalog.load(5 as never)).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(client.catalog.load(new Uint8Array(100))).rejects.toMatchObject({ code: 'pack_wrong_type' });
    await expect(client.catalog.list({ offset: -1 })).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

describe('dispose', () => {
  test('rejects what is under way and what comes, and can be repeated', async () => {
    const { client, core } = setUp();
    core.before = () => new Promise(() => {});
    const running = client.analyze('a');
    const waiting = client.analyze('b');
    client.dispose();
    client.dispose();
    for (const call of [running, waiting, client.analyze('c'), client.catalog.list()])
      await expect(call).rejects.toMatchObject({ code: 'disposed' });
    expect(core.calls).toEqual([['a']]);
  });
});
