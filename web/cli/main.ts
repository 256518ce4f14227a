/** The command `aftersense`. Exit codes: 0 done, 1 something failed or was left out (told on standard error), 2 wrong usage. */
import { parseArgs } from 'node:util';
import { AftersenseError, type Tier, version } from '../index.ts';
import { analyze } from './analyze.ts';
import { buildCatalog } from './catalog.ts';
import { formats } from './input.ts';
import { inspect } from './inspect.ts';

const help = `aftersense ${version}: reads feedback in Chinese and English, on this machine alone

  aftersense analyze FILE|- [--model auto|lite|base] [--explain] [--column text] [--format csv|jsonl|lines] [--progress]
      Judge each row; one JSON object a line: { text, ...other fields of the row, analysis }, in input order.
      The base model judges, as with auto; lite is faster, and reads less.
      CSV has a header; lines are texts, blank ones are passed over; gzip is unpacked. The format is told by the
      name of the file, else by its first character. Rows that cannot be judged are named on standard error, and
      the exit code is then 1.

  aftersense catalog build PRODUCTS [-o FILE] [--format csv|jsonl]
      Build a catalogue file from products: id, and any of title, description, category, brand, tags (a|b|c),
      price, currency, image, url.

  aftersense inspect FILE [--json]
      What a model pack or a catalogue holds.

  aftersense --help | --version
`;

class UsageError extends Error {}

/** The value of an option that has a few; undefined where it was not given. */
function choice<T extends string>(text: string | undefined, option: string, allowed: readonly T[]): T | undefined {
  const found = allowed.find((name) => name === text);
  if (text !== undefined && !found) throw new UsageError(`--${option} must be one of ${allowed.join(', ')}.`);
  return found;
}

const models = ['auto', 'lite', 'base'] as const;

/** A command can wait for base, so that is what auto comes to. */
const tierOf = (model: (typeof models)[number] | undefined): Tier => (model === 'lite' ? 'lite' : 'base');

function only(positionals: readonly string[], what: string): string {
  const [file, more] = positionals;
  if (file === undefined || more !== undefined) throw new UsageError(`Give one ${what}.`);
  return file;
}

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      explain: { type: 'boolean', default: false },
      column: { type: 'string', default: 'text' },
      format: { type: 'string' },
      model: { type: 'string' },
      progress: { type: 'boolean', default: false },
      output: { type: 'string', short: 'o' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      version: { type: 'boolean', default: false },
    },
  });
  const [verb, ...rest] = positionals;
  if (values.version) process.stdout.write(`${version}\n`);
  else if (values.help || (verb === undefined && args.length === 0)) process.stdout.write(help);
  else if (verb === 'analyze')
    return analyze({
      ...values,
      file: only(rest, 'file, or - for standard input'),
      tier: tierOf(choice(values.model, 'model', models)),
      format: choice(values.format, 'format', formats),
    });
  else if (verb === 'inspect') return inspect(only(rest, 'model pack or catalogue'), values.json);
  else if (verb === 'catalog' && rest[0] === 'build') {
    return buildCatalog({
      file: only(rest.slice(1), 'product list'),
      out: values.output ?? 'catalog.ascat',
      format: choice(values.format, 'format', formats),
    });
  } else throw new UsageError(`There is no command "${positionals.join(' ')}".`);
  return 0;
}

const isUsage = (error: unknown): error is Error =>
  error instanceof UsageError || String((error as { code?: unknown } | null)?.code ?? '').startsWith('ERR_PARSE_ARGS');

/** Run one command line; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  // A reader that has seen enough, like `head`, is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    return await run(args);
  } catch (error) {
    if (isUsage(error)) {
      process.stderr.write(`${error.message}\nTry: aftersense --help\n`);
      return 2;
    }
    const text =
      error instanceof AftersenseError ? `${error.message} [${error.code}]` : error instanceof Error ? error.message : String(error);
    process.stderr.write(`${text}\n`);
    return 1;
  }
}
