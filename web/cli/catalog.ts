/** `aftersense catalog build`: a catalogue file out of a shop's product list. */
import { rename, writeFile } from 'node:fs/promises';
import { createAftersense, type ProductInput, type Progress, type Tier } from '../index.ts';
import { type BadRow, type Format, type Row, readRows } from './input.ts';
import { createMeter } from './output.ts';

export interface CatalogSettings {
  readonly file: string;
  readonly out: string;
  readonly format: Format | undefined;
  /** With base, products get vectors of what they mean. */
  readonly tier: Tier;
}

const textFields = ['title', 'description', 'category', 'brand', 'currency', 'image', 'url'] as const;

/** A cell as text: product lists write ids, and some titles, as numbers. Blank and null are nothing. */
function cell(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** `a|b|c` or an array. */
function readTags(value: unknown): string[] | undefined {
  const parts = Array.isArray(value) ? value : (cell(value)?.split('|') ?? []);
  const tags = parts.map((part) => cell(part)?.trim()).filter((tag) => tag !== undefined);
  return tags.length > 0 ? tags : undefined;
}

/** A product out of a row of a product list, or what is wrong with it. */
export function toProduct({ line, fields }: Row): ProductInput | BadRow {
  const id = cell(fields.id);
  if (id === undefined) return { kind: 'bad', line, problem: 'no id' };
  const price = cell(fields.price);
  if (price !== undefined && !Number.isFinite(Number(price))) return { kind: 'bad', line, problem: `price "${price}" is not a number` };
  const tags = readTags(fields.tags);
  const texts = textFields.flatMap((name) => {
    const text = cell(fields[name]);
    return text === undefined ? [] : [[name, text]];
  });
  return { id, ...Object.fromEntries(texts), ...(tags ? { tags } : {}), ...(price === undefined ? {} : { price: Number(price) }) };
}

/** Returns the exit code: 1 where rows could not be read. Products without text are left out and named, which is no failure. */
export async function buildCatalog(settings: CatalogSettings): Promise<number> {
  const products: ProductInput[] = [];
  let bad = 0;
  for await (const row of readRows(settings.file, settings.format)) {
    const item = row.kind === 'row' ? toProduct(row) : row;
    if (!('kind' in item)) products.push(item);
    else {
      bad++;
      process.stderr.write(`line ${item.line}: ${item.problem}\n`);
    }
  }
  const desk = await createAftersense({ worker: false, model: settings.tier });
  const meter = settings.tier === 'base' ? createMeter(false) : undefined;
  try {
    const onProgress = (progress: Progress) => progress.stage === 'embed' && meter?.tell(progress.done);
    const { bytes, info } = await desk.catalog.build(products, { embeddings: settings.tier === 'base', onProgress });
    meter?.end();
    // Whole or not at all: a shop serves this file.
    const partial = `${settings.out}.part`;
    await writeFile(partial, bytes);
    await rename(partial, settings.out);
    const vectors = info.dimensions > 0 ? `vectors of ${info.dimensions} dimensions` : 'no vectors';
    for (const { id } of info.skipped) process.stderr.write(`product ${id}: left out, it has no text\n`);
    process.stderr.write(`${settings.out}: ${info.products} products, ${info.terms} terms, ${vectors}, ${info.bytes} bytes\n`);
  } finally {
    desk.dispose();
  }
  if (bad > 0) process.stderr.write(`${bad} rows were left out.\n`);
  return bad > 0 ? 1 : 0;
}
