/** Small ONNX models and a tokeniser for tests. The writer knows the few messages of onnx.proto that they need. */

type Bytes = number[];

function varint(value: number): Bytes {
  const bytes: Bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

const whole = (field: number, value: number): Bytes => [...varint(field * 8), ...varint(value)];
const message = (field: number, content: Iterable<number>): Bytes => {
  const bytes = [...content];
  return [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
};
const text = (field: number, value: string): Bytes => message(field, new TextEncoder().encode(value));
const each = <T>(items: readonly T[], write: (item: T) => Bytes): Bytes => items.flatMap(write);

const float = 1;
const int32 = 6;
const int64 = 7;

/** AttributeProto of an INT. */
const attribute = ([name, value]: readonly [string, number]): Bytes => message(5, [...text(1, name), ...whole(3, value), ...whole(20, 2)]);

/** NodeProto. */
const node = (kind: string, inputs: readonly string[], output: string, attributes: Readonly<Record<string, number>> = {}): Bytes =>
  message(1, [
    ...each(inputs, (input) => text(1, input)),
    ...text(2, output),
    ...text(4, kind),
    ...each(Object.entries(attributes), attribute),
  ]);

/** TensorProto. */
const constant = (name: string, type: number, dims: readonly number[], values: ArrayBufferView): Bytes =>
  message(5, [
    ...each(dims, (dim) => whole(1, dim)),
    ...whole(2, type),
    ...text(8, name),
    ...message(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ]);

/** ValueInfoProto; a dimension without a size has a name. */
const value = (field: number, name: string, type: number, dims: readonly (string | number)[]): Bytes => {
  const shape = each(dims, (dim) => message(1, typeof dim === 'number' ? whole(1, dim) : text(2, dim)));
  return message(field, [...text(1, name), ...message(2, message(1, [...whole(1, type), ...message(2, shape)]))]);
};

export interface ModelOptions {
  /** [token][output]: what each token adds to each output. */
  readonly weights: readonly (readonly number[])[];
  readonly ids?: string;
  /** The name of the mask; null for a model without one. */
  readonly mask?: string | null;
  /** One more input, which is added to the token ids. */
  readonly types?: string;
  readonly idType?: 'int32' | 'int64' | 'float';
  /** `sum`: [batch, outputs], over the tokens. `tokens`: [batch, tokens, outputs]. */
  readonly pooling?: 'sum' | 'tokens';
  readonly output?: string;
}

/** An ONNX model that looks each token up in `weights`. */
export function tokenModel(options: ModelOptions): Uint8Array<ArrayBuffer> {
  const { weights, ids = 'input_ids', mask = 'attention_mask', types, idType = 'int64', pooling = 'sum', output = 'logits' } = options;
  const type = { int32, int64, float }[idType];
  const width = weights[0]?.length ?? 0;
  const nodes = [
    ...(types ? node('Add', [ids, types], 'sum of ids') : node('Identity', [ids], 'sum of ids')),
    ...(idType === 'float' ? node('Cast', ['sum of ids'], 'whole ids', { to: int64 }) : node('Identity', ['sum of ids'], 'whole ids')),
    ...node('Gather', ['weights', 'whole ids'], 'found'),
    ...(mask === null
      ? node('Identity', ['found'], 'masked')
      : [
          ...node('Cast', [mask], 'real mask', { to: float }),
          ...node('Unsqueeze', ['real mask', 'last axis'], 'wide mask'),
          ...node('Mul', ['found', 'wide mask'], 'masked'),
        ]),
    ...(pooling === 'sum' ? node('ReduceSum', ['masked', 'token axis'], output, { keepdims: 0 }) : node('Identity', ['masked'], output)),
  ];
  const inputs = [ids, ...(mask === null ? [] : [mask]), ...(types ? [types] : [])];
  const graph = [
    ...nodes,
    ...text(2, 'graph'),
    ...constant('weights', float, [weights.length, width], new Float32Array(weights.flat())),
    ...constant('last axis', int64, [1], new BigInt64Array([-1n])),
    ...constant('token axis', int64, [1], new BigInt64Array([1n])),
    ...each(inputs, (name) => value(11, name, type, ['batch', 'tokens'])),
    ...value(12, output, float, pooling === 'sum' ? ['batch', width] : ['batch', 'tokens', width]),
  ];
  const opset = [...text(1, ''), ...whole(2, 17)];
  return new Uint8Array([...whole(1, 8), ...message(7, graph), ...message(8, opset)]);
}

const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'good', 'bad', 'fine', 'not', '好', '差', '##ly'] as const;
const idOf = (word: (typeof words)[number]) => words.indexOf(word);

/** A tokenizer.json of the BERT kind, as `transformers` writes it, with a few words. */
export const tokenizerJson = {
  version: '1.0',
  added_tokens: words.slice(0, 4).map((content, id) => ({ id, content, special: true, normalized: false })),
  normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [idOf('[CLS]')], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [idOf('[SEP]')], tokens: ['[SEP]'] },
    },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(words.map((word, id) => [word, id])),
  },
};

/** What each word says for negative, neutral and positive. Padding would say much, were it not masked. */
export const sentimentWeights: readonly (readonly number[])[] = words.map((word) => {
  if (word === '[PAD]') return [9, 9, 50];
  if (word === 'good' || word === '好') return [0, 0, 2];
  if (word === 'bad' || word === '差') return [2, 0, 0];
  if (word === 'fine') return [0, 2, 0];
  return word === '[SEP]' ? [0, 0.5, 0] : [0, 0, 0];
});
