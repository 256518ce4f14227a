/** Equal treatment over language and customer tier, on pairs of texts that say the same in Chinese and English. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aftersense, createAftersense } from '../../../dist/index.js';
import { assign } from '../../../web/desk/assign.ts';
import { decide } from '../../../web/desk/decide.ts';
import { defaultPolicy } from '../../../web/desk/policy.ts';
import type { Agent, Decision, Readings } from '../../../web/desk/types.ts';
import { analysisOf, policyOf, rule } from './support.ts';

interface Pair {
  readonly zh: string;
  readonly en: string;
}

const file = readFileSync(new URL('../../../models/data/parallel.jsonl', import.meta.url), 'utf8');
const pairs = file
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Pair);

const tiers = [undefined, 'basic', 'gold', 'black'];
const forTier = (tier: string | undefined) => ({ customer: tier === undefined ? {} : { tier } });

/** A decision but for the language that it is told in. */
const step = ({ route, priority, skill, actions, abstained, reasons, missing }: Decision) => ({
  route,
  priority,
  skill,
  actions,
  abstained,
  missing,
  rules: reasons.map((reason) => reason.rule),
});

describe('the default policy on 700 pairs, as lite reads them', () => {
  let desk: Aftersense;
  let read: (Readings & { readonly text: string })[][];
  beforeAll(async () => {
    desk = await createAftersense({ model: 'lite', worker: false });
    const texts = (['zh', 'en'] as const).map((language) => pairs.map((pair) => pair[language]));
    read = await Promise.all(
      texts.map(async (list) => (await desk.analyze(list)).map((analysis, i) => ({ ...analysis, text: list[i] as string }))),
    );
  });
  afterAll(() => desk.dispose());

  test('the same readings give the same decision in both languages', () => {
    for (const analysis of read.flat()) {
      const decisions = (['zh', 'en'] as const).map((language) =>
        step(decide({ ...analysis, language }, defaultPolicy, { text: analysis.text })),
      );
      expect(decisions[0]).toEqual(decisions[1]);
    }
  });

  test('the same text gives the same decision for every tier', () => {
    for (const analysis of read.flat()) {
      const decisions = tiers.map((tier) => decide(analysis, defaultPolicy, { text: analysis.text, ...forTier(tier) }));
      for (const decision of decisions) expect(decision).toEqual(decisions[0]);
    }
  });

  test('how often both halves of a pair have one route is reported', () => {
    const [zh = [], en = []] = read.map((list) => list.map((analysis) => decide(analysis, defaultPolicy, { text: analysis.text })));
    const equal = (same: (a: Decision, b: Decision) => boolean) =>
      zh.filter((one, i) => same(one, en[i] as Decision)).length / pairs.length;
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    const routes = percent(equal((a, b) => a.route === b.route));
    const priorities = percent(equal((a, b) => a.priority === b.priority));
    const humans = [zh, en].map((list) => percent(list.filter(({ route }) => route === 'human').length / pairs.length));
    console.info(`${pairs.length} pairs: same route ${routes}, same priority ${priorities}; to a human: zh ${humans[0]}, en ${humans[1]}`);
    // What the languages differ in is lite's reading, not the policy: no floor is promised.
    expect([zh.length, en.length]).toEqual([pairs.length, pairs.length]);
  });
});

describe('a tier counts only where the policy says so', () => {
  const analysis = analysisOf();
  const agents: Agent[] = ['general', 'repairs'].map((skill) => ({ id: skill, skills: [skill], languages: ['en'], load: 0, capacity: 1 }));
  const agentFor = (policy: Parameters<typeof decide>[1], tier: string) => {
    const assignment = assign(decide(analysis, policy, forTier(tier)), agents, 0);
    return assignment.status === 'assigned' && assignment.agent;
  };

  test('in the decision and in the assignment', () => {
    const blind = policyOf([rule('all', {}, { skill: 'general' })]);
    const partial = policyOf([rule('vip', { customer: { tier: ['gold'] } }, { skill: 'repairs' }), ...blind.rules]);
    expect(tiers.map((tier) => agentFor(blind, tier ?? ''))).toEqual(['general', 'general', 'general', 'general']);
    expect(tiers.map((tier) => agentFor(partial, tier ?? ''))).toEqual(['general', 'general', 'repairs', 'general']);
  });
});
