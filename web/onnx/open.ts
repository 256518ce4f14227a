/** From options to what ONNX Runtime runs: its files are downloaded here, as all others are, and it never asks for one where `assets.ort` is given. */
import { download } from '../assets/download.ts';
import { readSource } from '../assets/source.ts';
import { AftersenseError } from '../errors.ts';
import type { Bytes } from '../protocol.ts';
import type { AftersenseOptions, FileSource, OnnxClassifier } from '../types.ts';
import { Classifier } from './classifier.ts';
import type { OnnxEncoder } from './encoder.ts';

type Settings = Pick<AftersenseOptions, 'fetch' | 'onProgress' | 'assets'>;

async function downloadModel(
  onnx: FileSource,
  name: string,
  settings: Settings,
  signal: AbortSignal,
): Promise<[onnx: Bytes, ort: Bytes | undefined]> {
  const { fetch, onProgress, assets } = settings;
  const options = { fetch, onProgress, signal };
  const ort = assets?.ort === undefined ? undefined : download('ort', assets.ort, options);
  return Promise.all([readSource('onnx', onnx, name, options), ort]);
}

/** Load `encoder`, and release it when `signal` fires. */
export async function loadEncoder(encoder: OnnxEncoder, settings: Settings, signal: AbortSignal): Promise<void> {
  const [file, ort] = await downloadModel(settings.assets?.onnx as FileSource, 'assets.onnx', settings, signal);
  await encoder.load(file, ort);
  const dispose = () => void encoder.dispose();
  if (signal.aborted) dispose();
  else signal.addEventListener('abort', dispose, { once: true });
}

/** `given` has passed `checkClassifier`. */
export async function openClassifier(given: OnnxClassifier, settings: Settings, signal: AbortSignal): Promise<Classifier> {
  const [[file, ort], tokenizer] = await Promise.all([
    downloadModel(given.onnx, 'model.onnx', settings, signal),
    readTokenizer(given.tokenizer, settings, signal),
  ]);
  return Classifier.open(given, file, tokenizer, ort);
}

async function readTokenizer(given: OnnxClassifier['tokenizer'], { fetch, onProgress }: Settings, signal: AbortSignal): Promise<unknown> {
  if (typeof given !== 'string' && !(given instanceof URL)) return given;
  const file = await download('tokenizer', given, { fetch, onProgress, signal });
  try {
    return JSON.parse(new TextDecoder().decode(file));
  } catch (cause) {
    throw new AftersenseError('onnx_invalid', `${given} is not a tokenizer.json: ${(cause as Error).message}.`, { cause });
  }
}
