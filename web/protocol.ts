/** What crosses between the calling thread and the core, in a worker or not. Types only. */
import type { Failure } from './errors.ts';
import type { Variant } from './types.ts';

/** Methods of the C++ `Engine`: one FlatBuffer of src/bindings/messages.fbs in, one `Response` out. The loads take the file itself. */
export type CoreMethod =
  | 'loadModel'
  | 'loadCatalog'
  | 'analyze'
  | 'embed'
  | 'planAnalyze'
  | 'planEmbed'
  | 'loadStates'
  | 'loadShard'
  | 'dropShards'
  | 'buildCatalog'
  | 'countProducts'
  | 'planShards'
  | 'writeTermBucket'
  | 'route'
  | 'listProducts'
  | 'recommend'
  | 'lookup'
  | 'listOffers';

export type Bytes = Uint8Array<ArrayBuffer>;

/** The C++ core, wherever it runs. One call at a time; the caller queues. */
export interface Core {
  /** The variant as the running module itself names it. */
  readonly variant: Variant;
  /** `request` is given away: a worker core transfers its buffer. Rejects only for faults; failures of the core are in the response. */
  call(method: CoreMethod, request: Bytes): Promise<Bytes>;
  /** Idempotent. Calls under way may never settle. */
  dispose(): void;
}

/** Where a core listens: a Worker, or what stands in for one on the calling thread. */
export interface CorePort {
  onmessage: ((event: MessageEvent<WorkerReply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
  postMessage(request: WorkerRequest, transfer: Transferable[]): void;
  terminate(): void;
}

/** To the worker. `id` numbers the requests; buffers are transferred. */
export type WorkerRequest =
  | { readonly kind: 'start'; readonly id: number; readonly wasm: ArrayBuffer }
  | { readonly kind: 'call'; readonly id: number; readonly method: CoreMethod; readonly request: Bytes };

/** What each kind of request is answered with. */
export interface WorkerResults {
  readonly start: Variant;
  readonly call: Bytes;
}

export type WorkerReply =
  | { readonly kind: 'started'; readonly id: number; readonly value: WorkerResults['start'] }
  | { readonly kind: 'returned'; readonly id: number; readonly value: WorkerResults['call'] }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure };
