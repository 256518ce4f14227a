/** Public types of the desk: what a policy is, what it decides from, and what it decides. */
import type { Analysis, Aspect, Emotion, EntityKind, Intent, Language, SentimentLabel, Span, Tier, UrgencyLevel } from '../types.ts';

export type Route = 'offer' | 'answer' | 'complaint' | 'human';
export type Priority = UrgencyLevel;

/** A sentence by language; one of them is enough. */
export interface LocalText {
  readonly zh?: string;
  readonly en?: string;
}
export type Locale = keyof LocalText;

/** Both ends are within. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
}

/** An analysis, with or without the entities of its text. */
export type Readings = Omit<Analysis, 'entities'> & Partial<Pick<Analysis, 'entities'>>;

/** Holds where each of its fields holds; `{}` always does. The schema, `aftersense/policy.schema.json`, says the rest. */
export interface Condition {
  readonly all?: readonly Condition[];
  readonly any?: readonly Condition[];
  readonly not?: Condition;
  readonly sentiment?: { readonly is: readonly SentimentLabel[]; readonly min?: number };
  /** One aspect that has all of this. */
  readonly aspect?: { readonly is?: readonly Aspect[]; readonly polarity?: readonly SentimentLabel[]; readonly min?: number };
  readonly emotion?: { readonly is: readonly Emotion[]; readonly min?: number };
  readonly intent?: { readonly is?: readonly Intent[]; readonly detail?: readonly string[]; readonly min?: number };
  readonly urgency?: { readonly is: readonly UrgencyLevel[]; readonly min?: number };
  readonly escalate?: { readonly min: number };
  readonly entity?: { readonly is: readonly EntityKind[] };
  readonly language?: readonly Language[];
  readonly words?: readonly string[];
  readonly order?: {
    /** Needs `currency`. */
    readonly value?: Range;
    readonly currency?: readonly string[];
    readonly status?: readonly string[];
    readonly daysSinceDelivery?: Range;
    readonly warrantyDaysLeft?: Range;
  };
  readonly customer?: { readonly tier?: readonly string[]; readonly pastContacts?: Range; readonly pastReturns?: Range };
}

/** What the shop may do. Each is a proposal: nothing is done here. */
export type Action =
  | { readonly kind: 'refund'; readonly percent?: number; readonly returnItem?: boolean }
  | { readonly kind: 'exchange'; readonly returnItem?: boolean }
  | { readonly kind: 'reship'; readonly express?: boolean }
  | { readonly kind: 'repair'; readonly pickUp?: boolean }
  | { readonly kind: 'coupon'; readonly percent: number; readonly validDays?: number }
  | { readonly kind: 'apology' }
  | { readonly kind: 'call_back'; readonly withinHours?: number };

export interface Rule {
  /** Lower-case letters, digits and `_`. */
  readonly id: string;
  readonly when: Condition;
  readonly then: {
    readonly route?: Route;
    readonly priority?: Priority;
    readonly skill?: string;
    /** Names of the policy's `actions`. */
    readonly actions?: readonly string[];
    /** No later rule is looked at. Default false. */
    readonly stop?: boolean;
  };
  readonly reason: LocalText;
}

export interface Policy {
  readonly $schema?: string;
  readonly version: 1;
  readonly name: string;
  readonly skills: Readonly<Record<string, LocalText>>;
  /** By name; those of `then` follow from it. */
  readonly actions?: Readonly<Record<string, Action & { readonly then?: readonly string[] }>>;
  readonly rules: readonly Rule[];
  readonly human: { readonly priority: Priority; readonly skill: string; readonly reason: LocalText };
  readonly abstain: {
    /** Default 0.5. */
    readonly sentiment?: number;
    /** Default 0.5. */
    readonly intent?: number;
    readonly then: 'human' | 'ask';
    /** Needed with `ask`. */
    readonly question?: LocalText;
    readonly priority: Priority;
    readonly skill: string;
    readonly reason: LocalText;
  };
  readonly fallback: { readonly route: Route; readonly priority: Priority; readonly skill: string; readonly reason: LocalText };
}

export type PolicyProblemCode =
  | 'unknown_field'
  | 'missing_field'
  | 'wrong_type'
  | 'not_allowed'
  | 'out_of_range'
  | 'too_large'
  | 'duplicate_rule'
  | 'unknown_skill'
  | 'unknown_action'
  | 'action_cycle'
  | 'empty_range'
  | 'unreachable_rule';

export interface PolicyProblem {
  readonly code: PolicyProblemCode;
  /** A JSON pointer into the policy: `/rules/3/when/aspect/polarty`. */
  readonly path: string;
  readonly message: string;
}

export interface CheckedPolicy {
  /** A frozen copy: what is done to the original later changes nothing. */
  readonly policy: Policy;
  readonly warnings: readonly PolicyProblem[];
}

/** A date, or what `new Date` reads as one; ISO 8601 is meant. */
export type DateLike = Date | string | number;

/** What the shop knows of the order. All optional: a rule that asks for what is missing does not fire. */
export interface Order {
  readonly value?: number;
  /** ISO 4217. */
  readonly currency?: string;
  /** In the shop's own words, such as `shipped` or `delivered`. */
  readonly status?: string;
  readonly placedAt?: DateLike;
  readonly deliveredAt?: DateLike;
  readonly warrantyUntil?: DateLike;
  /** Whole days, in place of `deliveredAt`. */
  readonly daysSinceDelivery?: number;
  /** Whole days, in place of `warrantyUntil`; below 0 where it has run out. */
  readonly warrantyDaysLeft?: number;
}

export interface Customer {
  /** In the shop's own words. Counts only where a rule of the policy asks for it. */
  readonly tier?: string;
  /** How often they wrote of this matter before. */
  readonly pastContacts?: number;
  readonly pastReturns?: number;
}

export interface DecideOptions {
  readonly order?: Order;
  readonly customer?: Customer;
  /** The shopper asked for a human, with a button say. */
  readonly human?: boolean;
  /** What was analysed, for rules on words. `triage` of a text has it. */
  readonly text?: string;
  /** Language of the reasons; default the text's, else English. */
  readonly locale?: Locale;
  /** Default now. */
  readonly now?: DateLike;
}

export interface TriageOptions extends DecideOptions {
  /** In place of the handle's. */
  readonly policy?: Policy;
  /** The best tier that may judge, as in `analyze`. */
  readonly tier?: Tier;
  /** Called once with the decision from base's readings, where lite's came first, as in `analyze`. */
  readonly onUpdate?: (better: Decision) => void;
  readonly signal?: AbortSignal;
}

/** What a condition looks at. `analysis.…` is missing where lite judged, or the reading was too unsure. */
export type Fact =
  | `analysis.${Reading | 'entities'}`
  | 'text'
  | `order.${keyof NonNullable<Condition['order']>}`
  | `customer.${keyof NonNullable<Condition['customer']>}`;

export type Reading = 'sentiment' | 'aspects' | 'emotions' | 'intent' | 'urgency' | 'escalate' | 'language';

/** Why a condition held. */
export type DecisionEvidence =
  /** The model's reading, with the words it rests on where they are known. */
  | {
      readonly kind: 'reading';
      readonly fact: Fact;
      readonly value: string;
      /** Its calibrated probability, where it has one. */
      readonly score?: number;
      readonly spans: readonly Span[];
    }
  /** A word of the rule, and where it stands. */
  | { readonly kind: 'words'; readonly value: string; readonly spans: readonly Span[] }
  | { readonly kind: 'fact'; readonly fact: Fact; readonly value: string | number }
  /** The shopper asked for a human. */
  | { readonly kind: 'request' };

export interface DecisionReason {
  /** The rule's id; `@human`, `@abstain` and `@fallback` are those parts of the policy. */
  readonly rule: string;
  readonly text: string;
  readonly evidence: readonly DecisionEvidence[];
}

/** An action, with the name that the policy gave it. */
export type ProposedAction = Action & { readonly name: string };

export interface Decision {
  readonly route: Route;
  readonly priority: Priority;
  readonly skill: string;
  readonly actions: readonly ProposedAction[];
  /** One for each rule that fired, in their order, then what the policy says of humans, abstaining and the rest. */
  readonly reasons: readonly DecisionReason[];
  /** True where no rule had a route and something was too unsure to go by. */
  readonly abstained: boolean;
  /** What to ask the shopper; only where the desk abstained and the policy says so. */
  readonly question?: string;
  /** What was not known, or not surely, and could have changed the decision. */
  readonly missing: readonly Fact[];
  readonly language: Language;
  /** The tier that judged. */
  readonly tier: Tier;
  /** The policy's name. */
  readonly policy: string;
}

export type Weekday = 'Mon' | 'Tue' | 'Wed' | 'Thu' | 'Fri' | 'Sat' | 'Sun';

/** Working hours by the wall clock of a place. */
export interface Hours {
  /** An IANA name, such as `Asia/Shanghai`. */
  readonly timeZone: string;
  readonly weekly: readonly {
    readonly days: readonly Weekday[];
    /** `HH:MM`, within. */
    readonly from: string;
    /** `HH:MM`, without, up to `24:00`; before `from`, it is on the next day. */
    readonly to: string;
  }[];
}

export interface Agent {
  readonly id: string;
  /** Names of the policy's skills. */
  readonly skills: readonly string[];
  readonly languages: readonly string[];
  /** How many cases the agent has, and how many he can have. */
  readonly load: number;
  readonly capacity: number;
  /** Default: always there. */
  readonly hours?: Hours;
}

export interface AssignmentReason {
  readonly code: 'skill' | 'language' | 'hours' | 'capacity' | 'load';
  readonly text: string;
}

export interface AgentAssessment {
  readonly id: string;
  readonly reasons: readonly AssignmentReason[];
}

export type Assignment =
  /** `ranked` is best first; its first is `agent`. `refused`: the others, with what they lack. */
  | {
      readonly status: 'assigned';
      readonly agent: string;
      readonly queue: string;
      readonly ranked: readonly AgentAssessment[];
      readonly refused: readonly AgentAssessment[];
    }
  /** Nobody can take it now: it waits in the queue of its skill. */
  | { readonly status: 'queued'; readonly queue: string; readonly ranked: readonly []; readonly refused: readonly AgentAssessment[] };
