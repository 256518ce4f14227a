/** `aftersense catalog vectors`: what products mean, a line each, for a catalogue that is built later or elsewhere. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Aftersense, AftersenseError, createAftersense, type ProductInput } from '../index.ts';
import { productText, textHash } from '../product_text.ts';
import { type Format, readRows } from './input.ts';
import { LeftOut } from './left_out.ts';
import { readProducts } from './lists.ts';
import { createMeter, writeLine } from './output.ts';

export interface VectorsSettings {
  readonly file: string;
  readonly format: Format | undefined;
  readonly progress: boolean;
}

type Vector = Float32Array;

/** Products embedded at a time. */
const batchProducts = 64;

const hashOf = (product: ProductInput): string => textHash(product).toString(16).padStart(16, '0');

const modelOf = ({ info: { model } }: Aftersense): string => `${model.name} ${model.version}`;

const encode = (vector: Vector): string => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');

/** Undefined where it is no vector of numbers. */
function decode(text: unknown): Vector | undefined {
  if (typeof text !== 'string') return undefined;
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  if (bytes.length === 0 || bytes.length % Float32Array.BYTES_PER_ELEMENT !== 0) return undefined;
  const vector = new Float32Array(bytes.buffer);
  return vector.every(Number.isFinite) ? vector : undefined;
}

/** Returns the exit code: 1 where rows were left out. */
export async function writeVectors({ file, format, progress }: VectorsSettings): Promise<number> {
  const leftOut = new LeftOut();
  const desk = await createAftersense({ worker: false, model: 'base' });
  const model = modelOf(desk);
  const meter = createMeter(progress, 'vectors');
  let done = 0;
  const batch: ProductInput[] = [];
  const flush = async () => {
    const vectors = await desk.embed(batch.map(productText));
    for (const [i, product] of batch.entries())
      await writeLine(
        process.stdout,
        JSON.stringify({ id: product.id, model, hash: hashOf(product), vector: encode(vectors[i] as Vector) }),
      );
    done += batch.length;
    meter.tell(done);
    batch.length = 0;
  };
  try {
    for await (const { line, item } of readProducts(file, format, leftOut)) {
      if (productText(item) === '') leftOut.add(file, { line, id: item.id, problem: 'it has no text', reason: 'no text' });
      else if (batch.push(item) === batchProducts) await flush();
    }
    await flush();
  } finally {
    meter.end();
    desk.dispose();
    await leftOut.end();
  }
  return leftOut.count > 0 ? 1 : 0;
}

/** A file, or those of a folder as Spark writes it: its parts, in their order. */
async function partsOf(file: string): Promise<string[]> {
  if (!(await stat(file)).isDirectory()) return [file];
  const names = (await readdir(file)).filter((name) => /^[^._]/.test(name));
  return names.sort().map((name) => path.join(file, name));
}

/** Adds the vectors of a file by the hashes of their texts. */
async function readVectors(file: string, model: string, leftOut: LeftOut, vectors: Map<string, Vector>): Promise<void> {
  let length = vectors.values().next().value?.length;
  for await (const row of readRows(file, 'jsonl')) {
    if (row.kind === 'bad') {
      leftOut.add(file, row);
      continue;
    }
    const { id, hash, vector: text, model: maker } = row.fields;
    if (typeof maker === 'string' && maker !== model)
      throw new AftersenseError(
        'input_invalid',
        `${file}: line ${row.line}: its vectors are of ${maker}, those of this version of ${model}. Make them again.`,
      );
    const vector = decode(text);
    length ??= vector?.length;
    if (vector && vector.length === length && typeof hash === 'string' && maker === model) vectors.set(hash, vector);
    else
      leftOut.add(file, {
        line: row.line,
        id: typeof id === 'string' ? id : undefined,
        problem: 'no vector of catalog vectors',
        reason: 'no vector',
      });
  }
}

/** Of each product the vector of the file, or folder, whose text is the same; undefined where there is none. */
export async function vectorsOf(
  desk: Aftersense,
  products: readonly ProductInput[],
  file: string,
  leftOut: LeftOut,
): Promise<(Vector | undefined)[]> {
  const known = new Map<string, Vector>();
  for (const part of await partsOf(file)) await readVectors(part, modelOf(desk), leftOut, known);
  const vectors = products.map((product) => known.get(hashOf(product)));
  const missing = vectors.filter((vector, i) => vector === undefined && productText(products[i] as ProductInput) !== '').length;
  if (missing > 0) process.stderr.write(`${file} has no vectors of ${missing} products as they are now: they are made anew.\n`);
  return vectors;
}
