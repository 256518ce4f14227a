/** `aftersense inspect`: what a model pack or a catalogue holds. The engine checks the file first; only then is it read here. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { ByteBuffer } from 'flatbuffers';
import { Availability, Catalog, Role } from '../../build/generated/schema/messages/aftersense/schema.js';
import {
  type EncoderHead,
  type LinearHead,
  type LiteEncoder,
  ModelPack,
  type TransformerEncoder,
} from '../../build/generated/schema/pack/aftersense/schema.js';
import { AftersenseError, createAftersense } from '../index.ts';

/** The items of a vector, which FlatBuffers gives by length and index. */
const each = <T, U>(length: number, at: (i: number) => T | null, read: (item: T) => U) =>
  Array.from({ length }, (_, i) => read(at(i) as T));

function describeHead(head: LinearHead | EncoderHead) {
  const labels = each(
    head.labelsLength(),
    (i) => head.labels(i),
    (label: string) => label,
  );
  return { task: head.task(), labels };
}

function describeLite(pack: ModelPack, lite: LiteEncoder) {
  return {
    vocabulary: lite.embeddingLength() / lite.dim(),
    embeddingWidth: lite.dim(),
    convolutions: each(
      lite.convsLength(),
      (i) => lite.convs(i),
      (conv) => `${conv.channels()} of width ${conv.width()}`,
    ),
    ngramOrder: lite.ngramOrder(),
    ngramBuckets: 2 ** lite.ngramLog2Buckets(),
    heads: each(pack.headsLength(), (i) => pack.heads(i), describeHead),
  };
}

function describeBase(pack: ModelPack, encoder: TransformerEncoder) {
  return {
    vocabulary: encoder.tokens()?.rows(),
    positions: encoder.positions()?.rows(),
    window: encoder.window(),
    overlap: encoder.overlap(),
    layers: encoder.layersLength(),
    hidden: encoder.hidden(),
    pooledLayers: [...(encoder.pooledArray() ?? [])],
    attentionHeads: encoder.attentionHeads(),
    feedForward: encoder.feedForward(),
    weightBits: encoder.layers(0)?.queryKeyValue()?.weights()?.bits(),
    heads: each(pack.encoderHeadsLength(), (i) => pack.encoderHeads(i), describeHead),
  };
}

function describePack(pack: ModelPack, bytes: number) {
  const lite = pack.lite();
  const encoder = pack.encoder();
  return {
    kind: 'model pack',
    name: pack.name(),
    version: pack.version(),
    tier: pack.tier(),
    formatVersion: pack.formatVersion(),
    bytes,
    tokenizerBytes: pack.tokenizerLength(),
    ...(lite ? describeLite(pack, lite) : {}),
    ...(encoder ? describeBase(pack, encoder) : {}),
    calibrations: each(
      pack.calibrationsLength(),
      (i) => pack.calibrations(i),
      (item) => ({
        task: item.task(),
        language: item.language(),
        temperature: item.temperature(),
      }),
    ),
  };
}

/** Whether an unchecked pack calls itself one of the base tier; what is too broken to tell goes the way of lite, and is refused there. */
function isBasePack(pack: () => ModelPack): boolean {
  try {
    return pack().tier() === 'base';
  } catch {
    return false;
  }
}

/** What orders taught, where it is in the file. */
function describeOrders(catalog: Catalog) {
  const learnt = catalog.interactions();
  if (!learnt) return { orders: false };
  return {
    orders: true,
    learntOn: learnt.built(),
    customers: learnt.customers(),
    baskets: learnt.baskets(),
    neighbours: learnt.neighboursLength(),
    rules: learnt.rulesLength(),
    factors: learnt.factors()?.size(),
    themes: learnt.themeCount(),
    ratings: learnt.ratings() !== null,
  };
}

function describeCatalog(file: Uint8Array) {
  const catalog = Catalog.getRootAsCatalog(new ByteBuffer(file));
  const products = Array.from({ length: catalog.productsLength() }, (_, i) => catalog.products(i));
  const articles = catalog.articlesArray();
  const distinct = (values: (string | null | undefined)[]) => [...new Set(values.filter((value) => value))].sort();
  return {
    kind: 'catalogue',
    formatVersion: catalog.formatVersion(),
    bytes: file.length,
    products: products.length,
    terms: catalog.tfidf()?.termsLength(),
    postings: catalog.tfidf()?.postingsLength(),
    vectors: catalog.embeddings()?.dimensions() ?? 0,
    vectorModel: catalog.embeddings()?.model() ?? '',
    categories: distinct(products.map((product) => product?.category())),
    currencies: distinct(products.map((product) => product?.currency())),
    withoutPrice: products.filter((product) => Number.isNaN(product?.price())).length,
    soldOut: products.filter((product) => product?.availability() === Availability.out_of_stock).length,
    sellers: distinct(products.map((product) => product?.seller())),
    partsAndAccessories: products.filter((product) => product?.role() !== Role.product).length,
    ...describeOrders(catalog),
    offers: catalog.offersLength(),
    articles: articles ? Catalog.getRootAsCatalog(new ByteBuffer(articles)).productsLength() : 0,
  };
}

async function readUnpacked(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return new Uint8Array(bytes);
  try {
    return new Uint8Array(gunzipSync(bytes));
  } catch (cause) {
    throw new AftersenseError('pack_truncated', `${path} is a damaged or incomplete gzip file.`, { cause });
  }
}

async function describe(path: string): Promise<object> {
  const file = await readUnpacked(path);
  const identifier = String.fromCharCode(...file.subarray(4, 8));
  if (identifier === 'ASMP') {
    const pack = () => ModelPack.getRootAsModelPack(new ByteBuffer(file));
    const tier = isBasePack(pack) ? 'base' : 'lite';
    const desk = await createAftersense({ worker: false, model: tier, assets: { [tier]: path } });
    desk.dispose();
    return describePack(pack(), file.length);
  }
  if (identifier === 'ASCT') {
    const desk = await createAftersense({ worker: false, model: 'lite' });
    await desk.catalog.load(file);
    desk.dispose();
    return describeCatalog(file);
  }
  throw new AftersenseError('pack_wrong_type', `${path} is neither a model pack nor a catalogue.`);
}

/** Indented `name: value` lines; a list of objects has an object a line. */
function toText(value: object): string {
  const one = (item: unknown): string =>
    item !== null && typeof item === 'object'
      ? Object.values(item)
          .map((part) => (Array.isArray(part) ? part.join(', ') : part))
          .join(': ')
      : String(item);
  return Object.entries(value)
    .map(([name, item]) => {
      if (!Array.isArray(item)) return `${name}: ${item}`;
      return item.some((part) => typeof part === 'object')
        ? `${name}:\n${item.map((part) => `  ${one(part)}`).join('\n')}`
        : `${name}: ${item.join(', ')}`;
    })
    .join('\n');
}

export async function inspect(path: string, json: boolean): Promise<number> {
  const description = await describe(path);
  process.stdout.write(`${json ? JSON.stringify(description, null, 2) : toText(description)}\n`);
  return 0;
}
