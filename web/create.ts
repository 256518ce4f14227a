/** `createAftersense`: from options to a handle that is ready to answer. */
import { abortable } from './abort.ts';
import { download } from './assets/download.ts';
import { openCases } from './cases/store.ts';
import { checkInteger, checkOneOf } from './checks.ts';
import { type BaseSource, Client } from './client.ts';
import { startCore } from './core.ts';
import { checkCorrectionsOptions } from './corrections/store.ts';
import { defaultPolicy, usablePolicy } from './desk/policy.ts';
import type { Policy } from './desk/types.ts';
import { AftersenseAbortError, AftersenseError } from './errors.ts';
import * as replies from './messages/replies.ts';
import { ClassifiedDesk } from './onnx/classified.ts';
import { checkClassifier } from './onnx/classifier.ts';
import { OnnxEncoder } from './onnx/encoder.ts';
import { loadEncoder, openClassifier } from './onnx/open.ts';
import { openProfile } from './profile/store.ts';
import type { Bytes, Core, CorePort } from './protocol.ts';
import { chooseVariant } from './runtime/features.ts';
import type { Aftersense, AftersenseOptions, AssetUrls, ModelInfo, Tier, Variant } from './types.ts';
import { version } from './version.ts';

const maxWorkers = 64;

// Bundlers recognise an asset by exactly this shape, `new URL('<literal>', import.meta.url)`, and copy it beside their output.
const shippedWasm: Readonly<Record<Variant, () => URL>> = {
  simd128: () => new URL('./aftersense-simd128.wasm', import.meta.url),
  relaxed: () => new URL('./aftersense-relaxed.wasm', import.meta.url),
};
const shippedModel: Readonly<Record<Tier, () => URL>> = {
  lite: () => new URL('./aftersense-lite.aspack', import.meta.url),
  base: () => new URL('./aftersense-base.aspack', import.meta.url),
};

const shippedAnswers = () => new URL('./aftersense-answers.asans', import.meta.url);

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

interface Started {
  readonly core: Core;
  readonly model: ModelInfo;
}

/** A core with lite in it. It gets copies: what a core is given does not come back, and another may have to be started. */
async function startLite(port: CorePort, wasm: Bytes, lite: Bytes, signal?: AbortSignal): Promise<Started> {
  const core = await abortable(startCore(port, wasm.slice().buffer), signal, () => port.terminate());
  try {
    return { core, model: replies.modelInfo(await abortable(core.call('loadModel', lite.slice()), signal), 'lite') };
  } catch (error) {
    core.dispose();
    throw error;
  }
}

/** As many cores as asked for, or none at all. */
async function startAll(count: number, start: () => Promise<Started>): Promise<[Started, ...Started[]]> {
  const starting = Array.from({ length: count }, start);
  try {
    return (await Promise.all(starting)) as [Started, ...Started[]];
  } catch (error) {
    for (const one of starting)
      one.then(
        ({ core }) => core.dispose(),
        () => {},
      );
    throw error;
  }
}

/** Which tiers the core is to have, and whether ONNX Runtime runs base. */
function checkModel({ model = 'auto', engine, assets = {} }: AftersenseOptions): {
  readonly tiers: 'auto' | Tier;
  readonly useOnnx: boolean;
} {
  const invalid = (message: string) => new AftersenseError('invalid_argument', message);
  if (engine !== undefined) checkOneOf(engine, 'engine', ['native', 'onnx']);
  if (typeof model === 'object' && model !== null) {
    if (engine === 'native') throw invalid("A classifier of the shop's own runs with engine: 'onnx' only.");
    checkClassifier(model);
    return { tiers: 'lite', useOnnx: false };
  }
  checkOneOf(model, 'model', ['auto', 'lite', 'base']);
  if (engine !== 'onnx') return { tiers: model, useOnnx: false };
  if (model === 'lite') throw invalid("engine: 'onnx' runs the base model; lite is native alone. Use model: 'auto' or 'base'.");
  if (assets.onnx === undefined) throw invalid("engine: 'onnx' needs assets.onnx, the address or the bytes of the base model as ONNX.");
  return { tiers: model, useOnnx: true };
}

/** What is kept on the device, as checked. */
type Kept = Pick<Aftersense, 'cases' | 'profile'>;

async function open(options: AftersenseOptions, policy: Policy, kept: Kept, stop: AbortController): Promise<Client> {
  const { workers = 1, assets = {}, fetch, onProgress } = options;
  const { tiers, useOnnx } = checkModel(options);
  const encoder = useOnnx ? new OnnxEncoder() : undefined;
  checkInteger(workers, 'workers', 1, options.worker === false ? 1 : maxWorkers);
  const useWorker = options.worker ?? (workers > 1 || typeof Worker === 'function');
  const variant = chooseVariant(options.variant ?? 'auto');
  const [wasm, lite] = await downloadAll(variant, options, stop);
  const start = async (signal?: AbortSignal): Promise<Started> => {
    const { core, model } = await startLite(await openPort(useWorker, assets), wasm, lite, signal);
    return { core: encoder?.wrap(core) ?? core, model };
  };
  const started = await startAll(workers, () => start(stop.signal));
  const downloadBase = (signal: AbortSignal) => download('base', assets.base ?? shippedModel.base(), { fetch, onProgress, signal });
  const base: BaseSource = {
    download: async (signal) => (await Promise.all([downloadBase(signal), encoder && loadEncoder(encoder, options, signal)]))[0],
    restart: async () => (await start()).core,
  };
  const [first] = started;
  const info = {
    version,
    variant: first.core.variant,
    engine: encoder ? 'onnx' : 'native',
    worker: useWorker,
    workers: useWorker ? workers : 0,
    model: first.model,
  } as const;
  return new Client(
    started.map(({ core }) => core),
    info,
    {
      fetch,
      base: tiers === 'lite' ? undefined : base,
      policy,
      ...kept,
      corrections: options.corrections,
      answers: assets.answers ?? shippedAnswers(),
      onProgress,
    },
  );
}

/**
 * Download, start and check what `model` asks for; what is loaded needs no network any more.
 * Errors: wasm_unsupported, download_failed, not_wasm, worker_failed, aborted, and for a model pack_truncated, pack_wrong_type,
 * pack_wrong_version, pack_corrupt; policy_invalid; with model 'base', internal where the device cannot hold it; with ONNX Runtime, peer_missing,
 * onnx_invalid, onnx_failed.
 */
export async function createAftersense(options: AftersenseOptions = {}): Promise<Aftersense> {
  const { signal } = options;
  if (signal?.aborted) throw new AftersenseAbortError(signal.reason);
  const policy = usablePolicy(options.policy ?? defaultPolicy);
  const kept: Kept = { cases: openCases(options.cases), profile: openProfile(options.profile) };
  checkCorrectionsOptions(options.corrections);
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  let client: Client | undefined;
  try {
    client = await open(options, policy, kept, stop);
    const { model } = options;
    if (typeof model === 'object')
      return new ClassifiedDesk(client, await openClassifier(model, options, stop.signal), model.labels, policy);
    if (model === 'base') await abortable(client.ready('base'), stop.signal);
    return client;
  } catch (error) {
    client?.dispose();
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
