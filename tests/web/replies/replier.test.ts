import { describe, expect, test, vi } from 'vitest';
import { Replier } from '../../../web/replies/replier.ts';
import type { Replies } from '../../../web/replies/types.ts';
import type { Progress } from '../../../web/types.ts';
import { analysisOf } from '../desk/support.ts';
import { fakeFetch } from '../support.ts';
import { answerOf, baseModel, deskWith, openings, refund, thanks } from './support.ts';

const url = 'https://shop.example/answers.asans';
const answers = [answerOf(), refund, thanks];

async function fileOf(tier: 'lite' | 'base' = 'base') {
  const { end } = { end: new AbortController().signal };
  return (await new Replier(deskWith(), { source: undefined, end }).build(answers, { openings, tier })).bytes;
}

async function setUp(desk = deskWith(), tier: 'lite' | 'base' = 'base') {
  const network = fakeFetch({ [url]: await fileOf(tier) });
  const end = new AbortController();
  return { desk, network, end, replier: new Replier(desk, { source: url, fetch: network.fetch, end: end.signal }) };
}

const all = { minProbability: 0 };

describe('reply', () => {
  test('finds by meaning, in either language, and says why', async () => {
    const { replier } = await setUp();
    const { suggestions, method, language } = await replier.reply('退款还没到账', { ...all, language: 'en' });
    expect({ method, language }).toEqual({ method: 'meaning', language: 'en' });
    expect(suggestions[0]).toMatchObject({ id: 'refund', text: refund.en, sendable: true, missing: [] });
    expect(suggestions[0]?.reason).toMatchObject({ kind: 'question', text: '退款怎么还没到账', words: expect.arrayContaining(['退款']) });
  });

  test('without base finds by words, and says so', async () => {
    const { replier, desk } = await setUp(deskWith({}, null));
    const { suggestions, method } = await replier.reply('my refund has not come', all);
    expect({ method, id: suggestions[0]?.id }).toEqual({ method: 'words', id: 'refund' });
    expect(suggestions[0]?.reason).not.toHaveProperty('similarity');
    expect(desk.embedded).toEqual([]);
  });

  test('by words, of nothing like it, suggests nothing', async () => {
    const { replier } = await setUp(deskWith({}, null));
    expect(await replier.reply('xyzzy plugh', all)).toMatchObject({ suggestions: [], probability: 0 });
    expect(await replier.reply('  \n', all)).toMatchObject({ suggestions: [], probability: 0 });
  });

  test('suggests nothing below the probability asked for, and no more than k', async () => {
    const { replier } = await setUp();
    const found = await replier.reply('where is my parcel', { ...all, k: 2 });
    expect(found.suggestions).toHaveLength(2);
    const [first, second] = found.suggestions;
    expect(first?.probability).toBeGreaterThan(second?.probability ?? 1);
    expect((await replier.reply('where is my parcel', { minProbability: 1 })).suggestions).toEqual([]);
  });

  test('probabilities of all answers sum to that of any', async () => {
    const { replier } = await setUp();
    const { suggestions, probability } = await replier.reply('where is my parcel', all);
    expect(suggestions).toHaveLength(3);
    expect(suggestions.reduce((sum, each) => sum + each.probability, 0)).toBeCloseTo(probability, 9);
  });

  test('opens for an angry shopper in the language of the reply', async () => {
    const emotions = [{ emotion: 'anger', score: 0.9 }] as const;
    const { replier } = await setUp(deskWith({ emotions }));
    const order = { id: 'A', carrier: 'DHL' };
    const inEnglish = await replier.reply('where is my parcel', { ...all, order });
    expect(inEnglish.mood).toBe('angry');
    expect(inEnglish.suggestions[0]).toMatchObject({ text: 'I am truly sorry. Order A is with DHL.', opening: 'angry' });
    const inChinese = await replier.reply('我的包裹到哪了', { ...all, order });
    expect(inChinese.suggestions[0]?.text).toBe('实在对不起。订单A由DHL承运。');
  });

  test('of an analysis needs its text, and analyses nothing', async () => {
    const { replier, desk } = await setUp();
    const analyze = vi.spyOn(desk, 'analyze');
    await expect(replier.reply(analysisOf())).rejects.toMatchObject({ code: 'invalid_argument' });
    expect((await replier.reply(analysisOf(), { ...all, text: 'thank you' })).suggestions[0]?.id).toBe('thanks');
    expect(analyze).not.toHaveBeenCalled();
  });

  test.each([
    ['a number', 7, {}],
    ['k of 0', 'a', { k: 0 }],
    ['a probability above 1', 'a', { minProbability: 2 }],
    ['a language that is none', 'a', { language: 'fr' }],
    ['a tier that is none', 'a', { tier: 'huge' }],
  ])('refuses %s', async (_, text, options) => {
    const { replier, network } = await setUp();
    await expect(replier.reply(text as string, options as never)).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(network.requests).toEqual([]);
  });

  test('tells what base finds when it has come', async () => {
    const desk = deskWith({}, null);
    let come = (_: typeof baseModel) => {};
    desk.ready = () => new Promise((resolve) => (come = resolve));
    const { replier } = await setUp(desk);
    const better = new Promise<Replies>((onUpdate) => {
      void replier.reply('退款还没到账', { ...all, onUpdate }).then(({ method }) => {
        expect(method).toBe('words');
        desk.model = baseModel;
        come(baseModel);
      });
    });
    expect((await better).method).toBe('meaning');
  });
});

describe('the answers', () => {
  test('are downloaded once, at the first reply, and again after a failure', async () => {
    const bytes = await fileOf();
    const files: Record<string, Uint8Array<ArrayBuffer> | number> = { [url]: 503 };
    const { fetch, requests } = fakeFetch(files);
    const replier = new Replier(deskWith(), { source: url, fetch, end: new AbortController().signal });
    await expect(replier.reply('thank you')).rejects.toMatchObject({ code: 'download_failed' });
    files[url] = bytes;
    await Promise.all([replier.reply('thank you'), replier.reply('where')]);
    await replier.reply('thank you');
    expect(requests).toHaveLength(2);
  });

  test('that are none, or nowhere, are told as such', async () => {
    const end = new AbortController().signal;
    await expect(new Replier(deskWith(), { source: undefined, end }).reply('a')).rejects.toMatchObject({ code: 'answers_missing' });
    const page = new TextEncoder().encode('<!doctype html><title>Not found</title>');
    const { fetch } = fakeFetch({ [url]: page });
    await expect(new Replier(deskWith(), { source: url, fetch, end }).reply('a')).rejects.toMatchObject({ code: 'answers_invalid' });
  });

  test('of another model are refused, and those that were there stay', async () => {
    const { replier, desk } = await setUp();
    await replier.reply('thank you');
    desk.model = { ...baseModel, version: '2' };
    await expect(replier.load(await fileOf())).rejects.toMatchObject({ code: 'answers_wrong_model' });
    await expect(replier.reply('thank you')).rejects.toMatchObject({ code: 'answers_wrong_model' });
    desk.model = baseModel;
    expect((await replier.reply('thank you', all)).suggestions[0]?.id).toBe('thanks');
  });

  test('built for words alone serve beside base', async () => {
    const { replier, desk } = await setUp(deskWith(), 'lite');
    expect(await replier.reply('thank you', all)).toMatchObject({ method: 'words', suggestions: [{ id: 'thanks' }] });
    expect(desk.embedded).toEqual([]);
  });

  test('that are loaded replace those before', async () => {
    const { replier } = await setUp();
    const { bytes, info } = await replier.build([refund]);
    expect(info).toMatchObject({ answers: 1, questions: 2, model: { name: 'base', version: '1' } });
    expect(await replier.load(bytes)).toEqual(info);
    expect((await replier.reply('thank you', all)).suggestions.map(({ id }) => id)).toEqual(['refund']);
  });

  test('are built with progress, and with the first problem refused before any is embedded', async () => {
    const { replier, desk } = await setUp();
    const seen: Progress[] = [];
    await replier.build(answers, { onProgress: (step) => seen.push(step) });
    expect(seen.at(-1)).toEqual({ stage: 'embed', done: 12, total: 12 });
    desk.embedded.length = 0;
    await expect(replier.build([refund, refund])).rejects.toMatchObject({ code: 'answers_invalid', problems: [{ line: 2 }] });
    await expect(replier.build('x' as never)).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(desk.embedded).toEqual([]);
  });
});
