/** A shop's own classifier in ONNX, with small models of these tests. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Aftersense, type AftersenseOptions, createAftersense, type OnnxClassifier, type Progress } from '../../dist/index.js';
import { importOrt, importTokenizers } from '../../web/onnx/peers.ts';
import { type ModelOptions, sentimentWeights, tokenizerJson, tokenModel } from './onnx_model.ts';
import { ortWasm } from './onnx_support.ts';

const sentiments = ['negative', 'neutral', 'positive'];
const kinds = ['delivery', 'quality', 'thanks'];

const classifier = (options: Partial<ModelOptions> = {}, given: Partial<OnnxClassifier> = {}): OnnxClassifier => ({
  onnx: tokenModel({ weights: sentimentWeights, ...options }),
  tokenizer: tokenizerJson,
  labels: sentiments,
  ...given,
});
const create = (model: OnnxClassifier, options: AftersenseOptions = {}) =>
  createAftersense({ model, worker: false, assets: { ort: ortWasm }, ...options });

/** What the softmax makes of logits. */
function softmax(logits: readonly number[]): number[] {
  const powers = logits.map(Math.exp);
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

let desk: Aftersense;
beforeAll(async () => {
  desk = await create(classifier());
});
afterAll(() => desk.dispose());

describe('with the labels of sentiment', () => {
  test('the classifier judges, and lite gives the rest', async () => {
    const text = 'A good, good product. Not bad.';
    const analysis = await desk.analyze(text, { explain: true });
    const [negative = 0, neutral = 0, positive = 0] = softmax([2, 0.5, 4]);
    expect(analysis).toMatchObject({ language: 'en', tier: 'lite', engine: 'onnx', abstained: false, sentiment: { label: 'positive' } });
    expect(analysis.sentiment.scores.negative).toBeCloseTo(negative, 5);
    expect(analysis.sentiment.scores.neutral).toBeCloseTo(neutral, 5);
    expect(analysis.sentiment.confidence).toBeCloseTo(positive, 5);
    expect(analysis.custom).toEqual({
      label: 'positive',
      score: analysis.sentiment.confidence,
      scores: analysis.sentiment.scores,
      truncated: false,
    });
    expect(analysis.keywords.length).toBeGreaterThan(0);
    expect(analysis.sentences).toHaveLength(2);
    expect(analysis.evidence?.length).toBeGreaterThan(0);
  });

  test('the labels may stand in any order', async () => {
    const other = await create(classifier({}, { labels: ['positive', 'neutral', 'negative'] }));
    expect(await other.analyze('good')).toMatchObject({ sentiment: { label: 'negative' } });
    other.dispose();
  });

  test('a language that lite does not know is judged', async () => {
    expect(await desk.analyze('très good, déçu')).toMatchObject({ abstained: false, sentiment: { label: 'positive' }, engine: 'onnx' });
  });

  test.each(['', ' \n'])('blank text is not: %j', async (text) => {
    const analysis = await desk.analyze(text);
    expect(analysis).toMatchObject({ abstained: true, engine: 'native' });
    expect(analysis).not.toHaveProperty('custom');
  });

  test('a list gives what its texts give one by one, whatever the padding', async () => {
    const texts = Array.from({ length: 40 }, (_, i) => (i % 7 === 3 ? '' : `${'fine '.repeat(i % 5)}${i % 2 ? 'good' : '差 not bad'}`));
    const seen: Progress[] = [];
    const together = await desk.analyze(texts, { onProgress: (step) => seen.push(step) });
    for (const [i, text] of texts.entries()) {
      const alone = await desk.analyze(text);
      expect(together[i]?.custom?.label).toBe(alone.custom?.label);
      expect(together[i]?.custom?.score ?? 0).toBeCloseTo(alone.custom?.score ?? 0, 5);
    }
    expect(seen.at(-1)).toEqual({ stage: 'analyze', done: 40, total: 40 });
  });
});

test('other labels stand beside the sentiment of lite', async () => {
  const other = await create(classifier({}, { labels: kinds }));
  const plain = await createAftersense({ model: 'lite', worker: false });
  const { custom, ...rest } = await other.analyze('Arrived broken, bad.');
  expect(rest).toEqual(await plain.analyze('Arrived broken, bad.'));
  expect(custom).toMatchObject({ label: 'delivery', truncated: false });
  expect(Object.keys(custom?.scores ?? {})).toEqual(kinds);
  other.dispose();
  plain.dispose();
});

test('a long text is cut to maxTokens, with what the tokeniser puts at its ends', async () => {
  const short = await create(classifier({}, { maxTokens: 5 }));
  const { custom } = await short.analyze('good good fine bad bad bad');
  const [negative = 0, neutral = 0, positive = 0] = softmax([0, 2.5, 4]);
  expect(custom?.truncated).toBe(true);
  expect(custom?.scores.negative).toBeCloseTo(negative, 5);
  expect(custom?.scores.neutral).toBeCloseTo(neutral, 5);
  expect(custom?.scores.positive).toBeCloseTo(positive, 5);
  expect((await short.analyze('good good fine')).custom?.truncated).toBe(false);
  short.dispose();
});

test.each<[string, Partial<ModelOptions>, Partial<OnnxClassifier>]>([
  ['whole numbers of 32 bits', { idType: 'int32' }, {}],
  ['no mask', { mask: null }, {}],
  ['token types', { types: 'token_type_ids' }, {}],
  ['inputs of other names', { ids: 'x', mask: 'm', types: 't' }, { inputs: { ids: 'x', mask: 'm', types: 't' } }],
  ['an output of another name', { output: 'y' }, {}],
])('a model with %s gives the same', async (_, options, given) => {
  const other = await create(classifier(options, given));
  const texts = ['good', 'bad bad 好', '', 'fine not good'];
  expect((await other.analyze(texts)).map(({ custom }) => custom?.label)).toEqual(
    (await desk.analyze(texts)).map(({ custom }) => custom?.label),
  );
  other.dispose();
});

test('the tokeniser comes from an address as well', async () => {
  const url = 'https://shop.example/tokenizer.json';
  const fetch: typeof globalThis.fetch = async () => new Response(JSON.stringify(tokenizerJson));
  const seen: string[] = [];
  const other = await create(classifier({}, { tokenizer: url }), { fetch, onProgress: ({ stage }) => seen.push(stage) });
  expect(await other.analyze('good')).toEqual(await desk.analyze('good'));
  expect(seen).toContain('tokenizer');
  other.dispose();
});

describe('a handle', () => {
  test('says which engine runs, and has no base', async () => {
    expect(desk.info).toMatchObject({ engine: 'onnx', model: { tier: 'lite' } });
    await expect(desk.ready('base')).rejects.toMatchObject({ code: 'model_missing' });
    await expect(desk.embed('good')).rejects.toMatchObject({ code: 'model_missing' });
  });

  test('recommends', async () => {
    const { bytes } = await desk.catalog.build([{ id: 'a', title: 'Green tea' }]);
    await desk.catalog.load(bytes);
    expect((await desk.recommend({ for: 'query', text: 'tea' }))[0]?.product.id).toBe('a');
  });

  test('hears an abort', async () => {
    const controller = new AbortController();
    const call = desk.analyze(Array(500).fill('good'), { signal: controller.signal, onProgress: () => controller.abort('enough') });
    await expect(call).rejects.toMatchObject({ name: 'AbortError', code: 'aborted', cause: 'enough' });
    expect(await desk.analyze('good')).toMatchObject({ sentiment: { label: 'positive' } });
  });

  test('rejects after it was disposed of', async () => {
    const other = await create(classifier());
    const call = other.analyze(Array(100).fill('good'));
    other.dispose();
    await expect(call).rejects.toMatchObject({ code: 'disposed' });
    await expect(other.analyze('good')).rejects.toMatchObject({ code: 'disposed' });
    other.dispose();
  });

  test('checks texts as every handle does', async () => {
    await expect(desk.analyze(7 as never)).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(desk.analyze(['good', null] as never)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

describe('what does not fit', () => {
  const missing = undefined as never;
  test.each<[string, Partial<OnnxClassifier>, string]>([
    ['no model', { onnx: missing }, 'model.onnx'],
    ['a model that is a number', { onnx: 7 as never }, 'model.onnx'],
    ['no tokeniser', { tokenizer: missing }, 'model.tokenizer'],
    ['one label', { labels: ['a'] }, 'model.labels'],
    ['a label twice', { labels: ['a', 'a', 'b'] }, 'twice'],
    ['a label that is a number', { labels: ['a', 1] as never }, 'model.labels[1]'],
    ['no room for a token', { maxTokens: 2 }, 'model.maxTokens'],
    ['a name that is none', { inputs: { ids: 5 } as never }, 'model.inputs.ids'],
  ])('%s is an invalid argument', async (_, given, why) => {
    await expect(create(classifier({}, given))).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining(why) });
  });

  test('nor does the native engine run it', async () => {
    await expect(create(classifier(), { engine: 'native' })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  test.each<[string, OnnxClassifier, string, string]>([
    ['fewer labels than outputs', classifier({}, { labels: ['a', 'b'] }), 'onnx_invalid', '2 labels'],
    ['an output for each token', classifier({ pooling: 'tokens' }), 'onnx_invalid', '3 labels'],
    ['an input of another name', classifier({ ids: 'x' }), 'onnx_invalid', 'no input "input_ids"'],
    ['an input that is not there', classifier({}, { inputs: { types: 't' } }), 'onnx_invalid', 'no input "t"'],
    ['an input that nothing is known of', classifier({ mask: 'm' }), 'onnx_invalid', '"m"'],
    ['inputs that are real numbers', classifier({ idType: 'float' }), 'onnx_invalid', 'float32'],
    ['weights that are not finite', classifier({ weights: sentimentWeights.map(() => [Number.NaN, 0, 0]) }), 'onnx_failed', 'not finite'],
    ['fewer tokens than the tokeniser', classifier({ weights: sentimentWeights.slice(0, 2) }), 'onnx_failed', 'could not be run'],
    ['a file that is no ONNX', classifier({}, { onnx: new Uint8Array([1, 2, 3]) }), 'onnx_invalid', 'refused by ONNX Runtime'],
    ['a tokeniser that is none', classifier({}, { tokenizer: { a: 1 } }), 'onnx_invalid', 'tokenizer.json'],
  ])('%s is refused', async (_, model, code, why) => {
    await expect(create(model)).rejects.toMatchObject({ code, message: expect.stringContaining(why) });
  });

  test('a web page in place of the tokeniser is named as one', async () => {
    const fetch: typeof globalThis.fetch = async () => new Response('<!doctype html>');
    const model = classifier({}, { tokenizer: 'https://shop.example/tokenizer.json' });
    await expect(create(model, { fetch })).rejects.toMatchObject({ code: 'onnx_invalid', message: expect.stringContaining('web page') });
  });
});

describe('a package that is not installed', () => {
  const fail = () => {
    throw new Error('Cannot find package');
  };
  test.each([
    ['onnxruntime-web', 'onnxruntime-web/wasm', () => importOrt(undefined)],
    ['@huggingface/tokenizers', '@huggingface/tokenizers', importTokenizers],
  ])('%s is named, with the remedy', async (name, path, load) => {
    vi.doMock(path, fail);
    await expect(load()).rejects.toMatchObject({ code: 'peer_missing', message: expect.stringContaining(`npm install ${name}`) });
    vi.doUnmock(path);
  });
});
