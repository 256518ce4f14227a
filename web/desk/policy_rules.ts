/** What the schema cannot say of a policy: names that must exist, cycles, ranges without numbers, rules that nothing reaches. */

import type { Condition, Policy, PolicyProblem, PolicyProblemCode, Range } from './types.ts';
import { foldWord } from './words.ts';

const problem = (code: PolicyProblemCode, path: string, message: string): PolicyProblem => ({ code, path, message });

/** A condition and all within it, with their paths. */
function* conditionsIn(condition: Condition, path: string): Generator<readonly [Condition, string]> {
  yield [condition, path];
  for (const [i, inner] of condition.all?.entries() ?? []) yield* conditionsIn(inner, `${path}/all/${i}`);
  for (const [i, inner] of condition.any?.entries() ?? []) yield* conditionsIn(inner, `${path}/any/${i}`);
  if (condition.not) yield* conditionsIn(condition.not, `${path}/not`);
}

function duplicateRules({ rules }: Policy): PolicyProblem[] {
  const first = new Map<string, number>();
  return rules.flatMap(({ id }, i) => {
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, i);
    return earlier === undefined ? [] : [problem('duplicate_rule', `/rules/${i}/id`, `'${id}' is the id of /rules/${earlier} too`)];
  });
}

function unknownSkills(policy: Policy): PolicyProblem[] {
  const uses: [string | undefined, string][] = policy.rules.map(({ then }, i) => [then.skill, `/rules/${i}/then/skill`]);
  for (const part of ['human', 'abstain', 'fallback'] as const) uses.push([policy[part].skill, `/${part}/skill`]);
  return uses
    .filter(([skill]) => skill !== undefined && !Object.hasOwn(policy.skills, skill))
    .map(([skill, path]) => problem('unknown_skill', path, `'${skill}' is none of /skills`));
}

function unknownActions({ rules, actions = {} }: Policy): PolicyProblem[] {
  const lists: [readonly string[] | undefined, string][] = rules.map(({ then }, i) => [then.actions, `/rules/${i}/then/actions`]);
  for (const [name, action] of Object.entries(actions)) lists.push([action.then, `/actions/${name}/then`]);
  return lists.flatMap(([names = [], path]) =>
    names.flatMap((name, i) =>
      Object.hasOwn(actions, name) ? [] : [problem('unknown_action', `${path}/${i}`, `'${name}' is none of /actions`)],
    ),
  );
}

/** Each way back to an action that is being followed, once. */
function actionCycles({ actions = {} }: Policy): PolicyProblem[] {
  const found: PolicyProblem[] = [];
  const done = new Set<string>();
  const follow = (name: string, trail: readonly string[]): void => {
    for (const [i, next] of actions[name]?.then?.entries() ?? []) {
      const way = [...trail, name];
      if (way.includes(next))
        found.push(
          problem('action_cycle', `/actions/${name}/then/${i}`, `a cycle: ${[...way.slice(way.indexOf(next)), next].join(' → ')}`),
        );
      else if (!done.has(next)) follow(next, way);
    }
    done.add(name);
  };
  for (const name of Object.keys(actions)) if (!done.has(name)) follow(name, []);
  return found;
}

const isEmpty = ({ min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Range) => min > max;

function oddConditions({ rules }: Policy): PolicyProblem[] {
  const all = rules.flatMap(({ when }, i) => [...conditionsIn(when, `/rules/${i}/when`)]);
  return all.flatMap(([{ order, customer, words = [] }, path]) => {
    const ranges = {
      'order/value': order?.value,
      'order/daysSinceDelivery': order?.daysSinceDelivery,
      'order/warrantyDaysLeft': order?.warrantyDaysLeft,
      'customer/pastContacts': customer?.pastContacts,
      'customer/pastReturns': customer?.pastReturns,
    };
    const empty = Object.entries(ranges).filter(([, range]) => range && isEmpty(range));
    return [
      ...empty.map(([name]) => problem('empty_range', `${path}/${name}`, 'min is above max: it never holds')),
      ...words.flatMap((word, i) => (foldWord(word) ? [] : [problem('not_allowed', `${path}/words/${i}`, 'is blank')])),
    ];
  });
}

export const policyProblems = (policy: Policy): PolicyProblem[] =>
  [duplicateRules, unknownSkills, unknownActions, actionCycles, oddConditions].flatMap((check) => check(policy));

/** Whether `narrow` has every field of `wide`, with the same in it: then it never holds where `wide` does not. */
const narrows = (narrow: Condition, wide: Condition): boolean =>
  Object.entries(wide).every(([field, value]) => JSON.stringify(narrow[field as keyof Condition]) === JSON.stringify(value));

/** Rules behind one that stops and holds wherever they do. Only what can be seen from equal fields: no proof that the rest is reached. */
export function unreachableRules({ rules }: Policy): PolicyProblem[] {
  return rules.flatMap((rule, i) => {
    const blocker = rules.slice(0, i).find((earlier) => earlier.then.stop && narrows(rule.when, earlier.when));
    return blocker ? [problem('unreachable_rule', `/rules/${i}`, `'${blocker.id}' stops before '${rule.id}' whenever it holds`)] : [];
  });
}
