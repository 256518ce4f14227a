/** `aftersense catalog neighbours`: the products most like each product of a catalogue, by what the device itself would say. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { type Aftersense, createAftersense } from '../index.ts';
import { createMeter, type Meter, writeLine } from './output.ts';

export interface NeighboursSettings {
  /** A catalogue. */
  readonly file: string;
  readonly k: number;
  readonly out: string;
  readonly progress: boolean;
}

const digits = 6;

/** Of the catalogue that is loaded; one line a product, those too that cannot be bought now. */
export async function writeNeighboursOf(desk: Aftersense, k: number, out: string, meter: Meter): Promise<number> {
  const products = await desk.catalog.list();
  const file = createWriteStream(`${out}.part`);
  for (const [i, { id }] of products.entries()) {
    const found = await desk.recommend({ for: 'product', id, k, filter: { soldOut: true } });
    const like = found.map(({ product, score }) => [product.id, Number(score.toPrecision(digits))]);
    await writeLine(file, JSON.stringify({ id, like }));
    meter.tell(i + 1, products.length);
  }
  file.end();
  await once(file, 'finish');
  await rename(`${out}.part`, out);
  return products.length;
}

export async function writeNeighbours({ file, k, out, progress }: NeighboursSettings): Promise<number> {
  const bytes = await readFile(file);
  const desk = await createAftersense({ worker: false, model: 'lite' });
  const meter = createMeter(progress, 'products');
  try {
    await desk.catalog.load(new Uint8Array(bytes));
    const count = await writeNeighboursOf(desk, k, out, meter);
    process.stderr.write(`${out}: neighbours of ${count} products\n`);
  } finally {
    meter.end();
    desk.dispose();
  }
  return 0;
}
