/** Owns one running copy of the C++ module: its memory, its Engine, and every buffer that crosses. */
import { AftersenseError } from '../errors.ts';
import type { Bytes, CoreMethod } from '../protocol.ts';
import type { Variant } from '../types.ts';
import createModule, { type Engine, type MainModule } from './glue.ts';

async function instantiate(wasm: BufferSource): Promise<MainModule> {
  const compiled = await WebAssembly.compile(wasm).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `The WebAssembly module was refused: ${why}. A Content Security Policy needs script-src 'wasm-unsafe-eval'.`;
    throw new AftersenseError('wasm_unsupported', message, { cause });
  });
  return createModule({
    // Our own bytes: the generated glue must never look for a file itself.
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      void WebAssembly.instantiate(compiled, imports).then(done);
      return {};
    },
  });
}

/**
 * The module and its Engine, on the thread that it was created on. Every method copies in and copies out, so no view of the heap
 * leaves this class.
 */
export class EngineHost {
  readonly variant: Variant;
  readonly #module: MainModule;
  #engine: Engine | undefined;
  #fault: AftersenseError | undefined;

  static async create(wasm: BufferSource): Promise<EngineHost> {
    return new EngineHost(await instantiate(wasm));
  }

  private constructor(module: MainModule) {
    this.#module = module;
    this.#engine = new module.Engine();
    this.variant = module.variant() as Variant;
  }

  /** Bytes of memory that the module holds. */
  get heapBytes(): number {
    return this.#module.HEAPU8.byteLength;
  }

  call(method: CoreMethod, request: Uint8Array): Bytes {
    if (this.#fault) throw this.#fault;
    if (!this.#engine) throw new AftersenseError('disposed', 'The engine was disposed.');
    try {
      return this.#exchange(this.#engine, method, request);
    } catch (cause) {
      // Failures of the core are replies; what throws is a trap or exhausted memory, after which the heap is not to be trusted.
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#fault = new AftersenseError('internal', `The engine stopped: ${why}. Dispose of this handle and create another.`, { cause });
      throw this.#fault;
    }
  }

  #exchange(engine: Engine, method: CoreMethod, request: Uint8Array): Bytes {
    const buffer = new this.#module.Buffer(request.length);
    // A view dies at the next allocation, so each is made and used in one statement.
    (buffer.view() as Uint8Array).set(request);
    const reply = (engine[method](buffer) as Bytes).slice();
    buffer.delete();
    return reply;
  }

  /** Idempotent. */
  dispose(): void {
    if (!this.#fault) this.#engine?.delete();
    this.#engine = undefined;
  }
}
