// Emscripten: the one on the PATH where it is new enough, else Debian's newer package unpacked into .deps/emscripten.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hasApt, installPackages, unpackPackages } from './debian.mjs';
import { begin, deps, onPath, output, root, StepError } from './step.mjs';

const versions = JSON.parse(readFileSync(path.join(root, 'tools/versions.json'), 'utf8'));
const home = path.join(deps, 'emscripten');
const emscripten = path.join(home, 'usr/share/emscripten');
const binaryen = path.join(home, 'binaryen');

const parse = (text) =>
  text
    ?.match(/(\d+)\.(\d+)\.(\d+)/)
    ?.slice(1)
    .map(Number);

function newEnough(text) {
  const found = parse(text);
  const wanted = parse(versions.emscripten);
  if (!found) return false;
  const at = found.findIndex((part, i) => part !== wanted[i]);
  return at < 0 || found[at] > wanted[at];
}

const systemVersion = () => (onPath('emcc') ? output('emcc', ['--version']) : undefined);

/** Environment under which `emcmake` and `emcc` work: the system's own, or the private one. emcc looks for tsc on the PATH. */
export function emscriptenEnvironment() {
  const tools = path.join(root, 'node_modules/.bin');
  if (newEnough(systemVersion())) return { ...process.env, PATH: `${process.env.PATH}:${tools}` };
  return { ...process.env, EM_CONFIG: path.join(home, 'config'), PATH: `${emscripten}:${process.env.PATH}:${tools}` };
}

/** Emscripten's own scripts are CommonJS; without a package.json of their own they would take the type of ours. */
function markCommonJs() {
  writeFileSync(path.join(home, 'package.json'), '{ "type": "commonjs" }\n');
}

/** Binaryen of the newer release needs that release's C library, so each tool starts through its loader. */
function wrapBinaryen() {
  const bin = path.join(binaryen, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const tool of readdirSync(path.join(home, 'usr/bin')).filter((name) => name.startsWith('wasm'))) {
    const script = `#!/bin/sh
home=$(dirname "$0")/../../usr
exec "$home/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" --library-path "$home/lib/x86_64-linux-gnu" "$home/bin/${tool}" "$@"
`;
    writeFileSync(path.join(bin, tool), script);
    chmodSync(path.join(bin, tool), 0o755);
  }
}

function writeConfig() {
  const lines = readFileSync(path.join(emscripten, '.emscripten'), 'utf8')
    .replace(/^BINARYEN_ROOT = .*$/m, `BINARYEN_ROOT = '${binaryen}'`)
    .replace(/^NODE_JS = .*$/m, `NODE_JS = '${process.execPath}'`);
  writeFileSync(path.join(home, 'config'), lines);
}

export async function setUpEmscripten() {
  if (newEnough(systemVersion())) return;
  if (existsSync(path.join(home, 'config')) && newEnough(output('emcc', ['--version'], { env: emscriptenEnvironment() }))) return;
  if (!hasApt() || process.arch !== 'x64') {
    throw new StepError(
      'Setting up Emscripten',
      'No emcc on the PATH.',
      `Install Emscripten ${versions.emscripten} or newer (emsdk) and put emcc on the PATH.`,
    );
  }
  const { clang } = versions;
  const compilers = [`clang-${clang}`, `lld-${clang}`, `llvm-${clang}`, 'node-acorn'];
  await installPackages(compilers.filter((name) => output('dpkg', ['-s', name]) === undefined));
  const done = begin(`Unpacking Emscripten ${versions.emscripten}`);
  rmSync(home, { recursive: true, force: true });
  await unpackPackages(['emscripten', 'binaryen', 'libc6', 'libstdc++6', 'libgcc-s1'], home);
  markCommonJs();
  wrapBinaryen();
  writeConfig();
  symlinkSync('/usr/share/nodejs', path.join(emscripten, 'node_modules'));
  const found = output('emcc', ['--version'], { env: emscriptenEnvironment() });
  if (!newEnough(found))
    throw new StepError('Setting up Emscripten', `emcc --version says: ${found}`, 'Delete .deps/ and run the command again.');
  done();
}
