/** The shop's own product list: shown whether or not the after-sales desk has loaded. */
import categoryList from '../categories.json';
import source from '../products.jsonl?raw';
import { language, type ShopLanguage } from './language.ts';

interface ProductText {
  readonly title: string;
  readonly description: string;
  readonly brand: string;
  readonly tags: readonly string[];
}

export interface ShopProduct extends Readonly<Record<ShopLanguage, ProductText>> {
  readonly id: string;
  readonly category: string;
  readonly price: number;
}

export interface Category extends Readonly<Record<ShopLanguage, string>> {
  readonly id: string;
  /** Product whose drawing stands for the category. */
  readonly picture: string;
}

export const categories: readonly Category[] = categoryList;

export const products: readonly ShopProduct[] = source
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as ShopProduct);

const byId = new Map(products.map((product) => [product.id, product]));

export const findProduct = (id: string): ShopProduct | undefined => byId.get(id);

export const findCategory = (id: string): Category | undefined => categories.find((category) => category.id === id);

export const inCategory = (id: string): readonly ShopProduct[] => products.filter((product) => product.category === id);

export const textOf = (product: ShopProduct): ProductText => product[language()];

export const nameOf = (category: Category): string => category[language()];
