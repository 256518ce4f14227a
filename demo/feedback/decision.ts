/** What the shop does next, and why: each rule with the words it rests on. */
import type { Decision, DecisionEvidence, DecisionReason } from 'aftersense';
import { type Child, h } from '../app/html.ts';
import { language, t } from '../app/language.ts';
import { shopPolicy } from '../app/shop-settings.ts';
import { remedyName } from '../cases/words.ts';

const quotesShown = 2;

function quotesOf(text: string, evidence: readonly DecisionEvidence[]): readonly string[] {
  const spans = evidence.flatMap((piece) => (piece.kind === 'reading' || piece.kind === 'words' ? piece.spans : []));
  return [...new Set(spans.map(({ start, end }) => text.slice(start, end).trim()))].filter(Boolean).slice(0, quotesShown);
}

function reasonLine(text: string, { rule, text: sentence, evidence }: DecisionReason): HTMLElement {
  const quotes = quotesOf(text, evidence);
  return h(
    'li',
    { 'data-rule': rule },
    sentence,
    quotes.length > 0 &&
      h(
        'span',
        { class: 'quiet' },
        quotes.map((quote, i) => [i === 0 ? ' · ' : ', ', h('q', {}, quote)]),
      ),
  );
}

/** The skill by its name in the policy, where that still has it. */
function skillName(skill: string): string {
  const names = shopPolicy().skills[skill];
  return names?.[language()] ?? names?.en ?? names?.zh ?? skill;
}

function row(name: string, label: string, value: Child): HTMLElement {
  return h('div', { 'data-fact': name }, h('dt', {}, label), h('dd', {}, value));
}

export function decisionCard(text: string, decision: Decision): HTMLElement {
  const { priority, skill, actions, reasons } = decision;
  const proposed = [...new Set(actions.map(({ kind }) => remedyName(kind)))];
  return h(
    'div',
    { class: 'decision', 'data-route': decision.route, 'data-priority': priority },
    h(
      'dl',
      { class: 'facts' },
      row('priority', t('decisionWhen'), t(`urgency_${priority}`)),
      row('skill', t('decisionWho'), skillName(skill)),
      proposed.length > 0 && row('actions', t('decisionOffer'), proposed.join(t('listComma'))),
    ),
    h('h4', {}, t('decisionWhy')),
    h(
      'ul',
      { class: 'reasons' },
      reasons.map((reason) => reasonLine(text, reason)),
    ),
  );
}
