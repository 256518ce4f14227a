import { Builder } from 'flatbuffers';
import { describe, expect, test } from 'vitest';
import { AftersenseError } from '../../../web/errors.ts';
import type { Route } from '../../../web/messages/shards.ts';
import type { Bytes } from '../../../web/protocol.ts';
import { isManifest, type Manifest, readIds, readManifest, readTerms, writeIds, writeManifest } from '../../../web/shards/files.ts';
import * as fb from '../../../web/shards/generated.ts';
import { beside, bucketsFor, fnv1a, idBucketName, shardName, termBucketName } from '../../../web/shards/names.ts';
import { bestShards } from '../../../web/shards/route.ts';
import { type ShardDesk, Shards } from '../../../web/shards/shards.ts';

const manifest: Manifest = {
  folder: 'f1',
  products: 100,
  shards: 8,
  termBuckets: 2,
  idBuckets: 2,
  vectorModel: undefined,
  dimensions: 0,
  centroids: new Float32Array(),
};

type Posting = readonly [shard: number, weight: number, bm25: number];

function writeTerms(terms: Readonly<Record<string, { readonly frequency: number; readonly postings: readonly Posting[] }>>): Bytes {
  const builder = new Builder(256);
  const sorted = Object.entries(terms);
  const all = sorted.flatMap(([, { postings }]) => postings);
  const text = builder.createString(sorted.map(([term]) => term).join('\n'));
  const frequencies = fb.TermBucket.createFrequenciesVector(
    builder,
    sorted.map(([, { frequency }]) => frequency),
  );
  const counts = fb.TermBucket.createCountsVector(
    builder,
    sorted.map(([, { postings }]) => postings.length),
  );
  const shards = fb.TermBucket.createShardsVector(
    builder,
    all.map(([shard]) => shard),
  );
  const weights = fb.TermBucket.createWeightsVector(
    builder,
    all.map(([, weight]) => weight),
  );
  const bm25 = fb.TermBucket.createBm25Vector(
    builder,
    all.map(([, , most]) => most),
  );
  builder.finish(fb.TermBucket.createTermBucket(builder, text, frequencies, counts, shards, weights, bm25), 'ASCR');
  return builder.asUint8Array() as Bytes;
}

/** Products p0, p1 … in shards of that number; what is for p1 is in shard 5 too. Shards with the term `tea`: 2, 3 and 4. */
function filesOfShop(): Map<string, Bytes> {
  const files = new Map<string, Bytes>();
  for (let shard = 0; shard < manifest.shards; shard++) files.set(shardName('f1', shard), new Uint8Array(1000).fill(shard));
  const routes = Array.from({ length: 8 }, (_, shard) => ({ hash: fnv1a(`p${shard}`), shard, fits: false }));
  routes.push({ hash: fnv1a('p1'), shard: 5, fits: true });
  for (const bucket of [0, 1]) {
    files.set(idBucketName('f1', bucket), writeIds(routes.filter(({ hash }) => hash % 2 === bucket)));
    const tea = {
      frequency: 9,
      postings: [
        [2, 100, 100],
        [3, 255, 255],
        [4, 50, 50],
      ] as const,
    };
    files.set(
      termBucketName('f1', bucket),
      writeTerms(fnv1a('tea') % 2 === bucket ? { tea, 茶: { frequency: 1, postings: [[7, 9, 9]] } } : {}),
    );
  }
  return files;
}

class FakeDesk implements ShardDesk {
  readonly files = filesOfShop();
  readonly downloads: string[] = [];
  readonly inCore: number[] = [0];
  readonly leftOut: string[] = [];
  answer: Route = { productTerms: [], queryTerms: [], meaning: new Float32Array() };
  /** The shards that the core refuses. */
  refused = new Set<number>();

  async download(name: string, anew: boolean): Promise<Bytes> {
    this.downloads.push(anew ? `${name} anew` : name);
    const file = this.files.get(name);
    if (!file) throw new AftersenseError('download_failed', `${name} is missing`);
    return file.slice();
  }
  async load(file: Bytes): Promise<void> {
    const shard = file[0] as number;
    if (this.refused.has(shard)) throw new AftersenseError('pack_corrupt', 'damaged');
    this.inCore.push(shard);
  }
  async drop(places: readonly number[]): Promise<void> {
    for (const place of [...places].reverse()) this.inCore.splice(place, 1);
  }
  async route(): Promise<Route> {
    return this.answer;
  }
  onLeftOut({ code }: AftersenseError): void {
    this.leftOut.push(code);
  }
  get shardDownloads(): string[] {
    return this.downloads.filter((name) => name.startsWith('f1/s/'));
  }
}

const open = (desk: ShardDesk, maxBytes = 1e6) => new Shards(manifest, desk, { first: 1000, maxBytes });
const ids = (...products: string[]) => ({ products: products.map((product) => ({ product, weight: 1 })), texts: [] });
const text = { products: [], texts: [{ text: 'tea', weight: 1 }] };
const inOrder = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

describe('a request', () => {
  test('has the shards of its products and those that promise most, and no others', async () => {
    const desk = new FakeDesk();
    desk.answer = { ...desk.answer, productTerms: [{ term: 'tea', score: 0.5 }] };
    const seen = await open(desk).using(ids('p1', 'p6'), async () => [...desk.inCore]);
    expect(inOrder(seen)).toEqual([0, 1, 2, 3, 4, 6]);
  });

  test('of ids alone fetches their shards alone, and none of an id that nobody knows', async () => {
    const desk = new FakeDesk();
    desk.answer = { ...desk.answer, productTerms: [{ term: 'tea', score: 0.5 }] };
    await open(desk).using({ ...ids('p3', 'nobody'), only: true }, async () => {});
    expect(desk.inCore).toEqual([0, 3]);
  });

  test('after a complaint has what is for the product too', async () => {
    const desk = new FakeDesk();
    const shards = open(desk);
    await shards.using(ids('p1'), async () => {});
    expect(desk.inCore).toEqual([0, 1]);
    await shards.using({ ...ids('p1'), fits: true }, async () => {});
    expect(desk.inCore).toEqual([0, 1, 5]);
  });

  test('fetches nothing twice, nor what another one is fetching', async () => {
    const desk = new FakeDesk();
    const shards = open(desk);
    await Promise.all([shards.using(ids('p1'), async () => {}), shards.using(ids('p1', 'p2'), async () => {})]);
    await shards.using(ids('p2'), async () => {});
    expect(new Set(desk.downloads).size).toBe(desk.downloads.length);
    expect(inOrder(desk.inCore)).toEqual([0, 1, 2]);
  });

  test('of a word that no product has fetches no shard', async () => {
    const desk = new FakeDesk();
    desk.answer = { ...desk.answer, queryTerms: [{ term: 'nothing', score: 1 }] };
    await open(desk).using(text, async () => {});
    expect(desk.shardDownloads).toEqual([]);
  });
});

describe('a file that does not come', () => {
  test('is asked for once more, past the cache, and then left out', async () => {
    const desk = new FakeDesk();
    desk.files.delete(shardName('f1', 1));
    expect(await open(desk).using(ids('p1', 'p2'), async () => [...desk.inCore])).toEqual([0, 2]);
    expect(desk.shardDownloads.filter((name) => name.startsWith(shardName('f1', 1)))).toEqual([
      shardName('f1', 1),
      `${shardName('f1', 1)} anew`,
    ]);
    expect(desk.leftOut).toEqual(['download_failed']);
  });

  test('or that the core refuses', async () => {
    const desk = new FakeDesk();
    desk.refused.add(2);
    await open(desk).using(ids('p1', 'p2'), async () => {});
    expect(desk.inCore).toEqual([0, 1]);
    expect(desk.leftOut).toEqual(['pack_corrupt']);
  });

  test('is an error where nothing else is there to answer from, and the next request tries again', async () => {
    const desk = new FakeDesk();
    const shards = open(desk);
    const file = desk.files.get(shardName('f1', 1)) as Bytes;
    desk.files.delete(shardName('f1', 1));
    await expect(shards.using(ids('p1'), async () => 'answer')).rejects.toMatchObject({ code: 'download_failed' });
    desk.files.set(shardName('f1', 1), file);
    expect(await shards.using(ids('p1'), async () => 'answer')).toBe('answer');
  });

  test('that tells the way is no different', async () => {
    const desk = new FakeDesk();
    desk.answer = { ...desk.answer, queryTerms: [{ term: 'tea', score: 1 }] };
    const name = termBucketName('f1', fnv1a('tea') % 2);
    desk.files.set(name, new Uint8Array(64).fill(0xff));
    await expect(open(desk).using(text, async () => {})).rejects.toMatchObject({ code: 'pack_corrupt' });
    expect(desk.downloads.filter((each) => each.startsWith(name))).toEqual([name, `${name} anew`]);
  });
});

describe('memory', () => {
  test('is kept within its bound by dropping what was unused for longest, never the first shard', async () => {
    const desk = new FakeDesk();
    const shards = open(desk, 3000);
    for (const id of ['p1', 'p2', 'p1', 'p3', 'p4']) await shards.using(ids(id), async () => {});
    expect(inOrder(desk.inCore)).toEqual([0, 3, 4]);
    await shards.using(ids('p1'), async () => {});
    expect(inOrder(desk.inCore)).toEqual([0, 1, 4]);
  });

  test('may be exceeded by what requests use', async () => {
    const desk = new FakeDesk();
    const shards = open(desk, 1500);
    const during = await shards.using(ids('p1', 'p2', 'p3'), async () => {
      await shards.using(ids('p4'), async () => {});
      return inOrder(desk.inCore);
    });
    expect(during).toEqual([0, 1, 2, 3]);
    expect(desk.inCore).toEqual([0]);
  });
});

describe('the best shards', () => {
  const routeOf = (frequency: number, ...postings: Posting[]) => ({
    frequency,
    shards: Uint16Array.from(postings, ([shard]) => shard),
    weights: Uint8Array.from(postings, ([, weight]) => weight),
    bm25: Uint8Array.from(postings, ([, , most]) => most),
  });
  const found = new Map([
    ['tea', routeOf(9, [2, 100, 100], [3, 255, 255], [4, 50, 50])],
    ['pot', routeOf(90, [4, 255, 255])],
  ]);
  const none = { held: new Set<number>(), count: 4 };
  const terms = (...names: string[]) => names.map((term) => ({ term, score: 1 }));

  test('have most of what is sought; a rare word of a query counts more than a frequent one', () => {
    const route = { productTerms: [], queryTerms: terms('tea', 'pot'), meaning: new Float32Array() };
    expect(bestShards(manifest, route, found, none)).toEqual([3, 2, 4]);
    expect(bestShards(manifest, { ...route, queryTerms: [], productTerms: terms('tea', 'pot') }, found, none)).toEqual([4, 3, 2]);
    expect(bestShards(manifest, route, found, { held: new Set([3]), count: 1 })).toEqual([2]);
  });

  test('may be those that mean the same without a word in common', () => {
    const centroids = new Float32Array(16);
    centroids.set([1, 0], 2 * 6);
    const meant = { ...manifest, dimensions: 2, centroids };
    const route = { productTerms: [], queryTerms: terms('unknown'), meaning: Float32Array.from([0.9, 0.1, 0.4]) };
    expect(bestShards(meant, route, new Map(), none)).toEqual([6]);
  });
});

describe('files', () => {
  test('the manifest comes back as it was written', () => {
    const centroids = Float32Array.from({ length: 16 }, (_, i) => (i - 8) / 127);
    const given = { ...manifest, vectorModel: 'base 1.0', dimensions: 2, centroids };
    const bytes = writeManifest(given);
    expect(isManifest(bytes)).toBe(true);
    const read = readManifest(bytes, 'It');
    expect({ ...read, centroids: [] }).toEqual({ ...given, centroids: [] });
    for (const [i, value] of read.centroids.entries()) expect(value).toBeCloseTo(centroids[i] as number, 6);
  });

  test('what is known of a term is found, in Chinese too', () => {
    const bytes = writeTerms({
      tea: { frequency: 3, postings: [[4, 5, 6]] },
      茶: {
        frequency: 1,
        postings: [
          [1, 2, 3],
          [2, 9, 9],
        ],
      },
      壶: { frequency: 2, postings: [] },
    });
    const found = readTerms(bytes, ['茶', '壶', 'te'], 8, 'It');
    expect([...found.keys()]).toEqual(['茶', '壶']);
    expect(found.get('茶')).toEqual({
      frequency: 1,
      shards: Uint16Array.of(1, 2),
      weights: Uint8Array.of(2, 9),
      bm25: Uint8Array.of(3, 9),
    });
    expect(readTerms(writeTerms({}), ['tea'], 8, 'It').size).toBe(0);
  });

  test('a damaged file is refused, or read as something that is within its bounds', () => {
    const samples: [Bytes, (bytes: Bytes) => unknown][] = [
      [writeManifest({ ...manifest, dimensions: 1, centroids: new Float32Array(8) }), (bytes) => readManifest(bytes, 'It')],
      [filesOfShop().get(termBucketName('f1', fnv1a('tea') % 2)) as Bytes, (bytes) => readTerms(bytes, ['tea', '茶'], 8, 'It')],
      [filesOfShop().get(idBucketName('f1', 0)) as Bytes, (bytes) => readIds(bytes, new Set(['p0', 'p1', 'p2'].map(fnv1a)), 8, 'It')],
    ];
    for (const [file, read] of samples) {
      let refused = 0;
      for (let at = 0; at < file.length; at++) {
        for (const value of [0, 1, 0x7f, 0xff]) {
          const damaged = file.slice();
          damaged[at] = value;
          try {
            read(damaged);
          } catch (error) {
            expect(error).toBeInstanceOf(AftersenseError);
            expect((error as AftersenseError).code).toMatch(/^pack_/);
            refused++;
          }
        }
      }
      expect(refused).toBeGreaterThan(0);
    }
  });

  test('a manifest of another version says so', () => {
    const bytes = writeManifest(manifest);
    const at = bytes.findIndex((_, i) => i > 8 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(i & ~3, true) === 1) & ~3;
    const newer = bytes.slice();
    newer[at] = 9;
    expect(() => readManifest(newer, 'It')).toThrow(expect.objectContaining({ code: 'pack_wrong_version' }));
  });

  test('are beside the manifest, whatever its address is', () => {
    expect(String(beside('https://shop.example/c/catalog.ascm?v=2', 'f1/a'))).toBe('https://shop.example/c/f1/a');
    expect(String(beside(new URL('https://shop.example/c/catalog.ascm'), 'f1/a'))).toBe('https://shop.example/c/f1/a');
    expect(beside('/c/catalog.ascm?v=2', 'f1/a')).toBe('/c/f1/a');
    expect(beside('catalog.ascm', 'f1/a')).toBe('f1/a');
  });

  test('are chosen by FNV-1a', () => {
    // Test vectors of draft-eastlake-fnv.
    expect(fnv1a('')).toBe(0x811c9dc5);
    expect(fnv1a('a')).toBe(0xe40c292c);
    expect(fnv1a('foobar')).toBe(0xbf9cf968);
    expect([0, 1, 5, 1000, 1e9].map(bucketsFor)).toEqual([1, 1, 4, 1024, 65_536]);
  });
});
