import { describe, expect, test } from 'vitest';
import { AftersenseError } from '../../web/errors.ts';
import { Lane } from '../../web/lane.ts';

/** Work that ends when told to. */
function job<T>(log: string[], name: string, value: T) {
  let finish: (value: T) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const work = () => {
    log.push(name);
    return new Promise<T>((resolve, reject) => {
      finish = resolve;
      fail = reject;
    });
  };
  return { work, finish: () => finish(value), fail: (error: Error) => fail(error) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('a lane', () => {
  test('does one thing at a time, in the order asked', async () => {
    const log: string[] = [];
    const lane = new Lane();
    const [first, second] = [job(log, 'first', 1), job(log, 'second', 2)];
    const results = Promise.all([lane.run(first.work), lane.run(second.work)]);
    await settled();
    expect(log).toEqual(['first']);
    first.finish();
    await settled();
    expect(log).toEqual(['first', 'second']);
    second.finish();
    expect(await results).toEqual([1, 2]);
  });

  test('goes on after a failure', async () => {
    const log: string[] = [];
    const lane = new Lane();
    const [bad, good] = [job(log, 'bad', 1), job(log, 'good', 2)];
    const failing = lane.run(bad.work);
    const working = lane.run(good.work);
    bad.fail(new Error('no'));
    await expect(failing).rejects.toThrow('no');
    await settled();
    good.finish();
    await expect(working).resolves.toBe(2);
  });

  test('never starts work that was aborted while it waited', async () => {
    const log: string[] = [];
    const lane = new Lane();
    const stop = new AbortController();
    const [first, second, third] = [job(log, 'first', 1), job(log, 'second', 2), job(log, 'third', 3)];
    const running = lane.run(first.work);
    const waiting = lane.run(second.work, stop.signal);
    const last = lane.run(third.work);
    stop.abort('typed on');
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError', code: 'aborted', cause: 'typed on' });
    first.finish();
    await running;
    await settled();
    third.finish();
    expect(await last).toBe(3);
    expect(log).toEqual(['first', 'third']);
  });

  test('lets the caller of running work go at once, and the next one only when that work is over', async () => {
    const log: string[] = [];
    const lane = new Lane();
    const stop = new AbortController();
    const [first, second] = [job(log, 'first', 1), job(log, 'second', 2)];
    const running = lane.run(first.work, stop.signal);
    const waiting = lane.run(second.work);
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
    expect(log).toEqual(['first']);
    first.finish();
    await settled();
    expect(log).toEqual(['first', 'second']);
    second.finish();
    expect(await waiting).toBe(2);
  });

  test('refuses an aborted signal before anything runs', async () => {
    const log: string[] = [];
    await expect(new Lane().run(job(log, 'never', 1).work, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
    expect(log).toEqual([]);
  });

  test('when closed, rejects what runs, what waits and what comes', async () => {
    const log: string[] = [];
    const lane = new Lane();
    const calls = [lane.run(job(log, 'runs', 1).work), lane.run(job(log, 'waits', 2).work)];
    lane.close(new AftersenseError('disposed', 'gone'));
    calls.push(lane.run(job(log, 'comes', 3).work));
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'disposed' });
    expect(log).toEqual(['runs']);
  });

  test('leaves no listener on a signal that outlives the call', async () => {
    const stop = new AbortController();
    let listeners = 0;
    const { addEventListener: add, removeEventListener: remove } = stop.signal;
    stop.signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners++;
      add.apply(stop.signal, given);
    };
    stop.signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners--;
      remove.apply(stop.signal, given);
    };
    await new Lane().run(async () => expect(listeners).toBe(1), stop.signal);
    expect(listeners).toBe(0);
  });
});
