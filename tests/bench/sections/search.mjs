import { quantile, toRow } from '../statistics.mjs';

export const title = 'the ten nearest of many vectors, and of products by a query in words with filters';

const k = 10;
/** hnswlib would take minutes to build the larger one. */
const sizes = [
  { count: 10_000, dimensions: 384, names: ['loop', 'hnswlib', 'orama'], median: 0.3, p95: 0.6 },
  { count: 100_000, dimensions: 128, names: ['loop'], median: 3 },
];
/** Of the true ten nearest, in ours. */
const leastRecall = 0.9;
const percent = (share) => `${(100 * share).toFixed(0)} %`;
const ms = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

async function measureSize({ count, dimensions, names, median, p95 }, { browser, calls, variants, hnswlib, orama }) {
  const peerNames = { loop: 'a JavaScript loop', hnswlib, orama };
  const options = { count, dimensions, k, names, calls: 5 * calls, variant: variants.at(-1) };
  const { about, times } = await browser.run('search', 'measureNeighbours', options);
  if (about.ours.recall < leastRecall) throw new Error(`Ours found ${percent(about.ours.recall)} of the nearest.`);
  const size = `search.${count}×${dimensions}`;
  const rows = names.map((name, i) => {
    const note = `finds ${percent(about.ours.recall)} of the nearest, the peer ${percent(about[name].recall)}; built in ${ms(about[name].build)}`;
    const peer = { peer: times[name], peerName: peerNames[name] };
    return toRow({ name: `${size}.${name}`, unit: 'ms', ours: times.ours, ...peer, bar: i === 0 ? { ours: median } : undefined, note });
  });
  const late = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, quantile(values, 0.95)]));
  const worst = names.includes('hnswlib') ? { peer: late.hnswlib, peerName: hnswlib } : {};
  rows.push(toRow({ name: `${size}.p95`, unit: 'ms', ours: late.ours, ...worst, bar: p95 && { ours: p95 } }));
  const held = names.includes('hnswlib') && about.hnswlib.bytes ? 'hnswlib' : 'loop';
  const memory = { ours: about.ours.bytes, peer: about[held].bytes, peerName: peerNames[held] };
  rows.push(toRow({ name: `${size}.memory`, unit: 'bytes', ...memory, note: `quantised in ${ms(about.ours.build)}` }));
  rows.push(toRow({ name: `${size}.load`, unit: 'ms', ours: about.ours.load, note: 'bytes at hand to the first query; read in place' }));
  return rows;
}

async function measureHybrid({ browser, calls, variants, minisearch }) {
  const options = { count: 100_000, dimensions: 128, k, calls, variant: variants.at(-1) };
  const { times, build, load, peerBuild, bytes } = await browser.run('search', 'measureHybrid', options);
  const peer = { peer: times.peer, peerName: minisearch };
  const embedding = ms(quantile(times.embed, 0.5));
  const note = `ours: words and meaning, of it ${embedding} to embed the query; peer: words. Built in ${ms(build)}, peer ${ms(peerBuild)}`;
  return [
    toRow({ name: 'search.hybrid', unit: 'ms', ours: times.ours, ...peer, bar: { ours: 10 }, note }),
    toRow({
      name: 'search.history',
      unit: 'ms',
      ours: times.history,
      bar: { ours: 10 },
      note: 'all methods for a basket of five, with filters',
    }),
    toRow({ name: 'search.hybrid.load', unit: 'ms', ours: load, peer: peerBuild, peerName: minisearch, note: 'peer: building' }),
    toRow({ name: 'search.hybrid.file', unit: 'bytes', ours: bytes, note: '100,000 products: index, vectors, what orders taught' }),
  ];
}

export async function run(context) {
  const rows = [];
  for (const size of sizes) rows.push(...(await measureSize(size, context)));
  return [...rows, ...(await measureHybrid(context))];
}
