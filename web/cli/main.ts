/** The command `aftersense`. Exit codes: 0 done, 1 something failed or was left out (told on standard error), 2 wrong usage. */
import { parseArgs } from 'node:util';
import { AftersenseError, version } from '../index.ts';
import { analyze } from './analyze.ts';
import { buildCatalog } from './catalog.ts';
import { type Format, formats } from './input.ts';
import { inspect } from './inspect.ts';

const help = `aftersense ${version}: reads feedback in Chinese and English, on this machine alone

  aftersense analyze FILE|- [--explain] [--column text] [--format csv|jsonl|lines] [--progress]
      Judge each row; one JSON object a line: { text, ...other fields of the row, analysis }, in input order.
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

function readFormat(text: string | undefined): Format | undefined {
  const format = formats.find((name) => name === text);
  if (text !== undefined && !format) throw new UsageError(`--format must be one of ${formats.join(', ')}.`);
  return format;
}

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
    return analyze({ ...values, file: only(rest, 'file, or - for standard input'), format: readFormat(values.format) });
  else if (verb === 'inspect') return inspect(only(rest, 'model pack or catalogue'), values.json);
  else if (verb === 'catalog' && rest[0] === 'build') {
    return buildCatalog({
      file: only(rest.slice(1), 'product list'),
      out: values.output ?? 'catalog.ascat',
      format: readFormat(values.format),
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
