/** The request to build a catalogue. */
import { Builder } from 'flatbuffers';
import type { Bytes } from '../protocol.ts';
import type * as api from '../types.ts';
import { BuildCatalogRequest, Offer, OfferKind, VectorsGiven } from './generated.ts';
import { interactionsTable, type Learnt } from './interactions.ts';
import { finish, productTable, strings } from './requests.ts';

/** Vectors for products or articles: none are wanted without it. With no `vectors`, the reply tells for which they are missing. */
export interface GivenVectors {
  /** Name and version. */
  readonly model: string;
  /** Of the text of each product. */
  readonly hashes: BigUint64Array;
  /** Places of the products that vectors are given for, ascending. */
  readonly rows: readonly number[];
  /** Of `rows`, all as long as one another. */
  readonly vectors: readonly Float32Array[];
}

export interface BuildFields {
  readonly products: readonly api.ProductInput[];
  readonly vectors?: GivenVectors | undefined;
  readonly interactions?: Learnt | undefined;
  readonly offers?: readonly api.OfferInput[] | undefined;
  readonly articles?: readonly api.ArticleInput[] | undefined;
  readonly articleVectors?: GivenVectors | undefined;
  /** A catalogue file. */
  readonly previous?: Uint8Array | undefined;
  /** Of the catalogue that was planned. */
  readonly shard?: boolean;
}

/** An article as the product that it is in the file. */
export function articleProduct({ kind, about, language, ...article }: api.ArticleInput): api.ProductInput {
  return { ...article, category: kind ?? '', fits: about ?? [], language: language ?? '' };
}

/** A file that is read in place, so aligned as a file is. */
function fileVector(builder: Builder, file: Uint8Array): number {
  builder.prep(8, file.length);
  return builder.createByteVector(file);
}

/** Numbers of 8 bytes: the generated code has no way to write them all at once. */
function hashVector(builder: Builder, hashes: BigUint64Array): number {
  builder.startVector(8, hashes.length, 8);
  for (let i = hashes.length - 1; i >= 0; i--) builder.addInt64(hashes[i] as bigint);
  return builder.endVector();
}

function vectorsTable(builder: Builder, given: GivenVectors | undefined): number {
  if (!given) return 0;
  const dimensions = given.vectors[0]?.length ?? 0;
  const numbers = new Float32Array(given.vectors.length * dimensions);
  for (const [i, vector] of given.vectors.entries()) numbers.set(vector, i * dimensions);
  const model = builder.createString(given.model);
  const values = numbers.length > 0 ? VectorsGiven.createValuesVector(builder, numbers) : 0;
  const rows = numbers.length > 0 ? VectorsGiven.createRowsVector(builder, [...given.rows]) : 0;
  const hashes = hashVector(builder, given.hashes);
  return VectorsGiven.createVectorsGiven(builder, model, dimensions, values, rows, hashes);
}

/** Milliseconds since 1970; 0 for none. */
const instant = (time: string | number | undefined): bigint => (time === undefined ? 0n : BigInt(Math.round(new Date(time).getTime())));

function offerTable(builder: Builder, input: api.OfferInput): number {
  const optional = (text: string | undefined) => (text ? builder.createString(text) : 0);
  const id = builder.createString(input.id);
  const title = optional(input.title);
  const description = optional(input.description);
  const code = optional(input.code);
  const currency = optional(input.currency);
  const image = optional(input.image);
  const url = optional(input.url);
  const products = input.products?.length ? Offer.createProductsVector(builder, strings(builder, input.products)) : 0;
  const categories = input.categories?.length ? Offer.createCategoriesVector(builder, strings(builder, input.categories)) : 0;
  const brands = input.brands?.length ? Offer.createBrandsVector(builder, strings(builder, input.brands)) : 0;
  Offer.startOffer(builder);
  Offer.addId(builder, id);
  Offer.addKind(builder, OfferKind[input.kind]);
  if (input.value !== undefined) Offer.addValue(builder, input.value);
  Offer.addTitle(builder, title);
  Offer.addDescription(builder, description);
  Offer.addCode(builder, code);
  Offer.addCurrency(builder, currency);
  if (input.leastSpend !== undefined) Offer.addLeastSpend(builder, input.leastSpend);
  Offer.addStarts(builder, instant(input.starts));
  Offer.addEnds(builder, instant(input.ends));
  Offer.addProducts(builder, products);
  Offer.addCategories(builder, categories);
  Offer.addBrands(builder, brands);
  Offer.addImage(builder, image);
  Offer.addUrl(builder, url);
  return Offer.endOffer(builder);
}

export function buildCatalogRequest(fields: BuildFields): Bytes {
  const builder = new Builder(1024);
  const { products, offers = [], articles = [], previous, shard = false } = fields;
  const productItems = products.map((input) => productTable(builder, input));
  const productVector = BuildCatalogRequest.createProductsVector(builder, productItems);
  const vectors = vectorsTable(builder, fields.vectors);
  const interactions = fields.interactions ? interactionsTable(builder, fields.interactions) : 0;
  const offerItems = offers.map((input) => offerTable(builder, input));
  const offerVector = offers.length > 0 ? BuildCatalogRequest.createOffersVector(builder, offerItems) : 0;
  const articleItems = articles.map((input) => productTable(builder, articleProduct(input)));
  const articleVector = articles.length > 0 ? BuildCatalogRequest.createArticlesVector(builder, articleItems) : 0;
  const articleVectors = vectorsTable(builder, fields.articleVectors);
  const previousVector = previous ? fileVector(builder, previous) : 0;
  BuildCatalogRequest.startBuildCatalogRequest(builder);
  BuildCatalogRequest.addProducts(builder, productVector);
  BuildCatalogRequest.addVectors(builder, vectors);
  BuildCatalogRequest.addInteractions(builder, interactions);
  BuildCatalogRequest.addOffers(builder, offerVector);
  BuildCatalogRequest.addArticles(builder, articleVector);
  BuildCatalogRequest.addArticleVectors(builder, articleVectors);
  BuildCatalogRequest.addPrevious(builder, previousVector);
  BuildCatalogRequest.addShard(builder, shard);
  return finish(builder, BuildCatalogRequest.endBuildCatalogRequest(builder));
}
