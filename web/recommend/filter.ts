/** The filter of products, for those that no call of the core has filtered: as src/tasks/selection does it. */
import type { Product } from '../types.ts';
import type { ProductFilter } from './types.ts';

export const priceOf = ({ salePrice, price }: Pick<Product, 'salePrice' | 'price'>): number | undefined => salePrice ?? price;

const isOneOf = (text: string, allowed: readonly string[] = []): boolean => allowed.length === 0 || allowed.includes(text);

export function passes(product: Product, filter: ProductFilter): boolean {
  const { minPrice, maxPrice, categories, brands, sellers, soldOut = false } = filter;
  if (product.availability === 'out_of_stock' && !soldOut) return false;
  const price = priceOf(product);
  if (minPrice !== undefined && !(price !== undefined && price >= minPrice)) return false;
  if (maxPrice !== undefined && !(price !== undefined && price <= maxPrice)) return false;
  return isOneOf(product.category, categories) && isOneOf(product.brand, brands) && isOneOf(product.seller, sellers);
}
