import { expect, test, vi } from 'vitest';
import { EngineHost } from '../../web/runtime/engine.ts';

/** A module whose `analyze` traps when told to; counts what is alive. */
const fake = vi.hoisted(() => ({ trap: false, buffers: 0, engines: 0 }));

vi.mock('../../web/runtime/glue.ts', () => {
  class Buffer {
    readonly #bytes: Uint8Array;
    constructor(size: number) {
      fake.buffers++;
      this.#bytes = new Uint8Array(size);
    }
    view = () => this.#bytes;
    delete = () => fake.buffers--;
  }
  class Engine {
    constructor() {
      fake.engines++;
    }
    analyze(buffer: Buffer) {
      if (fake.trap) throw new WebAssembly.RuntimeError('memory access out of bounds');
      return buffer.view();
    }
    delete = () => fake.engines--;
  }
  return { default: async () => ({ Buffer, Engine, variant: () => 'simd128', HEAPU8: new Uint8Array() }) };
});

const emptyModule = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

test('a call copies in and out, and leaves no buffer behind', async () => {
  const host = await EngineHost.create(emptyModule);
  const request = new Uint8Array([1, 2, 3]);
  const reply = host.call('analyze', request);
  expect(reply).toEqual(request);
  request[0] = 9;
  expect(reply[0]).toBe(1);
  expect(fake).toMatchObject({ buffers: 0, engines: 1 });
  host.dispose();
  host.dispose();
  expect(fake.engines).toBe(0);
  expect(() => host.call('analyze', request)).toThrowError(expect.objectContaining({ code: 'disposed' }));
});

test('a trap is internal, and the engine is not touched again', async () => {
  const host = await EngineHost.create(emptyModule);
  fake.trap = true;
  const fault = expect.objectContaining({ code: 'internal', message: expect.stringContaining('memory access out of bounds') });
  expect(() => host.call('analyze', new Uint8Array(1))).toThrowError(fault);
  fake.trap = false;
  expect(() => host.call('analyze', new Uint8Array(1))).toThrowError(fault);
  host.dispose();
  expect(fake.engines).toBe(1);
});

test('bytes that are no module are refused', async () => {
  await expect(EngineHost.create(new Uint8Array(8))).rejects.toMatchObject({ code: 'wasm_unsupported' });
});
