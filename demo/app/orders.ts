/** The order that a product came with. This shop has no checkout, so every product has been bought once, a few days ago. */
import type { Order } from 'aftersense';
import { findProduct, priceOf, products } from './products.ts';

const dayMs = 86_400_000;
const firstNumber = 20_400;

export interface ShopOrder {
  readonly number: string;
  readonly placedAt: Date;
  readonly deliveredAt: Date;
  /** In yuan. */
  readonly value: number;
  readonly carrier: string;
  readonly tracking: string;
}

/** The same every time, but for the days, which go by. */
export function orderOf(productId: string): ShopOrder | undefined {
  const product = findProduct(productId);
  if (!product) return undefined;
  const place = products.indexOf(product);
  const delivered = Date.now() - (3 + (place % 5)) * dayMs;
  return {
    number: `HA-${firstNumber + place}`,
    placedAt: new Date(delivered - 2 * dayMs),
    deliveredAt: new Date(delivered),
    value: priceOf(product),
    carrier: 'SF Express',
    tracking: `SF13902047${firstNumber + place}`,
  };
}

/** What the desk's rules may ask of it. */
export const factsOf = ({ value, placedAt, deliveredAt }: ShopOrder): Order => ({
  value,
  currency: 'CNY',
  status: 'delivered',
  placedAt,
  deliveredAt,
});
