/** A shop's own text classifier: `tokenizer.json` by Hugging Face's library, the model by ONNX Runtime. */
import type { Tokenizer } from '@huggingface/tokenizers';
import { checkInteger, checkString } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import type { Bytes } from '../protocol.ts';
import type { Classification, OnnxClassifier } from '../types.ts';
import { batches } from './batches.ts';
import { importOrt, importTokenizers } from './peers.ts';
import { TokenModel } from './token_model.ts';

const name = 'The ONNX classifier';
const outputs = ['logits'];
const defaultMaxTokens = 512;
const maxMaxTokens = 65_536;

/** What was asked for, checked. Error: invalid_argument. */
export function checkClassifier(given: OnnxClassifier): void {
  const invalid = (message: string) => new AftersenseError('invalid_argument', message);
  const { onnx, tokenizer, labels, maxTokens, inputs } = given;
  if (onnx === undefined) throw invalid('model.onnx must be an address or the bytes of an ONNX model.');
  if (tokenizer === undefined || tokenizer === null)
    throw invalid('model.tokenizer must be the address or the content of a tokenizer.json.');
  if (!Array.isArray(labels) || labels.length < 2) throw invalid('model.labels must be an array of two labels or more.');
  for (const [i, label] of labels.entries()) checkString(label, `model.labels[${i}]`);
  if (new Set(labels).size < labels.length) throw invalid('model.labels has a label twice.');
  if (maxTokens !== undefined) checkInteger(maxTokens, 'model.maxTokens', 3, maxMaxTokens);
  for (const [role, input] of Object.entries(inputs ?? {})) checkString(input, `model.inputs.${role}`);
}

interface Encoded {
  readonly ids: readonly number[];
  readonly truncated: boolean;
}

export class Classifier {
  readonly #tokenizer: Tokenizer;
  readonly #model: TokenModel;
  readonly #labels: readonly string[];
  readonly #maxTokens: number;

  /** Runs a text once, so that what does not fit shows here. Errors: peer_missing, onnx_invalid, onnx_failed. */
  static async open(given: OnnxClassifier, file: Bytes, tokenizer: unknown, ortWasm: Bytes | undefined): Promise<Classifier> {
    const { Tokenizer } = await importTokenizers();
    const opened = openTokenizer(Tokenizer, tokenizer);
    const model = await TokenModel.open(await importOrt(ortWasm), file, { inputs: given.inputs, outputs, name });
    const classifier = new Classifier(opened, model, given);
    try {
      await classifier.classify(['a']);
      return classifier;
    } catch (error) {
      await model.release();
      throw error;
    }
  }

  private constructor(tokenizer: Tokenizer, model: TokenModel, { labels, maxTokens = defaultMaxTokens }: OnnxClassifier) {
    this.#tokenizer = tokenizer;
    this.#model = model;
    this.#labels = [...labels];
    this.#maxTokens = maxTokens;
  }

  /** One for each text; undefined for one of white space alone or without a token. */
  async classify(texts: readonly string[]): Promise<(Classification | undefined)[]> {
    const encoded = texts.map((text) => (text.trim() ? this.#encode(text) : { ids: [], truncated: false }));
    const results: (Classification | undefined)[] = texts.map(() => undefined);
    const sizes = encoded.map(({ ids }) => ids.length);
    const groups = this.#model.masksPadding ? batches(sizes) : [...sizes.keys()].map((index) => [index]);
    for (const group of groups) {
      const rows = group.filter((index) => sizes[index]).map((index) => ({ index, ...(encoded[index] as Encoded) }));
      if (rows.length === 0) continue;
      const logits = await this.#run(rows.map(({ ids }) => ids));
      for (const [i, { index, truncated }] of rows.entries()) results[index] = { ...this.#read(logits[i] as Float32Array), truncated };
    }
    return results;
  }

  dispose(): Promise<void> {
    return this.#model.release();
  }

  async #run(rows: readonly (readonly number[])[]): Promise<Float32Array[]> {
    const { data, dims } = await this.#model.run(rows);
    const width = this.#labels.length;
    if (dims.length !== 2 || dims[0] !== rows.length || dims[1] !== width)
      throw new AftersenseError(
        'onnx_invalid',
        `${name} answers ${rows.length} texts with [${dims.join(', ')}] numbers; with ${width} labels they must be [${rows.length}, ${width}].`,
      );
    if (!data.every(Number.isFinite)) throw new AftersenseError('onnx_failed', `${name} answered with numbers that are not finite.`);
    return rows.map((_, i) => data.subarray(i * width, (i + 1) * width));
  }

  #read(logits: Float32Array): Omit<Classification, 'truncated'> {
    const top = Math.max(...logits);
    const powers = [...logits].map((logit) => Math.exp(logit - top));
    const sum = powers.reduce((total, power) => total + power, 0);
    const scores = Object.fromEntries(this.#labels.map((label, k) => [label, (powers[k] as number) / sum]));
    const label = this.#labels[logits.indexOf(top)] as string;
    return { label, score: scores[label] as number, scores };
  }

  /** Ids with what the tokeniser puts before and after them; of a long text, the first that there is room for. */
  #encode(text: string): Encoded {
    const { ids } = this.#tokenizer.encode(text);
    if (ids.length <= this.#maxTokens) return { ids, truncated: false };
    const bare = this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
    const added = ids.length - bare.length;
    let before = 0;
    while (before < added && ids[before] !== bare[0]) before++;
    const after = ids.slice(before + bare.length);
    return { ids: [...ids.slice(0, this.#maxTokens - after.length), ...after], truncated: true };
  }
}

function openTokenizer(Tokenizer: new (tokenizer: object, config: object) => Tokenizer, given: unknown): Tokenizer {
  try {
    return new Tokenizer(given as object, {});
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AftersenseError('onnx_invalid', `The tokeniser is not a tokenizer.json that can be read: ${why}.`, { cause });
  }
}
