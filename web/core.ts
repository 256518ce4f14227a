/** The calling thread's side of the core: numbers the requests, matches the replies, rebuilds the errors. */
import { AftersenseError, errorFrom } from './errors.ts';
import type { Core, CorePort, WorkerReply, WorkerRequest, WorkerResults } from './protocol.ts';

interface Pending {
  resolve(value: never): void;
  reject(error: AftersenseError): void;
}

/** A request as its sender writes it. Over a union, `Omit` would keep only what all kinds share. */
type Unnumbered = WorkerRequest extends infer R ? (R extends WorkerRequest ? Omit<R, 'id'> : never) : never;

class Calls {
  readonly #port: CorePort;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #failure: AftersenseError | undefined;

  constructor(port: CorePort) {
    this.#port = port;
    port.onmessage = ({ data }) => this.#settle(data);
    port.onerror = ({ message }) => {
      const why = message || 'its script could not be loaded or run';
      this.end(`The worker failed: ${why}. Check that worker.js is served beside the module, and the Content Security Policy.`);
    };
    port.onmessageerror = () => this.end('A message of the worker could not be read.');
  }

  send<K extends keyof WorkerResults>(request: Unnumbered & { kind: K }, transfer: Transferable[]): Promise<WorkerResults[K]> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      this.#port.postMessage({ ...request, id } as WorkerRequest, transfer);
    });
  }

  /** What is pending, and all that comes, rejects. */
  end(message: string): void {
    this.#failure ??= new AftersenseError('worker_failed', message);
    this.#port.terminate();
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
  }

  #settle(reply: WorkerReply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.kind === 'failed') pending?.reject(errorFrom(reply.failure));
    else pending?.resolve(reply.value as never);
  }
}

/** Start the core behind `port`, giving `wasm` away. */
export async function startCore(port: CorePort, wasm: ArrayBuffer): Promise<Core> {
  const calls = new Calls(port);
  try {
    const variant = await calls.send({ kind: 'start', wasm }, [wasm]);
    return {
      variant,
      call: (method, request) => calls.send({ kind: 'call', method, request }, [request.buffer]),
      dispose: () => calls.end('The core was disposed.'),
    };
  } catch (error) {
    port.terminate();
    throw error;
  }
}
