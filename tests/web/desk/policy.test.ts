import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decide } from '../../../web/desk/decide.ts';
import { checkPolicy, defaultPolicy, PolicyError } from '../../../web/desk/policy.ts';
import type { Condition, Policy, PolicyProblem, Rule } from '../../../web/desk/types.ts';
import type { Aspect, Emotion, EntityKind, Intent } from '../../../web/types.ts';
import { analysisOf, policyOf, rule } from './support.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const schema = JSON.parse(readFileSync(new URL('../../../web/desk/policy.schema.json', import.meta.url), 'utf8')) as JsonObject;

function problemsOf(policy: unknown): readonly PolicyProblem[] {
  try {
    checkPolicy(policy);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyError);
    expect(error).toMatchObject({ code: 'policy_invalid', name: 'AftersenseError' });
    expect((error as PolicyError).problems.length).toBeGreaterThan(0);
    return (error as PolicyError).problems;
  }
}

const withRule = (when: unknown, then: unknown = { route: 'human' }): unknown =>
  policyOf([rule('tested', when as Condition, then as Rule['then'])]);
const when = '/rules/0/when';

/** As many conditions within each other. */
const nested = (depth: number): Condition => (depth === 0 ? {} : { not: nested(depth - 1) });

describe('the schema', () => {
  /** The enum at a path of the schema. */
  const labels = (...path: string[]) => path.reduce<Json>((node, key) => (node as JsonObject)[key] as Json, schema);
  const condition = (field: string) => labels('$defs', 'condition', 'properties', field, 'properties', 'is', 'items', 'enum');

  test('has the labels of the types', () => {
    // The compiler holds these to the types: each label must be there, and no other.
    const aspects: Record<Aspect, 1> = {
      product_quality: 1,
      performance: 1,
      as_described: 1,
      packaging: 1,
      logistics: 1,
      price: 1,
      customer_service: 1,
      refund_return: 1,
      warranty_repair: 1,
      usability: 1,
      payment_account: 1,
      other: 1,
    };
    const emotions: Record<Emotion, 1> = {
      satisfaction: 1,
      gratitude: 1,
      joy: 1,
      anger: 1,
      disappointment: 1,
      anxiety: 1,
      sadness: 1,
      surprise: 1,
      none: 1,
    };
    const intents: Record<Intent, 1> = {
      complaint: 1,
      question: 1,
      request_refund: 1,
      request_return: 1,
      request_exchange: 1,
      request_repair: 1,
      track_order: 1,
      cancel_order: 1,
      change_order: 1,
      invoice: 1,
      payment_issue: 1,
      account_issue: 1,
      product_question: 1,
      praise: 1,
      feedback: 1,
      speak_to_human: 1,
      other: 1,
    };
    const entities: Record<EntityKind, 1> = {
      phone: 1,
      email: 1,
      order_id: 1,
      bank_card: 1,
      id_number: 1,
      address: 1,
      name: 1,
      product: 1,
      amount: 1,
      date: 1,
      url: 1,
    };
    for (const [field, names] of Object.entries({ aspect: aspects, emotion: emotions, intent: intents, entity: entities }))
      expect(condition(field), field).toEqual(Object.keys(names));
  });

  test('has a condition field for each of the type, and no other', () => {
    const fields: Record<keyof Condition, 1> = {
      all: 1,
      any: 1,
      not: 1,
      sentiment: 1,
      aspect: 1,
      emotion: 1,
      intent: 1,
      urgency: 1,
      escalate: 1,
      entity: 1,
      language: 1,
      words: 1,
      order: 1,
      customer: 1,
    };
    expect(Object.keys(labels('$defs', 'condition', 'properties') as JsonObject)).toEqual(Object.keys(fields));
  });
});

describe('a policy', () => {
  test('that is well is copied and frozen', () => {
    const given = JSON.parse(JSON.stringify(policyOf([rule('one', { words: ['x'] })]))) as { rules: { id: string }[] };
    const { policy, warnings } = checkPolicy(given);
    expect(policy).toEqual(given);
    expect(warnings).toEqual([]);
    (given.rules[0] as { id: string }).id = 'changed';
    expect(policy.rules[0]?.id).toBe('one');
    expect(() => Object.assign(policy.rules[0] as object, { id: 'changed' })).toThrow(TypeError);
  });

  test.each<[string, unknown, string, string]>([
    ['no object', null, 'wrong_type', ''],
    ['an array', [], 'wrong_type', ''],
    ['nothing in it', {}, 'missing_field', '/version'],
    ['another version', { ...policyOf([]), version: 2 }, 'not_allowed', '/version'],
    ['an unknown field', { ...policyOf([]), ruls: [] }, 'unknown_field', '/ruls'],
    [
      'an unknown field deep within',
      withRule({ aspect: { is: ['price'], polarty: ['negative'] } }),
      'unknown_field',
      `${when}/aspect/polarty`,
    ],
    ['an unknown condition within any', withRule({ any: [{}, { tier: 'gold' }] }), 'unknown_field', `${when}/any/1/tier`],
    ['a field with a slash', withRule({ 'a/b~c': 1 }), 'unknown_field', `${when}/a~1b~0c`],
    [
      'an own __proto__',
      JSON.parse(JSON.stringify(withRule({})).replace('"when":{}', '"when":{"__proto__":{"words":["x"]}}')),
      'unknown_field',
      `${when}/__proto__`,
    ],
    ['an unknown aspect', withRule({ aspect: { is: ['colour'] } }), 'not_allowed', `${when}/aspect/is/0`],
    ['a string for a list', withRule({ words: 'refund' }), 'wrong_type', `${when}/words`],
    ['a blank word', withRule({ words: ['ok', ' \u3000'] }), 'not_allowed', `${when}/words/1`],
    ['an empty word', withRule({ words: [''] }), 'out_of_range', `${when}/words/0`],
    ['too long a word', withRule({ words: ['x'.repeat(65)] }), 'too_large', `${when}/words/0`],
    ['too many words', withRule({ words: Array.from({ length: 201 }, (_, i) => `w${i}`) }), 'too_large', `${when}/words`],
    ['an empty any', withRule({ any: [] }), 'out_of_range', `${when}/any`],
    ['a probability above 1', withRule({ escalate: { min: 1.5 } }), 'out_of_range', `${when}/escalate/min`],
    ['a value without currency', withRule({ order: { value: { min: 5 } } }), 'missing_field', `${when}/order/currency`],
    [
      'a range upside down',
      withRule({ not: { order: { daysSinceDelivery: { min: 9, max: 7 } } } }),
      'empty_range',
      `${when}/not/order/daysSinceDelivery`,
    ],
    ['an unknown route', withRule({}, { route: 'bin' }), 'not_allowed', '/rules/0/then/route'],
    ['no effect', withRule({}, {}), 'out_of_range', '/rules/0/then'],
    ['an unknown skill', withRule({}, { skill: 'magic' }), 'unknown_skill', '/rules/0/then/skill'],
    ['a skill that every object has', withRule({}, { skill: 'constructor' }), 'unknown_skill', '/rules/0/then/skill'],
    ['an unknown skill for humans', policyOf([], { human: { ...policyOf([]).human, skill: 'magic' } }), 'unknown_skill', '/human/skill'],
    ['an unknown action', withRule({}, { actions: ['sorry', 'jump'] }), 'unknown_action', '/rules/0/then/actions/1'],
    [
      'an action that follows and is unknown',
      policyOf([], { actions: { a: { kind: 'apology', then: ['b'] } } }),
      'unknown_action',
      '/actions/a/then/0',
    ],
    ['an action of no kind', policyOf([], { actions: { a: {} as never } }), 'missing_field', '/actions/a/kind'],
    [
      'a parameter of another action',
      policyOf([], { actions: { a: { kind: 'apology', percent: 5 } as never } }),
      'unknown_field',
      '/actions/a/percent',
    ],
    ['a coupon of no worth', policyOf([], { actions: { a: { kind: 'coupon', percent: 0 } } }), 'out_of_range', '/actions/a/percent'],
    ['an odd name', policyOf([], { actions: { 'Big Refund': { kind: 'refund' } } }), 'not_allowed', '/actions/Big Refund'],
    ['a rule twice', policyOf([rule('a', {}), rule('b', {}), rule('a', {})]), 'duplicate_rule', '/rules/2/id'],
    ['too many rules', policyOf(Array.from({ length: 201 }, (_, i) => rule(`r${i}`, {}))), 'too_large', '/rules'],
    [
      'a question that is missing',
      policyOf([], { abstain: { ...policyOf([]).abstain, then: 'ask' } }),
      'missing_field',
      '/abstain/question',
    ],
    ['a reason in no language', policyOf([{ ...rule('a', {}), reason: {} }]), 'out_of_range', '/rules/0/reason'],
    ['conditions that never end', withRule(nested(10_000)), 'too_large', `/rules/0/when${'/not'.repeat(30)}`],
    ['NaN', withRule({ escalate: { min: Number.NaN } }), 'out_of_range', `${when}/escalate/min`],
    ['a function', withRule({ words: [() => 'x'] }), 'wrong_type', `${when}/words/0`],
    ['a regular expression', withRule({ words: [/(a+)+$/] }), 'wrong_type', `${when}/words/0`],
  ])('with %s is refused', (_, policy, code, path) => {
    const problems = problemsOf(policy);
    expect(problems.map((problem) => [problem.code, problem.path])).toContainEqual([code, path]);
  });

  test('names every problem, and the first in its message', () => {
    const policy = withRule({ aspect: { colour: 1 }, words: [] });
    expect(problemsOf(policy)).toHaveLength(2);
    expect(() => checkPolicy(policy)).toThrow(/\/rules\/0\/when\/aspect\/colour: unknown field \(and 1 more\)/);
  });

  test('that contains itself is refused', () => {
    const condition: { not?: object } = {};
    condition.not = condition;
    expect(problemsOf(withRule(condition))[0]?.code).toBe('too_large');
  });

  test.each<[string, Policy['actions'] & object, readonly string[]]>([
    ['of one', { a: { kind: 'apology', then: ['a'] } }, ['/actions/a/then/0']],
    [
      'of three',
      { a: { kind: 'apology', then: ['b'] }, b: { kind: 'refund', then: ['c'] }, c: { kind: 'repair', then: ['a'] } },
      ['/actions/c/then/0'],
    ],
    [
      'beside a way that ends',
      { a: { kind: 'apology', then: ['c', 'b'] }, b: { kind: 'refund', then: ['c', 'a'] }, c: { kind: 'repair' } },
      ['/actions/b/then/1'],
    ],
    [
      'none, but two ways to one',
      { a: { kind: 'apology', then: ['b', 'c'] }, b: { kind: 'refund', then: ['c'] }, c: { kind: 'repair' } },
      [],
    ],
  ])('a cycle of actions: %s', (_, actions, paths) => {
    const problems = problemsOf(policyOf([], { actions }));
    expect(problems.map(({ path }) => path)).toEqual(paths);
    for (const { code } of problems) expect(code).toBe('action_cycle');
  });

  test('with ways that fork forty times is followed once each', () => {
    const names = Array.from({ length: 41 }, (_, i) => `a${i}`);
    const actions = Object.fromEntries(
      names.map((name, i) => [name, { kind: 'apology' as const, ...(i < 40 ? { then: [`a${i + 1}`, `a${i + 1}`] } : {}) }]),
    );
    const forked = policyOf([rule('all', {}, { actions: ['a0'] })], { actions });
    expect(problemsOf(forked)).toEqual([]);
    expect(decide(analysisOf(), forked).actions.map(({ name }) => name)).toEqual(names);
  });

  test.each<[string, readonly Rule[], readonly string[]]>([
    ['behind a rule that always stops', [rule('a', {}, { route: 'human', stop: true }), rule('b', { words: ['x'] })], ['/rules/1']],
    [
      'behind the same, or a wider one',
      [rule('a', { words: ['x'] }, { stop: true }), rule('b', { words: ['x'], language: ['zh'] })],
      ['/rules/1'],
    ],
    ['behind a narrower one: reached', [rule('a', { words: ['x'], language: ['zh'] }, { stop: true }), rule('b', { words: ['x'] })], []],
    ['behind one that goes on: reached', [rule('a', {}), rule('b', {})], []],
  ])('warns of rules %s', (_, rules, paths) => {
    const { warnings } = checkPolicy(policyOf(rules));
    expect(warnings.map(({ code, path }) => [code, path])).toEqual(paths.map((path) => ['unreachable_rule', path]));
  });
});

describe('random policies', () => {
  /** mulberry32: a seeded generator of numbers in [0, 1). */
  function randomFrom(seed: number): () => number {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
  }

  /** A value of a schema; of its keywords, those that the policy's schema has. Names are few: most exist. */
  function generate(node: JsonObject, random: () => number, depth: number): Json {
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    if (typeof node.$ref === 'string') {
      const name = node.$ref.replace('#/$defs/', '');
      if (name === 'name') return pick(['general', 'repairs', 'sorry', 'voucher']);
      return generate((schema.$defs as JsonObject)[name] as JsonObject, random, depth);
    }
    if (node.const !== undefined) return node.const as Json;
    if (Array.isArray(node.enum)) return pick(node.enum);
    if (node.type === 'boolean') return random() < 0.5;
    if (node.type === 'integer') return 1 + Math.floor(random() * 9);
    if (node.type === 'number') return Math.max(0.01, Math.round(random() * 100) / 100);
    if (node.type === 'string') return pick(['坏', 'refund', 'gold', 'CNY', '律师', 'a']);
    if (node.type === 'array')
      return Array.from({ length: 1 + Math.floor(random() * 2) }, () => generate(node.items as JsonObject, random, depth + 1));
    return generateObject(node, random, depth);
  }

  function generateObject(node: JsonObject, random: () => number, depth: number): Json {
    const branches = ((node.allOf ?? []) as JsonObject[]).map((branch) => (branch.then as JsonObject).properties as JsonObject);
    const properties = {
      ...(node.properties as JsonObject),
      ...(branches.length > 0 && random() < 0.5 ? branches[Math.floor(random() * branches.length)] : {}),
    };
    const required = (node.required ?? []) as string[];
    const recursive = ['all', 'any', 'not', '$schema'];
    const chance = 2 / (2 + Object.keys(properties).length / 2);
    const names = Object.keys(properties).filter(
      (name) => required.includes(name) || (random() < chance && !(depth > 8 && recursive.includes(name))),
    );
    if (names.length === 0 && node.minProperties) names.push(Object.keys(properties).find((name) => !recursive.includes(name)) as string);
    const together = Object.entries((node.dependentRequired ?? {}) as Record<string, string[]>);
    for (const [name, others] of together) if (names.includes(name)) names.push(...others);
    const fields = names.map((name) => [name, generate(properties[name] as JsonObject, random, depth + 1)] as const);
    return Object.fromEntries(fields);
  }

  test('of the schema never crash: each is refused with its problems, or decides', () => {
    const counts = { decided: 0, refused: 0 };
    const ruleSchema = (schema.$defs as JsonObject).rule as JsonObject;
    const analyses = [
      analysisOf(),
      analysisOf({ sentiment: 'negative', intent: 'complaint', aspects: [['price', 'negative']], anger: 0.9 }),
    ];
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomFrom(seed);
      const rules = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, i) => ({
        ...(generate(ruleSchema, random, 0) as JsonObject),
        id: `r${i}`,
      }));
      const skills = { general: { en: 'g' }, repairs: { en: 'r' }, sorry: { en: 's' } };
      const actions = { ...policyOf([]).actions, general: { kind: 'refund' as const }, repairs: { kind: 'repair' as const } };
      const policy = policyOf(rules as unknown as Rule[], { skills, actions });
      if (problemsOf(policy).length > 0) {
        counts.refused++;
        continue;
      }
      counts.decided++;
      for (const analysis of analyses) {
        const options =
          random() < 0.5 ? { text: '我要找律师 refund', order: { value: random(), currency: 'CNY' }, customer: { tier: 'gold' } } : {};
        const decision = decide(analysis, policy, options);
        expect(['offer', 'answer', 'complaint', 'human']).toContain(decision.route);
        expect(decision.reasons.length, `seed ${seed}`).toBeGreaterThan(0);
        expect(decide(analysis, policy, options)).toEqual(decision);
      }
    }
    expect(counts.decided).toBeGreaterThan(50);
    expect(counts.refused).toBeGreaterThan(20);
  });

  test('with one value replaced by another never crash', () => {
    const odd: readonly Json[] = [null, true, -1, 1e308, '', 'constructor', [], {}, [[]], { is: [] }, '__proto__'];
    const paths: (string | number)[][] = [];
    const walk = (value: Json, path: (string | number)[]): void => {
      paths.push(path);
      if (typeof value === 'object' && value !== null)
        for (const key of Object.keys(value)) walk((value as JsonObject)[key] as Json, [...path, key]);
    };
    walk(defaultPolicy as unknown as Json, []);
    const random = randomFrom(7);
    let refused = 0;
    for (const path of paths.filter((one) => one.length > 0 && random() < 0.2)) {
      const copy = structuredClone(defaultPolicy) as unknown as JsonObject;
      const parent = path.slice(0, -1).reduce<Json>((node, key) => (node as JsonObject)[key as string] as Json, copy) as JsonObject;
      parent[path.at(-1) as string] = odd[Math.floor(random() * odd.length)] as Json;
      if (problemsOf(copy).length > 0) refused++;
      else decide(analysisOf(), copy as unknown as Policy);
    }
    expect(refused).toBeGreaterThan(20);
  });
});

describe('the default policy', () => {
  test('is valid, without a warning', () => expect(checkPolicy(structuredClone(defaultPolicy)).warnings).toEqual([]));

  test('says each sentence in Chinese and English', () => {
    const { skills, rules, human, abstain, fallback } = defaultPolicy;
    for (const text of [...Object.values(skills), ...[...rules, human, abstain, fallback].map(({ reason }) => reason)]) {
      expect(text.zh).toMatch(/\p{Script=Han}/u);
      expect(text.en).toMatch(/[a-z]/);
    }
  });

  test('asks for no customer tier', () => expect(JSON.stringify(defaultPolicy)).not.toContain('"tier"'));

  test('uses all its actions and skills', () => {
    const used = JSON.stringify([defaultPolicy.rules, defaultPolicy.human]);
    for (const name of [...Object.keys(defaultPolicy.skills), ...Object.keys(defaultPolicy.actions ?? {})])
      expect(used).toContain(`"${name}"`);
  });
});
