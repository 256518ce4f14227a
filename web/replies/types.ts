/** Public types of replies: a shop's answers, what fills them, and what is suggested. */
import type { Customer, DateLike, Locale, Order, Readings } from '../desk/types.ts';
import type { Analysis, ModelInfo, Progress } from '../types.ts';

/** `apologetic` answers apologise themselves, `warm` ones thank: no opening says it again. */
export type Tone = 'neutral' | 'apologetic' | 'warm';
/** How the shopper feels, as far as an opening takes it up. */
export type Mood = 'angry' | 'anxious' | 'disappointed' | 'pleased';

/** One of the shop's answers. Plain text, never markup. */
export interface Answer {
  readonly id: string;
  readonly topic: string;
  readonly intent: string;
  readonly tone: Tone;
  /** Every `{slot}` of the texts stands in `slots`, and the other way round. */
  readonly zh: string;
  readonly en: string;
  readonly slots: readonly string[];
  /** What shoppers ask when this is the answer. */
  readonly questions?: Readonly<Partial<Record<Locale, readonly string[]>>>;
}

/** What is said before a neutral answer, by mood. */
export type Openings = Readonly<Partial<Record<Mood, Readonly<Record<Locale, string>>>>>;

export type AnswerProblemCode =
  | 'not_an_answer'
  | 'missing_field'
  | 'unknown_field'
  | 'wrong_type'
  | 'missing_language'
  | 'duplicate_id'
  | 'undeclared_slot'
  | 'unused_slot'
  | 'stray_brace'
  | 'markup'
  | 'control_character'
  | 'too_long'
  | 'too_many'
  | 'empty';

export interface AnswerProblem {
  readonly code: AnswerProblemCode;
  /** Of the file, or of the list where there is no file; 1 is the first. 0 for the whole. */
  readonly line: number;
  readonly id?: string;
  /** The field it is in, such as `zh` or `questions.en[2]`. */
  readonly field?: string;
  readonly message: string;
}

/** An amount of money, written as the language writes it. */
export interface Money {
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** A text stays as it is; the others are written as the language writes them. */
export type SlotValue = string | number | Date | Money;

/** An order as policies know it, and what answers tell of it. */
export interface ReplyOrder extends Order {
  /** Slot `order_id`. */
  readonly id?: string;
  /** `carrier` */
  readonly carrier?: string;
  /** `tracking_no` */
  readonly trackingNo?: string;
  /** `tracking_link`; http or https. */
  readonly trackingUrl?: string;
  /** `delivery_date` */
  readonly expectedAt?: DateLike;
  /** `product` */
  readonly product?: string;
  /** `size` */
  readonly size?: string;
  /** `refund_amount`, in the order's `currency`. */
  readonly refundAmount?: number;
}

export interface ReplyCustomer extends Customer {
  /** Slot `phone`. */
  readonly phone?: string;
  /** `email` */
  readonly email?: string;
}

export interface ReplyOptions {
  readonly order?: ReplyOrder;
  readonly customer?: ReplyCustomer;
  /** Further values by slot, or for one answer alone by `answer_id.slot`. They go before `order` and `customer`. */
  readonly values?: Readonly<Record<string, SlotValue>>;
  /** How many; default 3, 1 to 20. */
  readonly k?: number;
  /** Nothing is suggested where any answer fits less probably than this. Default: measured (web/replies/README.md). */
  readonly minProbability?: number;
  /** Language of the reply; default the text's, else English. */
  readonly language?: Locale;
  /** What was analysed; needed with an analysis, which does not hold it. */
  readonly text?: string;
  /** Of dates; default the device's. */
  readonly timeZone?: string;
  /** The best tier that may search and judge. Default `base`; where that is not loaded, lite does. */
  readonly tier?: 'lite' | 'base';
  /** Called once with what base finds, where it was still loading; as in `analyze`. */
  readonly onUpdate?: (better: Replies) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Why an answer was found. */
export interface ReplyReason {
  /** What is likest: the answer itself, or one of its questions. */
  readonly kind: 'answer' | 'question';
  readonly text: string;
  /** Cosine of the two texts' meanings; absent where words alone were compared. */
  readonly similarity?: number;
  /** Words of the shopper's that the answer or its questions have too, heaviest first. */
  readonly words: readonly string[];
}

export interface Suggestion {
  readonly id: string;
  readonly topic: string;
  readonly intent: string;
  readonly tone: Tone;
  /** Plain text, with its opening. A slot without a value stays as `{slot}`. */
  readonly text: string;
  /** True where nothing is missing. */
  readonly sendable: boolean;
  /** Slots that have no value. */
  readonly missing: readonly string[];
  /** Which opening it begins with. */
  readonly opening?: Mood;
  /** Calibrated probability that this answer fits. */
  readonly probability: number;
  readonly reason: ReplyReason;
}

export interface Replies {
  /** Likeliest first; empty where no answer fits. */
  readonly suggestions: readonly Suggestion[];
  /** `meaning`: by base's embedding and words. `words`: by words alone, without base; finds much less. */
  readonly method: 'meaning' | 'words';
  readonly language: Locale;
  readonly mood?: Mood;
  /** Calibrated probability that any answer of the shop's fits, suggested or not; 0 where nothing was found. */
  readonly probability: number;
}

export interface AnswersInfo {
  readonly answers: number;
  readonly questions: number;
  /** The base model that embedded them; undefined where none did, and words alone are compared. */
  readonly model: Pick<ModelInfo, 'name' | 'version'> | undefined;
  readonly bytes: number;
}

export interface AnswersBuildOptions {
  /** In place of the default ones; a mood left out has none. */
  readonly openings?: Openings;
  /** Without base, for words alone. Default `base`. */
  readonly tier?: 'lite' | 'base';
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export interface Answers {
  /** Checks and embeds answers, on this device. They are not loaded: pass the bytes to `load`. Errors: answers_invalid, model_missing. */
  build(
    answers: readonly Answer[],
    options?: AnswersBuildOptions,
  ): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly info: AnswersInfo }>;
  /** Loads a file of `build` or of `aftersense answers build`; replaces the one before only when the new one is good. */
  load(source: string | URL | ArrayBuffer | Uint8Array, options?: Pick<AnswersBuildOptions, 'signal' | 'onProgress'>): Promise<AnswersInfo>;
}

export type ReplyInput = string | Analysis | Readings;
