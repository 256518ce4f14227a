/** An ONNX model over token ids, run by ONNX Runtime Web on the calling thread. */
import type { InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { AftersenseError } from '../errors.ts';
import type { Bytes } from '../protocol.ts';
import type { OnnxInputs } from '../types.ts';
import type { Ort } from './peers.ts';

export type Tokens = readonly number[] | Int32Array;

/** A float32 output, row by row. */
export interface Output {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export interface TokenModelOptions {
  readonly inputs?: OnnxInputs | undefined;
  /** The first of these that the model has; without any, its first output. */
  readonly outputs: readonly string[];
  /** What the model is called in messages. */
  readonly name: string;
}

const defaultInputs = { ids: 'input_ids', mask: 'attention_mask', types: 'token_type_ids' } as const;
type Role = keyof typeof defaultInputs;
const roles = Object.keys(defaultInputs) as Role[];

// Quiet: what is fatal is thrown.
const settings: InferenceSession.SessionOptions = { executionProviders: ['wasm'], logSeverityLevel: 4 };

const because = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');

export class TokenModel {
  readonly #ort: Ort;
  readonly #session: InferenceSession;
  readonly #inputs: ReadonlyMap<Role, string>;
  readonly #output: string;
  readonly #name: string;
  /** ONNX Runtime takes one call of a session at a time. */
  #last: Promise<unknown> = Promise.resolve();

  /** Errors: onnx_invalid. */
  static async open(ort: Ort, file: Bytes, options: TokenModelOptions): Promise<TokenModel> {
    let session: InferenceSession;
    try {
      session = await ort.InferenceSession.create(file, settings);
    } catch (cause) {
      throw new AftersenseError('onnx_invalid', `${options.name} was refused by ONNX Runtime: ${because(cause)}. Check the file.`, {
        cause,
      });
    }
    try {
      return new TokenModel(ort, session, options);
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  private constructor(ort: Ort, session: InferenceSession, { inputs = {}, outputs, name }: TokenModelOptions) {
    this.#ort = ort;
    this.#session = session;
    this.#name = name;
    this.#inputs = findInputs(session, inputs, name);
    this.#output = outputs.find((output) => session.outputNames.includes(output)) ?? (session.outputNames[0] as string);
  }

  get outputs(): readonly string[] {
    return this.#session.outputNames;
  }

  /** Whether rows of unlike length can share a call. */
  get masksPadding(): boolean {
    return this.#inputs.has('mask');
  }

  /** The output for rows of tokens, padded at the right to the longest. Error: onnx_failed. */
  run(rows: readonly Tokens[]): Promise<Output> {
    const work = this.#last.then(() => this.#run(rows));
    this.#last = work.catch(() => {});
    return work;
  }

  /** Once what runs has ended. Idempotent. */
  async release(): Promise<void> {
    const end = this.#last;
    this.#last = Promise.reject(new AftersenseError('disposed', 'The handle was disposed.'));
    this.#last.catch(() => {});
    await end.then(
      () => this.#session.release(),
      () => {},
    );
  }

  async #run(rows: readonly Tokens[]): Promise<Output> {
    const feeds = Object.fromEntries([...this.#inputs].map(([role, name]) => [name, this.#tensor(rows, role, name)]));
    let result: InferenceSession.OnnxValueMapType;
    try {
      result = await this.#session.run(feeds, [this.#output]);
    } catch (cause) {
      throw new AftersenseError('onnx_failed', `${this.#name} could not be run by ONNX Runtime: ${because(cause)}.`, { cause });
    }
    const output = result[this.#output] as Tensor;
    for (const tensor of Object.values(feeds)) tensor.dispose();
    if (output.type !== 'float32')
      throw new AftersenseError('onnx_invalid', `${this.#name}: the output ${this.#output} is ${output.type}; export it as float32.`);
    return { data: output.data as Float32Array, dims: output.dims };
  }

  #tensor(rows: readonly Tokens[], role: Role, name: string): Tensor {
    const longest = Math.max(...rows.map(({ length }) => length));
    const values = new Int32Array(rows.length * longest);
    for (const [i, row] of rows.entries()) {
      if (role === 'ids') values.set(row, i * longest);
      if (role === 'mask') values.fill(1, i * longest, i * longest + row.length);
    }
    const dims = [rows.length, longest];
    const { Tensor } = this.#ort;
    return isInt32(this.#session, name) ? new Tensor('int32', values, dims) : new Tensor('int64', BigInt64Array.from(values, BigInt), dims);
  }
}

const typeOf = (session: InferenceSession, name: string) => {
  const input = session.inputMetadata.find((each) => each.name === name);
  return input?.isTensor ? input.type : undefined;
};
const isInt32 = (session: InferenceSession, name: string) => typeOf(session, name) === 'int32';

/** Which input takes what. `ids` must be there, and the model may have no other inputs than these. */
function findInputs(session: InferenceSession, given: OnnxInputs, name: string): ReadonlyMap<Role, string> {
  const has = `it has ${session.inputNames.map((input) => `"${input}"`).join(', ')}. Give their names as inputs: { ids, mask, types }.`;
  const found = new Map<Role, string>();
  for (const role of roles) {
    const input = given[role] ?? defaultInputs[role];
    if (session.inputNames.includes(input)) found.set(role, input);
    else if (role === 'ids' || given[role] !== undefined)
      throw new AftersenseError('onnx_invalid', `${name} has no input "${input}"; ${has}`);
  }
  const known = [...found.values()];
  for (const input of session.inputNames) {
    if (!known.includes(input))
      throw new AftersenseError('onnx_invalid', `${name} wants the input "${input}", which nothing is known of; ${has}`);
    const type = typeOf(session, input);
    if (type !== 'int64' && type !== 'int32')
      throw new AftersenseError('onnx_invalid', `${name}: the input "${input}" is not of whole numbers (int64 or int32), but ${type}.`);
  }
  return found;
}
