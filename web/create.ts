/** `createAftersense`: from options to a handle that is ready to answer. */
import { download } from './assets/download.ts';
import { Client } from './client.ts';
import { startCore } from './core.ts';
import { AftersenseAbortError, AftersenseError } from './errors.ts';
import * as replies from './messages/replies.ts';
import type { Bytes, Core, CorePort } from './protocol.ts';
import { chooseVariant } from './runtime/features.ts';
import type { Aftersense, AftersenseOptions, AssetUrls, Variant } from './types.ts';
import { version } from './version.ts';

// Bundlers recognise an asset by exactly this shape, `new URL('<literal>', import.meta.url)`, and copy it beside their output.
const shippedWasm: Readonly<Record<Variant, () => URL>> = {
  simd128: () => new URL('./aftersense-simd128.wasm', import.meta.url),
  relaxed: () => new URL('./aftersense-relaxed.wasm', import.meta.url),
};
const shippedModel = () => new URL('./aftersense-lite.aspack', import.meta.url);

function startWorker(assets: AssetUrls): Worker {
  try {
    if (assets.worker !== undefined) return new Worker(assets.worker, { type: 'module', name: 'aftersense' });
    return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'aftersense' });
  } catch (cause) {
    throw new AftersenseError('worker_failed', `No worker could be started: ${String(cause)}. Use worker: false to run on this thread.`, {
      cause,
    });
  }
}

/** Rejects as soon as the signal fires, after `release`. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal, release: () => void): Promise<T> {
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      release();
      reject(new AftersenseAbortError(signal.reason));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function openPort(useWorker: boolean, assets: AssetUrls): Promise<CorePort> {
  if (useWorker) return startWorker(assets);
  const { createLocalPort } = await import('./worker/local.ts');
  return createLocalPort();
}

/** Both files at once; when one fails, the other is not waited for. */
async function downloadAll(variant: Variant, options: AftersenseOptions, stop: AbortController): Promise<[Bytes, Bytes]> {
  const { assets = {}, fetch, onProgress } = options;
  const settings = { fetch, onProgress, signal: stop.signal };
  try {
    return await Promise.all([
      download('wasm', assets.wasm?.[variant] ?? shippedWasm[variant](), settings),
      download('model', assets.model ?? shippedModel(), settings),
    ]);
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}

/**
 * Download, start and check everything; the handle then needs no network any more.
 * Errors: wasm_unsupported, download_failed, not_wasm, worker_failed, aborted, and for the model pack_truncated, pack_wrong_type,
 * pack_wrong_version, pack_corrupt.
 */
export async function createAftersense(options: AftersenseOptions = {}): Promise<Aftersense> {
  const { signal, assets = {}, fetch } = options;
  if (signal?.aborted) throw new AftersenseAbortError(signal.reason);
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  let core: Core | undefined;
  try {
    const useWorker = options.worker ?? typeof Worker === 'function';
    const variant = chooseVariant(options.variant ?? 'auto');
    const [wasm, model] = await downloadAll(variant, options, stop);
    const port = await openPort(useWorker, assets);
    core = await abortable(startCore(port, wasm.buffer), stop.signal, () => port.terminate());
    const info = replies.modelInfo(await abortable(core.call('loadModel', model), stop.signal, () => {}));
    return new Client(core, { version, variant: core.variant, engine: 'native', worker: useWorker, model: info }, { fetch });
  } catch (error) {
    core?.dispose();
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
