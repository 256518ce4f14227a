/** Public types of the shopper's profile. Types only. */
import type { AftersenseError } from '../errors.ts';
import type { Analysis, Aspect, ProductInput, SentimentLabel } from '../types.ts';

export type ProfileEventKind = 'purchase' | 'view' | 'search' | 'rating' | 'feedback' | 'shown';

/** What is kept of a product. Longer texts than README.md allows are cut. */
export interface ProfileProduct {
  readonly id: string;
  readonly title?: string;
  readonly category?: string;
  readonly brand?: string;
  readonly tags?: readonly string[];
  /** With `currency`, or of the shop's only one. */
  readonly price?: number;
  readonly currency?: string;
}

/** What is kept of an opinion on one aspect. */
export interface ProfileOpinion {
  readonly aspect: Aspect;
  readonly polarity: SentimentLabel;
  readonly score: number;
}

interface NewEventCommon {
  /** Idempotency key, such as of an order's line: of one id, the first event stands. Default: a random one. */
  readonly id?: string;
  /** Milliseconds since 1970; default: now. For what happened earlier, as an order history has it. */
  readonly at?: number;
}

/** What the shopper did. Products as the shop has them: whatever `ProfileProduct` does not list is not kept. */
export type NewProfileEvent = NewEventCommon &
  (
    | { readonly kind: 'purchase'; readonly product: ProductInput; readonly quantity?: number }
    | { readonly kind: 'view'; readonly product: ProductInput }
    | { readonly kind: 'search'; readonly text: string }
    /** 1 to 5 stars. */
    | { readonly kind: 'rating'; readonly product: ProductInput; readonly stars: number }
    /** What `analyze` says of feedback about a product; the text itself is never kept. */
    | { readonly kind: 'feedback'; readonly product: ProductInput; readonly analysis: Pick<Analysis, 'sentiment' | 'aspects'> }
    /** Products of one list that were recommended and seen, in their order: frequency caps count them, and exposure does. */
    | { readonly kind: 'shown'; readonly products: readonly string[] }
  );

export type ProfileEvent = { readonly id: string; readonly at: number } & (
  | { readonly kind: 'purchase'; readonly product: ProfileProduct; readonly quantity: number }
  | { readonly kind: 'view'; readonly product: ProfileProduct }
  | { readonly kind: 'search'; readonly text: string }
  | { readonly kind: 'rating'; readonly product: ProfileProduct; readonly stars: number }
  | {
      readonly kind: 'feedback';
      readonly product: ProfileProduct;
      readonly sentiment: { readonly label: SentimentLabel; readonly confidence: number };
      /** Null where lite alone has read the text. */
      readonly aspects: readonly ProfileOpinion[] | null;
    }
  | { readonly kind: 'shown'; readonly products: readonly string[] }
);

/** The shopper's consent to the profile. */
export interface ProfileConsent {
  readonly id: string;
  /** When it was given, milliseconds since 1970. */
  readonly at: number;
}

/** `memory`: the browser refused to store it, `problem` says why; it lives as long as the page. */
export type KeptConsent =
  | { readonly kept: 'stored'; readonly consent: ProfileConsent }
  | { readonly kept: 'memory'; readonly consent: ProfileConsent; readonly problem: AftersenseError };

/**
 * `memory`: as of the consent; stored with the next that can be. `none`: kept nowhere, since it tells of something sensitive, or is older
 * than all of its kind that there is room for.
 */
export type KeptEvent =
  | { readonly kept: 'stored'; readonly event: ProfileEvent }
  | { readonly kept: 'memory'; readonly event: ProfileEvent; readonly problem: AftersenseError }
  | { readonly kept: 'none'; readonly reason: 'sensitive' | 'too_old' };

/** One event behind an interest. */
export interface InterestSource {
  /** Id of the event. */
  readonly event: string;
  readonly kind: ProfileEventKind;
  readonly at: number;
  /** The product's title, or its id; or what was searched for. */
  readonly name: string;
  /** What it adds to the interest today, after decay. */
  readonly weight: number;
}

export interface Interest {
  readonly name: string;
  /** The sum of the weights of its sources, exactly. Below 0 for a brand that disappointed. */
  readonly weight: number;
  /** Every one; the weightiest first. */
  readonly from: readonly InterestSource[];
}

/** Prices that the shopper looks at and pays, in one currency: quartiles, by weight. */
export interface PriceInterest {
  /** Empty where the products name none. */
  readonly currency: string;
  readonly low: number;
  readonly typical: number;
  readonly high: number;
  readonly weight: number;
  readonly from: readonly InterestSource[];
}

/** What the profile comes to, for the shopper to read. Each list: the weightiest first. */
export interface Interests {
  readonly at: number;
  readonly categories: readonly Interest[];
  readonly brands: readonly Interest[];
  /** Words of titles, tags and searches. */
  readonly terms: readonly Interest[];
  readonly prices: readonly PriceInterest[];
}

/** What the profile has of one product. */
export interface ProductHistory {
  readonly id: string;
  /** Sum of its events' weights today; below 0 where the shopper was disappointed. */
  readonly weight: number;
  /** Pieces bought. */
  readonly bought: number;
  readonly lastBought?: number;
  /** Each purchase, oldest first. */
  readonly purchases: readonly { readonly at: number; readonly quantity: number }[];
  readonly views: number;
  readonly lastViewed?: number;
  /** Of the last rating. */
  readonly stars?: number;
}

export interface SearchHistory {
  readonly text: string;
  readonly weight: number;
  readonly at: number;
}

/** What the shopper was shown of one product. */
export interface ShownHistory {
  readonly id: string;
  /** The sum of 1 / log2(1 + place) over the lists that had it, places from 1: what is read first is seen most. */
  readonly exposure: number;
}

/** For a recommender; the weightiest first. */
export interface ProfileHistory {
  readonly at: number;
  readonly products: readonly ProductHistory[];
  readonly searches: readonly SearchHistory[];
  readonly shown: readonly ShownHistory[];
}

export interface SuppressionOptions {
  /** Products bought in so many days; default 90, 0 for none. */
  readonly boughtDays?: number;
  /** Products viewed in so many days; default 1, 0 for none. */
  readonly viewedDays?: number;
  /** Products shown so often in so many days; default 3 times in 7 days, `false` for no cap. */
  readonly shown?: { readonly times: number; readonly days: number } | false;
}

/** A product not to recommend, and why: the first of these that holds. */
export interface Suppressed {
  readonly id: string;
  readonly reason: 'disappointed' | 'bought' | 'viewed' | 'shown_often';
}

/** Where vectors come from: of unit length, all of one length; undefined where there is none. */
export interface VectorSource {
  products(ids: readonly string[]): VectorList | Promise<VectorList>;
  /** Such as `desk.embed`. Without, searches do not count. */
  searches?(texts: readonly string[]): VectorList | Promise<VectorList>;
}
type VectorList = readonly (ArrayLike<number> | undefined)[];

/** The shopper's own copy. */
export interface ProfileFile {
  readonly format: 'aftersense-profile';
  readonly version: 1;
  readonly exportedAt: string;
  readonly consent: ProfileConsent | null;
  /** Oldest first. */
  readonly events: readonly ProfileEvent[];
  readonly interests: Interests;
}

/** What another tab did. */
export interface ProfileChange {
  readonly kind: 'consented' | 'recorded' | 'erased';
}

export interface ProfileOptions {
  /** Of the IndexedDB database; default `aftersense-profile`. */
  readonly database?: string;
  /** The clock, in milliseconds; default `Date.now`. */
  readonly now?: () => number;
  /** Words added to those that README.md has for what is sensitive, and phrases that are harmless in this shop although they hold one. */
  readonly sensitive?: { readonly deny?: readonly string[]; readonly allow?: readonly string[] };
}

/**
 * What this shopper is interested in, kept on this device with the shopper's consent. Nothing here sends anything.
 * Errors of all that reads or writes: profile_wrong_version, where a newer version of this module has written the profile; disposed.
 */
export interface Profile {
  /** Why the last use of the storage failed; undefined where it did not. */
  readonly problem: AftersenseError | undefined;
  /** How many stored records were no events when they were last read, and were passed over; `erase` removes them. */
  readonly skipped: number;
  /** The shopper's answer. A consent that is there stays as it is. Errors: invalid_argument. */
  consent(given: true): Promise<KeptConsent>;
  /** A withdrawal erases all, as `erase` does, with its errors. */
  consent(given: false): Promise<void>;
  consented(): Promise<boolean>;
  /**
   * Keep an event. Errors: invalid_argument; consent_missing, also where storage cannot be asked for the consent.
   * A search, or a view of a product, repeated within 30 minutes is the one before.
   */
  record(event: NewProfileEvent): Promise<KeptEvent>;
  /** At most `limit` of a list, 1 to 1000, default 20. Error: invalid_argument. */
  interests(options?: { readonly limit?: number }): Promise<Interests>;
  /** What was bought, viewed, rated, searched for and shown, as a recommender wants it. */
  history(): Promise<ProfileHistory>;
  /** For `exclude` of `recommend`. Error: invalid_argument. */
  suppressed(options?: SuppressionOptions): Promise<readonly Suppressed[]>;
  /**
   * The mean of the vectors of what the shopper likes and searches for, by weight, of unit length; undefined where there is none.
   * Errors: invalid_argument, for vectors of different lengths; those of `source`.
   */
  vector(source: VectorSource): Promise<Float32Array<ArrayBuffer> | undefined>;
  export(): Promise<ProfileFile>;
  /**
   * All of it, with the consent; then the storage is read again, and must have nothing. Other tabs are told.
   * Error: storage_unavailable, where something is left or may be.
   */
  erase(): Promise<void>;
  /** Calls back when another tab changed something; not for this handle's own changes. */
  watch(listener: (change: ProfileChange) => void, options?: { readonly signal?: AbortSignal }): void;
  /** Lets go of the storage. Calls from then on reject with `disposed`. */
  close(): void;
}
