/** Which offers suit the shopper: pure. README.md says what the numbers are. */
import type { Interests, PriceInterest, ProfileHistory } from '../profile/types.ts';
import type { Offer, Product } from '../types.ts';
import { priceOf } from './filter.ts';
import { money, percent, quoted, quotedNames } from './phrases.ts';
import type { BothTexts, Contribution, Named, OfferReason, OfferReasonKind } from './types.ts';

/** How much each part counts; they sum to 1. */
const weights: Readonly<Record<OfferReasonKind, number>> = { taste: 0.35, basket: 0.25, reach: 0.2, saving: 0.1, price: 0.1 };
/** What free delivery or a gift is worth, as a share of the price. */
const perkShare = 0.1;
/** What is still to be spent counts so much of what is spent already. */
const unspentShare = 0.5;

/** Half a cent is rounding, of shares of a basket. */
const leastMissing = 0.005;

/** What is known of the shopper and the basket. */
export interface OfferContext {
  readonly history: Pick<ProfileHistory, 'products'>;
  readonly interests: Pick<Interests, 'categories' | 'brands' | 'prices'>;
  /** Each piece: what is there twice stands here twice. */
  readonly basket: readonly Product[];
  readonly total: number | undefined;
  /** Of the total; empty: of each offer's. */
  readonly currency: string;
  named(id: string): Named;
}

type Part = Contribution<OfferReasonKind>;

export const isValid = ({ starts, ends }: Offer, at: number): boolean =>
  (starts === undefined || starts <= at) && (ends === undefined || at < ends);

export const isForAll = ({ products, categories, brands }: Offer): boolean => products.length + categories.length + brands.length === 0;

/** Whether an offer is for a product. */
export function covers(offer: Offer, { id, category, brand }: Pick<Product, 'id' | 'category' | 'brand'>): boolean {
  return isForAll(offer) || offer.products.includes(id) || offer.categories.includes(category) || offer.brands.includes(brand);
}

const sameCurrency = (a: string, b: string): boolean => a === '' || b === '' || a === b;

/** What the shopper usually looks at and pays, in the currency of the offer. */
function usualPrices({ interests }: OfferContext, { currency }: Offer): PriceInterest | undefined {
  return interests.prices.find((prices) => sameCurrency(prices.currency, currency));
}

/** The share of the basket that an offer is for: of its value, or where prices are not known, of its pieces. */
function coveredShare(offer: Offer, basket: readonly Product[]): number {
  const covered = basket.filter((product) => covers(offer, product));
  const value = (products: readonly Product[]) => products.reduce((sum, product) => sum + (priceOf(product) ?? 0), 0);
  return value(basket) > 0 ? value(covered) / value(basket) : covered.length / basket.length;
}

/** What of the total counts for the offer; undefined where nobody can tell. */
function spentOn(offer: Offer, { basket, total, currency }: OfferContext): number | undefined {
  if (total === undefined || !sameCurrency(currency, offer.currency)) return undefined;
  if (isForAll(offer)) return total;
  return basket.length === 0 ? undefined : total * coveredShare(offer, basket);
}

/** What is missing for the least spend; undefined where nobody can tell. */
export function missingFor(offer: Offer, context: OfferContext): number | undefined {
  const spent = spentOn(offer, context);
  if (offer.leastSpend === undefined || spent === undefined) return undefined;
  const missing = offer.leastSpend - spent;
  return missing < leastMissing ? 0 : missing;
}

const part = (kind: OfferReasonKind, measure: number, text: BothTexts, because: readonly Named[] = []): Part => ({
  kind,
  measure,
  score: weights[kind] * measure,
  because,
  text,
});

/** What is in the basket counts whole; of the rest, what one more purchase at the shopper's usual prices comes to counts half. */
function reach(offer: Offer, context: OfferContext): Part {
  const { leastSpend: least = 0, currency } = offer;
  if (!(least > 0)) return part('reach', 1, { zh: '无使用门槛', en: 'No minimum spend' });
  const missing = missingFor(offer, context);
  if (missing === 0) return part('reach', 1, { zh: '购物车已满足使用门槛', en: 'Your basket qualifies' });
  const power = usualPrices(context, offer)?.high ?? 0;
  const needed = missing ?? least;
  const measure = (least - needed + unspentShare * Math.min(power, needed)) / least;
  if (missing === undefined) return part('reach', measure, { zh: '在您常买的价位之内', en: 'Within what you usually spend' });
  const amount = money(missing, currency);
  const text = isForAll(offer)
    ? { zh: `再买 ${amount.zh} 即可使用`, en: `Spend ${amount.en} more to use it` }
    : { zh: `再买 ${amount.zh} 适用商品即可使用`, en: `Spend ${amount.en} more on what it covers` };
  return part('reach', measure, text);
}

function basket(offer: Offer, { basket: inBasket, named }: OfferContext): Part {
  const covered = inBasket.filter((product) => covers(offer, product));
  const because = [...new Set(covered.map(({ id }) => id))].map(named);
  const what = quotedNames(because);
  const text = isForAll(offer)
    ? { zh: '购物车中的商品都可使用', en: 'For everything in your basket' }
    : { zh: `适用于购物车中的${what.zh}`, en: `For ${what.en} in your basket` };
  return part('basket', covered.length > 0 ? covered.length / inBasket.length : 0, text, because);
}

interface Weighed {
  readonly name: string;
  readonly weight: number;
}

/** The share that what the offer names has of what the shopper likes. */
function shareOf(liked: readonly Weighed[], names: readonly string[]): { readonly share: number; readonly found: readonly string[] } {
  const positive = liked.filter(({ weight }) => weight > 0);
  const found = positive.filter(({ name }) => names.includes(name));
  const sum = (some: readonly Weighed[]) => some.reduce((total, { weight }) => total + weight, 0);
  return { share: found.length > 0 ? sum(found) / sum(positive) : 0, found: found.map(({ name }) => name) };
}

function taste(offer: Offer, { interests, history, named }: OfferContext): Part {
  const products = shareOf(
    history.products.map(({ id, weight }) => ({ name: id, weight })),
    offer.products,
  );
  const shelves = [shareOf(interests.categories, offer.categories), shareOf(interests.brands, offer.brands)];
  const shelf = shelves.reduce((best, next) => (next.share > best.share ? next : best));
  if (products.share >= shelf.share) {
    const because = products.found.map(named);
    const what = quotedNames(because);
    return part('taste', products.share, { zh: `适用于您看过或买过的${what.zh}`, en: `For ${what.en}, which you have looked at` }, because);
  }
  const what = quoted(shelf.found);
  return part('taste', shelf.share, { zh: `适用于您常看的${what.zh}`, en: `For ${what.en}, which you often look at` });
}

/** Against what the offer's own currency says is spent: the least spend, the basket, or what the shopper usually pays. */
function saving(offer: Offer, context: OfferContext): Part {
  const { kind, value = 0, currency } = offer;
  switch (kind) {
    case 'percent': {
      const share = percent(value / 100);
      const zh = value >= 100 ? '免费' : `${Number((10 - value / 10).toFixed(2))} 折`;
      return part('saving', Math.min(1, value / 100), { zh, en: `${share.en} off` });
    }
    case 'amount': {
      const spent = Math.max(offer.leastSpend ?? 0, spentOn(offer, context) ?? 0, usualPrices(context, offer)?.typical ?? 0);
      const amount = money(value, currency);
      return part('saving', spent > 0 ? Math.min(1, value / spent) : 0, { zh: `立减 ${amount.zh}`, en: `${amount.en} off` });
    }
    case 'free_shipping':
      return part('saving', perkShare, { zh: '包邮', en: 'Free delivery' });
    case 'gift':
      return part('saving', perkShare, { zh: '有赠品', en: 'With a gift' });
    default:
      return kind satisfies never;
  }
}

/** How near what it is for is to the shopper's usual prices: 1 within the quartiles, else the ratio to the nearer one; the mean. */
function price(offer: Offer, context: OfferContext, picks: readonly Product[]): Part {
  const usual = usualPrices(context, offer);
  const nearness = picks.flatMap((product) => {
    const paid = priceOf(product);
    if (!usual || paid === undefined || !(paid > 0) || !sameCurrency(product.currency, usual.currency)) return [];
    return [Math.min(1, paid / usual.low, usual.high / paid)];
  });
  const measure = nearness.length > 0 ? nearness.reduce((sum, each) => sum + each, 0) / nearness.length : 0;
  return part('price', measure, { zh: '价位与您平时购买的相近', en: 'At prices you usually pay' });
}

/** `picks`: products that it is for and that suit the shopper. */
export function offerReason(offer: Offer, context: OfferContext, picks: readonly Product[]): OfferReason & { readonly score: number } {
  const parts = [
    reach(offer, context),
    basket(offer, context),
    taste(offer, context),
    saving(offer, context),
    price(offer, context, picks),
  ];
  const contributions = parts.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
  const score = contributions.reduce((sum, each) => sum + each.score, 0);
  const { kind, text, because } = contributions[0] ?? (parts[3] as Part);
  return { score, kind, text, because, terms: [], contributions };
}
