/** The verbs of the command. */
import { analyze } from './analyze.ts';
import { buildAnswers } from './answers.ts';
import { buildCatalog } from './catalog.ts';
import { type Command, choice, command, only, tierOf, UsageError, whole } from './command.ts';
import { trainForesight } from './foresight.ts';
import { listFormats, textFormats } from './input.ts';
import { inspect } from './inspect.ts';
import { learnInteractions } from './interactions.ts';
import { writeNeighbours } from './neighbours.ts';
import { buildShardedCatalog } from './shards.ts';
import { sumTrends } from './trends.ts';
import { writeVectors } from './vectors.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const output = { type: 'string', short: 'o' } as const;

export const commands: readonly Command[] = [
  command({
    words: 'analyze',
    usage: 'FILE|- [--model auto|lite|base] [--explain] [--column text] [--format csv|tsv|jsonl|lines] [--progress]',
    about: `
      Judge each row; one JSON object a line: { text, ...other fields of the row, analysis }, in input order.
      The base model judges, as with auto; lite is faster, and reads less.
      CSV and TSV have a header; lines are texts, blank ones are passed over; gzip is unpacked. The format is told by the
      name of the file, else by its first character. Rows that cannot be judged are named on standard error, and
      the exit code is then 1.`,
    options: { model: text, explain: flag, column: { ...text, default: 'text' }, format: text, progress: flag },
    run: ({ model, format, ...others }, files) =>
      analyze({
        ...others,
        file: only(files, 'file, or - for standard input'),
        tier: tierOf(model),
        format: choice(format, 'format', textFormats),
      }),
  }),
  command({
    words: 'catalog build',
    usage: 'PRODUCTS [-o FILE] [--orders FILE [--ratings FILE]] [--offers FILE] [--articles FILE] …',
    about: `
      Build a catalogue file, catalog.ascat by default, from products: CSV, TSV, JSONL, or a Google Merchant feed in XML or
      TSV. Columns are id and any of title, description, category, brand, tags (a|b|c), price, currency, image, url,
      availability (in_stock, out_of_stock, preorder, backorder), sale_price, group, seller, role (product, spare_part,
      accessory), fits (ids, a|b), lasts_days; or the attributes of a feed. Markup in titles and descriptions is taken out.
        --orders FILE        learn what goes with what from the shop's orders, as catalog interactions does, with --ratings FILE
                             and --python PATH
        --interactions FILE  what catalog interactions has learnt before, instead
        --offers FILE        id, kind (percent, amount, free_shipping, gift), and any of value, title, description, code,
                             currency, least_spend, starts, ends, products, categories, brands (a|b), image, url
        --articles FILE      id, and any of kind (article, video), title, description, language, about (ids, a|b), tags,
                             url, image
        --model base|lite    base, the default, adds vectors of what the products mean, some ten to a hundred products a
                             second; with lite they are found by words alone
        --previous FILE      an older catalogue, from which vectors of products whose texts are the same are taken over
        --vectors FILE       vectors that catalog vectors has made, or a folder of such files
        --report FILE        all that was left out, and why, as JSON lines { file, line, id, reason, problem }
        --format csv|tsv|jsonl|xml   of PRODUCTS; by default told by its name, else by its beginning
        --shards N|auto      a catalogue too large to download, as a folder of small files of which a page fetches what it
                             needs: -o names the folder, by default catalog. With --interactions, not --orders; vectors are
                             made, not taken over. auto: one shard for each 64 products
        --progress           told on a terminal anyway
      The file is whole and checked, or not there. The exit code is 1 where anything was left out: the first of each kind are
      named on standard error. Of products with one id the first stands.`,
    options: {
      output,
      orders: text,
      ratings: text,
      python: text,
      interactions: text,
      offers: text,
      articles: text,
      model: text,
      previous: text,
      vectors: text,
      report: text,
      format: text,
      shards: text,
      progress: flag,
    },
    run: ({ output, model, format, shards, ...others }, files) => {
      const { orders, ratings, interactions, previous, vectors } = others;
      const tier = tierOf(model);
      if (orders !== undefined && interactions !== undefined) throw new UsageError('Give --orders or --interactions.');
      if (ratings !== undefined && orders === undefined) throw new UsageError('--ratings needs --orders.');
      if (tier === 'lite' && (previous ?? vectors) !== undefined) throw new UsageError('With --model lite there are no vectors.');
      const read = { ...others, file: only(files, 'product list'), tier, format: choice(format, 'format', listFormats) };
      if (shards === undefined) return buildCatalog({ ...read, out: output ?? 'catalog.ascat' });
      if ((orders ?? previous ?? vectors) !== undefined)
        throw new UsageError('--orders, --previous and --vectors do not go with --shards.');
      const count = shards === 'auto' ? undefined : whole(shards, 'shards', 65_535);
      return buildShardedCatalog({ ...read, out: output ?? 'catalog', shards: count });
    },
  }),
  command({
    words: 'catalog vectors',
    usage: 'PRODUCTS|- [--format csv|tsv|jsonl|xml] [--progress]',
    about: `
      What each product means, for catalog build --vectors: one JSON object a line, { id, model, hash, vector }, in input
      order: the hash is of the text that was read, the vector 384 float32, little-endian, in base64.`,
    options: { format: text, progress: flag },
    run: ({ format, progress }, files) =>
      writeVectors({ file: only(files, 'product list, or - for standard input'), format: choice(format, 'format', listFormats), progress }),
  }),
  command({
    words: 'catalog neighbours',
    usage: 'CATALOG [-k 50] [-o FILE] [--progress]',
    about: `
      The products most like each product by text and meaning: one JSON object a line, { id, like: [[id, score], …] }, to
      neighbours.jsonl by default; catalog interactions --content learns how much that counts.`,
    options: { k: { type: 'string', short: 'k', default: '50' }, output, progress: flag },
    run: ({ k, output: out = 'neighbours.jsonl', progress }, files) =>
      writeNeighbours({ file: only(files, 'catalogue'), k: whole(k, 'k', 1000), out, progress }),
  }),
  command({
    words: 'catalog interactions',
    usage: 'ORDERS [-o FILE] [--ratings FILE] [--products FILE] [--content FILE] [--report FILE] [--python PATH]',
    about: `
      Learn what goes with what from the shop's own orders: CSV, TSV or JSONL with product_id (or items: a|b|c), and any of
      order_id, customer, quantity, ordered_at; ratings have customer, product_id, rating (1 to 5), rated_at. With a product
      list, orders of other products are left out. FILE, interactions.jsonl by default, is for catalog build --interactions.
      Needs Python as foresight does, with implicit and mlxtend besides.`,
    options: { output, ratings: text, products: text, content: text, report: text, python: text },
    run: ({ output: out = 'interactions.jsonl', ...others }, files) =>
      learnInteractions({ ...others, file: only(files, 'file of orders'), out }),
  }),
  command({
    words: 'answers build',
    usage: 'ANSWERS.jsonl [-o FILE] [--openings FILE.json] [--model base|lite]',
    about: `
      Build a file of the shop's own answers for desk.reply, out of one JSON object a line: id, topic, intent, tone (neutral,
      apologetic, warm), zh, en (texts with {slots}), slots, and questions { zh: [...], en: [...] }. All problems are named
      with their lines. --model lite leaves the embeddings out: such answers are found by words alone.`,
    options: { output, openings: text, model: text },
    run: ({ output: out = 'answers.asans', openings, model }, files) =>
      buildAnswers({ file: only(files, 'file of answers'), out, openings, tier: tierOf(model) }),
  }),
  command({
    words: 'inspect',
    usage: 'FILE [--json]',
    about: 'What a model pack or a catalogue holds.',
    options: { json: flag },
    run: ({ json }, files) => inspect(only(files, 'model pack or catalogue'), json),
  }),
  command({
    words: 'trends sum',
    usage: 'REPORTS [-o FILE]',
    about: `
      Add up the reports of many devices, one JSON object a line as openReports() gives them: one line a period and
      a group asked alike, with an estimate, its standard error and its 95 % interval for each kind.`,
    options: { output },
    run: ({ output: out }, files) => sumTrends({ file: only(files, 'file of reports'), out }),
  }),
  command({
    words: 'foresight train',
    usage: 'ORDERS [-o FILE] [--label problem] [--features a,b] [--python PATH]',
    about: `
      Fit the risk of an after-sales problem to the shop's own orders: CSV, TSV or JSONL with a column of outcomes, 0 or 1
      (--label stars<=2 reads one out of another column), and any of product_id, category, price, ordered_at,
      promised_at, delivered_at, faq_visits, size_switches, past_orders, past_returns. FILE, foresight.json by default,
      is for foresee() on the device. Needs Python 3.11 or newer; scikit-learn is installed into the user's cache
      folder on first use, or --python names a Python that has it.`,
    options: { output, label: text, features: text, python: text },
    run: ({ output: out = 'foresight.json', label, features, python }, files) =>
      trainForesight({ file: only(files, 'file of orders'), out, label, features, python }),
  }),
];
