/** `aftersense catalog build --shards`: a catalogue that is too large to download, as a folder of small files. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createAftersense, type ProductInput, type ProductSource, type Progress, type ShardsInfo, type Tier } from '../index.ts';
import { productText } from '../product_text.ts';
import { type Format, readRows } from './input.ts';
import { inFolder } from './interactions.ts';
import { LeftOut } from './left_out.ts';
import { type Listed, readArticles, readOffers, readProducts } from './lists.ts';
import { createMeter, type Meter, writeWhole } from './output.ts';
import { Spool } from './spool.ts';

export interface ShardSettings {
  readonly file: string;
  /** A folder. */
  readonly out: string;
  readonly format: Format | undefined;
  readonly tier: Tier;
  /** Undefined: as many as suit. */
  readonly shards: number | undefined;
  readonly interactions?: string | undefined;
  readonly offers?: string | undefined;
  readonly articles?: string | undefined;
  readonly report?: string | undefined;
  readonly progress: boolean;
}

const batchProducts = 2000;
const counted = { count: 'products counted', shards: 'products in shards' } as const;

/** The product list, read once; then its products are read from `spool`. */
function sourceOf({ file, format }: ShardSettings, leftOut: LeftOut, spool: Spool<ProductInput>): ProductSource {
  async function* scan() {
    let batch: ProductInput[] = [];
    for await (const { line, item } of readProducts(file, format, leftOut)) {
      if (productText(item) === '') leftOut.add(file, { line, id: item.id, problem: 'it has no text', reason: 'no text' });
      else {
        spool.add(item);
        batch.push(item);
      }
      if (batch.length < batchProducts) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  }
  return { scan, pick: (places) => places.map((place) => spool.at(place)) };
}

/** What orders taught of a few products at a time: the header of the file, and their lines. */
async function learntFrom(file: string, spool: Spool<Readonly<Record<string, unknown>>>): Promise<(ids: readonly string[]) => string> {
  const places = new Map<string, number>();
  for await (const row of readRows(file, 'jsonl')) {
    if (row.kind === 'bad') throw new Error(`${file}: line ${row.line}: ${row.problem}`);
    if (spool.length > 0) places.set(String(row.fields.id), spool.length);
    spool.add(row.fields);
  }
  if (spool.length === 0) throw new Error(`${file} is empty.`);
  const lineAt = (place: number) => JSON.stringify(spool.at(place));
  return (ids) => [0, ...ids.flatMap((id) => places.get(id) ?? [])].map(lineAt).join('\n');
}

async function itemsOf<T>(rows: AsyncIterable<Listed<T>>): Promise<T[]> {
  const items: T[] = [];
  for await (const { item } of rows) items.push(item);
  return items;
}

/** Writes into a folder that is made as it is needed; the manifest whole or not at all, for pages may be reading it. */
function writerInto(out: string): (name: string, bytes: Uint8Array) => Promise<void> {
  const made = new Set<string>();
  return async (name, bytes) => {
    const file = path.join(out, name);
    const folder = path.dirname(file);
    if (!made.has(folder)) await mkdir(folder, { recursive: true });
    made.add(folder);
    await (name.includes('/') ? writeFile(file, bytes) : writeWhole(file, bytes));
  };
}

async function buildInto(settings: ShardSettings, leftOut: LeftOut, folder: string): Promise<ShardsInfo> {
  const { out, tier, shards, interactions, offers, articles, progress } = settings;
  const desk = await createAftersense({ worker: false, model: tier });
  const products = new Spool<ProductInput>(path.join(folder, 'products'));
  const learnt = new Spool<Readonly<Record<string, unknown>>>(path.join(folder, 'learnt'));
  const meters: { -readonly [stage in keyof typeof counted]?: Meter } = {};
  try {
    const onProgress = (step: Progress) => {
      if (step.stage !== 'count' && step.stage !== 'shards') return;
      meters[step.stage] ??= createMeter(progress, counted[step.stage]);
      meters[step.stage]?.tell(step.done, step.total || undefined);
    };
    const info = await desk.catalog.buildShards(sourceOf(settings, leftOut, products), {
      write: writerInto(out),
      ...(shards === undefined ? {} : { shards }),
      embeddings: tier === 'base',
      ...(interactions === undefined ? {} : { interactions: await learntFrom(interactions, learnt) }),
      ...(offers === undefined ? {} : { offers: await itemsOf(readOffers(offers, leftOut)) }),
      ...(articles === undefined ? {} : { articles: await itemsOf(readArticles(articles, leftOut)) }),
      onProgress,
    });
    // As a shopper's device will.
    await desk.catalog.load(path.join(out, 'catalog.ascm'));
    return info;
  } finally {
    for (const meter of Object.values(meters)) meter.end();
    products.close();
    learnt.close();
    desk.dispose();
  }
}

/** Returns the exit code: 1 where anything was left out. */
export async function buildShardedCatalog(settings: ShardSettings): Promise<number> {
  const leftOut = new LeftOut(settings.report);
  try {
    const { products, shards, files, bytes, dimensions } = await inFolder((folder) => buildInto(settings, leftOut, folder));
    const vectors = dimensions > 0 ? `vectors of ${dimensions} dimensions` : 'no vectors';
    const parts = [`${products} products`, `${shards} shards`, vectors, `${files} files`, `${bytes} bytes`];
    process.stderr.write(`${path.join(settings.out, 'catalog.ascm')}: ${parts.join(', ')}\n`);
    return leftOut.count > 0 ? 1 : 0;
  } finally {
    await leftOut.end();
  }
}
