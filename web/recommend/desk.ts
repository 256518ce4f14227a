/** What recommendation asks of its handle: the core, as typed calls, and the profile. Types only. */
import type { Profile } from '../profile/types.ts';
import type { Offer, Product } from '../types.ts';
import type { ProductFilter, ReasonKind, Wanted } from './types.ts';

/** A request to the core: RecommendRequest of src/bindings/messages.fbs, which documents the fields. */
export interface Ask {
  readonly ask: 'similar' | 'query' | 'history' | 'complaint';
  readonly k: number;
  readonly productIds?: readonly string[];
  readonly query?: string;
  readonly history?: readonly { readonly product: string; readonly weight: number }[];
  readonly searches?: readonly { readonly text: string; readonly weight: number }[];
  /** What the shopper rated, 1 to 5 stars. */
  readonly ratings?: readonly { readonly product: string; readonly stars: number }[];
  readonly articles?: boolean;
  /** Products of the history too. */
  readonly keepHistory?: boolean;
  readonly wants?: readonly Wanted[];
  readonly exclude?: readonly string[];
  readonly filter?: ProductFilter;
  readonly diversity?: number;
  readonly fairness?: number;
  readonly exposed?: readonly { readonly seller: string; readonly exposure: number }[];
}

/** One of its answers. */
export interface Found {
  readonly product: Product;
  readonly score: number;
  readonly terms: readonly { readonly term: string; readonly score: number }[];
  /** The greatest first; `because`: ids of the request. */
  readonly contributions: readonly {
    readonly kind: ReasonKind;
    readonly score: number;
    readonly measure: number;
    readonly because: readonly string[];
  }[];
  readonly expectedRating?: number;
}

/** What the catalogue knows of one id; no product where it does not know it. */
export interface Known {
  readonly product?: Product;
  /** Median days between purchases of those who buy it again, learnt from orders. */
  readonly repeatDays?: number;
}

export interface RecommenderDesk {
  readonly profile: Profile;
  recommend(ask: Ask, signal?: AbortSignal): Promise<readonly Found[]>;
  /** One for each id, in their order; no ids, no call. */
  lookUp(ids: readonly string[], signal?: AbortSignal): Promise<readonly Known[]>;
  offers(signal?: AbortSignal): Promise<readonly Offer[]>;
}
