import { describe, expect, test } from 'vitest';
import { startCore } from '../../web/core.ts';
import type { CorePort, WorkerReply, WorkerRequest } from '../../web/protocol.ts';

/** The calling thread's side of a worker; the test plays the other. */
class FakePort {
  onmessage: ((event: { data: WorkerReply }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  readonly requests: WorkerRequest[] = [];
  readonly transferred: unknown[] = [];
  terminated = 0;

  postMessage(request: WorkerRequest, transfer: unknown[]): void {
    this.requests.push(request);
    this.transferred.push(...transfer);
  }

  terminate(): void {
    this.terminated++;
  }

  reply(data: WorkerReply): void {
    this.onmessage?.({ data });
  }
}

async function started() {
  const worker = new FakePort();
  const starting = startCore(worker as unknown as CorePort, new ArrayBuffer(4));
  worker.reply({ kind: 'started', id: 0, value: 'relaxed' });
  return { worker, core: await starting };
}

describe('a core behind a port', () => {
  test('is given the wasm, and names the variant that runs', async () => {
    const { worker, core } = await started();
    expect(core.variant).toBe('relaxed');
    expect(worker.requests[0]).toMatchObject({ kind: 'start', id: 0 });
    expect(worker.transferred).toEqual([new ArrayBuffer(4)]);
  });

  test('matches replies to requests by id, in whatever order they come', async () => {
    const { worker, core } = await started();
    const calls = [core.call('analyze', new Uint8Array(1)), core.call('recommend', new Uint8Array(2))];
    worker.reply({ kind: 'returned', id: 2, value: new Uint8Array([2]) });
    worker.reply({ kind: 'returned', id: 1, value: new Uint8Array([1]) });
    expect(await Promise.all(calls)).toEqual([new Uint8Array([1]), new Uint8Array([2])]);
  });

  test('rebuilds errors', async () => {
    const { worker, core } = await started();
    const call = core.call('analyze', new Uint8Array(1));
    worker.reply({ kind: 'failed', id: 1, failure: { code: 'internal', message: 'trap' } });
    await expect(call).rejects.toMatchObject({ name: 'AftersenseError', code: 'internal', message: 'trap' });
  });

  test('that dies rejects what is pending and what comes', async () => {
    const { worker, core } = await started();
    const call = core.call('analyze', new Uint8Array(1));
    worker.onerror?.({ message: '' });
    await expect(call).rejects.toMatchObject({ code: 'worker_failed', message: expect.stringContaining('could not be loaded') });
    await expect(core.call('analyze', new Uint8Array(1))).rejects.toMatchObject({ code: 'worker_failed' });
    expect(worker.terminated).toBe(1);
  });

  test('that does not start is ended', async () => {
    const worker = new FakePort();
    const starting = startCore(worker as unknown as CorePort, new ArrayBuffer(4));
    worker.reply({ kind: 'failed', id: 0, failure: { code: 'wasm_unsupported', message: 'CSP' } });
    await expect(starting).rejects.toMatchObject({ code: 'wasm_unsupported' });
    expect(worker.terminated).toBe(1);
  });
});
