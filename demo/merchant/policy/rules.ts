/** The policy as rules that one can read: when, then, why. */
import type { Policy, Rule } from 'aftersense';
import { h } from '../../app/html.ts';
import { say } from '../language.ts';
import { conditionLines, localText, thenLines } from './words.ts';

const thenList = (lines: readonly string[]): HTMLElement =>
  h(
    'ul',
    { class: 'tags' },
    lines.map((line) => h('li', { class: 'chip chip-then' }, line)),
  );

function ruleCard(policy: Policy, rule: Rule, place: number, show: (pointer: string) => void): HTMLElement {
  const open = () => show(`/rules/${place}`);
  return h(
    'li',
    { class: 'rule', 'data-rule': rule.id },
    h(
      'div',
      { class: 'rule-head' },
      h('h3', {}, h('span', { class: 'rule-number' }, String(place + 1)), localText(rule.reason)),
      h(
        'button',
        { class: 'link-button', type: 'button', 'aria-label': say('showInJsonLabel', { rule: rule.id }), onclick: open },
        say('showInJson'),
      ),
    ),
    h(
      'dl',
      {},
      h('dt', {}, say('ruleWhen')),
      h(
        'dd',
        {},
        h(
          'ul',
          { class: 'conditions' },
          conditionLines(rule.when).map((line) => h('li', {}, line)),
        ),
      ),
      h('dt', {}, say('ruleThen')),
      h('dd', {}, thenList(thenLines(policy, rule.then))),
    ),
  );
}

/** What the policy says where the rules leave something open. */
function restCard(policy: Policy, part: 'human' | 'abstain' | 'fallback', show: (pointer: string) => void): HTMLElement {
  const { priority, skill, reason } = policy[part];
  const route = part === 'fallback' ? policy.fallback.route : part === 'human' || policy.abstain.then === 'human' ? 'human' : undefined;
  const question = part === 'abstain' ? localText(policy.abstain.question) : '';
  const open = () => show(`/${part}`);
  return h(
    'li',
    { class: 'rule rule-rest', 'data-rule': `@${part}` },
    h(
      'div',
      { class: 'rule-head' },
      h('h3', {}, say(`rest_${part}`)),
      h(
        'button',
        { class: 'link-button', type: 'button', 'aria-label': say('showInJsonLabel', { rule: part }), onclick: open },
        say('showInJson'),
      ),
    ),
    h('p', { class: 'quiet' }, question ? `${localText(reason)} ${question}` : localText(reason)),
    thenList(thenLines(policy, { ...(route && { route }), priority, skill })),
  );
}

export function ruleList(policy: Policy, show: (pointer: string) => void): HTMLElement {
  return h(
    'ol',
    { class: 'rules' },
    policy.rules.map((rule, place) => ruleCard(policy, rule, place, show)),
    (['human', 'abstain', 'fallback'] as const).map((part) => restCard(policy, part, show)),
  );
}
