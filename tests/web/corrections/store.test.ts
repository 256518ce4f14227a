/** The store over a shelf that fails on demand; over the real IndexedDB: tests/browser/corrections.test.ts. */
import { beforeEach, describe, expect, test } from 'vitest';
import { CorrectionStore, maxCorrections, openCorrections } from '../../../web/corrections/store.ts';
import type { NewCorrection } from '../../../web/corrections/types.ts';
import type { AftersenseErrorCode } from '../../../web/errors.ts';
import { Channel } from '../../../web/storage/channel.ts';
import { analysisOf, blocked, FakeReader, FakeShelf, full, vector } from './support.ts';

const correction: NewCorrection = { text: 'Where is it?', verdict: 'intent', label: 'track_order', by: 'agent' };
const start = Date.UTC(2026, 0, 5);

let shelf: FakeShelf;
let reader: FakeReader;
let now: number;
let store: CorrectionStore;
const isChanged = (value: unknown): value is 'changed' => value === 'changed';
const open = (options = {}) => new CorrectionStore(shelf, new Channel('test', isChanged), reader, { now: () => now++, ...options });

beforeEach(() => {
  shelf = new FakeShelf();
  reader = new FakeReader();
  now = start;
  store = open();
  return () => store.close();
});

const numbered = (i: number): NewCorrection => ({ ...correction, text: `Text ${i}` });
/** The intent of a text that is read like every other. */
const intent = async (of = store) => ((await of.current())?.adapt(analysisOf(), vector(1)) ?? analysisOf()).intent?.label;

describe('a store that works', () => {
  test('keeps a correction with what the model had read, and applies it', async () => {
    expect(await intent()).toBe('question');
    const { kept, correction: made } = await store.add(correction);
    const read = { label: 'question', score: 0.4, tier: 'base', model: 'base 1' };
    expect([kept, made]).toEqual(['stored', { ...correction, id: expect.stringMatching(/^[0-9a-f]{24}$/), at: start, read }]);
    expect(await store.list()).toEqual([made]);
    expect(await intent()).toBe('track_order');
    expect(await intent(open())).toBe('track_order');
  });

  test('says that an aspect was not listed, without a score', async () => {
    const { correction: made } = await store.add({ ...correction, verdict: 'aspect.price', label: 'negative' });
    expect(made.read).toEqual({ label: 'absent', tier: 'base', model: 'base 1' });
  });

  test('keeps the same once, and lists the newest first, even after the clock was set back', async () => {
    const first = await store.add(correction);
    now = start - 1e9;
    const second = await store.add({ ...correction, by: 'shopper' });
    expect(await store.add(correction)).toEqual(first);
    const list = await store.list();
    expect(list.map(({ id }) => id).sort()).toEqual([first.correction.id, second.correction.id].sort());
    expect(second.correction.at).toBeGreaterThanOrEqual(first.correction.at);
  });

  test('undoes exactly: what is left is as if it had never been made', async () => {
    const probes = [0.99, 0.9, 0.8, 0.6];
    const state = async () => probes.map(async (cosine) => (await store.current())?.adapt(analysisOf(), vector(cosine)));
    const adapted = async () => Promise.all(await state());
    await store.add(numbered(1));
    const before = await adapted();
    const { correction: made } = await store.add({ ...numbered(2), label: 'invoice' } as NewCorrection);
    expect(await adapted()).not.toEqual(before);
    expect([await store.undo(made.id), await store.undo(made.id)]).toEqual([true, false]);
    expect(await adapted()).toEqual(before);
    expect(shelf.records.size).toBe(1);
  });

  test('switched off, says nothing; switched on again, the same', async () => {
    await store.add(correction);
    store.enabled = false;
    expect([store.mayApply, await store.current()]).toEqual([false, undefined]);
    store.enabled = true;
    expect(await intent()).toBe('track_order');
    expect(await open({ enabled: false }).current()).toBeUndefined();
  });

  test('lets the oldest go', async () => {
    for (let i = 0; i < maxCorrections; i++) shelf.records.set(`${i}`, rowOf(i));
    expect(await store.list()).toHaveLength(maxCorrections);
    const { correction: made } = await store.add(correction);
    const ids = (await store.list()).map(({ id }) => id);
    expect([ids.length, ids[0], ids.includes('0'), ids.includes('1')]).toEqual([maxCorrections, made.id, false, true]);
    expect([shelf.records.size, shelf.records.has('0')]).toEqual([maxCorrections, false]);
  });

  test('erases all', async () => {
    await store.add(correction);
    shelf.records.set('bad', { id: 'bad' });
    await store.erase();
    expect([await store.list(), store.skipped, shelf.records.size, store.mayApply]).toEqual([[], 0, 0, false]);
  });

  test('exports, the oldest text first', async () => {
    await store.add(numbered(1));
    await store.add(numbered(2));
    const texts = (await store.export({ raw: true }))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).text);
    expect(texts).toEqual(['Text 1', 'Text 2']);
    await expect(store.export({} as never)).rejects.toMatchObject({ code: 'redaction_unavailable' });
  });

  test('need not be asked where nothing is kept, and reads its storage once', async () => {
    expect(store.mayApply).toBe(true);
    expect(await store.current()).toBeUndefined();
    expect(store.mayApply).toBe(false);
    await Promise.all([store.list(), store.current(), store.list()]);
    expect(shelf.reads).toBe(1);
  });

  test('rejects calls after close', async () => {
    store.close();
    await expect(store.add(correction)).rejects.toMatchObject({ code: 'disposed' });
  });
});

const rowOf = (i: number) => ({
  ...numbered(i),
  id: `${i}`,
  at: start - 1e6 + i,
  read: { label: 'question', score: 0.4, tier: 'base', model: 'base 1' },
  vector: vector(1),
  model: 'base 1',
});

describe('records that are no corrections', () => {
  const bad: readonly (readonly [string, object])[] = [
    ['another verdict', { verdict: 'aspect.colour' }],
    ['another label', { label: 'negative' }],
    ['no text', { text: undefined }],
    ['a time that is none', { at: Number.NaN }],
    ['a vector that is none', { vector: [1, 0] }],
    ['a vector of no numbers', { vector: Float32Array.of(Number.NaN, 1) }],
    ['a reading that is none', { read: { label: 3 } }],
    ['no model', { model: null }],
  ];
  test.each(bad)('%s: passed over, and counted', async (_, change) => {
    shelf.records.set('0', rowOf(0));
    shelf.records.set('1', { ...rowOf(1), ...change });
    expect((await store.list()).map(({ id }) => id)).toEqual(['0']);
    expect(store.skipped).toBe(1);
  });

  test('null, a number', async () => {
    shelf.records.set('0', null);
    shelf.records.set('1', 7);
    expect([await store.list(), store.skipped]).toEqual([[], 2]);
  });
});

describe('what is refused', () => {
  const bad: readonly (readonly [string, unknown, RegExp])[] = [
    ['nothing', undefined, /must be an object/],
    ['no text', { ...correction, text: 3 }, /correction\.text/],
    ['a blank text', { ...correction, text: ' \n' }, /correction\.text is blank/],
    ['a huge text', { ...correction, text: 'x'.repeat(8193) }, /8193 characters; 8192/],
    ['a verdict that is none', { ...correction, verdict: 'escalate' }, /correction\.verdict/],
    ['a verdict of every object', { ...correction, verdict: 'constructor' }, /correction\.verdict/],
    ['a label of another verdict', { ...correction, label: 'P1' }, /correction\.label/],
    ['somebody else', { ...correction, by: 'system' }, /correction\.by/],
  ];
  test.each(bad)('%s', async (_, given, message) => {
    const code: AftersenseErrorCode = 'invalid_argument';
    await expect(store.add(given as NewCorrection)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect([await store.list(), reader.texts]).toEqual([[], []]);
  });

  test('an id that is no string', async () => {
    await expect(store.undo(3 as never)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

describe.each([
  ['full', full],
  ['blocked', blocked],
])('storage that is %s', (_, problem) => {
  test('keeps corrections in memory, applies them, says why, and stores them with the next', async () => {
    await store.current();
    shelf.fail = problem;
    const first = await store.add(correction);
    expect(first).toMatchObject({ kept: 'memory', problem });
    expect([store.problem, await store.list(), await intent()]).toEqual([problem, [first.correction], 'track_order']);
    expect(await store.add(correction)).toEqual(first);
    shelf.fail = undefined;
    expect(await store.add(numbered(2))).toMatchObject({ kept: 'stored' });
    expect([store.problem, shelf.records.size]).toEqual([undefined, 2]);
    expect(await store.add(correction)).toEqual({ kept: 'stored', correction: first.correction });
  });

  test('undoes what memory alone has, and of what is stored says that it may come back', async () => {
    const { correction: stored } = await store.add(numbered(1));
    shelf.fail = problem;
    const { correction: inMemory } = await store.add(numbered(2));
    expect(await store.undo(inMemory.id)).toBe(true);
    await expect(store.undo(stored.id)).rejects.toBe(problem);
    await expect(store.erase()).rejects.toBe(problem);
    expect(await store.list()).toEqual([]);
  });

  test('that cannot be read is as good as empty', async () => {
    shelf.fail = problem;
    expect([await store.list(), await store.current(), store.problem]).toEqual([[], undefined, problem]);
  });
});

test('where there is no IndexedDB, as in Node, corrections live in memory', async () => {
  const inNode = openCorrections(reader);
  expect(inNode.mayApply).toBe(false);
  expect(await inNode.add(correction)).toMatchObject({ kept: 'memory', problem: { code: 'storage_unavailable' } });
  expect(inNode.mayApply).toBe(true);
  await inNode.erase();
  inNode.close();
});

describe('while base is not there', () => {
  beforeEach(() => {
    reader.base = undefined;
  });

  test('corrections are kept with what lite has read, and apply once base has come', async () => {
    const { correction: asked } = await store.add(correction);
    const { correction: sentiment } = await store.add({ ...correction, verdict: 'sentiment', label: 'positive' });
    expect([asked.read, sentiment.read]).toEqual([null, { label: 'neutral', score: 0.5, tier: 'lite', model: 'lite 1' }]);
    expect(await store.current()).toBeUndefined();
    reader.base = 'base 1';
    store.refresh();
    await store.ready();
    expect(await intent()).toBe('track_order');
    expect((await store.list()).map(({ read }) => read?.model)).toEqual(['base 1', 'base 1']);
    expect(await intent(open())).toBe('track_order');
  });

  test('and read anew by a newer base, save what was undone meanwhile', async () => {
    for (let i = 0; i < 20; i++) shelf.records.set(`${i}`, rowOf(i));
    reader.base = 'base 2';
    const read = reader.read.bind(reader);
    reader.read = async (texts) => {
      if (texts.includes('Text 9')) await store.undo('9');
      return read(texts);
    };
    store.refresh();
    await store.ready();
    expect([...shelf.records.values()].map((row) => (row as { model: string }).model)).toEqual(Array(19).fill('base 2'));
    expect(reader.texts).toHaveLength(20);
    store.refresh();
    await store.ready();
    expect(reader.texts).toHaveLength(20);
  });

  test('a model that fails leaves them unapplied, and kept', async () => {
    await store.add(correction);
    reader.base = 'base 1';
    reader.read = async () => Promise.reject(blocked);
    store.refresh();
    await store.ready();
    expect([await store.current(), (await store.list()).length]).toEqual([undefined, 1]);
  });
});

test('a text that base has nothing to say of is kept, and moves nothing', async () => {
  reader.analysis = analysisOf({ abstained: true });
  const { correction: made } = await store.add(correction);
  expect([made.read, await store.current()]).toEqual([null, undefined]);
});

test('what another tab keeps applies here', async () => {
  await store.current();
  const other = open();
  await other.add(correction);
  await expect.poll(() => store.mayApply).toBe(true);
  expect(await store.list()).toEqual(await other.list());
  await other.erase();
  await expect.poll(() => store.mayApply).toBe(false);
  other.close();
});
