/**
 * Requests as FlatBuffers. Strings are written as UTF-8, a lone surrogate as U+FFFD (one UTF-16 unit for one), so that
 * offsets into the text as given stay right.
 */
import { Builder } from 'flatbuffers';
import type { Bytes } from '../protocol.ts';
import type * as recommend from '../recommend/desk.ts';
import type * as api from '../types.ts';
import {
  AnalyzeRequest,
  Ask,
  Availability,
  EmbedRequest,
  GivenRating,
  HistoryItem,
  HistoryQuery,
  ListRequest,
  LookupRequest,
  PlacedExposure,
  Product,
  RecommendRequest,
  Role,
  Tier,
} from './generated.ts';

const initialBytes = 1024;

/** The bytes written, owning their buffer, so that it can be transferred. */
export function finish(builder: Builder, root: number): Bytes {
  builder.finish(root);
  return builder.asUint8Array() as Bytes;
}

export const strings = (builder: Builder, texts: readonly string[]) => texts.map((text) => builder.createString(text));

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

export function productTable(builder: Builder, input: api.ProductInput): number {
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
  const group = optional(input.group);
  const seller = optional(input.seller);
  const language = optional(input.language);
  const fits = input.fits?.length ? Product.createFitsVector(builder, strings(builder, input.fits)) : 0;
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
  Product.addAvailability(builder, Availability[input.availability ?? 'in_stock']);
  if (input.salePrice !== undefined) Product.addSalePrice(builder, input.salePrice);
  Product.addGroup(builder, group);
  Product.addSeller(builder, seller);
  Product.addRole(builder, Role[input.role ?? 'product']);
  Product.addFits(builder, fits);
  if (input.lastsDays !== undefined) Product.addLastsDays(builder, input.lastsDays);
  Product.addLanguage(builder, language);
  return Product.endProduct(builder);
}

export function listRequest(offset: number, limit: number): Bytes {
  const builder = new Builder(64);
  return finish(builder, ListRequest.createListRequest(builder, offset, limit));
}

const roles: Readonly<Record<api.Wanted, Role>> = { spare_part: Role.spare_part, exchange: Role.product, accessory: Role.accessory };

function historyVector(builder: Builder, history: NonNullable<recommend.Ask['history']>): number {
  const items = history.map(({ product, weight }) => HistoryItem.createHistoryItem(builder, builder.createString(product), weight));
  return RecommendRequest.createHistoryVector(builder, items);
}

function searchesVector(builder: Builder, searches: NonNullable<recommend.Ask['searches']>): number {
  const items = searches.map(({ text, weight }) => HistoryQuery.createHistoryQuery(builder, builder.createString(text), weight));
  return RecommendRequest.createSearchesVector(builder, items);
}

function ratingsVector(builder: Builder, ratings: NonNullable<recommend.Ask['ratings']>): number {
  const items = ratings.map(({ product, stars }) => GivenRating.createGivenRating(builder, builder.createString(product), stars));
  return RecommendRequest.createRatingsVector(builder, items);
}

/** Structs are written in place, the last one first. */
function exposedVector(builder: Builder, exposed: NonNullable<recommend.Ask['exposed']>): number {
  RecommendRequest.startExposedVector(builder, exposed.length);
  for (const [i, { exposure }] of [...exposed.entries()].reverse()) PlacedExposure.createPlacedExposure(builder, i, exposure);
  return builder.endVector();
}

export function recommendRequest(ask: recommend.Ask): Bytes {
  const builder = new Builder(initialBytes);
  const { productIds = [], query, history = [], searches = [], ratings = [], wants = [], exclude = [], exposed = [] } = ask;
  const { minPrice = Number.NaN, maxPrice = Number.NaN, categories = [], brands = [], sellers = [], soldOut = false } = ask.filter ?? {};
  const ids = RecommendRequest.createProductIdsVector(builder, strings(builder, productIds));
  const text = query === undefined ? 0 : builder.createString(query);
  const items = historyVector(builder, history);
  const queries = searchesVector(builder, searches);
  const stars = ratingsVector(builder, ratings);
  const wanted = RecommendRequest.createRolesVector(
    builder,
    wants.map((each) => roles[each]),
  );
  const excluded = RecommendRequest.createExcludeVector(builder, strings(builder, exclude));
  const allowed = RecommendRequest.createCategoriesVector(builder, strings(builder, categories));
  const makers = RecommendRequest.createBrandsVector(builder, strings(builder, brands));
  const merchants = RecommendRequest.createSellersVector(builder, strings(builder, sellers));
  const exposures = exposedVector(builder, exposed);
  const names = exposed.map(({ seller }) => seller);
  const exposedSellers = RecommendRequest.createExposedSellersVector(builder, strings(builder, names));
  RecommendRequest.startRecommendRequest(builder);
  RecommendRequest.addAsk(builder, Ask[ask.ask]);
  RecommendRequest.addProductIds(builder, ids);
  RecommendRequest.addQuery(builder, text);
  RecommendRequest.addHistory(builder, items);
  RecommendRequest.addSearches(builder, queries);
  RecommendRequest.addArticles(builder, ask.articles ?? false);
  RecommendRequest.addRoles(builder, wanted);
  RecommendRequest.addK(builder, ask.k);
  RecommendRequest.addExclude(builder, excluded);
  RecommendRequest.addLeastPrice(builder, minPrice);
  RecommendRequest.addGreatestPrice(builder, maxPrice);
  RecommendRequest.addCategories(builder, allowed);
  RecommendRequest.addBrands(builder, makers);
  RecommendRequest.addSellers(builder, merchants);
  RecommendRequest.addSoldOut(builder, soldOut);
  RecommendRequest.addKeepHistory(builder, ask.keepHistory ?? false);
  RecommendRequest.addDiversity(builder, ask.diversity ?? 0);
  RecommendRequest.addFairness(builder, ask.fairness ?? 0);
  RecommendRequest.addExposed(builder, exposures);
  RecommendRequest.addExposedSellers(builder, exposedSellers);
  RecommendRequest.addRatings(builder, stars);
  return finish(builder, RecommendRequest.endRecommendRequest(builder));
}

export function lookupRequest(ids: readonly string[]): Bytes {
  const builder = new Builder(initialBytes);
  const vector = LookupRequest.createIdsVector(builder, strings(builder, ids));
  return finish(builder, LookupRequest.createLookupRequest(builder, vector));
}
