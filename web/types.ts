/** Public types. A leaf: imports nothing but the types of desk and cases. All offsets are UTF-16 units of the text as given. */
import type { Cases, CasesOptions } from './cases/types.ts';
import type { Corrections, CorrectionsOptions } from './corrections/types.ts';
import type { Decision, Policy, Readings, TriageOptions } from './desk/types.ts';
import type { AftersenseError } from './errors.ts';
import type { Profile, ProfileOptions } from './profile/types.ts';
import type {
  AnyRecommendation,
  AnyRecommendRequest,
  ArticleRecommendation,
  ContentRequest,
  OfferRecommendation,
  OfferRequest,
  Recommendation,
  RecommendRequest,
} from './recommend/types.ts';
import type { Answers, Replies, ReplyInput, ReplyOptions } from './replies/types.ts';
import type { ProductSource, ShardBuildOptions, ShardsInfo } from './shards/types.ts';

export type * from './recommend/types.ts';
export type * from './shards/types.ts';

export type Language = 'zh' | 'en' | 'other';
export type SentimentLabel = 'negative' | 'neutral' | 'positive';
/** `native`: this module's own WebAssembly. `onnx`: ONNX Runtime Web. */
export type Engine = 'native' | 'onnx';
export type Variant = 'simd128' | 'relaxed';

/** `lite` is small and answers at once; `base` reads more, and better, once its larger file has come. */
export type Tier = 'lite' | 'base';
export type Aspect =
  | 'product_quality'
  | 'performance'
  | 'as_described'
  | 'packaging'
  | 'logistics'
  | 'price'
  | 'customer_service'
  | 'refund_return'
  | 'warranty_repair'
  | 'usability'
  | 'payment_account'
  | 'other';
export type Emotion = 'satisfaction' | 'gratitude' | 'joy' | 'anger' | 'disappointment' | 'anxiety' | 'sadness' | 'surprise' | 'none';
export type Intent =
  | 'complaint'
  | 'question'
  | 'request_refund'
  | 'request_return'
  | 'request_exchange'
  | 'request_repair'
  | 'track_order'
  | 'cancel_order'
  | 'change_order'
  | 'invoice'
  | 'payment_issue'
  | 'account_issue'
  | 'product_question'
  | 'praise'
  | 'feedback'
  | 'speak_to_human'
  | 'other';
/**
 * `P1`: safety, law, a large loss or a deadline today. `P2`: contacted before, money at risk or strong anger. `P3`: ordinary.
 * `P4`: nothing to do.
 */
export type UrgencyLevel = 'P1' | 'P2' | 'P3' | 'P4';

/** A half-open range `[start, end)` of the text as given, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Sentiment {
  readonly label: SentimentLabel;
  /** Calibrated probabilities; they sum to 1. */
  readonly scores: Readonly<Record<SentimentLabel, number>>;
  /** Probability of `label`; 0 where there was nothing to judge. */
  readonly confidence: number;
  /** Present where corrections kept on this device moved it. */
  readonly adapted?: true;
}

export interface Keyword extends Span {
  /** The words as written. */
  readonly text: string;
  /** Relative weight in `(0, 1]`; the first keyword has 1. */
  readonly score: number;
}

/**
 * Words that moved the verdict. Scores of all evidence sum, with the bias, to the label's logit margin in lite. Where base judged, this
 * is still lite's attribution, to base's label.
 */
export interface Evidence extends Span {
  /** Logit margin of the verdict's label over the mean of the others; negative speaks against it. */
  readonly score: number;
}

export interface Sentence extends Span {
  readonly sentiment: Sentiment;
}

export interface EmotionScore {
  readonly emotion: Emotion;
  /** Calibrated probability, at least one half. */
  readonly score: number;
}

/** What the text holds of one aspect. */
export interface AspectOpinion {
  readonly aspect: Aspect;
  readonly polarity: SentimentLabel;
  /** Calibrated probability that the text speaks of the aspect, at least one half. */
  readonly score: number;
  /** The words that speak of it; empty where none stand out. */
  readonly evidence: readonly Span[];
  /** Present where corrections moved it. */
  readonly adapted?: true;
}

export interface IntentReading {
  readonly label: Intent;
  /** Calibrated probability of `label`. */
  readonly score: number;
  /** A finer intent, one of the 27 of the Bitext customer support set, by base; absent where none is more likely than not. */
  readonly detail?: string;
  /** Present where corrections moved it. */
  readonly adapted?: true;
}

/** What makes a text urgent: danger to people, money at risk, a time that runs out, contact before this one, law or a regulator. */
export type UrgencyKind = 'safety' | 'money' | 'deadline' | 'repeated_contact' | 'legal';

/** Words that speak of it, literally as this version lists them; denied ones ("no smoke", "没有漏电") are none. */
export interface UrgencyReason extends Span {
  readonly kind: UrgencyKind;
}

/**
 * Where base has not read the text, lite gives the level, but for a text that does not read positive and has a reason of safety, law or
 * deadline: that is `P1`.
 */
export interface UrgencyReading {
  readonly level: UrgencyLevel;
  /** Calibrated probability of `level`; of the rule, how often it was right on messages written for the project. */
  readonly score: number;
  /** The words behind it, in their order, of either tier. Both go by more than these: a level may have none. */
  readonly reasons: readonly UrgencyReason[];
  /** Present where corrections moved it. */
  readonly adapted?: true;
}

/** The words behind one verdict of an analysis. */
export interface Explanation {
  /** The field of the analysis that it explains. */
  readonly verdict: 'sentiment' | 'intent' | 'urgency' | 'emotions' | 'aspects' | 'escalate';
  readonly label: string;
  /**
   * `exact`: lite's sentiment; the words are those of `evidence`. `occlusion`: base has read the text again without each of the words, at
   * most 32 parts of it (runs of words or of clauses where it is longer), and a score is what the verdict lost in logits: of its lead over
   * the next best label, or where labels stand alone, of the label itself.
   */
  readonly method: 'exact' | 'occlusion';
  /**
   * A score below 0 speaks against the verdict. `exact`: strongest first. `occlusion`: greatest first, so that a word without which the
   * verdict is another stands before all without which it is not.
   */
  readonly words: readonly Evidence[];
}

/** What a span of a text is. `product`, `amount` and `date` are about the matter, the others about a person. */
export type EntityKind =
  | 'phone'
  | 'email'
  | 'order_id'
  | 'bank_card'
  | 'id_number'
  | 'address'
  | 'name'
  | 'product'
  | 'amount'
  | 'date'
  | 'url';

/**
 * Found by rules, not by a model. Bank cards and Chinese ids have a right check digit; numbers of orders and names of persons are found
 * where words beside them say what they are, or their shape does.
 */
export interface Entity extends Span {
  readonly kind: EntityKind;
}

export interface Analysis {
  readonly language: Language;
  readonly sentiment: Sentiment;
  readonly keywords: readonly Keyword[];
  readonly sentences: readonly Sentence[];
  /** Present with `explain: true`: the words that moved the verdict, strongest first. */
  readonly evidence?: readonly Evidence[];
  /** Present with `explain: true`: the words behind each verdict of the tier that judged. */
  readonly explanations?: readonly Explanation[];
  /** In all of the text, in its order, without overlaps; of abstained texts and of other languages as well. */
  readonly entities: readonly Entity[];
  /** True where the text was longer than the model reads, and only its beginning and end were judged. */
  readonly truncated: boolean;
  /** True where there was nothing to judge, or the language is neither Chinese nor English. */
  readonly abstained: boolean;
  /**
   * A SimHash of the text's words, 16 hex digits: `nearDuplicate` tells by two of them whether one text is a copy of the other, or an
   * edit. Case, punctuation and emoji do not count. All zeros where there are no words. Stable across versions.
   */
  readonly fingerprint: string;
  /** The tier that judged, the fields after `custom` too; those are absent where it abstained. */
  readonly tier: Tier;
  /** What ran the model of the verdict: lite always runs in `native`. */
  readonly engine: Engine;
  /** With a classifier of the shop's own, what it says; absent where the text is blank. */
  readonly custom?: Classification;
  /** Emotions more likely than not, likeliest first. */
  readonly emotions?: readonly EmotionScore[];
  /** Aspects more likely than not, likeliest first. */
  readonly aspects?: readonly AspectOpinion[];
  readonly intent?: IntentReading;
  /** Of either tier; absent where it abstained. */
  readonly urgency?: UrgencyReading;
  /** Calibrated probability that a human should take over. */
  readonly escalate?: number;
  /** Present where corrections kept on this device moved a verdict, which then is marked too, save an aspect that they took out. */
  readonly adapted?: true;
}

export type Progress =
  | {
      readonly stage: 'wasm' | Tier | 'catalog' | 'answers' | 'onnx' | 'ort' | 'tokenizer';
      readonly loadedBytes: number;
      readonly totalBytes: number | undefined;
    }
  | { readonly stage: 'analyze' | 'embed' | 'count' | 'shards'; readonly done: number; readonly total: number };

/** Where the files are. Each but the last two defaults to the copy shipped beside this module. */
export interface AssetUrls {
  readonly wasm?: Partial<Readonly<Record<Variant, string | URL>>>;
  readonly lite?: string | URL;
  readonly base?: string | URL;
  /** The shop's answers, as `aftersense answers build` writes them: an address or the bytes. Downloaded at the first `reply`. */
  readonly answers?: FileSource;
  /** Must be of the page's origin, as every worker's script. */
  readonly worker?: string | URL;
  /** For `engine: 'onnx'`, the base model as ONNX: an address or the bytes. No copy ships; `python -m base.onnx_graph` writes it. */
  readonly onnx?: FileSource;
  /** ONNX Runtime Web's `ort-wasm-simd-threaded.wasm`. Default: beside its own module, where bundlers put it. */
  readonly ort?: string | URL;
}

/** An address, or the bytes themselves. */
export type FileSource = string | URL | ArrayBuffer | Uint8Array;

/** The names of an ONNX model's inputs, int64 or int32 [texts, tokens]. */
export interface OnnxInputs {
  /** Default `input_ids`. */
  readonly ids?: string;
  /** 1 for a token, 0 for padding; default `attention_mask`. Without such an input, texts run one by one. */
  readonly mask?: string;
  /** All 0; default `token_type_ids`. */
  readonly types?: string;
}

/** A text classifier of the shop's own. Needs `onnxruntime-web` and `@huggingface/tokenizers`. */
export interface OnnxClassifier {
  /** Its first output, or the one named `logits`, is float32 [texts, labels]: one choice among the labels, before the softmax. */
  readonly onnx: FileSource;
  /** The address of a Hugging Face `tokenizer.json`, or what it holds. */
  readonly tokenizer: string | URL | object;
  /** In the order of the logits. Where they are `negative`, `neutral` and `positive`, in any order, the model judges the sentiment. */
  readonly labels: readonly string[];
  /** Longer texts are cut, 3 to 65536; default 512. */
  readonly maxTokens?: number;
  readonly inputs?: OnnxInputs;
}

/** What a classifier of the shop's own says of a text, read as given, whatever its language. */
export interface Classification {
  readonly label: string;
  /** Probability of `label`, as the model has it. */
  readonly score: number;
  /** Softmax of the logits, by label. */
  readonly scores: Readonly<Record<string, number>>;
  /** Whether the text had more tokens than `maxTokens`. */
  readonly truncated: boolean;
}

export interface AftersenseOptions {
  /**
   * `lite`: the small model alone. `base`: resolves when base is loaded too. `auto`, the default: resolves when lite can answer, and
   * loads base in the background; where that fails, lite goes on, and `ready('base')` says why. An object: lite, and a classifier of
   * the shop's own in ONNX, which adds `custom` to each analysis and judges `sentiment` where its labels are that.
   */
  readonly model?: 'auto' | Tier | OnnxClassifier;
  /**
   * What runs base. `onnx`: ONNX Runtime Web, an optional peer, on the calling thread; the rest stays as it is. Needs `assets.onnx`.
   * Default `native`.
   */
  readonly engine?: Engine;
  /** Run in a Worker (default: true where `Worker` exists), or on the calling thread. */
  readonly worker?: boolean;
  /**
   * How many Workers share long lists, `analyze` and `embed`; default 1. Each holds models of its own in memory, about 8 MB with
   * lite and 50 MB with base; the files are downloaded once. More workers than the device has cores gain nothing.
   */
  readonly workers?: number;
  /** WebAssembly variant; default: relaxed SIMD where the browser has it, else simd128. */
  readonly variant?: 'auto' | Variant;
  readonly assets?: AssetUrls;
  /** The rules that `triage` goes by; default `defaultPolicy`. Refused with `policy_invalid` where `checkPolicy` does. */
  readonly policy?: Policy;
  /** Where cases are kept, and their deadlines. */
  readonly cases?: CasesOptions;
  /** Where corrections are kept, and whether they move verdicts. */
  readonly corrections?: CorrectionsOptions;
  /** Where the shopper's profile is kept, and what is too sensitive for it. */
  readonly profile?: ProfileOptions;
  /** Replaces the global `fetch` for asset downloads; used on the calling thread, so it works with `worker: true` too. */
  readonly fetch?: typeof fetch;
  readonly onProgress?: (progress: Progress) => void;
  /** Stops the loading until the handle is there; from then on, `dispose()` does. */
  readonly signal?: AbortSignal;
}

export interface AnalyzeOptions<Result = Analysis | Analysis[]> {
  /** Add `evidence` and `explanations`; base then reads the text up to 33 times. Default false. */
  readonly explain?: boolean;
  /** The best tier that may judge. Default `base`; where that is not loaded, lite judges. */
  readonly tier?: Tier;
  /**
   * Called once with base's result, where base was still loading and lite has answered: after `analyze` has resolved, as soon as
   * base is there. Not called after an abort or `dispose()`, nor where base fails.
   */
  readonly onUpdate?: (better: Result) => void;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface EmbedOptions {
  readonly signal?: AbortSignal;
}

/** As Google's product data specification has it. Only `out_of_stock` cannot be bought now. */
export type Availability = 'in_stock' | 'out_of_stock' | 'preorder' | 'backorder';
export type ProductRole = 'product' | 'spare_part' | 'accessory';

export interface Product {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly brand: string;
  readonly tags: readonly string[];
  readonly price: number | undefined;
  readonly currency: string;
  readonly image: string;
  readonly url: string;
  /** Default `in_stock`. */
  readonly availability: Availability;
  /** What it costs now, where that is less than `price`. */
  readonly salePrice: number | undefined;
  /** Products that differ in size or colour only share one. */
  readonly group: string;
  /** Who sells it, in a marketplace. */
  readonly seller: string;
  /** Default `product`. */
  readonly role: ProductRole;
  /** Ids of products, or groups, that a spare part or an accessory is for. */
  readonly fits: readonly string[];
  /** How many days one is used before the next is bought. */
  readonly lastsDays: number | undefined;
  /** Of its texts, as the shop names it, such as `zh`. */
  readonly language: string;
}

/** A product as a shop gives it: `id` and at least one text. */
export type ProductInput = Pick<Product, 'id'> & Partial<Product>;

export interface CatalogInfo {
  readonly products: number;
  /** Of a catalogue in shards, how many they are; the numbers that follow are of what is loaded at first. */
  readonly shards?: number;
  readonly terms: number;
  readonly bytes: number;
  /** Of the products' vectors; 0 where the catalogue has none. */
  readonly dimensions: number;
  readonly articles: number;
  readonly offers: number;
  /** Whether it has what orders taught. */
  readonly orders: boolean;
  /** Products that were left out while building, and why; empty for a loaded file, as all that follows. */
  readonly skipped: readonly { readonly id: string; readonly reason: 'no_text' }[];
  readonly skippedArticles: readonly { readonly id: string; readonly reason: 'no_text' }[];
  /** How many products of `interactions` are not in the list; what names them was dropped. */
  readonly unknownProducts: number;
  /** Of products and articles whose text has not changed, from the `previous` catalogue. */
  readonly reusedVectors: number;
}

/** `percent` and `amount` take off, `free_shipping` and `gift` add. */
export type OfferKind = 'percent' | 'amount' | 'free_shipping' | 'gift';

/** For the products that it names, by id, category or brand; for all where it names none. */
export interface Offer {
  readonly id: string;
  readonly kind: OfferKind;
  /** Per cent, or units of `currency`. */
  readonly value: number | undefined;
  readonly title: string;
  readonly description: string;
  /** To be typed in at the checkout; empty where it needs none. */
  readonly code: string;
  readonly currency: string;
  readonly leastSpend: number | undefined;
  /** Milliseconds since 1970; undefined for none. `ends` is the first instant at which it no longer holds. */
  readonly starts: number | undefined;
  readonly ends: number | undefined;
  readonly products: readonly string[];
  readonly categories: readonly string[];
  readonly brands: readonly string[];
  readonly image: string;
  readonly url: string;
}

/** Something to read or to watch. */
export interface Article {
  readonly id: string;
  /** As the shop names it, such as `article` or `video`. */
  readonly kind: string;
  readonly title: string;
  readonly description: string;
  /** As the shop names it, such as `zh`. */
  readonly language: string;
  /** Ids of products, or their groups, that it is about. */
  readonly about: readonly string[];
  readonly tags: readonly string[];
  readonly image: string;
  readonly url: string;
}

/**
 * An offer as a shop gives it. `value` is needed with `percent`, from 0 to 100, and `amount`. Dates are ISO 8601, a date alone in UTC, or
 * milliseconds since 1970.
 */
export type OfferInput = Pick<Offer, 'id' | 'kind'> &
  Partial<Omit<Offer, 'starts' | 'ends'>> & { readonly starts?: string | number | undefined; readonly ends?: string | number | undefined };

/** An article or a video as a shop gives it: `id` and at least one text. `kind` is searched too, as the category of a product is. */
export type ArticleInput = Pick<Article, 'id'> & Partial<Article>;

export interface CatalogLoadOptions {
  /** Of a catalogue in shards: how much of it may be held in memory; what was not used for longest goes. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Of a catalogue in shards: a file did not come, or is damaged, twice. What it holds is left out of the answer. */
  readonly onLeftOut?: (error: AftersenseError) => void;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface CatalogBuildOptions {
  /**
   * Add vectors of what products mean, with which `recommend` finds more than shared words tell, across Chinese and English. `true`: made
   * by base, which reads some ten to a hundred products a second; waits for it, and `model_missing` where there is none. Or what `embed`
   * gave for the products, by this version of base, in their order, undefined for those that base is to read. Articles are read too.
   * Default false.
   */
  readonly embeddings?: boolean | readonly (Float32Array | undefined)[];
  /**
   * With embeddings: an earlier catalogue file, not compressed. Vectors of texts that it has too, by the same version of base, are taken
   * over; the file is the same, byte for byte, as one built without. Refused where it is no catalogue of this format.
   */
  readonly previous?: ArrayBuffer | Uint8Array;
  /**
   * What orders taught: the lines that `aftersense catalog interactions` wrote. `InteractionsError` where they are not that. Products that
   * are not in the list are dropped and counted.
   */
  readonly interactions?: string;
  readonly offers?: readonly OfferInput[];
  readonly articles?: readonly ArticleInput[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Catalog {
  /** Load a catalogue file built by `aftersense catalog build`, by address or as bytes, gzip-compressed or not; replaces the one before only when the new one is good. */
  load(source: string | URL | ArrayBuffer | Uint8Array, options?: CatalogLoadOptions): Promise<CatalogInfo>;
  /** Build a catalogue file from products, on this device. It is not loaded: pass the bytes to `load`. */
  build(
    products: readonly ProductInput[],
    options?: CatalogBuildOptions,
  ): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly info: CatalogInfo }>;
  /**
   * Build a catalogue that is too large to download: a manifest and many small files, of which a page fetches what it needs. Products are read
   * twice, some hundred at a time. `load` takes the address of the manifest, `catalog.ascm`, beside which all other files must be.
   */
  buildShards(source: ProductSource, options: ShardBuildOptions): Promise<ShardsInfo>;
  /** Products of the loaded catalogue, in its order; all of them by default. Of a catalogue in shards, those that have been fetched. */
  list(options?: { readonly offset?: number; readonly limit?: number }): Promise<readonly Product[]>;
}

export interface ModelInfo {
  readonly name: string;
  readonly version: string;
  readonly tier: Tier;
  /** Size in memory; the download is compressed. */
  readonly bytes: number;
}

/** What was chosen, for display and support. */
export interface AftersenseInfo {
  readonly version: string;
  readonly variant: Variant;
  readonly engine: Engine;
  readonly worker: boolean;
  /** How many Workers were started; 0 on the calling thread. */
  readonly workers: number;
  /** The best model that is loaded. */
  readonly model: ModelInfo;
}

export interface Aftersense {
  /** As of now: another object once base is loaded. */
  readonly info: AftersenseInfo;
  readonly catalog: Catalog;
  /** What is under way with this shopper, kept on this device. `openCases` gives the same without a handle. */
  readonly cases: Cases;
  /** What shoppers and agents say that verdicts should have been: kept on this device, and applied to base's analyses of like texts. */
  readonly corrections: Corrections;
  /** What the shopper is interested in: kept on this device, with the shopper's consent. `openProfile` gives the same without a handle. */
  readonly profile: Profile;
  /** Resolves when this tier is loaded. Rejects with the reason where it cannot be had: `model_missing` where it was not asked for. */
  ready(tier: Tier): Promise<ModelInfo>;
  analyze(text: string, options?: AnalyzeOptions<Analysis>): Promise<Analysis>;
  analyze(texts: readonly string[], options?: AnalyzeOptions<Analysis[]>): Promise<Analysis[]>;
  /**
   * The meaning of a text as a vector of unit length, 384 numbers from the shipped model: the dot product of two is their similarity,
   * across Chinese and English too. To save room keep the first 128 and divide them by their length.
   * Needs base, and waits for it while it loads; `model_missing` where there is none.
   */
  embed(text: string, options?: EmbedOptions): Promise<Float32Array<ArrayBuffer>>;
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array<ArrayBuffer>[]>;
  /**
   * What the shop should do next: a text is analysed and decided on, an analysis decided on as it is (`text` then serves rules on words).
   * Errors: those of `analyze`; invalid_argument for facts that cannot be; policy_invalid.
   */
  triage(input: string | Readings, options?: TriageOptions): Promise<Decision>;
  /** The shop's own answers: a default set ships, `load` replaces it. */
  readonly answers: Answers;
  /**
   * Which of the shop's answers fit, filled with what is known of the order: never invented text. By meaning with base, else by words alone,
   * which finds much less (`method`). Errors: those of `analyze`; invalid_argument; download_failed; answers_invalid, answers_wrong_model.
   */
  reply(input: ReplyInput, options?: ReplyOptions): Promise<Replies>;
  /**
   * Products, offers or articles for one place of the page, each with its reason. Nothing is sent, and nothing is kept: tell the profile
   * what was really seen, `profile.record({ kind: 'shown', products })`, which frequency caps and fairness count.
   * Where the shopper has not agreed to a profile, or it is empty, the answer is smaller, never an error.
   * Errors: invalid_argument; catalog_missing; unknown_product, of the `id` that a request names; aborted; disposed.
   */
  recommend(request: RecommendRequest): Promise<Recommendation[]>;
  recommend(request: OfferRequest): Promise<OfferRecommendation[]>;
  recommend(request: ContentRequest): Promise<ArticleRecommendation[]>;
  /** Where the surface is known only when the page runs. */
  recommend(request: AnyRecommendRequest): Promise<AnyRecommendation[]>;
  /** Frees the worker and its memory; idempotent. Calls still under way reject with `disposed`. */
  dispose(): void;
}
