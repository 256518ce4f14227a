import { failureFrom } from '../errors.ts';
import type { WorkerReply, WorkerRequest } from '../protocol.ts';
import { EngineHost } from '../runtime/engine.ts';

/** Turns requests into calls of one EngineHost, and whatever happens into exactly one reply each. */
export class Dispatcher {
  readonly #post: (reply: WorkerReply, transfer: Transferable[]) => void;
  #host: EngineHost | undefined;

  constructor(post: (reply: WorkerReply, transfer: Transferable[]) => void) {
    this.#post = post;
  }

  async dispatch(request: WorkerRequest): Promise<void> {
    try {
      await this.#handle(request);
    } catch (error) {
      this.#post({ kind: 'failed', id: request.id, failure: failureFrom(error) }, []);
    }
  }

  /** A worker is ended as a whole; on a thread that lives on, the engine is freed here. */
  dispose(): void {
    this.#host?.dispose();
  }

  async #handle(request: WorkerRequest): Promise<void> {
    const { id } = request;
    switch (request.kind) {
      case 'start':
        this.#host = await EngineHost.create(request.wasm);
        return this.#post({ kind: 'started', id, value: this.#host.variant }, []);
      case 'call': {
        if (!this.#host) throw new Error('A call came before the start.');
        const value = this.#host.call(request.method, request.request);
        return this.#post({ kind: 'returned', id, value }, [value.buffer]);
      }
      default:
        request satisfies never;
    }
  }
}
