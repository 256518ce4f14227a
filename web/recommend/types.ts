/** What models/shop/recommend.py learnt from a shop's orders, and what is recommended by it. */

/** In the order in which contributions are summed. */
export const recommendMethods = ['popularity', 'neighbours', 'rules', 'factors', 'themes'] as const;
export type RecommendMethod = (typeof recommendMethods)[number];

/** Who buys all of `if` also buys `also`. */
export interface AssociationRule {
  readonly if: readonly string[];
  readonly also: string;
  /** Share of all baskets that hold both sides. */
  readonly support: number;
  /** Share of the baskets with `if` that hold `also` too. */
  readonly confidence: number;
  /** How many times more often that is than `also` is in all baskets. */
  readonly lift: number;
}

export interface ProductInteractions {
  readonly id: string;
  /** From 0 to 1, the most bought product lately. */
  readonly popularity: number;
  /** Ids and weights, the nearest first. */
  readonly neighbours: readonly (readonly [string, number])[];
  /** Rules whose `if` begins with this product. */
  readonly rules: readonly AssociationRule[];
  /** Null where too few customers bought it. */
  readonly factors: readonly number[] | null;
  /** Numbers of themes and strengths, from 0 to 1, the strongest of all products; what is too weak is not written. */
  readonly themes: readonly (readonly [number, number])[];
  /** Null where too few customers rated it. */
  readonly rating: { readonly bias: number; readonly factors: readonly number[] } | null;
}

/** A file of `aftersense catalog interactions`, as `readInteractions` gives it. */
export interface Interactions {
  readonly built: string;
  readonly customers: number;
  readonly baskets: number;
  readonly factors: {
    readonly size: number;
    readonly regularisation: number;
    readonly alpha: number;
    /** Of all products' factors, row by row. */
    readonly gram: readonly number[];
  };
  readonly themes: { readonly size: number };
  readonly ratings: {
    readonly mean: number;
    readonly size: number;
    readonly regularisation: number;
    readonly bias_regularisation: number;
  } | null;
  readonly ranker: Ranker;
  readonly products: readonly ProductInteractions[];
  /** Places in `products`. */
  readonly at: ReadonlyMap<string, number>;
}

export interface Ranker {
  /** A score counts as ln(1 + sharpness · score / best), best being the method's highest of a product that is not in the history. */
  readonly sharpness: number;
  readonly weights: Readonly<Record<RecommendMethod, number>>;
}

/** Products with weights above 0: 1 for a purchase, less for a view or for what is long ago. */
export type History = ReadonlyMap<string, number>;

/** What the shop knows of a product now. */
export interface ProductFacts {
  readonly isInStock?: boolean;
  readonly price?: number;
}

export interface HistoryOptions {
  /** 10 by default. */
  readonly limit?: number;
  /** Products of the history are left out unless this is true, for what is bought again and again. */
  readonly keepBought?: boolean;
  /** Never shown: seen enough, returned, the faulty line. */
  readonly exclude?: Iterable<string>;
  /** Products of which it says undefined are no longer sold. Without it all are, at any price. */
  readonly factsOf?: (id: string) => ProductFacts | undefined;
  readonly minPrice?: number;
  readonly maxPrice?: number;
  /** How often each product was shown to this shopper lately. */
  readonly shown?: ReadonlyMap<string, number>;
  /** A product shown so often is left out; 5 by default. */
  readonly mostShown?: number;
  /** From 0, by rank alone, to 1, as unlike each other as can be; 0.2 by default. */
  readonly diversity?: number;
  /** For reasons; the id by default. */
  readonly titleOf?: (id: string) => string;
}

export interface HistoryReason {
  readonly method: RecommendMethod;
  /** Before the ranker. */
  readonly score: number;
  /** What it adds to the rank. */
  readonly contribution: number;
  /** Products of the history that it comes from, as far as the method tells. */
  readonly because: readonly string[];
  readonly text: { readonly zh: string; readonly en: string };
}

export interface HistoryRecommendation {
  readonly id: string;
  /** The sum of all contributions; diversity changes the order, not the rank. */
  readonly rank: number;
  /** The heaviest first; those that add nothing are left out. */
  readonly reasons: readonly HistoryReason[];
}
