/** Corrections in the handle, around a core of the test's own. */
import { describe, expect, test } from 'vitest';
import { Client } from '../../../web/client.ts';
import type { NewCorrection } from '../../../web/corrections/types.ts';
import { AftersenseError } from '../../../web/errors.ts';
import type { Bytes } from '../../../web/protocol.ts';
import type { Analysis } from '../../../web/types.ts';
import { FakeCore, info } from '../fake_core.ts';

const correction: NewCorrection = { text: 'one', verdict: 'sentiment', label: 'negative', by: 'shopper' };
const texts = ['one', 'two', 'three'];

/** A handle over so many cores, whose base comes when the test says so. */
function setUp(count = 1, corrections = {}) {
  const cores = Array.from({ length: count }, () => new FakeCore());
  let arrive = () => {};
  const download = new Promise<Bytes>((resolve) => {
    arrive = () => resolve(new Uint8Array(8));
  });
  const restart = async () => new FakeCore();
  const client = new Client(cores, info, { base: { download: () => download, restart }, corrections });
  const methods = () => cores.flatMap((core) => core.methods);
  return { client, cores, core: cores[0] as FakeCore, methods, arrive };
}
async function withBase(count = 1) {
  const set = setUp(count);
  set.arrive();
  await set.client.ready('base');
  return set;
}

describe('a handle without corrections', () => {
  test('asks the core for nothing more', async () => {
    const { client, methods } = await withBase();
    await client.analyze(texts);
    expect(methods()).toEqual(['loadModel', 'analyze', 'analyze', 'analyze']);
    expect(await client.analyze('one')).not.toHaveProperty('adapted');
  });
});

describe('a handle with one', () => {
  test('marks what it moved; switched off, or undone, it answers as shipped, and asks for nothing more', async () => {
    const { client, methods } = await withBase();
    const shipped = await client.analyze(texts);
    const { correction: kept } = await client.corrections.add(correction);
    expect(kept.read).toEqual({ label: 'neutral', score: 0.5, tier: 'base', model: 'fake 1.2.3' });
    const adapted = await client.analyze(texts);
    // This core's vectors of texts that have words are all alike.
    for (const analysis of adapted) expect(analysis).toMatchObject({ adapted: true, sentiment: { label: 'negative', adapted: true } });
    client.corrections.enabled = false;
    const before = methods().length;
    expect(await client.analyze(texts)).toEqual(shipped);
    expect(methods().slice(before)).toEqual(['analyze', 'analyze', 'analyze']);
    client.corrections.enabled = true;
    expect(await client.analyze(texts)).toEqual(adapted);
    await client.corrections.undo(kept.id);
    expect(await client.analyze(texts)).toEqual(shipped);
  });

  test('reads as shipped what is corrected next', async () => {
    const { client } = await withBase();
    await client.corrections.add(correction);
    const { correction: second } = await client.corrections.add({ ...correction, text: 'two' });
    expect(second.read?.label).toBe('neutral');
  });

  test('leaves lite as it is', async () => {
    const { client } = await withBase();
    await client.corrections.add(correction);
    expect(await client.analyze('one', { tier: 'lite' })).not.toHaveProperty('adapted');
  });

  test('decides by what corrections say', async () => {
    const { client } = await withBase();
    const before = await client.triage('one');
    await client.corrections.add(correction);
    expect(await client.triage('one')).not.toEqual(before);
  });

  test('corrects over several workers too, in the order of the texts, and tells of progress', async () => {
    const { client, cores } = await withBase(2);
    await client.corrections.add(correction);
    const done: number[] = [];
    const onProgress = (progress: { stage: string; done?: number }) => done.push(progress.done ?? -1);
    const all = await client.analyze([...texts, ''], { onProgress });
    expect(all.map(({ adapted }) => adapted)).toEqual([true, true, true, undefined]);
    expect(done).toEqual([1, 2, 3, 4]);
    for (const core of cores) expect(core.methods).toContain('analyze');
  });

  test('is aborted while it asks for vectors', async () => {
    const { client, core } = await withBase();
    await client.corrections.add(correction);
    const stop = new AbortController();
    core.before = async (method) => {
      if (method === 'embed') stop.abort();
    };
    await expect(client.analyze(texts, { signal: stop.signal })).rejects.toMatchObject({ code: 'aborted' });
    core.before = async () => {};
    expect(await client.analyze('one')).toMatchObject({ adapted: true });
  });

  test('rejects all with disposed', async () => {
    const { client } = await withBase();
    client.dispose();
    await expect(client.corrections.add(correction)).rejects.toMatchObject({ code: 'disposed' });
  });
});

test('a correction made before base has come applies once base has read it', async () => {
  const { client, arrive } = setUp();
  const { correction: kept } = await client.corrections.add(correction);
  expect(kept.read).toMatchObject({ tier: 'lite', model: 'small 0' });
  let tell = (_: Analysis) => {};
  const update = new Promise<Analysis>((resolve) => {
    tell = resolve;
  });
  expect(await client.analyze('one', { onUpdate: tell })).toMatchObject({ tier: 'lite', sentiment: { label: 'neutral' } });
  arrive();
  await client.ready('base');
  await client.corrections.ready();
  expect(await client.analyze('one')).toMatchObject({ tier: 'base', adapted: true });
  expect(await update).toMatchObject({ tier: 'base' });
  expect((await client.corrections.list())[0]?.read).toMatchObject({ tier: 'base', model: 'fake 1.2.3' });
});

test('a core that fails fails the correction, and nothing is kept', async () => {
  const { client, core } = await withBase();
  core.before = async () => {
    throw new AftersenseError('text_too_long', 'Too long.');
  };
  await expect(client.corrections.add(correction)).rejects.toMatchObject({ code: 'text_too_long' });
  expect(await client.corrections.list()).toEqual([]);
});
