/** Public types of recommendation. Types only. */
import type { Locale } from '../desk/types.ts';
import type { SuppressionOptions } from '../profile/types.ts';
import type { Article, Offer, Product } from '../types.ts';

/** What a product must be: each of those given. Texts are compared as they are written. */
export interface ProductFilter {
  /** In units of the product's currency; what counts is the sale price where there is one. A product without a price is left out by either bound. */
  readonly minPrice?: number;
  readonly maxPrice?: number;
  /** One of these. */
  readonly categories?: readonly string[];
  readonly brands?: readonly string[];
  readonly sellers?: readonly string[];
  /** Those too that cannot be bought now. Default false. */
  readonly soldOut?: boolean;
}

/** What the shopper is offered: where on the page, and by what. */
export type Surface = 'product' | 'basket' | 'query' | 'profile' | 'viewed' | 'replenishment' | 'complaint' | 'offer' | 'content';

/** After a complaint: what repairs the product, what replaces it, what completes it. */
export type Wanted = 'spare_part' | 'exchange' | 'accessory';

/** A sentence in both languages. */
export type BothTexts = Readonly<Record<Locale, string>>;

interface Common {
  /** How many; default 5, 1 to 1000. */
  readonly k?: number;
  /** Ids never to return. */
  readonly exclude?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Of the surfaces that read the profile. */
interface Suppressing {
  /**
   * What the profile's `suppressed` says is left out: what was bought or viewed lately, shown too often, or disappointed. Here are its
   * options, or `false` to leave nothing out but what disappointed. Default: its defaults.
   */
  readonly suppress?: SuppressionOptions | false;
}

interface ProductsCommon extends Common {
  readonly filter?: ProductFilter;
  /** From 0, by score alone, to 1, as unlike each other as can be (maximal marginal relevance). Default 0 for `product`, `query` and `complaint`, else 0.2. */
  readonly diversity?: number;
  /**
   * Of a marketplace, from 0 to 1: how strongly the order draws each seller's exposure towards the share that the scores give it, over
   * this list and those recorded as `shown` in the profile. Default 0.
   */
  readonly fairness?: number;
}

/** The surfaces that give products. */
export type RecommendRequest = ProductsCommon &
  /** Products like one. */
  (
    | { readonly for: 'product'; readonly id: string }
    /** What goes with what is in the basket, learnt from orders; without what orders taught, by likeness. Unknown ids are passed over. */
    | ({ readonly for: 'basket'; readonly ids: readonly string[] } & Suppressing)
    /** What a text asks for, in either language. */
    | { readonly for: 'query'; readonly text: string }
    /** For this shopper, by the profile; without consent, or while it is empty, what is popular. */
    | ({ readonly for: 'profile' } & Suppressing)
    /** Because one product was viewed: `id`, or the last one of the profile; nothing without either. */
    | ({ readonly for: 'viewed'; readonly id?: string } & Suppressing)
    /** What the profile says was bought before and is about to run out, the most due first; nothing without consent. */
    | ({ readonly for: 'replenishment' } & Suppressing)
    /** After a complaint about a product, never that product, nor its variants. `wants`: all three by default. */
    | { readonly for: 'complaint'; readonly id: string; readonly wants?: readonly Wanted[] }
  );

/** Offers that hold now, the one that suits best first: what the shopper can reach, and is about what the shopper likes. */
export type OfferRequest = Common &
  Suppressing & {
    readonly for: 'offer';
    /** What is in the basket, each piece: what is there twice stands here twice. */
    readonly ids?: readonly string[];
    /** What the basket costs, in units of `currency`; without one, of each offer's. */
    readonly total?: number;
    readonly currency?: string;
  };

/** Articles and videos about a product, or a text; by the profile where neither is given. */
export type ContentRequest = Common & {
  readonly for: 'content';
  readonly id?: string;
  readonly text?: string;
  /** As of products; default 0, by the profile 0.2. */
  readonly diversity?: number;
};

export type AnyRecommendRequest = RecommendRequest | OfferRequest | ContentRequest;

/** A product or an article that a reason names. */
export interface Named {
  readonly id: string;
  /** The id where the catalogue does not know it, or it has no title. */
  readonly title: string;
}

/** One part of a score. */
export interface Contribution<Kind extends string> {
  readonly kind: Kind;
  /** What it adds to the score. */
  readonly score: number;
  /**
   * What the method itself says, before it is weighed: the confidence of a rule, a cosine, a popularity; of `due`, days between
   * purchases; of offers, a share.
   */
  readonly measure: number;
  /** What it comes from, as far as the method tells. */
  readonly because: readonly Named[];
  readonly text: BothTexts;
}

/** Why something is recommended. */
export interface Reason<Kind extends string> {
  /** What adds most to the score. */
  readonly kind: Kind;
  /** One short sentence for the shopper, without a full stop. */
  readonly text: BothTexts;
  /** What it comes from: what was bought, viewed, put into the basket, complained about. */
  readonly because: readonly Named[];
  /** Shared terms and what each adds to the score, the strongest five. */
  readonly terms: readonly { readonly term: string; readonly score: number }[];
  /** What makes up the score, the greatest first; none of 0. Added from the first to the last they are the score, exactly. */
  readonly contributions: readonly Contribution<Kind>[];
}

/**
 * `shared_terms`, `similar_meaning`: content. `popularity`; `neighbours`: bought by the same customers; `rules`: bought together in
 * orders; `factors`, `themes`: taste learnt from orders. `fits`: a spare part or an accessory made for it; `due`: bought before, and about to run out.
 */
export type ReasonKind = 'shared_terms' | 'similar_meaning' | 'popularity' | 'neighbours' | 'rules' | 'factors' | 'themes' | 'fits' | 'due';
export type RecommendReason = Reason<ReasonKind>;

export interface Recommendation {
  readonly product: Product;
  /**
   * The sum of the contributions. `product`, `complaint`: of content, in `[0, 1]`, and what fits; `query`: in `[0, 1]`; `replenishment`:
   * in `(0, 1]`, 1 on the day it is due; else by the ranker that orders taught, comparable within one list alone.
   */
  readonly score: number;
  readonly reason: RecommendReason;
  /** Stars that this shopper would give, 1 to 5, where ratings were learnt and the product has enough of them. */
  readonly expectedRating?: number;
  /** Of `replenishment`: when it runs out, milliseconds since 1970. */
  readonly dueAt?: number;
}

/**
 * `reach`: the basket has the least spend, or the shopper's usual prices come to it. `basket`: it is for what is in the basket. `taste`:
 * it is for products, categories or brands of the profile. `price`: what it is for costs what the shopper usually pays. `saving`: what it
 * takes off.
 */
export type OfferReasonKind = 'reach' | 'basket' | 'taste' | 'price' | 'saving';
export type OfferReason = Reason<OfferReasonKind>;

export interface OfferRecommendation {
  readonly offer: Offer;
  /** In `[0, 1]`. */
  readonly score: number;
  readonly reason: OfferReason;
  /**
   * What is still missing for the least spend, in the offer's currency: 0 where what it is for in the basket comes to it; absent without a
   * total, or a least spend.
   */
  readonly missing?: number;
  /** Products that it is for and that suit the shopper, at most three; empty for an offer on everything. */
  readonly products: readonly Product[];
}

export interface ArticleRecommendation {
  readonly article: Article;
  readonly score: number;
  readonly reason: RecommendReason;
}

export type AnyRecommendation = Recommendation | OfferRecommendation | ArticleRecommendation;
