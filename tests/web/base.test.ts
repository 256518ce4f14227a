/** Base around a core of the test's own: what is answered before, while and after it loads, and when it cannot be had. */
import { describe, expect, test, vi } from 'vitest';
import { Client } from '../../web/client.ts';
import { AftersenseError } from '../../web/errors.ts';
import type { Bytes, Core } from '../../web/protocol.ts';
import { maxSliceTexts } from '../../web/slices.ts';
import type { Analysis } from '../../web/types.ts';
import { FakeCore, failureReply, info, modelReply } from './fake_core.ts';

const baseInfo = { name: 'fake', version: '1.2.3', tier: 'base', bytes: 5 };
const catalog = Uint8Array.from([16, 0, 0, 0, ...new TextEncoder().encode('ASCT'), 9, 9]);

const settled = () => new Promise((resolve) => setTimeout(resolve));

/** A handle whose base arrives when the test says so, and whose spare core takes over where the first one ends. */
function setUp() {
  const core = new FakeCore();
  const spare = new FakeCore();
  let arrive = () => {};
  let fail = (_: Error) => {};
  const download = new Promise<Bytes>((resolve, reject) => {
    arrive = () => resolve(new Uint8Array(8));
    fail = reject;
  });
  const restart = vi.fn(async (): Promise<Core> => spare);
  let signal = new AbortController().signal;
  const client = new Client([core], info, {
    base: {
      download: (given) => {
        signal = given;
        return download;
      },
      restart,
    },
  });
  return { core, spare, client, restart, signal, arrive, fail };
}

const outOfMemory = new AftersenseError('internal', 'The engine stopped: unreachable.');

/** The core ends when base is loaded into it. */
function endAtBase(core: FakeCore): void {
  core.before = async (method) => {
    if (method === 'loadModel') throw outOfMemory;
  };
}

describe('ready', () => {
  test('resolves for each tier when it is loaded, and info then names base', async () => {
    const { client, arrive } = setUp();
    const before = client.info;
    expect(await client.ready('lite')).toEqual(info.model);
    expect(client.info).toBe(before);
    arrive();
    expect(await client.ready('base')).toEqual(baseInfo);
    expect(client.info).toEqual({ ...info, model: baseInfo });
    expect(client.info).toBe(client.info);
    expect(before.model.tier).toBe('lite');
    expect(await client.ready('lite')).toEqual(info.model);
  });

  test('rejects where base was not asked for, and for what is no tier', async () => {
    const client = new Client([new FakeCore()], info);
    await expect(client.ready('base')).rejects.toMatchObject({ code: 'model_missing', message: expect.stringContaining("'auto'") });
    await expect(client.ready('huge' as 'base')).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

describe('analyze', () => {
  test('asks for the best tier that is loaded and wanted', async () => {
    const { core, client, arrive } = setUp();
    expect((await client.analyze('a')).tier).toBe('lite');
    arrive();
    await client.ready('base');
    expect((await client.analyze('a')).tier).toBe('base');
    await client.analyze('a', { tier: 'base' });
    await client.analyze('a', { tier: 'lite' });
    expect(core.tiers).toEqual(['lite', 'base', 'base', 'lite']);
    await expect(client.analyze('a', { tier: 'huge' as 'base' })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  test('is lite to the end of a list, even where base comes in its midst; base takes texts one by one', async () => {
    const { core, client, arrive } = setUp();
    const texts = Array.from({ length: 2 * maxSliceTexts.lite }, (_, i) => `text ${i}`);
    const onProgress = async () => {
      arrive();
      await client.ready('base');
    };
    const analyses = await client.analyze(texts, { onProgress });
    expect(new Set(analyses.map(({ tier }) => tier))).toEqual(new Set(['lite']));
    await client.ready('base');
    core.calls.length = 0;
    expect(new Set((await client.analyze(texts)).map(({ tier }) => tier))).toEqual(new Set(['base']));
    expect(core.calls).toEqual(texts.map((text) => [text]));
  });
});

describe('onUpdate', () => {
  test.each([
    ['a text gets its analysis', 'a', { tier: 'base' }],
    ['a list gets a list', ['a', 'b'], [{ tier: 'base' }, { tier: 'base' }]],
  ] as const)('of %s, once, when base has come', async (_, input, better) => {
    const { client, core, arrive } = setUp();
    const told = vi.fn();
    const seen = vi.fn();
    const lite = await client.analyze(input as string, { onUpdate: told, onProgress: seen, explain: true });
    expect([lite].flat().map(({ tier }) => tier)).not.toContain('base');
    const steps = seen.mock.calls.length;
    await settled();
    expect(told).not.toHaveBeenCalled();
    arrive();
    await vi.waitFor(() => expect(told).toHaveBeenCalled());
    await client.analyze('other');
    expect(told).toHaveBeenCalledOnce();
    expect(told.mock.calls[0]?.[0]).toMatchObject(better);
    expect([told.mock.calls[0]?.[0] as Analysis].flat()[0]).toHaveProperty('evidence');
    // Progress counted the texts once already.
    expect(seen).toHaveBeenCalledTimes(steps);
    expect(core.calls.flat().filter((text) => text === 'a')).toHaveLength(2);
  });

  test('comes after analyze has resolved, even where base arrives first', async () => {
    const { client, core, arrive } = setUp();
    const order: string[] = [];
    core.before = async (method) => {
      if (method === 'analyze' && order.length === 0) arrive();
      await settled();
    };
    await client.analyze('a', { onUpdate: () => order.push('update') }).then(() => order.push('lite'));
    await vi.waitFor(() => expect(order).toEqual(['lite', 'update']));
  });

  test('does not come where base was there, was not wanted, or does not exist', async () => {
    const { client, arrive } = setUp();
    const told = vi.fn();
    await client.analyze('a', { onUpdate: told, tier: 'lite' });
    arrive();
    await client.ready('base');
    await client.analyze('a', { onUpdate: told });
    await new Client([new FakeCore()], info).analyze('a', { onUpdate: told });
    await settled();
    expect(told).not.toHaveBeenCalled();
  });

  test.each([
    ['before base comes', false],
    ['while base judges', true],
  ])('does not come after an abort %s', async (_, midway) => {
    const { client, core, arrive } = setUp();
    const stop = new AbortController();
    const told = vi.fn();
    await client.analyze('a', { onUpdate: told, signal: stop.signal });
    core.before = async (method) => {
      if (midway && method === 'analyze') stop.abort();
    };
    if (!midway) stop.abort();
    arrive();
    await client.ready('base');
    await settled();
    expect(core.tiers).toEqual(midway ? ['lite', 'base'] : ['lite']);
    expect(told).not.toHaveBeenCalled();
  });

  test.each([
    ['an abort', (_: Client, stop: AbortController) => stop.abort()],
    ['dispose', (client: Client) => client.dispose()],
  ])('does not come after %s by another update, even of no texts at all', async (_, end) => {
    const { client, arrive } = setUp();
    const stop = new AbortController();
    const told = vi.fn(() => end(client, stop));
    for (let i = 0; i < 2; i++) await client.analyze([], { onUpdate: told, signal: stop.signal });
    arrive();
    await settled();
    expect(told).toHaveBeenCalledOnce();
  });

  test('does not come after dispose, nor where the download, the model or the judging fails', async () => {
    const told = vi.fn();
    const runs: ((parts: ReturnType<typeof setUp>) => void)[] = [
      ({ client, arrive }) => {
        client.dispose();
        arrive();
      },
      ({ fail }) => fail(new AftersenseError('download_failed', 'HTTP 404')),
      ({ core, arrive }) => {
        core.instead = (method) => (method === 'loadModel' ? failureReply('pack_corrupt', 'odd') : undefined);
        arrive();
      },
      ({ core, arrive }) => {
        core.instead = (method) => (method === 'analyze' ? failureReply('text_too_long', 'long') : undefined);
        arrive();
      },
    ];
    for (const run of runs) {
      const parts = setUp();
      await parts.client.analyze('a', { onUpdate: told });
      run(parts);
      await settled();
    }
    expect(told).not.toHaveBeenCalled();
  });
});

describe('base that cannot be had', () => {
  test('because it does not arrive leaves the core as it is, and says why only to who asks', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { client, core, restart, fail } = setUp();
    const reason = new AftersenseError('download_failed', 'HTTP 404');
    fail(reason);
    await settled();
    expect(unhandled).not.toHaveBeenCalled();
    process.off('unhandledRejection', unhandled);
    await expect(client.ready('base')).rejects.toBe(reason);
    expect((await client.analyze('a')).tier).toBe('lite');
    expect(client.info.model.tier).toBe('lite');
    expect(core.disposed).toBe(0);
    expect(restart).not.toHaveBeenCalled();
  });

  test.each([
    ['is corrupt', failureReply('pack_corrupt', 'The scales are odd.'), 'pack_corrupt', 'odd'],
    ['is another lite one', modelReply('lite'), 'pack_wrong_type', 'assets.base'],
  ])('because the file %s leaves lite to a fresh core', async (_, reply, code, words) => {
    const { client, core, spare, arrive } = setUp();
    core.instead = (method) => (method === 'loadModel' ? reply : undefined);
    arrive();
    await expect(client.ready('base')).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    expect((await client.analyze('a')).tier).toBe('lite');
    expect([core.disposed, spare.calls]).toEqual([1, [['a']]]);
  });

  test('because the core ends in the attempt leaves lite, the catalogue and what waits to a fresh core', async () => {
    const { client, core, spare, restart, arrive } = setUp();
    await client.catalog.load(catalog);
    endAtBase(core);
    arrive();
    await vi.waitFor(() => expect(core.methods).toContain('loadModel'));
    const waiting = client.analyze('waiting');
    await expect(client.ready('base')).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('memory'),
      cause: outOfMemory,
    });
    expect((await waiting).tier).toBe('lite');
    expect(spare.methods).toEqual(['loadCatalog', 'analyze']);
    expect(core.disposed).toBe(1);
    expect(restart).toHaveBeenCalledOnce();
  });

  test('and a core that does not start again ends the handle with its reason', async () => {
    const { client, core, restart, arrive } = setUp();
    const reason = new AftersenseError('worker_failed', 'No worker any more.');
    endAtBase(core);
    restart.mockRejectedValue(reason);
    arrive();
    await expect(client.ready('base')).rejects.toMatchObject({ code: 'worker_failed' });
    await expect(client.analyze('a')).rejects.toMatchObject({ code: 'worker_failed', message: 'No worker any more.' });
  });
});

describe('dispose', () => {
  const disposed = { code: 'disposed' };

  test('in mid-download aborts it; ready rejects at once', async () => {
    const { client, core, signal } = setUp();
    const waiting = [client.ready('base'), client.embed('a')];
    client.dispose();
    expect(signal.aborted).toBe(true);
    for (const call of [...waiting, client.ready('base'), client.ready('lite'), client.embed('a')])
      await expect(call).rejects.toMatchObject(disposed);
    expect(core.methods).toEqual([]);
  });

  test('while base is being loaded starts no other core', async () => {
    const { client, core, restart, arrive } = setUp();
    core.before = async () => {
      client.dispose();
      throw new AftersenseError('worker_failed', 'The core was disposed.');
    };
    arrive();
    await expect(client.ready('base')).rejects.toMatchObject(disposed);
    await settled();
    expect(restart).not.toHaveBeenCalled();
  });

  test('while another core starts ends that one too', async () => {
    const { client, core, spare, restart, arrive } = setUp();
    endAtBase(core);
    restart.mockImplementation(async () => {
      client.dispose();
      return spare;
    });
    arrive();
    await expect(client.ready('base')).rejects.toMatchObject(disposed);
    await settled();
    expect([core.disposed, spare.disposed]).toEqual([2, 1]);
  });

  test('after base has come ends ready too', async () => {
    const { client, arrive } = setUp();
    arrive();
    await client.ready('base');
    client.dispose();
    await expect(client.ready('base')).rejects.toMatchObject(disposed);
  });
});

describe('embed', () => {
  test('waits for base; a text gives a vector, a list as many, none none', async () => {
    const { client, core, arrive } = setUp();
    const one = client.embed('four');
    await settled();
    expect(core.methods).toEqual([]);
    arrive();
    expect(await one).toEqual(new Float32Array([4, 0.5]));
    expect(await client.embed(['a', 'bb'])).toEqual([new Float32Array([1, 0.5]), new Float32Array([2, 0.5])]);
    expect(await client.embed([])).toEqual([]);
    expect(core.calls).toEqual([['four'], ['a'], ['bb']]);
  });

  test('gives vectors that own their memory', async () => {
    const { client, arrive } = setUp();
    arrive();
    const [vector] = await client.embed(['a']);
    expect(vector?.buffer.byteLength).toBe(vector?.byteLength);
  });

  test('is model_missing without base, with the reason', async () => {
    const { client, fail } = setUp();
    const reason = new AftersenseError('download_failed', 'HTTP 404');
    const waiting = client.embed('a');
    fail(reason);
    await expect(waiting).rejects.toMatchObject({ code: 'model_missing', message: expect.stringContaining('HTTP 404'), cause: reason });
    await expect(new Client([new FakeCore()], info).embed('a')).rejects.toMatchObject({ code: 'model_missing' });
  });

  test('is aborted while it waits for base, and between two texts', async () => {
    const { client, core, arrive } = setUp();
    const stop = new AbortController();
    const waiting = client.embed('a', { signal: stop.signal });
    stop.abort('left');
    await expect(waiting).rejects.toMatchObject({ code: 'aborted', cause: 'left' });
    arrive();
    await client.ready('base');
    const again = new AbortController();
    core.before = async () => again.abort();
    await expect(client.embed(['a', 'b'], { signal: again.signal })).rejects.toMatchObject({ code: 'aborted' });
    expect(core.calls).toEqual([['a']]);
  });

  test.each([7, undefined, ['a', null]])('of %j is refused before the core sees it', async (input) => {
    const { client, core } = setUp();
    await expect(client.embed(input as unknown as string)).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(core.methods).toEqual([]);
  });
});
