/** The command `aftersense`. Exit codes: 0 done, 1 something failed or was left out (told on standard error), 2 wrong usage. */
import { parseArgs } from 'node:util';
import { AftersenseError, type Tier, version } from '../index.ts';
import { analyze } from './analyze.ts';
import { buildAnswers } from './answers.ts';
import { buildCatalog } from './catalog.ts';
import { trainForesight } from './foresight.ts';
import { formats } from './input.ts';
import { inspect } from './inspect.ts';
import { learnInteractions } from './interactions.ts';
import { sumTrends } from './trends.ts';

const help = `aftersense ${version}: reads feedback in Chinese and English, on this machine alone

  aftersense analyze FILE|- [--model auto|lite|base] [--explain] [--column text] [--format csv|jsonl|lines] [--progress]
      Judge each row; one JSON object a line: { text, ...other fields of the row, analysis }, in input order.
      The base model judges, as with auto; lite is faster, and reads less.
      CSV has a header; lines are texts, blank ones are passed over; gzip is unpacked. The format is told by the
      name of the file, else by its first character. Rows that cannot be judged are named on standard error, and
      the exit code is then 1.

  aftersense catalog build PRODUCTS [-o FILE] [--format csv|jsonl] [--model base|lite]
      Build a catalogue file from products: id, and any of title, description, category, brand, tags (a|b|c),
      price, currency, image, url. Base adds vectors of what the products mean, some ten to a hundred products a second;
      --model lite leaves them out: such products are found by words alone.

  aftersense catalog interactions ORDERS [-o FILE] [--ratings FILE] [--products FILE] [--python PATH]
      Learn what goes with what from the shop's own orders: CSV, TSV or JSONL with product_id (or items: a|b|c), and any of
      order_id, customer, quantity, ordered_at; ratings have customer, product_id, rating (1 to 5), rated_at. With a product
      list, orders of other products are left out. FILE, interactions.jsonl by default, is for recommendByHistory() on the
      device. Needs Python as foresight does, with implicit and mlxtend besides.

  aftersense answers build ANSWERS.jsonl [-o FILE] [--openings FILE.json] [--model base|lite]
      Build a file of the shop's own answers for desk.reply, out of one JSON object a line: id, topic, intent, tone (neutral,
      apologetic, warm), zh, en (texts with {slots}), slots, and questions { zh: [...], en: [...] }. All problems are named with
      their lines. --model lite leaves the embeddings out: such answers are found by words alone.

  aftersense inspect FILE [--json]
      What a model pack or a catalogue holds.

  aftersense trends sum REPORTS [-o FILE]
      Add up the reports of many devices, one JSON object a line as openReports() gives them: one line a period and
      a group asked alike, with an estimate, its standard error and its 95 % interval for each kind.

  aftersense foresight train ORDERS [-o FILE] [--label problem] [--features a,b] [--python PATH]
      Fit the risk of an after-sales problem to the shop's own orders: CSV, TSV or JSONL with a column of outcomes, 0 or 1
      (--label stars<=2 reads one out of another column), and any of product_id, category, price, ordered_at,
      promised_at, delivered_at, faq_visits, size_switches, past_orders, past_returns. FILE, foresight.json by default,
      is for foresee() on the device. Needs Python 3.11 or newer; scikit-learn is installed into the user's cache
      folder on first use, or --python names a Python that has it.

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
      openings: { type: 'string' },
      label: { type: 'string' },
      features: { type: 'string' },
      python: { type: 'string' },
      ratings: { type: 'string' },
      products: { type: 'string' },
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
  else if (verb === 'answers' && rest[0] === 'build') {
    return buildAnswers({
      file: only(rest.slice(1), 'file of answers'),
      out: values.output ?? 'answers.asans',
      openings: values.openings,
      tier: tierOf(choice(values.model, 'model', models)),
    });
  } else if (verb === 'trends' && rest[0] === 'sum') return sumTrends({ file: only(rest.slice(1), 'file of reports'), out: values.output });
  else if (verb === 'foresight' && rest[0] === 'train') {
    const { label, features, python } = values;
    return trainForesight({ file: only(rest.slice(1), 'file of orders'), out: values.output ?? 'foresight.json', label, features, python });
  } else if (verb === 'inspect') return inspect(only(rest, 'model pack or catalogue'), values.json);
  else if (verb === 'catalog' && rest[0] === 'build') {
    return buildCatalog({
      file: only(rest.slice(1), 'product list'),
      out: values.output ?? 'catalog.ascat',
      format: choice(values.format, 'format', formats),
      tier: tierOf(choice(values.model, 'model', models)),
    });
  } else if (verb === 'catalog' && rest[0] === 'interactions') {
    const { ratings, products, python } = values;
    return learnInteractions({
      file: only(rest.slice(1), 'file of orders'),
      out: values.output ?? 'interactions.jsonl',
      ratings,
      products,
      python,
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
