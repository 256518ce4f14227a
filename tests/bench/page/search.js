/** Nearest neighbours of vectors, and a query in words with filters, of ours and of peers. */
import { createAftersense } from 'aftersense';
import { createBench, toBuffer } from './ours.js';
import { takeTurns } from './timing.js';

/** Numbers in [0, 1), the same on every machine (mulberry32). */
function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

/** Vectors of unit length around `clusters` centres, as products of some kinds are. */
function createVectors(count, dimensions, seed, clusters = 100) {
  const random = createRandom(seed);
  const centres = Float32Array.from({ length: clusters * dimensions }, () => random() - 0.5);
  return Array.from({ length: count }, (_, row) => {
    const centre = (row % clusters) * dimensions;
    const vector = Float32Array.from({ length: dimensions }, (_, i) => centres[centre + i] + 0.7 * (random() - 0.5));
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });
}

const flatten = (vectors) => {
  const all = new Float32Array(vectors.length * vectors[0].length);
  for (const [row, vector] of vectors.entries()) all.set(vector, row * vector.length);
  return all;
};

async function timed(run) {
  const start = performance.now();
  const value = await run();
  return { value, ms: performance.now() - start };
}

async function createOurs(vectors, dimensions, variant) {
  const bench = await createBench(variant);
  const given = toBuffer(bench, flatten(vectors));
  const { value: file, ms: build } = await timed(() => bench.quantise(given, dimensions).slice());
  given.delete();
  const { value: index, ms: load } = await timed(() => {
    const buffer = toBuffer(bench, file);
    const loaded = bench.Search.load(variant, buffer, vectors.length, dimensions);
    buffer.delete();
    return loaded;
  });
  const query = new bench.Buffer(4 * dimensions);
  const search = (vector, k) => {
    query.view().set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
    return index.run(query, k).slice();
  };
  return { search, build, load, bytes: file.length };
}

/** What a page writes without a library: the products one after another, the best kept in order. */
function createLoop(vectors, dimensions) {
  const all = flatten(vectors);
  const count = vectors.length;
  const search = (query, k) => {
    const rows = [];
    const scores = [];
    for (let row = 0; row < count; row++) {
      let sum = 0;
      for (let i = 0, at = row * dimensions; i < dimensions; i++) sum += query[i] * all[at + i];
      if (rows.length === k && sum <= scores[k - 1]) continue;
      let place = rows.length;
      while (place > 0 && scores[place - 1] < sum) place--;
      rows.splice(place, 0, row);
      scores.splice(place, 0, sum);
      if (rows.length > k) {
        rows.pop();
        scores.pop();
      }
    }
    return rows;
  };
  return { search, build: 0, bytes: all.byteLength };
}

async function createHnswlib(vectors, dimensions) {
  const module = await import('hnswlib');
  await module.__tla;
  const library = await module.loadHnswlib();
  const index = new library.HierarchicalNSW('ip', dimensions, '');
  const { ms: build } = await timed(() => {
    index.initIndex(vectors.length, 16, 200, 100);
    index.addItems(vectors, false);
  });
  index.setEfSearch(64);
  return { search: (query, k) => index.searchKnn(query, k, undefined).neighbors, build, bytes: library.HEAPU8?.byteLength };
}

async function createOrama(vectors, dimensions) {
  const { create, insertMultiple, searchVector } = await import('orama');
  const db = create({ schema: { row: 'number', meaning: `vector[${dimensions}]` } });
  const documents = vectors.map((vector, row) => ({ id: String(row), row, meaning: [...vector] }));
  const { ms: build } = await timed(() => insertMultiple(db, documents, 1000));
  const search = async (query, k) => {
    const { hits } = await searchVector(db, { vector: { value: [...query], property: 'meaning' }, limit: k, similarity: 0 });
    return hits.map(({ document }) => document.row);
  };
  return { search, build };
}

const peers = { loop: createLoop, hnswlib: createHnswlib, orama: createOrama };

/**
 * Milliseconds of the k nearest of `count` vectors, by ours and by the peers named; of each, how many of the true nearest it found, the
 * milliseconds of building and of loading, and the bytes that it holds.
 */
export async function measureNeighbours({ count, dimensions, k, calls, variant, names }) {
  const vectors = createVectors(count, dimensions, 1);
  const queries = createVectors(100, dimensions, 1).map((vector) => vector.map((value, i) => value + (i % 3 === 0 ? 0.02 : -0.01)));
  const subjects = { ours: await createOurs(vectors, dimensions, variant) };
  for (const name of names) subjects[name] = await peers[name](vectors, dimensions);
  const exact = createLoop(vectors, dimensions);
  const about = {};
  for (const [name, { search, build, load, bytes }] of Object.entries(subjects)) {
    let found = 0;
    for (const query of queries.slice(0, 20)) {
      const rows = new Set(await search(query, k));
      found += exact.search(query, k).filter((row) => rows.has(row)).length;
    }
    about[name] = { recall: found / (20 * k), build, load, bytes };
  }
  const turns = Object.entries(subjects).map(([name, { search }]) => {
    let at = 0;
    return [name, () => search(queries[at++ % queries.length], k)];
  });
  return { about, times: await takeTurns(Object.fromEntries(turns), calls) };
}

const kinds = ['mug', 'kettle', 'lamp', 'blanket', 'headphones', 'backpack', 'knife', 'teapot', 'jacket', 'charger'];
const traits = ['ceramic', 'steel', 'wireless', 'folding', 'warm', 'blue', 'small', 'large', 'quiet', 'bright', 'light', 'waterproof'];
const brands = ['Ember', 'Northwind', 'Lumen', 'Harbour', 'Juniper'];

function createProducts(count) {
  const random = createRandom(2);
  const pick = (list) => list[Math.floor(random() * list.length)];
  return Array.from({ length: count }, (_, row) => {
    const kind = pick(kinds);
    return {
      id: `p${row}`,
      title: `${pick(traits)} ${pick(traits)} ${kind} ${row % 977}`,
      description: `A ${pick(traits)} ${kind}, ${pick(traits)} and ${pick(traits)}, for home and travel`,
      category: kind,
      brand: pick(brands),
      price: Math.round(random() * 20000) / 100,
    };
  });
}

/** A file of `aftersense catalog interactions` with every method: 20 neighbours and a rule each, 32 factors, themes. */
function createInteractions(products) {
  const random = createRandom(4);
  const size = 32;
  const rounded = (value) => Number(value.toPrecision(6));
  const near = (row) => products[(row + 1 + Math.floor(random() * 500)) % products.length].id;
  const weights = { popularity: 0.4, neighbours: 1, rules: 0.8, factors: 1, themes: 0.6, content: 0.5 };
  const gram = Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 900 : 3));
  const header = {
    kind: 'aftersense-interactions',
    version: 1,
    built: '2026-01-01',
    baskets: 1_000_000,
    customers: 100_000,
    factors: { size, regularisation: 20, alpha: 5, gram },
    themes: { size: 20 },
    ratings: null,
    ranker: { sharpness: 10, weights },
  };
  const lines = products.map(({ id }, row) => ({
    id,
    popularity: rounded(random() ** 4),
    neighbours: [...new Set(Array.from({ length: 20 }, () => near(row)))].map((other) => [other, rounded(random())]),
    rules: [{ if: [id], also: near(row), support: 0.01, confidence: rounded(random()), lift: 2 }],
    factors: Array.from({ length: size }, () => rounded(random() - 0.3)),
    themes: [[Math.floor(random() * 20), rounded(random())]],
    rating: null,
    repeat_days: null,
  }));
  return [header, ...lines].map((line) => JSON.stringify(line)).join('\n');
}

/**
 * Words and meaning with filters of ours, a text to its products, and words with the same filters of MiniSearch; and what goes with five
 * products by all methods, with the same filters.
 */
export async function measureHybrid({ count, dimensions, k, calls, variant }) {
  const products = createProducts(count);
  const desk = await createAftersense({ model: 'base', worker: false, variant });
  const embeddings = createVectors(count, dimensions, 3);
  const interactions = createInteractions(products);
  const { value: built, ms: build } = await timed(() => desk.catalog.build(products, { embeddings, interactions }));
  const { ms: load } = await timed(() => desk.catalog.load(built.bytes));
  const { default: MiniSearch } = await import('minisearch');
  const mini = new MiniSearch({
    fields: ['title', 'description', 'category', 'brand'],
    storeFields: ['price', 'brand'],
    searchOptions: { boost: { title: 3, category: 2, brand: 2 } },
  });
  const { ms: peerBuild } = await timed(() => mini.addAll(products));
  const filter = { maxPrice: 80, brands: ['Ember', 'Lumen'] };
  const passes = ({ price, brand }) => price <= filter.maxPrice && filter.brands.includes(brand);
  const texts = kinds.map((kind, i) => `${traits[i]} ${kind} for travel`);
  const allowed = await desk.recommend({ for: 'query', text: texts[0], k, filter });
  if (allowed.length !== k || !allowed.every(({ product }) => passes(product))) throw new Error('The filters do not hold.');
  const one = (run) => {
    let at = 0;
    return () => run(texts[at++ % texts.length]);
  };
  const basket = (text) => Array.from({ length: 5 }, (_, i) => products[(texts.indexOf(text) * 7919 + i * 911) % count].id);
  const subjects = {
    ours: one((text) => desk.recommend({ for: 'query', text, k, filter })),
    history: one((text) => desk.recommend({ for: 'basket', ids: basket(text), k, filter, suppress: false })),
    embed: one((text) => desk.embed(text)),
    peer: one((text) => mini.search(text, { filter: passes }).slice(0, k)),
  };
  const times = await takeTurns(subjects, calls);
  desk.dispose();
  return { times, build, load, peerBuild, bytes: built.bytes.length };
}
