// `npm run build`: C++ to WebAssembly, TypeScript to dist/. Idempotent; what is up to date is not built again.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { buildDefaultAnswers } from './answers.mjs';
import { emscriptenEnvironment } from './emscripten.mjs';
import { exportOnnx } from './onnx.mjs';
import { generateValidator } from './policy.mjs';
import { setUp } from './setup.mjs';
import { begin, command, deps, output, root, run } from './step.mjs';

const variants = ['simd128', 'relaxed'];
const at = (...parts) => path.join(root, ...parts);
const readText = (...parts) => readFileSync(at(...parts), 'utf8');
const seeAbove = 'See the message above.';

/** Both modules; with `tests`, the C++ tests in WebAssembly too. */
async function buildWasm(variant, tests) {
  const preset = `wasm-${variant}`;
  const done = begin(`Building WebAssembly ${variant}`);
  const env = emscriptenEnvironment();
  const options = tests ? ['-DAFTERSENSE_TESTS=ON'] : [];
  await run(`Configuring ${preset}`, seeAbove, 'emcmake', ['cmake', '--preset', preset, ...options], { env });
  const targets = tests ? ['aftersense', 'aftersense_tests'] : ['aftersense'];
  const jobs = String(availableParallelism());
  await run(`Building ${preset}`, seeAbove, 'cmake', ['--build', '--preset', preset, '--parallel', jobs, '--target', ...targets], { env });
  done();
}

/** Code for the messages and files that cross. TypeScript: flatc writes it, tsc makes modules of it. Python: for models/. */
async function generateSchemas() {
  const flatc = path.join(deps, 'flatbuffers/bin/flatc');
  rmSync(at('build/generated/ts'), { recursive: true, force: true });
  const generate = (folder, ...args) =>
    run('Generating TypeScript from the schemas', seeAbove, flatc, ['--ts', '--gen-all', '-o', at('build/generated/ts', folder), ...args]);
  await generate('messages', '-I', at('src/tasks'), at('src/bindings/messages.fbs'));
  await generate('pack', at('src/nn/model_pack.fbs'));
  await generate('shards', at('src/tasks/shards.fbs'));
  await run('Generating Python from the model pack schema', seeAbove, flatc, [
    '--python',
    '--gen-onefile',
    '-o',
    at('models'),
    at('src/nn/model_pack.fbs'),
  ]);
  await run('Compiling the generated TypeScript', seeAbove, 'npx', ['--no-install', 'tsc', '-p', 'tsconfig.schema.json']);
}

/**
 * Emscripten's glue as a plain module. It is given its WebAssembly by web/runtime, so the paths on which it would look for files,
 * among them Node's, are cut off: bundlers and content security policies would trip over them.
 */
async function bundleGlue(esbuild, variant) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [at(`build/wasm-${variant}/bin/aftersense.mjs`)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    define: { process: 'undefined', 'import.meta.url': '""' },
    logOverride: { 'equals-nan': 'silent' },
    plugins: [emptyModule('module')],
  });
  return outputFiles[0].text;
}

/** An esbuild plugin that makes `name` a module without exports. */
function emptyModule(name) {
  return {
    name: `empty-${name}`,
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: 'empty' }));
      build.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'export {};' }));
    },
  };
}

/** One glue serves both variants, which differ in instructions only. */
async function generateGlue(esbuild) {
  const [simd128, relaxed] = await Promise.all(variants.map((variant) => bundleGlue(esbuild, variant)));
  const withoutPaths = (text) => text.replace(/^\s*\/\/.*$/gm, '');
  if (withoutPaths(simd128) !== withoutPaths(relaxed))
    throw new Error('The glue of simd128 and relaxed differs: their modules do not import and export the same.');
  writeFileSync(at('build/generated/glue.js'), simd128);
  copyFileSync(at('build/wasm-simd128/bin/aftersense.d.ts'), at('build/generated/glue.d.ts'));
}

async function bundle(esbuild, version) {
  const shared = {
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    outdir: at('dist'),
    define: { AFTERSENSE_VERSION: JSON.stringify(version) },
    // Optional peers: web/onnx/peers.ts imports the first two by name when they are asked for, web/react/ the last.
    external: ['onnxruntime-web', '@huggingface/tokenizers', 'react'],
  };
  // Each file of dist/ is whole in itself; these are the only imports between them.
  const besideEachOther = {
    name: 'beside-each-other',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.\/index\.ts$/ }, () => ({ path: './index.js', external: true }));
      onResolve({ filter: /^\.\/worker\/local\.ts$/ }, () => ({ path: './local.js', external: true }));
    },
  };
  const web = {
    index: at('web/index.ts'),
    local: at('web/worker/local.ts'),
    worker: at('web/worker/entry.ts'),
    element: at('web/element/index.ts'),
    react: at('web/react/index.ts'),
  };
  await esbuild.build({ ...shared, platform: 'browser', entryPoints: web, plugins: [besideEachOther] });
  const cli = { cli: at('web/cli/main.ts') };
  await esbuild.build({ ...shared, platform: 'node', target: 'node20', entryPoints: cli, plugins: [besideEachOther] });
}

/** The declarations of a module, and of all that they import. */
function copyDeclarations(name, copied = new Set()) {
  if (copied.has(name)) return;
  copied.add(name);
  const text = readText(`build/types/${name}.d.ts`);
  mkdirSync(path.dirname(at(`dist/${name}`)), { recursive: true });
  writeFileSync(at(`dist/${name}.d.ts`), text);
  for (const [, imported] of text.matchAll(/from '(\.[^']*)\.ts'/g))
    copyDeclarations(path.posix.join(path.posix.dirname(name), imported), copied);
}

/** Declarations of what the entries export; everything else stays inside. */
async function declare() {
  rmSync(at('build/types'), { recursive: true, force: true });
  await run('Writing declarations', seeAbove, 'npx', ['--no-install', 'tsc', '-p', 'tsconfig.build.json']);
  for (const entry of ['index', 'element/index', 'react/index']) copyDeclarations(entry);
  copyFileSync(at('build/types/worker/entry.d.ts'), at('dist/worker.d.ts'));
}

function copyAssets() {
  for (const variant of variants) copyFileSync(at(`build/wasm-${variant}/bin/aftersense.wasm`), at(`dist/aftersense-${variant}.wasm`));
  copyFileSync(at('web/desk/policy.schema.json'), at('dist/policy.schema.json'));
  // The Python of the commands on a shop's history: web/cli/python.ts runs it.
  const onlyMeasures = /^(evaluate|simulate)_/;
  for (const folder of ['shop', 'shop/spark']) {
    mkdirSync(at('dist', folder), { recursive: true });
    for (const name of readdirSync(at('models', folder)).filter((each) => /\.(py|txt)$/.test(each) && !onlyMeasures.test(each)))
      copyFileSync(at('models', folder, name), at('dist', folder, name));
  }
  // Compressed here, since not every server compresses a type that it does not know; web/assets/gzip.ts unpacks it.
  for (const tier of ['lite', 'base']) {
    const pack = readFileSync(at(`models/${tier}/aftersense-${tier}.aspack`));
    writeFileSync(at(`dist/aftersense-${tier}.aspack`), gzipSync(pack, { level: 9 }));
  }
}

/** The licences of the code of others inside dist/: what esbuild bundles, and what is compiled into the modules. */
function writeNotices() {
  const sentencepiece = path.join(deps, 'sentencepiece/sentencepiece');
  const emscripten = path.dirname(output('sh', ['-c', 'readlink -f "$(command -v emcc)"'], { env: emscriptenEnvironment() }) ?? '');
  const firstComment = (text) => text.slice(0, text.indexOf('*/') + 2);
  const sources = [
    ['flatbuffers', at('node_modules/flatbuffers/LICENSE')],
    ['idb', at('node_modules/idb/LICENSE')],
    ['csv-parse', at('node_modules/csv-parse/LICENSE')],
    ['sax', at('node_modules/sax/LICENSE.md')],
    ['htmlparser2', at('node_modules/htmlparser2/LICENSE')],
    ['entities', at('node_modules/entities/LICENSE')],
    ['MiniSearch', at('node_modules/minisearch/LICENSE.txt')],
    ['SentencePiece', path.join(sentencepiece, 'LICENSE')],
    ['Darts-clone', path.join(sentencepiece, 'third_party/darts_clone/LICENSE')],
    ['rapidhash', path.join(sentencepiece, 'third_party/rapidhash/rapidhash.h'), firstComment],
    ['musl, the C library of Emscripten (https://emscripten.org, MIT)', path.join(emscripten, 'system/lib/libc/musl/COPYRIGHT')],
  ];
  const notices = sources.map(([name, file, part = (text) => text]) => `==== ${name}\n\n${part(readFileSync(file, 'utf8')).trim()}\n`);
  writeFileSync(at('dist/THIRD_PARTY_LICENSES.txt'), notices.join('\n\n'));
}

/** Raw, gzip and brotli bytes of what ships. */
function printSizes() {
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(11);
  process.stdout.write(`${'dist/'.padEnd(28)}${['raw', 'gzip -9', 'brotli'].map((name) => name.padStart(11)).join('')}\n`);
  for (const name of readdirSync(at('dist'), { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.d.ts'))
    .map((entry) => entry.name)
    .sort()) {
    const bytes = readFileSync(at('dist', name));
    const sizes = [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
    process.stdout.write(`${name.padEnd(28)}${sizes.map(kilobytes).join('')}\n`);
  }
}

/** TypeScript, models and the WebAssembly already built to dist/. */
export async function buildDist() {
  const done = begin('Building dist/');
  const esbuild = await import('esbuild');
  await generateSchemas();
  await generateGlue(esbuild);
  await generateValidator(esbuild);
  rmSync(at('dist'), { recursive: true, force: true });
  mkdirSync(at('dist'), { recursive: true });
  await bundle(esbuild, JSON.parse(readText('package.json')).version);
  await declare();
  copyAssets();
  await buildDefaultAnswers();
  writeNotices();
  done();
}

/** Build everything that ships; with `tests`, the C++ tests in WebAssembly and the base model as ONNX too. */
export async function build({ tests = false } = {}) {
  await setUp({ tests });
  for (const variant of variants) await buildWasm(variant, tests);
  await buildDist();
  if (tests) await exportOnnx();
}

/** Build the demo storefront into build/demo/site. Needs dist/. */
export async function buildDemo() {
  const done = begin('Building the demo storefront');
  await run('Preparing the demo', seeAbove, process.execPath, [at('demo/prepare.mjs')]);
  const vite = await import('vite');
  await vite.build({ root: at('demo'), configFile: at('demo/vite.config.ts'), logLevel: 'warn' });
  done();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await command(async () => {
    await build();
    printSizes();
  });
}
