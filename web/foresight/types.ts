/** Public types of foresight: a model that a shop fitted to its own orders, what it is asked, and what it answers. */

/** What the values of a key, such as a product, did before. */
export interface HistoryFeature {
  readonly name: string;
  readonly kind: 'history';
  /** An earlier feature, whose rate stands in where a value has none; `null`: the base rate. */
  readonly parent: string | null;
  readonly weight: number;
  /** Share of orders with a problem, by value; `""` are orders that name none. */
  readonly rates: Readonly<Record<string, number>>;
}

/** A number in bins. */
export interface NumberFeature {
  readonly name: string;
  readonly kind: 'number';
  /** Where each bin after the first begins, within; rising. */
  readonly edges: readonly number[];
  /** Log-odds of each bin; one more than edges. */
  readonly weights: readonly number[];
  /** Log-odds where the number is not known. */
  readonly missing: number;
}

/** How the model did on orders that it was not fitted to. */
export interface ForesightValidation {
  /** The latest orders, or those of other customers. */
  readonly by: 'time' | 'folds';
  readonly rows: number;
  readonly auc: number;
  readonly brier: number;
  /** The Brier score of the base rate alone. */
  readonly base_brier: number;
  /** Of calibration; 1 is right. */
  readonly slope: number;
  /** Tenths of the orders by risk: what was said, and what was found. */
  readonly reliability: readonly { readonly said: number; readonly found: number; readonly rows: number }[];
}

/** The file that `aftersense foresight train` writes. */
export interface ForesightModel {
  readonly version: 1;
  /** A date. */
  readonly trained: string;
  readonly rows: number;
  readonly problems: number;
  readonly base_rate: number;
  /** Log-odds of an order of which nothing is known. */
  readonly intercept: number;
  readonly features: readonly (HistoryFeature | NumberFeature)[];
  readonly validation: ForesightValidation;
}

/** An order, in the words of the history's columns. All optional: what is missing counts as it did in the history. */
export interface ForesightOrder {
  readonly productId?: string;
  readonly category?: string;
  readonly price?: number;
  /** Dates: a `Date`, milliseconds, or ISO 8601 text, which without an offset is UTC. */
  readonly orderedAt?: Date | string | number;
  readonly promisedAt?: Date | string | number;
  readonly deliveredAt?: Date | string | number;
  /** In place of `promisedAt` and `deliveredAt`; below 0 where it came early. */
  readonly daysLate?: number;
  /** In place of `orderedAt` and `deliveredAt`. */
  readonly deliveryDays?: number;
}

/** What the shopper did around this order, and before it. */
export interface ForesightBehaviour {
  readonly faqVisits?: number;
  readonly sizeSwitches?: number;
  readonly pastOrders?: number;
  readonly pastReturns?: number;
  /** Features of the shop's own (`--features`), by the names of their columns. */
  readonly more?: Readonly<Record<string, string | number | null | undefined>>;
}

export interface ForesightReason {
  /** The feature's name in the model. */
  readonly feature: string;
  /** Of the order; undefined where it is not known. */
  readonly value: string | number | undefined;
  /** What it adds to the log-odds: above 0 it raises the risk. */
  readonly contribution: number;
  readonly text: { readonly zh: string; readonly en: string };
}

export interface Foresight {
  /** Probability of a problem. */
  readonly risk: number;
  /** Share of all orders of the history that had one. */
  readonly baseRate: number;
  /** Log-odds before any reason; with all contributions it is the log-odds of the risk. */
  readonly intercept: number;
  /** One a feature, the heaviest first. */
  readonly reasons: readonly ForesightReason[];
}
