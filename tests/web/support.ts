/** What the tests of the built module share: the files of dist/, and a Worker for Node. */
import { readFileSync } from 'node:fs';
import v8 from 'node:v8';
import { Worker as NodeThread } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import type { Tier, Variant } from '../../dist/index.js';

export const distUrl = (name: string) => new URL(`../../dist/${name}`, import.meta.url);
export const distFile = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(distUrl(name)));

/** A shipped model as the core reads it: unpacked. */
export const modelPack = (tier: Tier): Uint8Array<ArrayBuffer> => new Uint8Array(gunzipSync(distFile(`aftersense-${tier}.aspack`)));

/** V8 before 11.4 has relaxed SIMD behind a flag, and adds up wrongly in the code of its baseline compiler (web/runtime/features.ts). */
export function enableRelaxedSimd(): void {
  v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
  v8.setFlagsFromString('--no-liftoff');
}

export const variants: readonly Variant[] = ['simd128', 'relaxed'];

/** A `fetch` that answers from memory, and counts. */
export function fakeFetch(files: Readonly<Record<string, Uint8Array<ArrayBuffer> | number>>): { fetch: typeof fetch; requests: string[] } {
  const requests: string[] = [];
  const answer: typeof fetch = async (source) => {
    const url = String(source);
    requests.push(url);
    const file = files[url] ?? 404;
    return typeof file === 'number' ? new Response('<!doctype html>', { status: file }) : new Response(file);
  };
  return { fetch: answer, requests };
}

/** Gives a thread of Node the globals of a module worker, then runs the worker's script unchanged; messages wait until it has run. */
const bootstrap = `
  const { parentPort, workerData } = require('node:worker_threads');
  globalThis.postMessage = (value, transfer) => parentPort.postMessage(value, transfer);
  import(workerData).then(
    () => parentPort.on('message', (data) => globalThis.onmessage({ data })),
    (error) => setTimeout(() => { throw error; }),
  );
`;

/** The browser's Worker as far as this module uses it, on Node's worker threads. */
export class NodeWorker {
  static live = 0;
  static readonly #all: NodeWorker[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  readonly #thread: NodeThread;

  constructor(url: URL | string) {
    NodeWorker.live++;
    NodeWorker.#all.push(this);
    this.#thread = new NodeThread(bootstrap, { eval: true, workerData: String(url) });
    this.#thread.on('message', (data) => this.onmessage?.({ data }));
    this.#thread.on('error', (error) => this.onerror?.({ message: error.message }));
    this.#thread.on('exit', () => {
      NodeWorker.live--;
      NodeWorker.#all.splice(NodeWorker.#all.indexOf(this), 1);
    });
  }

  /** Those that live, oldest first. */
  static running(): readonly NodeWorker[] {
    return NodeWorker.#all;
  }

  /** Ends as a worker does whose process the system killed: nobody asked for it, and what was under way has no answer. */
  crash(): void {
    void this.#thread.terminate().then(() => this.onerror?.({ message: 'crashed' }));
  }

  postMessage(value: unknown, transfer: readonly ArrayBuffer[]): void {
    this.#thread.postMessage(value, transfer as never);
  }

  terminate(): void {
    void this.#thread.terminate();
  }
}
