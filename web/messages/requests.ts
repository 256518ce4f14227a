/**
 * Requests as FlatBuffers. Strings are written as UTF-8, a lone surrogate as U+FFFD (one UTF-16 unit for one), so that
 * offsets into the text as given stay right.
 */
import { Builder } from 'flatbuffers';
import type { Bytes } from '../protocol.ts';
import type * as api from '../types.ts';
import { AnalyzeRequest, BuildCatalogRequest, EmbedRequest, ListRequest, Product, RecommendRequest, Tier } from './generated.ts';

const initialBytes = 1024;

/** The bytes written, owning their buffer, so that it can be transferred. */
function finish(builder: Builder, root: number): Bytes {
  builder.finish(root);
  return builder.asUint8Array() as Bytes;
}

const strings = (builder: Builder, texts: readonly string[]) => texts.map((text) => builder.createString(text));

export function analyzeRequest(texts: readonly string[], explain: boolean, tier: api.Tier): Bytes {
  const builder = new Builder(initialBytes);
  const vector = AnalyzeRequest.createTextsVector(builder, strings(builder, texts));
  return finish(builder, AnalyzeRequest.createAnalyzeRequest(builder, vector, explain, Tier[tier]));
}

export function embedRequest(texts: readonly string[]): Bytes {
  const builder = new Builder(initialBytes);
  const vector = EmbedRequest.createTextsVector(builder, strings(builder, texts));
  return finish(builder, EmbedRequest.createEmbedRequest(builder, vector));
}

function product(builder: Builder, input: api.ProductInput): number {
  const optional = (text: string | undefined) => (text ? builder.createString(text) : 0);
  const id = builder.createString(input.id);
  const title = optional(input.title);
  const description = optional(input.description);
  const category = optional(input.category);
  const brand = optional(input.brand);
  const tags = input.tags?.length ? Product.createTagsVector(builder, strings(builder, input.tags)) : 0;
  const currency = optional(input.currency);
  const image = optional(input.image);
  const url = optional(input.url);
  Product.startProduct(builder);
  Product.addId(builder, id);
  Product.addTitle(builder, title);
  Product.addDescription(builder, description);
  Product.addCategory(builder, category);
  Product.addBrand(builder, brand);
  Product.addTags(builder, tags);
  if (input.price !== undefined) Product.addPrice(builder, input.price);
  Product.addCurrency(builder, currency);
  Product.addImage(builder, image);
  Product.addUrl(builder, url);
  return Product.endProduct(builder);
}

/** Vectors of all products, in their order, and what made them. */
export interface ProductVectors {
  readonly model: string;
  readonly vectors: readonly Float32Array[];
}

export function buildCatalogRequest(products: readonly api.ProductInput[], embedded?: ProductVectors): Bytes {
  const builder = new Builder(initialBytes);
  const items = products.map((input) => product(builder, input));
  const vector = BuildCatalogRequest.createProductsVector(builder, items);
  const dimensions = embedded?.vectors[0]?.length ?? 0;
  const numbers = new Float32Array((embedded?.vectors.length ?? 0) * dimensions);
  for (const [i, one] of (embedded?.vectors ?? []).entries()) numbers.set(one, i * dimensions);
  const vectors = embedded ? BuildCatalogRequest.createVectorsVector(builder, numbers) : 0;
  const model = embedded ? builder.createString(embedded.model) : 0;
  return finish(builder, BuildCatalogRequest.createBuildCatalogRequest(builder, vector, vectors, dimensions, model));
}

export function listRequest(offset: number, limit: number): Bytes {
  const builder = new Builder(64);
  return finish(builder, ListRequest.createListRequest(builder, offset, limit));
}

export interface RecommendFields {
  readonly productIds?: readonly string[];
  readonly query?: string;
  readonly k: number;
  readonly exclude: readonly string[];
  readonly filter: api.ProductFilter;
}

export function recommendRequest({ productIds, query, k, exclude, filter }: RecommendFields): Bytes {
  const builder = new Builder(initialBytes);
  const ids = productIds ? RecommendRequest.createProductIdsVector(builder, strings(builder, productIds)) : 0;
  const text = query === undefined ? 0 : builder.createString(query);
  const excluded = RecommendRequest.createExcludeVector(builder, strings(builder, exclude));
  const { minPrice = Number.NaN, maxPrice = Number.NaN, categories = [], brands = [] } = filter;
  const allowed = RecommendRequest.createCategoriesVector(builder, strings(builder, categories));
  const makers = RecommendRequest.createBrandsVector(builder, strings(builder, brands));
  return finish(builder, RecommendRequest.createRecommendRequest(builder, ids, text, k, excluded, minPrice, maxPrice, allowed, makers));
}
