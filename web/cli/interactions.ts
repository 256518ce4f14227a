/** `aftersense catalog interactions`: what goes with what, learnt from a shop's own orders by models/shop/recommend.py. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AftersenseError } from '../index.ts';
import { Cells } from './cells.ts';
import { listFormats, readRows } from './input.ts';
import { recommending, runShop } from './python.ts';

export interface InteractionsSettings {
  readonly file: string;
  readonly out: string;
  readonly ratings?: string | undefined;
  /** A product list of any format; orders of others are left out. */
  readonly products?: string | undefined;
  /** What `catalog neighbours` wrote. */
  readonly content?: string | undefined;
  /** All that was left out, as JSON lines. */
  readonly report?: string | undefined;
  readonly python?: string | undefined;
}

/** `use` a folder that is gone afterwards. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'aftersense-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readIds(file: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const row of readRows(file, undefined, listFormats)) {
    const id = row.kind === 'row' ? new Cells(row).text('id')?.trim() : undefined;
    if (id !== undefined) ids.push(id);
  }
  if (ids.length === 0) throw new AftersenseError('input_invalid', `${file} has no product ids: its column is "id".`);
  return ids;
}

/** Of these products alone. Returns the exit code: 1 where nothing could be learnt, or rows were left out. */
export function learnOf(ids: readonly string[], settings: Omit<InteractionsSettings, 'products'>): Promise<number> {
  return inFolder(async (folder) => {
    const list = path.join(folder, 'products.jsonl');
    await writeFile(list, ids.map((id) => `${JSON.stringify({ id })}\n`).join(''));
    return learn(settings, list);
  });
}

function learn({ file, out, ratings, content, report, python }: Omit<InteractionsSettings, 'products'>, list?: string): Promise<number> {
  const options = Object.entries({ output: out, ratings, products: list, content, report });
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
  return runShop('recommend', [...given, '--', file], python, recommending);
}

/** Returns the exit code: 1 where nothing could be learnt, or rows were left out. */
export async function learnInteractions({ products, ...settings }: InteractionsSettings): Promise<number> {
  return products === undefined ? learn(settings) : learnOf(await readIds(products), settings);
}
