/** Building a catalogue file: checks, vectors for what has none yet, and the core's answer. */
import { checkArticle, checkOffer, checkProduct, checkString, checkVectors } from './checks.ts';
import { AftersenseError } from './errors.ts';
import { articleProduct, type BuildFields, buildCatalogRequest, type GivenVectors } from './messages/build.ts';
import { type BuiltFile, builtCatalog } from './messages/replies.ts';
import { productText, textHash } from './product_text.ts';
import type { Bytes } from './protocol.ts';
import { type Interactions, readInteractions } from './recommend/read.ts';
import type * as api from './types.ts';

/** What a handle does for it. */
export interface BuilderDesk {
  /** Name and version of base, once it is loaded. Rejects with `model_missing` where there is none. */
  needBase(signal: AbortSignal | undefined): Promise<string>;
  embed(
    texts: readonly string[],
    signal: AbortSignal | undefined,
    onProgress: api.CatalogBuildOptions['onProgress'],
  ): Promise<readonly Float32Array[]>;
  /** The core's reply. */
  build(request: () => Bytes, signal: AbortSignal | undefined): Promise<Bytes>;
}

const invalid = (message: string) => new AftersenseError('invalid_argument', message);

function checkAll<T>(values: unknown, name: string, check: (value: unknown, name: string) => asserts value is T): asserts values is T[] {
  if (!Array.isArray(values)) throw invalid(`catalog.build takes an array of ${name}.`);
  for (const [i, value] of values.entries()) check(value, `${name}[${i}]`);
}

function checkBuild(products: unknown, { embeddings = false, interactions, offers, articles, previous }: api.CatalogBuildOptions): void {
  checkAll(products, 'products', checkProduct);
  if (typeof embeddings !== 'boolean') checkVectors(embeddings, 'embeddings', products.length);
  if (interactions !== undefined) checkString(interactions, 'interactions');
  if (offers !== undefined) checkAll(offers, 'offers', checkOffer);
  if (articles !== undefined) checkAll(articles, 'articles', checkArticle);
  if (previous !== undefined && !(previous instanceof ArrayBuffer) && !(previous instanceof Uint8Array))
    throw invalid('previous must be the bytes of a catalogue file, an ArrayBuffer or a Uint8Array.');
}

type Embeddable = Parameters<typeof productText>[0];

const wanted = (model: string, items: readonly Embeddable[]): GivenVectors => ({
  model,
  hashes: BigUint64Array.from(items, textHash),
  rows: [],
  vectors: [],
});

/** Vectors at `rows`: those that were given, the others made. */
async function vectorsFor(
  rows: readonly number[],
  items: readonly Embeddable[],
  given: api.CatalogBuildOptions['embeddings'],
  embed: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
): Promise<Pick<GivenVectors, 'rows' | 'vectors'>> {
  const found = rows.map((row) => (Array.isArray(given) ? (given[row] as Float32Array | undefined) : undefined));
  const lacking = rows.filter((_, i) => found[i] === undefined);
  const made = await embed(lacking.map((row) => productText(items[row] as Embeddable)));
  const length = (made[0] ?? found.find(Boolean))?.length;
  let next = 0;
  const vectors = found.map((vector) => vector ?? (made[next++] as Float32Array));
  if (vectors.some((vector) => vector.length !== length))
    throw invalid(`embeddings must be vectors of ${length} numbers, as base makes them.`);
  return { rows, vectors };
}

async function addVectors(
  desk: BuilderDesk,
  fields: BuildFields,
  { embeddings, signal, onProgress }: api.CatalogBuildOptions,
): Promise<BuiltFile> {
  const articles = fields.articles?.map(articleProduct) ?? [];
  const model = await desk.needBase(signal);
  const hashed = {
    ...fields,
    vectors: wanted(model, fields.products),
    articleVectors: articles.length > 0 ? wanted(model, articles) : undefined,
  };
  // First with the vectors that are known: what is wrong with the products shows before base has read any.
  const first = builtCatalog(await desk.build(() => buildCatalogRequest(hashed), signal));
  const { missing, missingArticles } = first;
  if (missing.length + missingArticles.length === 0) return first;
  const toMake = missing.filter((row) => !Array.isArray(embeddings) || embeddings[row] === undefined).length + missingArticles.length;
  let before = 0;
  const embed = async (texts: readonly string[]) => {
    const done = before;
    before += texts.length;
    const tell = (step: api.Progress) => onProgress?.(step.stage === 'embed' ? { ...step, done: done + step.done, total: toMake } : step);
    return texts.length === 0 ? [] : desk.embed(texts, signal, tell);
  };
  const vectors = { ...hashed.vectors, ...(await vectorsFor(missing, fields.products, embeddings, embed)) };
  const ofArticles = await vectorsFor(missingArticles, articles, true, embed);
  const articleVectors = hashed.articleVectors && { ...hashed.articleVectors, ...ofArticles };
  return builtCatalog(await desk.build(() => buildCatalogRequest({ ...hashed, vectors, articleVectors }), signal));
}

/** How many products of the orders are not in the list. */
function countUnknown(interactions: Interactions, ids: readonly string[]): number {
  const known = new Set(ids);
  return interactions.products.filter(({ id }) => !known.has(id)).length;
}

export async function buildCatalog(
  desk: BuilderDesk,
  products: readonly api.ProductInput[],
  options: api.CatalogBuildOptions & Pick<BuildFields, 'shard'> = {},
): Promise<{ readonly bytes: Bytes; readonly info: api.CatalogInfo }> {
  checkBuild(products, options);
  const { embeddings = false, offers, articles, previous, shard, signal } = options;
  const interactions = options.interactions === undefined ? undefined : readInteractions(options.interactions);
  const ids = products.map(({ id }) => id);
  const fields: BuildFields = {
    products,
    interactions: interactions && { interactions, ids },
    offers,
    articles,
    ...(shard ? { shard } : {}),
    previous: previous instanceof ArrayBuffer ? new Uint8Array(previous) : previous,
  };
  const { bytes, info } =
    embeddings === false
      ? builtCatalog(await desk.build(() => buildCatalogRequest({ ...fields, previous: undefined }), signal))
      : await addVectors(desk, fields, options);
  return { bytes, info: { ...info, unknownProducts: interactions ? countUnknown(interactions, ids) : 0 } };
}
