/** Behind a handle's `recommend`: what each surface asks the core, what of the profile counts there, and why it is told. */
import { AftersenseError } from '../errors.ts';
import type { SuppressionOptions } from '../profile/types.ts';
import type { Product } from '../types.ts';
import { articleOf } from './articles.ts';
import { isBarred, nothingBarred, readBarred } from './barred.ts';
import { checkRequest } from './check.ts';
import type { Ask, Found, RecommenderDesk } from './desk.ts';
import { passes } from './filter.ts';
import { recommendOffers } from './offer_surface.ts';
import { dueReason, reasonOf, type Telling } from './reasons.ts';
import { type Due, dueOf } from './replenishment.ts';
import { deedsOf, historyFields, lastViewed, readShopper, type Shopper } from './shopper.ts';
import type {
  AnyRecommendation,
  AnyRecommendRequest,
  ArticleRecommendation,
  ContentRequest,
  Named,
  OfferRecommendation,
  OfferRequest,
  Recommendation,
  RecommendRequest,
} from './types.ts';

export const defaultK = 5;
const maxK = 1000;
/** Of the surfaces that a shopper looks through, rather than compares by. */
const browsingDiversity = 0.2;
/** Of the products last viewed, so many are tried until the catalogue knows one. */
const maxViewed = 20;

type Request<S> = Extract<RecommendRequest, { readonly for: S }>;

/** What the requests of `#ask` have in common. */
type Limits = Pick<Request<'product'>, 'k' | 'exclude' | 'filter' | 'diversity' | 'fairness' | 'signal'>;

export class Recommender {
  readonly #desk: RecommenderDesk;

  constructor(desk: RecommenderDesk) {
    this.#desk = desk;
  }

  async recommend(request: AnyRecommendRequest): Promise<AnyRecommendation[]> {
    checkRequest(request);
    switch (request.for) {
      case 'product':
        return this.#like(request);
      case 'basket':
        return this.#goesWith(request);
      case 'query':
        return this.#told(await this.#ask(request, { ask: 'query', query: request.text }, 0), 'query', request.signal);
      case 'profile':
        return this.#forShopper(request);
      case 'viewed':
        return this.#viewed(request);
      case 'replenishment':
        return this.#replenishment(request);
      case 'complaint':
        return this.#afterComplaint(request);
      case 'offer':
        return this.#offers(request);
      case 'content':
        return this.#articles(request);
      default:
        return request satisfies never;
    }
  }

  async #like(request: Request<'product'>): Promise<Recommendation[]> {
    const found = await this.#ask(request, { ask: 'similar', productIds: [request.id] }, 0);
    return this.#told(found, 'product', request.signal, { anchor: request.id });
  }

  async #goesWith(request: Request<'basket'>): Promise<Recommendation[]> {
    const barred = await readBarred(this.#desk, await this.#shopper(request.suppress), 'browsing', request);
    const history = [...new Set(request.ids)].map((product) => ({ product, weight: 1 }));
    const found = await this.#ask(request, { ask: 'history', history }, browsingDiversity, barred);
    return this.#told(found, 'basket', request.signal);
  }

  /** Something new: what the shopper knows is left out, however long ago, unless nothing is suppressed. */
  async #forShopper(request: Request<'profile'>): Promise<Recommendation[]> {
    const shopper = await this.#shopper(request.suppress);
    const barred = await readBarred(this.#desk, shopper, 'browsing', request);
    const keepHistory = request.suppress === false;
    const known = keepHistory ? [] : shopper.history.products.map(({ id }) => id);
    const ask = { ask: 'history', ...historyFields(shopper), keepHistory } as const;
    const found = await this.#ask(request, ask, browsingDiversity, { ...barred, ids: [...barred.ids, ...known] });
    return this.#told(found, 'profile', request.signal, { shopper });
  }

  /** All that is found comes from the one product, but what is popular anyway: that alone is no reason here. */
  async #viewed(request: Request<'viewed'>): Promise<Recommendation[]> {
    const shopper = await this.#shopper(request.suppress);
    const id = request.id === undefined ? await this.#lastViewed(shopper, request.signal) : await this.#sold(request.id, request.signal);
    if (id === undefined) return [];
    const barred = await readBarred(this.#desk, shopper, 'browsing', request);
    const found = await this.#ask(request, { ask: 'history', history: [{ product: id, weight: 1 }] }, browsingDiversity, barred);
    const related = found.filter(({ contributions }) => contributions.some(({ kind }) => kind !== 'popularity'));
    return this.#told(related, 'viewed', request.signal, { anchor: id });
  }

  async #afterComplaint(request: Request<'complaint'>): Promise<Recommendation[]> {
    const barred = await readBarred(this.#desk, await this.#shopper(undefined), 'complaint', request);
    const { id, wants = [] } = request;
    const found = await this.#ask(request, { ask: 'complaint', productIds: [id], wants }, 0, barred);
    return this.#told(found, 'complaint', request.signal, { anchor: id });
  }

  async #replenishment(request: Request<'replenishment'>): Promise<Recommendation[]> {
    const { k = defaultK, exclude = [], filter = {}, signal } = request;
    const shopper = await this.#shopper(request.suppress);
    const { at, products } = shopper.history;
    const bought = products.filter(({ id, lastBought }) => lastBought !== undefined && !exclude.includes(id));
    const known = await this.#desk.lookUp(
      bought.map(({ id }) => id),
      signal,
    );
    const barred = await readBarred(this.#desk, shopper, 'replenishment', request);
    const due = bought.flatMap((own, i) => {
      const { product, repeatDays } = known[i] ?? {};
      if (!product || isBarred(barred, product) || !passes(product, filter)) return [];
      const found = dueOf(own, at, { lastsDays: product.lastsDays, repeatDays });
      return found ? [{ product, due: found }] : [];
    });
    const toldOf = ({ product, due: one }: { product: Product; due: Due }): Recommendation => {
      return { product, score: one.score, reason: dueReason(one), dueAt: one.dueAt };
    };
    return due
      .sort((a, b) => b.due.score - a.due.score)
      .slice(0, k)
      .map(toldOf);
  }

  async #offers(request: OfferRequest): Promise<OfferRecommendation[]> {
    const shopper = await this.#shopper(request.suppress);
    const barred = await readBarred(this.#desk, shopper, 'offer', request);
    return recommendOffers(this.#desk, { shopper, barred }, request);
  }

  async #articles(request: ContentRequest): Promise<ArticleRecommendation[]> {
    const { id, text, signal } = request;
    const isByProfile = id === undefined && text === undefined;
    const shopper = isByProfile ? await this.#shopper(undefined) : undefined;
    const ask = (): Omit<Ask, 'k'> => {
      if (id !== undefined) return { ask: 'similar', productIds: [id] };
      if (text !== undefined) return { ask: 'query', query: text };
      return { ask: 'history', ...historyFields(shopper as Shopper) };
    };
    const found = await this.#ask(request, { ...ask(), articles: true }, isByProfile ? browsingDiversity : 0);
    // The words of a text are told as those of a search.
    const surface = text === undefined ? 'content' : 'query';
    const told = await this.#told(found, surface, signal, { anchor: id, shopper });
    return told.map(({ product, score, reason }) => ({ article: articleOf(product), score, reason }));
  }

  #shopper(suppress: SuppressionOptions | false | undefined): Promise<Shopper> {
    return readShopper(this.#desk.profile, suppress);
  }

  /** A list holds at most one of a group: so many more are asked for as groups may be dropped. */
  async #ask(limits: Limits, ask: Omit<Ask, 'k'>, diversity: number, barred = nothingBarred): Promise<readonly Found[]> {
    const { k = defaultK, exclude = [], filter = {}, fairness = 0, signal } = limits;
    const exposed = fairness > 0 ? await this.#exposed(signal) : [];
    const fields: Ask = {
      ...ask,
      k: Math.min(maxK, k + barred.groups.size),
      exclude: [...exclude, ...barred.ids],
      filter,
      diversity: limits.diversity ?? diversity,
      fairness,
      exposed,
    };
    const found = await this.#desk.recommend(fields, signal);
    return found.filter(({ product }) => !isBarred(barred, product)).slice(0, k);
  }

  /** How much of each seller the shopper was shown. */
  async #exposed(signal: AbortSignal | undefined): Promise<NonNullable<Ask['exposed']>> {
    const { shown } = (await this.#shopper(undefined)).history;
    const known = await this.#desk.lookUp(
      shown.map(({ id }) => id),
      signal,
    );
    const sums = new Map<string, number>();
    for (const [i, { exposure }] of shown.entries()) {
      const seller = known[i]?.product?.seller;
      if (seller !== undefined) sums.set(seller, (sums.get(seller) ?? 0) + exposure);
    }
    return Array.from(sums, ([seller, exposure]) => ({ seller, exposure }));
  }

  /** One by one: of a catalogue in shards each look costs a download, and the first is nearly always there. */
  async #lastViewed(shopper: Shopper, signal: AbortSignal | undefined): Promise<string | undefined> {
    for (const id of lastViewed(shopper).slice(0, maxViewed)) {
      const [known] = await this.#desk.lookUp([id], signal);
      if (known?.product) return id;
    }
    return undefined;
  }

  async #sold(id: string, signal: AbortSignal | undefined): Promise<string> {
    const [known] = await this.#desk.lookUp([id], signal);
    if (known?.product) return id;
    throw new AftersenseError('unknown_product', `The catalogue has no product "${id}".`);
  }

  async #told(
    found: readonly Found[],
    surface: Telling['surface'],
    signal: AbortSignal | undefined,
    { anchor, shopper }: { readonly anchor?: string | undefined; readonly shopper?: Shopper | undefined } = {},
  ): Promise<Recommendation[]> {
    const ids = found.flatMap(({ contributions }) => contributions.flatMap(({ because }) => because));
    const named = await this.#namer([...new Set(anchor === undefined ? ids : [anchor, ...ids])], signal);
    const deeds = shopper && deedsOf(shopper);
    const telling: Telling = {
      surface,
      named,
      deedOf: (id) => (surface === 'viewed' ? 'viewed' : deeds?.get(id)),
      anchor: anchor === undefined ? undefined : named(anchor),
    };
    return found.map((one) => {
      const { product, score, expectedRating } = one;
      return { product, score, reason: reasonOf(one, telling), ...(expectedRating === undefined ? {} : { expectedRating }) };
    });
  }

  async #namer(ids: readonly string[], signal: AbortSignal | undefined): Promise<(id: string) => Named> {
    const known = await this.#desk.lookUp(ids, signal);
    const titles = new Map(ids.map((id, i) => [id, known[i]?.product?.title]));
    return (id) => ({ id, title: titles.get(id) || id });
  }
}
