/** From readings and facts to the next step, by the rules of a policy. */

import { checkOneOf } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import { evaluate, type Verdict } from './conditions.ts';
import { type Facts, gatherFacts } from './facts.ts';
import { usablePolicy } from './policy.ts';
import type {
  DecideOptions,
  Decision,
  DecisionEvidence,
  DecisionReason,
  Fact,
  Locale,
  LocalText,
  Policy,
  Priority,
  ProposedAction,
  Readings,
  Route,
  Rule,
} from './types.ts';

/** What a part of the policy contributes, and why. */
interface Effect {
  readonly rule: string;
  readonly route?: Route;
  readonly priority?: Priority;
  readonly skill?: string;
  readonly actions?: readonly string[];
  readonly reason: LocalText;
  readonly evidence: readonly DecisionEvidence[];
}

interface Outcome {
  readonly route: Route;
  readonly priority: Priority;
  readonly skill: string;
  readonly actions: readonly string[];
  readonly abstained: boolean;
  readonly effects: readonly Effect[];
}

const effectOf = ({ id, then, reason }: Rule, evidence: readonly DecisionEvidence[]): Effect => ({ rule: id, ...then, reason, evidence });

/** The rules that hold, in order, up to the first that stops. `assumed` is a rule to be taken to hold. */
function fire(rules: readonly Rule[], verdicts: readonly Verdict[], assumed?: number): Effect[] {
  const fired: Effect[] = [];
  for (const [i, rule] of rules.entries()) {
    const verdict = verdicts[i] as Verdict;
    if (i !== assumed && verdict.holds !== true) continue;
    fired.push(effectOf(rule, verdict.holds === true ? verdict.evidence : []));
    if (rule.then.stop) break;
  }
  return fired;
}

const firstOf = <K extends 'route' | 'skill'>(effects: readonly Effect[], field: K): Effect[K] | undefined =>
  effects.find((effect) => effect[field] !== undefined)?.[field];

/** `P1` is the highest, and sorts first. */
const highest = (priorities: readonly (Priority | undefined)[]): Priority | undefined =>
  priorities.filter((priority) => priority !== undefined).sort()[0];

/** Names in their order, each with those that follow from it, each once. */
function unite(names: readonly string[], { actions = {} }: Policy): string[] {
  const united = new Set<string>();
  const add = (name: string): void => {
    if (united.has(name)) return;
    united.add(name);
    for (const next of actions[name]?.then ?? []) add(next);
  };
  for (const name of names) add(name);
  return [...united];
}

/** Why the shopper is taken to wish for a human: this comes before all rules, however unsure the reading is. */
function wishForHuman({ intent }: Readings, human: boolean): DecisionEvidence[] {
  if (human) return [{ kind: 'request' }];
  if (intent?.label !== 'speak_to_human') return [];
  return [{ kind: 'reading', fact: 'analysis.intent', value: intent.label, score: intent.score, spans: [] }];
}

/** First route, first skill, highest priority, all actions; then what the policy has for the rest. */
function merge(fired: readonly Effect[], policy: Policy, wish: readonly DecisionEvidence[], unsure: boolean): Outcome {
  const { human, abstain, fallback } = policy;
  const route = firstOf(fired, 'route');
  const skill = firstOf(fired, 'skill');
  const priority = highest(fired.map((effect) => effect.priority));
  const actions = unite(
    fired.flatMap((effect) => effect.actions ?? []),
    policy,
  );
  if (wish.length > 0) {
    const effects = [{ rule: '@human', reason: human.reason, evidence: wish }, ...fired];
    const atLeast = highest([priority, human.priority]) as Priority;
    return { route: 'human', priority: atLeast, skill: skill ?? human.skill, actions, abstained: false, effects };
  }
  if (route === undefined && unsure) {
    const effects = [...fired, { rule: '@abstain', reason: abstain.reason, evidence: [] }];
    const atLeast = highest([priority, abstain.priority]) as Priority;
    const asked = abstain.then === 'ask' ? 'answer' : 'human';
    return { route: asked, priority: atLeast, skill: skill ?? abstain.skill, actions: [], abstained: true, effects };
  }
  const rest = { rule: '@fallback', reason: fallback.reason, evidence: [] };
  return {
    route: route ?? fallback.route,
    priority: priority ?? fallback.priority,
    skill: skill ?? fallback.skill,
    actions,
    abstained: false,
    effects: route === undefined ? [...fired, rest] : fired,
  };
}

const sameStep = (a: Outcome, b: Outcome): boolean =>
  a.route === b.route &&
  a.priority === b.priority &&
  a.skill === b.skill &&
  a.abstained === b.abstained &&
  a.actions.length === b.actions.length &&
  a.actions.every((name) => b.actions.includes(name));

/** What rules of unknown verdict lack, where the decision would be another if one of them held. */
function missingFacts(verdicts: readonly Verdict[], outcome: Outcome, assume: (rule: number) => Outcome): Fact[] {
  const missing = verdicts.flatMap((verdict, i) => (verdict.holds === 'unknown' && !sameStep(outcome, assume(i)) ? verdict.missing : []));
  return [...new Set(missing)];
}

const inLocale = (text: LocalText, locale: Locale): string => text[locale] ?? text.en ?? text.zh ?? '';

const explain = (effects: readonly Effect[], locale: Locale): DecisionReason[] =>
  effects.map(({ rule, reason, evidence }) => ({ rule, text: inLocale(reason, locale), evidence }));

function propose(names: readonly string[], { actions = {} }: Policy): ProposedAction[] {
  return names.flatMap((name) => {
    const { then: _, ...action } = actions[name] ?? {};
    return [{ name, ...action } as ProposedAction];
  });
}

function checkOptions(options: DecideOptions): void {
  if (typeof options !== 'object' || options === null) throw new AftersenseError('invalid_argument', 'options must be an object.');
  if (options.locale !== undefined) checkOneOf(options.locale, 'locale', ['zh', 'en']);
  if (options.human !== undefined && typeof options.human !== 'boolean')
    throw new AftersenseError('invalid_argument', 'human must be true or false.');
}

/**
 * The same arguments give the same decision; the clock is read only where `now` is not given.
 * Errors: policy_invalid; invalid_argument for an analysis, order or customer that cannot be.
 */
export function decide(analysis: Readings, policy: Policy, options: DecideOptions = {}): Decision {
  checkOptions(options);
  const rules = usablePolicy(policy);
  const facts: Facts = gatherFacts(analysis, rules, options);
  const verdicts = rules.rules.map(({ when }) => evaluate(when, facts));
  const wish = wishForHuman(analysis, options.human ?? false);
  const outcomeOf = (assumed?: number) => merge(fire(rules.rules, verdicts, assumed), rules, wish, facts.unsure);
  const outcome = outcomeOf();
  const locale = options.locale ?? (analysis.language === 'zh' ? 'zh' : 'en');
  const { question } = rules.abstain;
  return {
    route: outcome.route,
    priority: outcome.priority,
    skill: outcome.skill,
    actions: propose(outcome.actions, rules),
    reasons: explain(outcome.effects, locale),
    abstained: outcome.abstained,
    ...(outcome.abstained && rules.abstain.then === 'ask' && question ? { question: inLocale(question, locale) } : {}),
    missing: missingFacts(verdicts, outcome, outcomeOf),
    language: analysis.language,
    tier: analysis.tier,
    policy: rules.name,
  };
}
