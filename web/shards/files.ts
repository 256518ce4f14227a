/** The manifest and the routing files, read and written. What is read is checked: a file that contradicts itself is `pack_corrupt`. */
import { Builder, ByteBuffer } from 'flatbuffers';
import { AftersenseError } from '../errors.ts';
import type { Bytes } from '../protocol.ts';
import * as fb from './generated.ts';

const version = 1;
const identifier = 'ASCM';
/** As kRoutesIdentifier of src/tasks/shards.h. */
const routesIdentifier = 'ASCR';

export interface Manifest {
  /** Of all other files, beside this one. */
  readonly folder: string;
  readonly products: number;
  readonly shards: number;
  readonly termBuckets: number;
  readonly idBuckets: number;
  /** The model that made the products' vectors. */
  readonly vectorModel: string | undefined;
  /** What the products of each shard mean on the average: `[shards][dimensions]`, of unit length; none without vectors. */
  readonly dimensions: number;
  readonly centroids: Float32Array;
}

export interface TermRoute {
  /** How many products of all have the term. */
  readonly frequency: number;
  /** That have it. Of each, of 255: the greatest weight of the term in its products' rows, and the most that BM25 makes of its count. */
  readonly shards: Uint16Array;
  readonly weights: Uint8Array;
  readonly bm25: Uint8Array;
}

const corrupt = (from: string, cause?: unknown) => new AftersenseError('pack_corrupt', `${from} is damaged. Download it again.`, { cause });

/** Reads by the generated code, which trusts what it reads: it throws, or what it gives is refused. */
function reading<T>(from: string, read: () => T | undefined): T {
  let value: T | undefined;
  try {
    value = read();
  } catch (cause) {
    throw cause instanceof AftersenseError ? cause : corrupt(from, cause);
  }
  if (value === undefined) throw corrupt(from);
  return value;
}

const isPowerOfTwo = (value: number) => value >= 1 && value <= 65_536 && (value & (value - 1)) === 0;

export const isManifest = (bytes: Uint8Array): boolean => String.fromCharCode(...bytes.subarray(4, 8)) === identifier;

export function readManifest(bytes: Bytes, from: string): Manifest {
  return reading(from, () => {
    const file = fb.ShardManifest.getRootAsShardManifest(new ByteBuffer(bytes));
    if (file.formatVersion() !== version) {
      const message = `${from} has version ${file.formatVersion()}; this build reads ${version}. Build it again.`;
      throw new AftersenseError('pack_wrong_version', message);
    }
    const folder = file.folder();
    const codes = file.centroidsArray() ?? new Uint8Array();
    const [shards, dimensions] = [file.shards(), file.dimensions()];
    const isSound =
      typeof folder === 'string' &&
      /^[0-9a-z]{1,64}$/.test(folder) &&
      shards >= 1 &&
      shards <= 65_535 &&
      isPowerOfTwo(file.termBuckets()) &&
      isPowerOfTwo(file.idBuckets()) &&
      codes.length === shards * dimensions;
    if (!isSound) return undefined;
    return {
      folder,
      products: file.products(),
      shards,
      termBuckets: file.termBuckets(),
      idBuckets: file.idBuckets(),
      vectorModel: (file.vectorModel() as string | null) ?? undefined,
      dimensions,
      centroids: Float32Array.from(codes, (code) => (code - 128) / 127),
    };
  });
}

export function writeManifest(manifest: Manifest): Bytes {
  const builder = new Builder(1024 + manifest.centroids.length);
  const folder = builder.createString(manifest.folder);
  const model = manifest.vectorModel === undefined ? 0 : builder.createString(manifest.vectorModel);
  const codes = Uint8Array.from(manifest.centroids, (value) => Math.round(value * 127) + 128);
  const centroids = fb.ShardManifest.createCentroidsVector(builder, codes);
  const { products, shards, termBuckets, idBuckets, dimensions } = manifest;
  builder.finish(
    fb.ShardManifest.createShardManifest(builder, version, folder, products, shards, termBuckets, idBuckets, model, dimensions, centroids),
    identifier,
  );
  return builder.asUint8Array() as Bytes;
}

/** What a bucket says of each of these terms; those that it does not have are left out. */
export function readTerms(bytes: Bytes, terms: readonly string[], shards: number, from: string): Map<string, TermRoute> {
  return reading(from, () => {
    const bucket = fb.TermBucket.getRootAsTermBucket(new ByteBuffer(bytes));
    const [text, frequencies, counts] = [bucket.terms() as string | null, bucket.frequenciesArray(), bucket.countsArray()];
    const [places, weights, bm25] = [bucket.shardsArray(), bucket.weightsArray(), bucket.bm25Array()];
    const names = text === '' ? [] : text?.split('\n');
    if (!names || !frequencies || !counts || !places || !weights || !bm25) return undefined;
    const isSound =
      frequencies.length === names.length &&
      counts.length === names.length &&
      counts.reduce((sum, count) => sum + count, 0) === places.length &&
      weights.length === places.length &&
      bm25.length === places.length &&
      places.every((shard) => shard < shards);
    if (!isSound) return undefined;
    const found = new Map<string, TermRoute>();
    let begin = 0;
    for (const [i, name] of names.entries()) {
      const end = begin + (counts[i] as number);
      if (terms.includes(name)) {
        const own = { shards: places.slice(begin, end), weights: weights.slice(begin, end), bm25: bm25.slice(begin, end) };
        found.set(name, { frequency: frequencies[i] as number, ...own });
      }
      begin = end;
    }
    return found;
  });
}

/** That an id is in a shard; or with `fits`, that what is for it is. */
export interface IdRoute {
  readonly hash: number;
  readonly shard: number;
  readonly fits: boolean;
}

export function readIds(bytes: Bytes, hashes: ReadonlySet<number>, shards: number, from: string): IdRoute[] {
  return reading(from, () => {
    const bucket = fb.IdBucket.getRootAsIdBucket(new ByteBuffer(bytes));
    const [all, places] = [bucket.hashesArray(), bucket.shardsArray()];
    if (!all || places?.length !== all.length || bucket.fitsLength() !== all.length) return undefined;
    const found: IdRoute[] = [];
    for (const [i, hash] of all.entries()) {
      if (!hashes.has(hash)) continue;
      const shard = places[i] as number;
      if (shard >= shards) return undefined;
      found.push({ hash, shard, fits: bucket.fits(i) as boolean });
    }
    return found;
  });
}

export function writeIds(routes: readonly IdRoute[]): Bytes {
  const builder = new Builder(64 + 7 * routes.length);
  const sorted = [...routes].sort((a, b) => a.hash - b.hash || Number(a.fits) - Number(b.fits) || a.shard - b.shard);
  const hashes = fb.IdBucket.createHashesVector(
    builder,
    Uint32Array.from(sorted, ({ hash }) => hash),
  );
  const shards = fb.IdBucket.createShardsVector(
    builder,
    Uint16Array.from(sorted, ({ shard }) => shard),
  );
  const fits = fb.IdBucket.createFitsVector(
    builder,
    sorted.map((route) => route.fits),
  );
  builder.finish(fb.IdBucket.createIdBucket(builder, hashes, shards, fits), routesIdentifier);
  return builder.asUint8Array() as Bytes;
}
