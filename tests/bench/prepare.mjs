// What the bench needs beside the package: its own WebAssembly, the peers, and the base model in their forms. All in build/bench and .deps/bench.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { emscriptenEnvironment } from '../../tools/emscripten.mjs';
import { exportOnnx } from '../../tools/onnx.mjs';
import { versions } from '../../tools/setup.mjs';
import { begin, deps, root, run } from '../../tools/step.mjs';

const at = (...parts) => path.join(root, ...parts);
const seeAbove = 'See the message above.';
const pack = at('models/base/aftersense-base.aspack');

const readJson = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
const writeJson = (file, value) => writeFileSync(file, JSON.stringify(value));

/** The program of this folder, under both sets of instructions. */
async function buildPrograms() {
  const env = emscriptenEnvironment();
  for (const variant of ['simd128', 'relaxed']) {
    const preset = `wasm-${variant}`;
    const done = begin(`Building the bench, ${variant}`);
    await run(`Configuring ${preset}`, seeAbove, 'emcmake', ['cmake', '--preset', preset, '-DAFTERSENSE_BENCH=ON'], { env });
    await run(`Building ${preset}`, seeAbove, 'cmake', ['--build', '--preset', preset, '--target', 'aftersense_bench'], { env });
    mkdirSync(at('build/bench', preset), { recursive: true });
    for (const type of ['mjs', 'wasm'])
      copyFileSync(at('build', preset, `bin/aftersense_bench.${type}`), at('build/bench', preset, `aftersense_bench.${type}`));
    done();
  }
}

const peers = {
  '@huggingface/transformers': versions.transformers,
  'hnswlib-wasm': versions.hnswlib,
  '@orama/orama': versions.orama,
};

/** No dependencies of the package: they bring half a gigabyte, which only the bench needs. ONNX Runtime Web is one, for the onnx engine. */
async function installPeers() {
  const folder = path.join(deps, 'bench');
  const installed = (name) => readJson(path.join(folder, 'node_modules', name, 'package.json'))?.version;
  const missing = Object.entries(peers).flatMap(([name, version]) => (installed(name) === version ? [] : [`${name}@${version}`]));
  if (missing.length === 0) return;
  const done = begin(`Installing ${missing.join(', ')}`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(path.join(folder, 'package.json'))) writeJson(path.join(folder, 'package.json'), { private: true });
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--prefix', folder];
  const remedy = 'Check the connection to the npm registry, then run the command again.';
  await run('npm install', remedy, 'npm', ['install', ...options, ...missing]);
  done();
}

/** A tokenizer.json with the pieces of our SentencePiece model, in the parts that XLM-R's has. */
function toTokenizerJson(pieces, { begin: first, end: last, unknown }) {
  const special = ({ id, piece }) => ({
    id,
    content: piece,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  const frame = [first, last].map((id) => pieces[id]);
  const [head, tail] = frame.map(({ piece }) => ({ SpecialToken: { id: piece, type_id: 0 } }));
  const sequence = { Sequence: { id: 'A', type_id: 0 } };
  const tokens = frame.map(({ id, piece }) => [piece, { id: piece, ids: [id], tokens: [piece] }]);
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [first, last, unknown].sort((a, b) => a - b).map((id) => special(pieces[id])),
    normalizer: { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    post_processor: {
      type: 'TemplateProcessing',
      single: [head, sequence, tail],
      pair: [head, sequence, tail, { Sequence: { id: 'B', type_id: 0 } }, tail],
      special_tokens: Object.fromEntries(tokens),
    },
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    model: { type: 'Unigram', unk_id: unknown, vocab: pieces.map(({ piece, score }) => [piece, score]), byte_fallback: false },
  };
}

/** The model as Transformers.js looks for it. */
async function writeTransformersModel(onnx) {
  const folder = at('build/bench/models/base');
  mkdirSync(path.join(folder, 'onnx'), { recursive: true });
  copyFileSync(onnx, path.join(folder, 'onnx/model.onnx'));
  const program = at('build/bench/wasm-simd128/aftersense_bench.mjs');
  const { default: create } = await import(pathToFileURL(program).href);
  const bench = await create();
  const bytes = readFileSync(pack);
  const buffer = new bench.Buffer(bytes.length);
  buffer.view().set(bytes);
  const encoder = bench.Encoder.load('simd128', buffer);
  const tokenizer = bench.Tokenizer.load(encoder);
  const pieces = Array.from({ length: tokenizer.size() }, (_, id) => ({ id, piece: tokenizer.piece(id), score: tokenizer.score(id) }));
  const ids = { begin: encoder.beginId(), end: encoder.endId(), unknown: encoder.unknownId() };
  writeJson(path.join(folder, 'tokenizer.json'), toTokenizerJson(pieces, ids));
  writeJson(path.join(folder, 'tokenizer_config.json'), {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: encoder.window(),
    bos_token: pieces[ids.begin].piece,
    eos_token: pieces[ids.end].piece,
    unk_token: pieces[ids.unknown].piece,
    clean_up_tokenization_spaces: false,
  });
  writeJson(path.join(folder, 'config.json'), { model_type: 'bert', architectures: ['BertModel'] });
}

/** Needs dist/. */
export async function prepare() {
  await buildPrograms();
  await installPeers();
  // `dynamic` is what the runtime runs fastest; the answers of `exact` are ours.
  await exportOnnx('exact');
  await writeTransformersModel(await exportOnnx('dynamic'));
}

/** Texts of the kind that the product reads, written for the project (models/data). Both languages in turns. */
export function readReviews() {
  const names = readdirSync(at('models/data')).filter((name) => /^messages_.*\.jsonl$/.test(name));
  const texts = (language) =>
    names
      .filter((name) => name.startsWith(`messages_${language}`))
      .sort()
      .flatMap((name) => readFileSync(at('models/data', name), 'utf8').trim().split('\n'))
      .map((line) => JSON.parse(line).text);
  const [zh, en] = ['zh', 'en'].map(texts);
  return Array.from({ length: Math.min(zh.length, en.length) }, (_, i) => [zh[i], en[i]]).flat();
}
