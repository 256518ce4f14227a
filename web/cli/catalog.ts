/** `aftersense catalog build`: all that a shop knows of its products, as one file for the device. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type Aftersense,
  type ArticleInput,
  type CatalogBuildOptions,
  type CatalogInfo,
  createAftersense,
  type ProductInput,
  type Progress,
  type Tier,
} from '../index.ts';
import { type Format, readWhole } from './input.ts';
import { inFolder, learnOf } from './interactions.ts';
import { LeftOut } from './left_out.ts';
import { type Listed, readArticles, readOffers, readProducts } from './lists.ts';
import { writeNeighboursOf } from './neighbours.ts';
import { createMeter, type Meter, writeWhole } from './output.ts';
import { vectorsOf } from './vectors.ts';

export interface CatalogSettings {
  readonly file: string;
  readonly out: string;
  readonly format: Format | undefined;
  /** With base, products get vectors of what they mean. */
  readonly tier: Tier;
  readonly orders?: string | undefined;
  /** With orders. */
  readonly ratings?: string | undefined;
  readonly python?: string | undefined;
  /** Instead of orders: what was learnt from them. */
  readonly interactions?: string | undefined;
  readonly offers?: string | undefined;
  readonly articles?: string | undefined;
  /** A catalogue, to take vectors over from. */
  readonly previous?: string | undefined;
  /** What `catalog vectors` wrote. */
  readonly vectors?: string | undefined;
  readonly report?: string | undefined;
  readonly progress: boolean;
}

type Built = Awaited<ReturnType<Aftersense['catalog']['build']>>;

/** Neighbours by content that the ranker is given of each product. */
const contentNeighbours = 50;

async function collect<T>(rows: AsyncIterable<Listed<T>>, tell: (count: number) => void = () => {}): Promise<Listed<T>[]> {
  const all: Listed<T>[] = [];
  for await (const row of rows) tell(all.push(row));
  return all;
}

/** With what is told on the way of `what`. */
async function metered<T>(wanted: boolean, what: string, work: (meter: Meter) => Promise<T>): Promise<T> {
  const meter = createMeter(wanted, what);
  try {
    return await work(meter);
  } finally {
    meter.end();
  }
}

interface Work {
  readonly settings: CatalogSettings;
  readonly desk: Aftersense;
  readonly leftOut: LeftOut;
  readonly products: readonly Listed<ProductInput>[];
  readonly articles: readonly Listed<ArticleInput>[];
}

const items = <T>(rows: readonly Listed<T>[]): T[] => rows.map(({ item }) => item);

function buildWith({ settings, desk, products }: Work, options: CatalogBuildOptions): Promise<Built> {
  const work = (meter?: Meter) => {
    const onProgress = (step: Progress) => step.stage === 'embed' && meter?.tell(step.done, step.total);
    return desk.catalog.build(items(products), { ...options, onProgress });
  };
  return options.embeddings ? metered(settings.progress, 'vectors', work) : work();
}

/** What the orders teach, with the neighbours of a catalogue of the same products; undefined where they are too few, or broken. */
function learnFrom(
  orders: string,
  { settings, desk, products, leftOut }: Work,
  plain: Built,
): Promise<{ text: string; code: number } | undefined> {
  const { ratings, python, progress } = settings;
  return inFolder(async (folder) => {
    const [content = '', out = '', report = ''] = ['neighbours', 'interactions', 'left_out'].map((name) =>
      path.join(folder, `${name}.jsonl`),
    );
    await desk.catalog.load(plain.bytes);
    await metered(progress, 'neighbours', (meter) => writeNeighboursOf(desk, contentNeighbours, content, meter));
    const ids = products.map(({ item }) => item.id);
    const code = await learnOf(ids, { file: orders, out, ratings, content, report, python });
    if (existsSync(report)) leftOut.addTold(await readFile(report, 'utf8'));
    return existsSync(out) ? { text: await readFile(out, 'utf8'), code } : undefined;
  });
}

async function optionsOf({ settings, desk, leftOut, products, articles }: Work): Promise<CatalogBuildOptions> {
  const { offers, interactions, tier, previous, vectors } = settings;
  return {
    offers: offers === undefined ? [] : items(await collect(readOffers(offers, leftOut))),
    articles: items(articles),
    ...(interactions === undefined ? {} : { interactions: (await readWhole(interactions)).toString() }),
    embeddings: tier === 'base' && (vectors === undefined || (await vectorsOf(desk, items(products), vectors, leftOut))),
    ...(previous === undefined ? {} : { previous: new Uint8Array(await readWhole(previous)) }),
  };
}

/** The file and 1 where orders or ratings were left out; undefined where nothing could be learnt, which Python has told. */
async function build(work: Work): Promise<{ readonly built: Built; readonly code: number } | undefined> {
  const options = await optionsOf(work);
  const built = await buildWith(work, options);
  const { orders, tier } = work.settings;
  if (orders === undefined) return { built, code: 0 };
  const learnt = await learnFrom(orders, work, built);
  if (!learnt) return undefined;
  const vectors = tier === 'base' ? { embeddings: true, previous: built.bytes } : {};
  const { info, bytes } = await buildWith(work, { ...options, ...vectors, interactions: learnt.text });
  return { built: { bytes, info: { ...info, reusedVectors: built.info.reusedVectors } }, code: Math.min(learnt.code, 1) };
}

function tell(out: string, info: CatalogInfo): void {
  const reused = info.reusedVectors > 0 ? `, ${info.reusedVectors} of them taken over` : '';
  const parts = [
    `${info.products} products`,
    `${info.terms} terms`,
    info.dimensions > 0 ? `vectors of ${info.dimensions} dimensions${reused}` : 'no vectors',
    ...(info.orders ? ['what orders taught'] : []),
    ...(info.offers > 0 ? [`${info.offers} offers`] : []),
    ...(info.articles > 0 ? [`${info.articles} articles`] : []),
    `${info.bytes} bytes`,
  ];
  process.stderr.write(`${out}: ${parts.join(', ')}\n`);
  if (info.unknownProducts > 0) process.stderr.write(`The interactions name ${info.unknownProducts} products that are not in the list.\n`);
}

function leaveOutSkipped(
  skipped: CatalogInfo['skipped'],
  rows: readonly Listed<{ readonly id: string }>[],
  file: string,
  leftOut: LeftOut,
): void {
  if (skipped.length === 0) return;
  const lines = new Map(rows.map(({ line, item }) => [item.id, line]));
  for (const { id } of skipped) leftOut.add(file, { line: lines.get(id) ?? 0, id, problem: 'it has no text', reason: 'no text' });
}

async function buildFrom(settings: CatalogSettings, leftOut: LeftOut): Promise<number> {
  const { file, articles: articlesFile, out, tier, format, progress } = settings;
  const products = await metered(progress, 'rows', (meter) => collect(readProducts(file, format, leftOut), meter.tell));
  const articles = articlesFile === undefined ? [] : await collect(readArticles(articlesFile, leftOut));
  const desk = await createAftersense({ worker: false, model: tier });
  try {
    const done = await build({ settings, desk, leftOut, products, articles });
    if (!done) return 1;
    const { bytes, info } = done.built;
    leaveOutSkipped(info.skipped, products, file, leftOut);
    leaveOutSkipped(info.skippedArticles, articles, articlesFile ?? '', leftOut);
    // As a shopper's device will.
    await desk.catalog.load(bytes);
    await writeWhole(out, bytes);
    tell(out, info);
    return leftOut.count > 0 ? 1 : done.code;
  } finally {
    desk.dispose();
  }
}

/** Returns the exit code: 1 where anything was left out, or orders too few to learn from, when nothing is written. */
export async function buildCatalog(settings: CatalogSettings): Promise<number> {
  const leftOut = new LeftOut(settings.report);
  try {
    return await buildFrom(settings, leftOut);
  } finally {
    await leftOut.end();
  }
}
