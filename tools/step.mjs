// Runs the steps of a command: says what it does, keeps the output for failures, and names the remedy.
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const deps = path.join(root, '.deps');
const log = path.join(deps, 'log.txt');

export class StepError extends Error {
  constructor(step, detail, remedy) {
    super(`${step} failed\n${detail}\n→ ${remedy}`);
    this.name = 'StepError';
  }
}

/** Whether `command` can be started from the PATH. */
export function onPath(command) {
  return spawnSync('sh', ['-c', `command -v "${command}"`]).status === 0;
}

/** The standard output of a command, or undefined where it cannot be run or fails. */
export function output(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', ...options });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** Run quietly; on failure throw a StepError with the end of the output. */
export function run(step, remedy, command, args, options = {}) {
  mkdirSync(deps, { recursive: true });
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let tail = '';
    const keep = (chunk) => {
      appendFileSync(log, chunk);
      tail = (tail + chunk).slice(-4000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => reject(new StepError(step, String(error), remedy)));
    child.on('close', (code) => (code === 0 ? resolve(tail) : reject(new StepError(step, tail.split('\n').slice(-25).join('\n'), remedy))));
  });
}

/** Run with the terminal attached; resolves with the exit code. */
export function show(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.on('error', () => resolve(127));
    child.on('close', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

/** Print what begins now; returns a function that prints how long it took. */
export function begin(text) {
  const start = Date.now();
  process.stderr.write(`• ${text} … `);
  return (note = '') => process.stderr.write(`${note}${note ? ', ' : ''}${((Date.now() - start) / 1000).toFixed(1)} s\n`);
}

/** Run `main`; a StepError ends the process with its message alone. */
export async function command(main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`\n${error instanceof StepError ? error.message : (error.stack ?? error)}\n`);
    process.exitCode = 1;
  }
}
