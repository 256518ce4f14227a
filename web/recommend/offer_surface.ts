/** Offers for one shopper: those that hold now, each with products that it is for. */
import type { Offer, Product } from '../types.ts';
import { type Barred, isBarred } from './barred.ts';
import type { Ask, RecommenderDesk } from './desk.ts';
import { passes } from './filter.ts';
import { covers, isForAll, isValid, missingFor, type OfferContext, offerReason } from './offers.ts';
import { historyFields, readInterests, type Shopper } from './shopper.ts';
import type { OfferRecommendation, OfferRequest } from './types.ts';

const defaultK = 5;
/** An offer comes with at most so many products. */
const maxPicks = 3;
/** Products are looked for so many times as many offers as are wanted, the best without them. */
const poolFactor = 3;
/** Of the products that an offer names, so many are looked up. */
const maxNamed = 100;

/** What the shopper likes, and what may not be returned. */
export interface OfferShopper {
  readonly shopper: Shopper;
  readonly barred: Barred;
}

/** Names are looked up of what is in the basket, and of what is known of the shopper and an offer names: no more is ever told. */
async function contextOf(
  desk: RecommenderDesk,
  { history }: Shopper,
  offers: readonly Offer[],
  request: OfferRequest,
): Promise<OfferContext> {
  const { ids = [], total, currency = '', signal } = request;
  const offered = new Set(offers.flatMap(({ products }) => products));
  const liked = history.products.map(({ id }) => id).filter((id) => offered.has(id));
  const found = await desk.lookUp([...new Set([...ids, ...liked])], signal);
  const known = new Map(found.flatMap(({ product }) => (product ? [[product.id, product] as const] : [])));
  return {
    history,
    interests: await readInterests(desk.profile),
    basket: ids.flatMap((id) => known.get(id) ?? []),
    total,
    currency,
    named: (id) => ({ id, title: known.get(id)?.title || id }),
  };
}

/** Products of an offer that may be shown: those it names, in its order, then what suits the shopper on its shelves. */
async function picksOf(desk: RecommenderDesk, offer: Offer, { shopper, barred }: OfferShopper, request: OfferRequest): Promise<Product[]> {
  const { ids = [], signal } = request;
  const named = await desk.lookUp(offer.products.slice(0, maxNamed), signal);
  const found = named.flatMap(({ product }) => (product && passes(product, {}) ? product : []));
  const shelves = [{ categories: offer.categories }, { brands: offer.brands }].filter((shelf) => Object.values(shelf)[0]?.length);
  for (const filter of shelves) {
    const exclude = [...ids, ...barred.ids];
    // Without searches, which base would read again for each offer.
    const { history = [] } = historyFields(shopper);
    const ask: Ask = { ask: 'history', history, keepHistory: true, k: maxPicks + barred.groups.size, exclude, filter };
    found.push(...(await desk.recommend(ask, signal)).map(({ product }) => product));
  }
  const picks = new Map(found.filter((one) => !ids.includes(one.id) && !isBarred(barred, one)).map((one) => [one.id, one]));
  return [...picks.values()].slice(0, maxPicks);
}

/** An offer on nothing that can be shown, and on nothing in the basket, is none. */
const isEmpty = (offer: Offer, picks: readonly Product[], { basket }: OfferContext): boolean =>
  !isForAll(offer) && picks.length === 0 && !basket.some((product) => covers(offer, product));

export async function recommendOffers(desk: RecommenderDesk, known: OfferShopper, request: OfferRequest): Promise<OfferRecommendation[]> {
  const { k = defaultK, exclude = [], signal } = request;
  const { at } = known.shopper.history;
  const offers = (await desk.offers(signal)).filter((offer) => isValid(offer, at) && !exclude.includes(offer.id));
  const context = await contextOf(desk, known.shopper, offers, request);
  const pool = offers
    .map((offer) => ({ offer, ...offerReason(offer, context, []) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, k * poolFactor);
  const found: OfferRecommendation[] = [];
  for (const { offer } of pool) {
    const products = await picksOf(desk, offer, known, request);
    if (isEmpty(offer, products, context)) continue;
    const { score, ...reason } = offerReason(offer, context, products);
    const missing = missingFor(offer, context);
    found.push({ offer, score, reason, ...(missing === undefined ? {} : { missing }), products });
  }
  return found.sort((a, b) => b.score - a.score).slice(0, k);
}
