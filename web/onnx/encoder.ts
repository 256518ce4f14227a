/** `engine: 'onnx'`: ONNX Runtime in the place of the base model's own encoder. All before it and after it stays in the core. */
import { AftersenseError } from '../errors.ts';
import * as replies from '../messages/replies.ts';
import type { Bytes, Core, CoreMethod } from '../protocol.ts';
import { batches } from './batches.ts';
import { importOrt } from './peers.ts';
import { TokenModel } from './token_model.ts';

const name = 'The ONNX base model';
const output = 'states';

export class OnnxEncoder {
  #model: TokenModel | undefined;

  /** Errors: peer_missing, onnx_invalid. */
  async load(file: Bytes, ortWasm: Bytes | undefined): Promise<void> {
    const model = await TokenModel.open(await importOrt(ortWasm), file, { outputs: [output], name });
    if (!model.outputs.includes(output) || !model.masksPadding) {
      await model.release();
      throw new AftersenseError('onnx_invalid', `${name} lacks the output "${output}" or a mask. Make it with: python -m base.onnx_graph.`);
    }
    this.#model = model;
  }

  get isLoaded(): boolean {
    return this.#model !== undefined;
  }

  /** States [tokens][features], float32, of all windows one after another. */
  async run(windows: readonly Int32Array[]): Promise<Bytes> {
    const model = this.#model as TokenModel;
    const parts: Float32Array[] = [];
    for (const batch of batches(windows.map(({ length }) => length))) {
      const rows = batch.map((index) => windows[index] as Int32Array);
      const { data } = await model.run(rows);
      const rowSize = data.length / rows.length;
      const features = rowSize / (rows[0] as Int32Array).length;
      for (const [i, index] of batch.entries())
        parts[index] = data.subarray(i * rowSize, i * rowSize + (rows[i] as Int32Array).length * features);
    }
    return joined(parts);
  }

  async dispose(): Promise<void> {
    await this.#model?.release();
  }

  /** `core`, whose base model asks this encoder for its states. */
  wrap(core: Core): Core {
    return { variant: core.variant, call: (method, request) => this.#call(core, method, request), dispose: () => core.dispose() };
  }

  async #call(core: Core, method: CoreMethod, request: Bytes): Promise<Bytes> {
    const plan = plans[method];
    if (plan && this.isLoaded) {
      const windows = replies.windows(await core.call(plan, request.slice()));
      if (windows.length > 0) await loadStates(core, await this.run(windows));
    }
    return core.call(method, request);
  }
}

/** How the windows of a method's requests are asked for. */
const plans: Partial<Readonly<Record<CoreMethod, CoreMethod>>> = { analyze: 'planAnalyze', embed: 'planEmbed' };

async function loadStates(core: Core, states: Bytes): Promise<void> {
  const reply = await core.call('loadStates', states);
  try {
    replies.loadedStates(reply);
  } catch (cause) {
    throw new AftersenseError('onnx_failed', `${name} does not fit the base pack, or failed: ${(cause as Error).message}`, { cause });
  }
}

function joined(parts: readonly Float32Array[]): Bytes {
  const whole = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(whole.buffer);
}
