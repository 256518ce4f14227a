/** A core that a test scripts, with a profile over a shelf in memory. */
import type { Offer, Product } from '../../../web/index.ts';
import { profileChannel, profileOver } from '../../../web/profile/store.ts';
import type { NewProfileEvent, Profile } from '../../../web/profile/types.ts';
import type { Ask, Found, Known, RecommenderDesk } from '../../../web/recommend/desk.ts';
import { dayMs, FakeShelf, start } from '../profile/support.ts';

export const productOf = (id: string, more: Partial<Product> = {}): Product => ({
  id,
  title: `The ${id}`,
  description: '',
  category: '',
  brand: '',
  tags: [],
  price: undefined,
  currency: 'CNY',
  image: '',
  url: '',
  availability: 'in_stock',
  salePrice: undefined,
  group: '',
  seller: '',
  role: 'product',
  fits: [],
  lastsDays: undefined,
  language: '',
  ...more,
});

export const offerOf = (id: string, more: Partial<Offer> = {}): Offer => ({
  id,
  kind: 'percent',
  value: 10,
  title: id,
  description: '',
  code: '',
  currency: 'CNY',
  leastSpend: undefined,
  starts: undefined,
  ends: undefined,
  products: [],
  categories: [],
  brands: [],
  image: '',
  url: '',
  ...more,
});

export type Part = Found['contributions'][number];
export const partOf = (kind: Part['kind'], score = 1, more: Partial<Part> = {}): Part => ({
  kind,
  score,
  measure: score,
  because: [],
  ...more,
});

/** As the core has it: the score is the sum of the contributions. */
export const foundOf = (product: Product, ...contributions: Part[]): Found => ({
  product,
  score: contributions.reduce((sum, { score }) => sum + score, 0),
  terms: [],
  contributions,
});

export class FakeDesk implements RecommenderDesk {
  readonly profile: Profile;
  readonly shelf = new FakeShelf();
  readonly asks: Ask[] = [];
  readonly signals: (AbortSignal | undefined)[] = [];
  now = start;
  known: Readonly<Record<string, Known>> = {};
  discounts: readonly Offer[] = [];
  /** What the core finds. */
  find: (ask: Ask) => readonly Found[] = () => [];

  constructor() {
    this.profile = profileOver(this.shelf, profileChannel('test'), { now: () => this.now });
  }

  /** A catalogue of these, in this order. */
  sell(...products: Product[]): void {
    this.known = { ...this.known, ...Object.fromEntries(products.map((product) => [product.id, { product }])) };
  }

  /** So many days ago, after consent. */
  async did(event: NewProfileEvent, daysAgo = 0): Promise<void> {
    await this.profile.consent(true);
    await this.profile.record({ ...event, at: start - daysAgo * dayMs });
  }

  async recommend(ask: Ask, signal?: AbortSignal): Promise<readonly Found[]> {
    this.asks.push(ask);
    this.signals.push(signal);
    return this.find(ask)
      .filter(({ product }) => !ask.exclude?.includes(product.id))
      .slice(0, ask.k);
  }

  async lookUp(ids: readonly string[]): Promise<readonly Known[]> {
    return ids.map((id) => this.known[id] ?? {});
  }

  async offers(): Promise<readonly Offer[]> {
    return this.discounts;
  }
}
