/** The built module, in Node and with a Worker, both variants: the same results everywhere. */
import { readFileSync } from 'node:fs';
import { ByteBuffer } from 'flatbuffers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ModelPack } from '../../build/generated/schema/pack/aftersense/schema.js';
import { type Aftersense, type Analysis, createAftersense, type Progress, version } from '../../dist/index.js';
import { enableRelaxedSimd, modelPack, NodeWorker, variants } from './support.ts';

const { version: packageVersion } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

const products = [
  {
    id: 'k1',
    title: 'Electric kettle 1.7 L',
    description: 'Boils water in four minutes.',
    category: 'kitchen',
    tags: ['tea'],
    price: 199,
    currency: 'CNY',
  },
  {
    id: 'k2',
    title: 'Gooseneck kettle',
    description: 'Pours a thin stream, for tea and coffee.',
    category: 'kitchen',
    image: 'k2.svg',
    url: '/k2',
  },
  { id: 't1', title: '浴巾', description: '纯棉浴巾，柔软吸水。', category: '家居', brand: '云朵' },
  { id: 't2', title: '毛巾三条装', description: '纯棉毛巾，不掉毛。', category: '家居' },
];

enableRelaxedSimd();
vi.stubGlobal('Worker', NodeWorker);

describe.each(
  variants.flatMap((variant) => [false, true].map((worker) => ({ variant, worker }))),
)('$variant, worker: $worker', (options) => {
  let desk: Aftersense;
  beforeAll(async () => {
    desk = await createAftersense({ ...options, model: 'lite' });
  });
  afterAll(() => desk.dispose());

  test('says what runs', () => {
    expect(desk.info).toMatchObject({
      ...options,
      version: packageVersion,
      engine: 'native',
      model: { name: 'aftersense-lite', tier: 'lite' },
    });
    expect(desk.info.model.bytes).toBe(modelPack('lite').length);
    expect(version).toBe(packageVersion);
  });

  test.each([
    ['物流太慢，盒子都破了', 'zh', 'negative'],
    ['质量很好，下次还会来', 'zh', 'positive'],
    ['Arrived broken and nobody answers my emails.', 'en', 'negative'],
    ['Great quality, I love it!', 'en', 'positive'],
  ])('%s is %s and %s', async (text, language, label) => {
    const analysis = await desk.analyze(text, { explain: true });
    expect(analysis).toMatchObject({ language, sentiment: { label }, truncated: false, abstained: false });
    const { scores, confidence } = analysis.sentiment;
    expect(scores.negative + scores.neutral + scores.positive).toBeCloseTo(1, 5);
    expect(confidence).toBeCloseTo(scores[analysis.sentiment.label], 6);
    expect(analysis.keywords[0]?.score).toBe(1);
    for (const keyword of analysis.keywords) expect(text.slice(keyword.start, keyword.end)).toBe(keyword.text);
    const strengths = analysis.evidence?.map(({ score }) => Math.abs(score)) ?? [];
    expect(strengths.length).toBeGreaterThan(0);
    expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
  });

  test('offsets are UTF-16 units of the text as given', async () => {
    const text = '👩‍👩‍👧‍👦\ud800 <b>The&nbsp;ＺＩＰＰＥＲ</b> broke.  很失望😡！ Never again.';
    const { sentences, keywords, evidence } = await desk.analyze(text, { explain: true });
    expect(sentences.map(({ start, end }) => text.slice(start, end).trim()).at(-1)).toBe('Never again.');
    for (const span of [...sentences, ...keywords, ...(evidence ?? [])]) {
      expect(span.start).toBeLessThan(span.end);
      expect(span.end).toBeLessThanOrEqual(text.length);
    }
    expect(keywords.map((keyword) => keyword.text)).toContain('broke');
  });

  test('a list gives what its texts give one by one, in their order', async () => {
    const texts = Array.from({ length: 150 }, (_, i) => `${i % 3 ? '很好' : 'too bad'} ${i}`);
    const seen: Progress[] = [];
    const together = await desk.analyze(texts, { onProgress: (step) => seen.push(step) });
    const alone: Analysis[] = [];
    for (const text of texts) alone.push(await desk.analyze(text));
    expect(together).toEqual(alone);
    expect(seen.at(-1)).toEqual({ stage: 'analyze', done: 150, total: 150 });
  });

  test('a catalogue is built, loaded, listed and asked', async () => {
    const { bytes, info } = await desk.catalog.build([...products, { id: 'empty' }]);
    expect(info).toMatchObject({ products: 4, bytes: bytes.length, skipped: [{ id: 'empty', reason: 'no_text' }] });
    expect(await desk.catalog.load(bytes)).toEqual({ ...info, skipped: [] });
    expect(bytes.length).toBe(info.bytes);
    const listed = await desk.catalog.list();
    expect(listed.map(({ id }) => id)).toEqual(products.map(({ id }) => id));
    const blank = {
      brand: '',
      image: '',
      url: '',
      salePrice: undefined,
      group: '',
      seller: '',
      fits: [],
      lastsDays: undefined,
      language: '',
    };
    expect(listed[0]).toEqual({ ...blank, availability: 'in_stock', role: 'product', ...products[0] });
    expect(listed[1]).toMatchObject({ price: undefined, image: 'k2.svg', url: '/k2' });
    expect(await desk.catalog.list({ offset: 1, limit: 2 })).toEqual(listed.slice(1, 3));
    expect(await desk.catalog.list({ offset: 9 })).toEqual([]);
    const [similar] = await desk.recommend({ for: 'product', id: 'k1' });
    expect(similar).toMatchObject({ product: listed[1], reason: { kind: 'shared_terms' } });
    expect(similar?.reason.contributions).toMatchObject([{ kind: 'shared_terms', score: similar?.score, because: [{ id: 'k1' }] }]);
    expect(await desk.recommend({ for: 'product', id: 'k1', filter: { categories: ['nowhere'] } })).toEqual([]);
    expect(similar?.reason.terms.map(({ term }) => term)).toContain('kettle');
    expect((await desk.recommend({ for: 'query', text: '纯棉', k: 1 })).map(({ product }) => product.category)).toEqual(['家居']);
    expect((await desk.recommend({ for: 'basket', ids: ['t1'], exclude: ['t2'] })).map(({ product }) => product.id)).not.toContain('t2');
  });
});

describe('the golden file', () => {
  /** What models/golden.py writes: cleaned texts, and the logits that the reference computes for them. */
  const [, ...lines] = readFileSync(new URL('../golden/lite.tsv', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const rows = lines.map((line) => {
    const [text = '', language = '', , , , , logits = ''] = line.split('\t');
    return { text, language, logits: logits.split(',').map(readHexFloat) };
  });
  const analyses: Analysis[][] = [];

  beforeAll(async () => {
    for (const variant of variants) {
      const desk = await createAftersense({ variant, worker: false, model: 'lite' });
      analyses.push(
        await desk.analyze(
          rows.map(({ text }) => text),
          { explain: true },
        ),
      );
      desk.dispose();
    }
  });

  test('has the same results on both variants, to the last bit', () => expect(analyses[1]).toEqual(analyses[0]));

  test('has the results of the reference, where cleaning leaves a text as it is', () => {
    const pack = ModelPack.getRootAsModelPack(new ByteBuffer(modelPack('lite')));
    let compared = 0;
    for (const [i, { text, language, logits }] of rows.entries()) {
      const analysis = analyses[0]?.[i];
      if (analysis?.language !== language || language === 'other' || analysis.truncated || changedByCleaning(text)) continue;
      compared++;
      const { negative, neutral, positive } = analysis.sentiment.scores;
      const expected = softmax(calibrate(pack, language, logits));
      const gaps = [negative, neutral, positive].map((score, k) => Math.abs(score - (expected[k] ?? Number.NaN)));
      expect(Math.max(...gaps), `"${text}". Regenerate with: python models/golden.py`).toBeLessThan(1e-5);
    }
    expect(compared).toBeGreaterThan(50);
  });
});

/** Whether cleaning may change a text, so that it is not the cleaned text that was judged: full width, emoji, long runs of one character. */
const changedByCleaning = (text: string) => text.normalize('NFKC') !== text || /\p{Extended_Pictographic}|(.)\1{3}/u.test(text);

/** `-0x1.45a766p-4`, as Python's float.hex writes it. */
function readHexFloat(text: string): number {
  const [, sign, whole = '', fraction = '', exponent] = /^(-?)0x([01])(?:\.([0-9a-f]*))?p([+-]\d+)$/.exec(text) ?? [];
  return (sign ? -1 : 1) * Number.parseInt(whole + fraction, 16) * 2 ** (Number(exponent) - 4 * fraction.length);
}

function calibrate(pack: ModelPack, language: string, logits: readonly number[]): number[] {
  for (let i = 0; i < pack.calibrationsLength(); i++) {
    const calibration = pack.calibrations(i);
    if (calibration?.task() === 'sentiment' && calibration.language() === language) {
      return logits.map((logit, k) => (logit - (calibration.bias(k) ?? 0)) / calibration.temperature());
    }
  }
  return [...logits];
}

function softmax(logits: readonly number[]): number[] {
  const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
