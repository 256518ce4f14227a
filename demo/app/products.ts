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
  /** In yuan. */
  readonly price: number;
  /** What it costs now, where that is less. */
  readonly salePrice?: number;
  readonly availability?: 'out_of_stock';
  readonly role?: 'spare_part' | 'accessory';
  /** Ids of what a part or an accessory is for. */
  readonly fits?: readonly string[];
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

/** Parts and accessories for a product. */
export const partsOf = (id: string): readonly ShopProduct[] => products.filter(({ fits }) => fits?.includes(id));

export const textOf = (product: ShopProduct): ProductText => product[language()];

export const priceOf = ({ price, salePrice }: ShopProduct): number => salePrice ?? price;

export const canBuy = ({ availability }: ShopProduct): boolean => availability !== 'out_of_stock';

export const nameOf = (category: Category): string => category[language()];
