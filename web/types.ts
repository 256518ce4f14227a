/** Public types. A leaf: imports nothing. All offsets are UTF-16 units of the text as given. */

export type Language = 'zh' | 'en' | 'other';
export type SentimentLabel = 'negative' | 'neutral' | 'positive';
export type Engine = 'native';
export type Variant = 'simd128' | 'relaxed';

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
}

export interface Keyword extends Span {
  /** The words as written. */
  readonly text: string;
  /** Relative weight in `(0, 1]`; the first keyword has 1. */
  readonly score: number;
}

/** Words that moved the verdict. Scores of all evidence sum, with the bias, to the label's logit margin. */
export interface Evidence extends Span {
  /** Logit margin of the verdict's label over the mean of the others; negative speaks against it. */
  readonly score: number;
}

export interface Sentence extends Span {
  readonly sentiment: Sentiment;
}

export interface Analysis {
  readonly language: Language;
  readonly sentiment: Sentiment;
  readonly keywords: readonly Keyword[];
  readonly sentences: readonly Sentence[];
  /** Present with `explain: true`: the words that moved the verdict, strongest first. */
  readonly evidence?: readonly Evidence[];
  /** True where the text was longer than the model reads, and only its beginning and end were judged. */
  readonly truncated: boolean;
  /** True where there was nothing to judge, or the language is neither Chinese nor English. */
  readonly abstained: boolean;
  readonly tier: 'lite';
  readonly engine: Engine;
}

export type Progress =
  | { readonly stage: 'wasm' | 'model' | 'catalog'; readonly loadedBytes: number; readonly totalBytes: number | undefined }
  | { readonly stage: 'analyze'; readonly done: number; readonly total: number };

/** Where the files are. Each defaults to the copy shipped beside this module. */
export interface AssetUrls {
  readonly wasm?: Partial<Readonly<Record<Variant, string | URL>>>;
  readonly model?: string | URL;
  /** Must be of the page's origin, as every worker's script. */
  readonly worker?: string | URL;
}

export interface AftersenseOptions {
  /** Run in a Worker (default: true where `Worker` exists), or on the calling thread. */
  readonly worker?: boolean;
  /** WebAssembly variant; default: relaxed SIMD where the browser has it, else simd128. */
  readonly variant?: 'auto' | Variant;
  readonly assets?: AssetUrls;
  /** Replaces the global `fetch` for asset downloads; used on the calling thread, so it works with `worker: true` too. */
  readonly fetch?: typeof fetch;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export interface AnalyzeOptions {
  /** Add `evidence`. Default false. */
  readonly explain?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

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
}

/** A product as a shop gives it: `id` and at least one text. */
export type ProductInput = Pick<Product, 'id'> & Partial<Product>;

export interface CatalogInfo {
  readonly products: number;
  readonly terms: number;
  readonly bytes: number;
  /** What was left out while building, and why; empty for a loaded file. */
  readonly skipped: readonly { readonly id: string; readonly reason: 'no_text' }[];
}

interface RecommendCommon {
  /** How many; default 5, 1 to 1000. */
  readonly k?: number;
  /** Product ids never to return. */
  readonly exclude?: readonly string[];
  readonly signal?: AbortSignal;
}

export type RecommendRequest = RecommendCommon &
  (
    | { readonly for: 'product'; readonly id: string }
    | { readonly for: 'basket'; readonly ids: readonly string[] }
    | { readonly for: 'query'; readonly text: string }
  );

/** Why a product was recommended: the shared terms and what each adds to the score. */
export interface RecommendReason {
  readonly kind: 'shared_terms';
  readonly terms: readonly { readonly term: string; readonly score: number }[];
}

export interface Recommendation {
  readonly product: Product;
  /** Cosine similarity in `(0, 1]`. */
  readonly score: number;
  readonly reason: RecommendReason;
}

export interface CatalogLoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Catalog {
  /** Load a catalogue file built by `aftersense catalog build`, by address or as bytes, gzip-compressed or not; replaces the one before only when the new one is good. */
  load(source: string | URL | ArrayBuffer | Uint8Array, options?: CatalogLoadOptions): Promise<CatalogInfo>;
  /** Build a catalogue file from products, on this device. It is not loaded: pass the bytes to `load`. */
  build(
    products: readonly ProductInput[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly info: CatalogInfo }>;
  /** Products of the loaded catalogue, in its order; all of them by default. */
  list(options?: { readonly offset?: number; readonly limit?: number }): Promise<readonly Product[]>;
}

/** What was chosen, for display and support. */
export interface AftersenseInfo {
  readonly version: string;
  readonly variant: Variant;
  readonly engine: Engine;
  readonly worker: boolean;
  /** `bytes` is the size in memory; the download is compressed. */
  readonly model: { readonly name: string; readonly version: string; readonly tier: 'lite'; readonly bytes: number };
}

export interface Aftersense {
  readonly info: AftersenseInfo;
  readonly catalog: Catalog;
  analyze(text: string, options?: AnalyzeOptions): Promise<Analysis>;
  analyze(texts: readonly string[], options?: AnalyzeOptions): Promise<Analysis[]>;
  recommend(request: RecommendRequest): Promise<Recommendation[]>;
  /** Frees the worker and its memory; idempotent. Calls still under way reject with `disposed`. */
  dispose(): void;
}
