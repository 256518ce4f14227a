/**
 * The Python of the commands that learn from a shop's history. On first use they get a virtual environment of their own in the user's
 * cache folder, with the versions of a list in dist/shop; nothing else on the machine is touched.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AftersenseError } from '../index.ts';

/** dist/, where the build puts the Python package `shop` beside the command. */
const dist = fileURLToPath(new URL('.', import.meta.url));

/** What a module of `shop` is run with. */
interface Needs {
  /** Pinned versions, for pip. */
  readonly list: string;
  /** That a Python has it is told by importing these. */
  readonly modules: readonly string[];
  readonly title: string;
}

const fitting: Needs = { list: path.join(dist, 'shop/requirements.txt'), modules: ['sklearn'], title: 'scikit-learn' };

export const recommending: Needs = {
  list: path.join(dist, 'shop/requirements-recommend.txt'),
  modules: ['sklearn', 'implicit', 'mlxtend'],
  title: 'scikit-learn, implicit and mlxtend',
};

const oldest = { major: 3, minor: 11 };
const isWindows = process.platform === 'win32';

interface Outcome {
  /** Null where the program could not be started, or was ended by a signal. */
  readonly code: number | null;
  readonly output: string;
  readonly isMissing: boolean;
}

/**
 * What it prints is kept, or with `show` seen as it comes. All are called with -I or -P, so that a csv.py in the folder where the command
 * is called is not taken for Python's own.
 */
function start(program: string, args: readonly string[], show = false, env = process.env): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    child.on('error', (error: NodeJS.ErrnoException) => resolve({ code: null, output: error.message, isMissing: error.code === 'ENOENT' }));
    child.on('close', (code) => resolve({ code, output: output.trim(), isMissing: false }));
  });
}

const lastLines = (text: string): string => text.split('\n').slice(-8).join('\n');
const wanted = `Python ${oldest.major}.${oldest.minor} or newer`;

/** The version of a Python that can make environments, as `3.11`. */
async function checkBase(program: string): Promise<string> {
  const { code, output, isMissing } = await start(program, ['-I', '-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  if (isMissing) throw new AftersenseError('python_missing', `There is no ${program}. Install ${wanted}, or name one with --python.`);
  const [major = 0, minor = 0] = output.split('.').map(Number);
  if (code !== 0 || major !== oldest.major || !(minor >= oldest.minor))
    throw new AftersenseError(
      'python_missing',
      `${program} is not ${wanted}: ${lastLines(output)}. Install one, or name it with --python.`,
    );
  const { code: lacks } = await start(program, ['-I', '-c', 'import ensurepip, venv']);
  if (lacks !== 0)
    throw new AftersenseError('python_missing', `${program} lacks the module venv. Install it (Debian, Ubuntu: apt install python3-venv).`);
  return output;
}

/** By the XDG base directory specification; on Windows the local application data. */
function cacheFolder(): string {
  const named = isWindows ? process.env.LOCALAPPDATA : process.env.XDG_CACHE_HOME;
  const base = named !== undefined && path.isAbsolute(named) ? named : path.join(homedir(), isWindows ? 'AppData/Local' : '.cache');
  return path.join(base, 'aftersense');
}

const pythonOf = (environment: string): string => path.join(environment, isWindows ? 'Scripts/python.exe' : 'bin/python');

async function install(base: string, environment: string, { list, title }: Needs): Promise<void> {
  const made = await start(base, ['-I', '-m', 'venv', '--clear', environment]);
  if (made.code !== 0)
    throw new AftersenseError('python_failed', `A virtual environment cannot be made in ${environment}:\n${lastLines(made.output)}`);
  const pip = ['-I', '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--only-binary', ':all:'];
  const installed = await start(pythonOf(environment), [...pip, '-r', list]);
  if (installed.code !== 0)
    throw new AftersenseError(
      'python_failed',
      `pip could not install ${title}; check the connection to the package index:\n${lastLines(installed.output)}`,
    );
}

/** Whole or not at all: it is made beside its place and moved there, also where two commands begin at once. */
async function ownEnvironment(needs: Needs): Promise<string> {
  const base = isWindows ? 'python' : 'python3';
  const version = await checkBase(base);
  const key = createHash('sha256')
    .update(version)
    .update(await readFile(needs.list))
    .digest('hex')
    .slice(0, 12);
  const environment = path.join(cacheFolder(), `python-${key}`);
  if (existsSync(pythonOf(environment))) return pythonOf(environment);
  process.stderr.write(`Installing ${needs.title} into ${environment}, once … `);
  const partial = `${environment}.${process.pid}`;
  try {
    await mkdir(path.dirname(environment), { recursive: true });
    await install(base, partial, needs);
    await rename(partial, environment).catch((error: unknown) => {
      if (!existsSync(pythonOf(environment))) throw error;
    });
  } catch (error) {
    process.stderr.write('failed\n');
    if (error instanceof AftersenseError) throw error;
    throw new AftersenseError('python_failed', `A virtual environment cannot be made in ${environment}: ${(error as Error).message}`);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  process.stderr.write('done\n');
  return pythonOf(environment);
}

/** One of the shop's own, which has to have what the requirements name; -P came with 3.11. */
async function givenPython(program: string, { list, modules, title }: Needs): Promise<string> {
  const { code, output, isMissing } = await start(program, ['-P', '-c', `import ${modules.join(', ')}`]);
  if (isMissing) throw new AftersenseError('python_missing', `There is no ${program}.`);
  if (code !== 0)
    throw new AftersenseError(
      'python_missing',
      `${program} must be ${wanted} with ${title}: ${program} -m pip install -r ${list}\n${lastLines(output)}`.trim(),
    );
  return program;
}

/** Run a module of the package `shop` with what it prints to be seen; returns its exit code. */
export async function runShop(module: string, args: readonly string[], python: string | undefined, needs = fitting): Promise<number> {
  const program = python === undefined ? await ownEnvironment(needs) : await givenPython(python, needs);
  const env = { ...process.env, PYTHONPATH: dist, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1' };
  const { code, output } = await start(program, ['-P', '-m', `shop.${module}`, ...args], true, env);
  if (code === null) throw new AftersenseError('python_failed', `${program} was ended${output ? `: ${output}` : ''}.`);
  return code;
}
