/** What a verb of the command is, and the reading of its arguments. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Tier } from '../index.ts';

/** The command line cannot be meant: exit code 2. */
export class UsageError extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ readonly options: O; readonly allowPositionals: true }>>['values'];

interface Definition<O extends Options> {
  /** `catalog build`. */
  readonly words: string;
  /** Its arguments, as in a manual. */
  readonly usage: string;
  /** What it does. */
  readonly about: string;
  readonly options: O;
  /** Returns the exit code. */
  run(values: Values<O>, files: readonly string[]): Promise<number>;
}

export interface Command {
  readonly words: readonly string[];
  readonly help: string;
  run(args: readonly string[]): Promise<number>;
}

export function command<const O extends Options>({ words, usage, about, options, run }: Definition<O>): Command {
  const lines = about
    .trim()
    .split('\n')
    .map((line) => line.replace(/^ {6}/, ''));
  return {
    words: words.split(' '),
    help: [`  aftersense ${words} ${usage}`, ...lines.map((line) => `      ${line}`)].join('\n'),
    run: (args) => {
      const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
      return run(values as Values<O>, positionals);
    },
  };
}

export function only(files: readonly string[], what: string): string {
  const [file, more] = files;
  if (file === undefined || more !== undefined) throw new UsageError(`Give one ${what}.`);
  return file;
}

/** The value of an option that has a few; undefined where it was not given. */
export function choice<T extends string>(text: string | undefined, option: string, allowed: readonly T[]): T | undefined {
  const found = allowed.find((name) => name === text);
  if (text !== undefined && !found) throw new UsageError(`--${option} must be one of ${allowed.join(', ')}.`);
  return found;
}

/** The value of an option that is a number from 1 to `max`. */
export function whole(text: string, option: string, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max) throw new UsageError(`--${option} must be a whole number from 1 to ${max}.`);
  return value;
}

const models = ['auto', 'lite', 'base'] as const;

/** A command can wait for base, so that is what auto, and none, come to. */
export const tierOf = (model: string | undefined): Tier => (choice(model, 'model', models) === 'lite' ? 'lite' : 'base');
