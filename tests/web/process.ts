/** A command as a process of its own. */
import { type SpawnOptionsWithoutStdio, spawn } from 'node:child_process';

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export function runProcess(program: string, args: readonly string[], options: SpawnOptionsWithoutStdio, input = ''): Promise<Outcome> {
  const child = spawn(program, args, options);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  // Who does not read its input may have ended before it comes.
  child.stdin.on('error', () => {}).end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}
