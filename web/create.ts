/** `createAftersense`: from options to a handle that is ready to answer. */
import { abortable } from './abort.ts';
import { download } from './assets/download.ts';
import { checkOneOf } from './checks.ts';
import { type BaseSource, Client } from './client.ts';
import { startCore } from './core.ts';
import { AftersenseAbortError, AftersenseError } from './errors.ts';
import * as replies from './messages/replies.ts';
import type { Bytes, Core, CorePort } from './protocol.ts';
import { chooseVariant } from './runtime/features.ts';
import type { Aftersense, AftersenseOptions, AssetUrls, ModelInfo, Tier, Variant } from './types.ts';
import { version } from './version.ts';

// Bundlers recognise an asset by exactly this shape, `new URL('<literal>', import.meta.url)`, and copy it beside their output.
const shippedWasm: Readonly<Record<Variant, () => URL>> = {
  simd128: () => new URL('./aftersense-simd128.wasm', import.meta.url),
  relaxed: () => new URL('./aftersense-relaxed.wasm', import.meta.url),
};
const shippedModel: Readonly<Record<Tier, () => URL>> = {
  lite: () => new URL('./aftersense-lite.aspack', import.meta.url),
  base: () => new URL('./aftersense-base.aspack', import.meta.url),
};

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
      download('lite', assets.lite ?? shippedModel.lite(), settings),
    ]);
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}

/** A core with lite in it. It gets copies: what a core is given does not come back, and another may have to be started. */
async function startLite(port: CorePort, wasm: Bytes, lite: Bytes, signal?: AbortSignal): Promise<{ core: Core; model: ModelInfo }> {
  const core = await abortable(startCore(port, wasm.slice().buffer), signal, () => port.terminate());
  try {
    return { core, model: replies.modelInfo(await abortable(core.call('loadModel', lite.slice()), signal), 'lite') };
  } catch (error) {
    core.dispose();
    throw error;
  }
}

async function open(options: AftersenseOptions, stop: AbortController): Promise<Client> {
  const { model = 'auto', assets = {}, fetch, onProgress } = options;
  checkOneOf(model, 'model', ['auto', 'lite', 'base']);
  const useWorker = options.worker ?? typeof Worker === 'function';
  const variant = chooseVariant(options.variant ?? 'auto');
  const [wasm, lite] = await downloadAll(variant, options, stop);
  const started = await startLite(await openPort(useWorker, assets), wasm, lite, stop.signal);
  const base: BaseSource = {
    download: (signal) => download('base', assets.base ?? shippedModel.base(), { fetch, onProgress, signal }),
    restart: async () => (await startLite(await openPort(useWorker, assets), wasm, lite)).core,
  };
  const info = { version, variant: started.core.variant, engine: 'native', worker: useWorker, model: started.model } as const;
  return new Client(started.core, info, { fetch, base: model === 'lite' ? undefined : base });
}

/**
 * Download, start and check what `model` asks for; what is loaded needs no network any more.
 * Errors: wasm_unsupported, download_failed, not_wasm, worker_failed, aborted, and for a model pack_truncated, pack_wrong_type,
 * pack_wrong_version, pack_corrupt; with model 'base', internal where the device cannot hold it.
 */
export async function createAftersense(options: AftersenseOptions = {}): Promise<Aftersense> {
  const { signal } = options;
  if (signal?.aborted) throw new AftersenseAbortError(signal.reason);
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  let client: Client | undefined;
  try {
    client = await open(options, stop);
    if (options.model === 'base') await abortable(client.ready('base'), stop.signal);
    return client;
  } catch (error) {
    client?.dispose();
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
