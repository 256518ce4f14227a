/** The shop's offers by their codes, and what one takes off a basket. Which suit the shopper is for the desk to say. */
import source from '../offers.jsonl?raw';
import { language, type ShopLanguage, t } from './language.ts';
import { priceOf, type ShopProduct } from './products.ts';

interface ShopOffer extends Partial<Readonly<Record<ShopLanguage, { readonly title: string; readonly description: string }>>> {
  readonly id: string;
  readonly kind: 'percent' | 'amount';
  readonly value: number;
  readonly code: string;
  readonly leastSpend?: number;
  /** All products where it names none. */
  readonly category?: string;
  /** Product whose drawing stands for it. */
  readonly picture: string;
}

export interface BasketLine {
  readonly product: ShopProduct;
  readonly quantity: number;
}

/** For those who say something nice; it is in no list. */
const thanks: ShopOffer = { id: 'thanks', kind: 'percent', value: 10, code: 'THANKS10', picture: 'celadon-cups' };
export const thanksCode = thanks.code;

const offers: readonly ShopOffer[] = [
  thanks,
  ...source
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ShopOffer),
];

export const findOffer = (code: string): ShopOffer | undefined => offers.find((offer) => offer.code === code);

export const titleOf = (offer: ShopOffer): string => offer[language()]?.title ?? t('offerTitle');

export const lineTotal = ({ product, quantity }: BasketLine): number => priceOf(product) * quantity;

export const totalOf = (lines: readonly BasketLine[]): number => lines.reduce((sum, line) => sum + lineTotal(line), 0);

/** What it takes off, in yuan; 0 while what it is for does not come to its least spend. */
export function savingOf({ kind, value, leastSpend = 0, category }: ShopOffer, lines: readonly BasketLine[]): number {
  const spend = totalOf(lines.filter(({ product }) => category === undefined || product.category === category));
  if (spend === 0 || spend < leastSpend) return 0;
  return kind === 'percent' ? Math.round(spend * value) / 100 : Math.min(value, spend);
}
