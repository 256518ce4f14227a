/** A decision, with all that led to it: for those who write the rules. */
import type { Decision, DecisionEvidence, DecisionReason, Fact, Policy, Span } from 'aftersense';
import { type Child, h } from '../../app/html.ts';
import { percent, t } from '../../app/language.ts';
import { type StringKey, strings } from '../../app/strings.ts';
import { aspectName, entityName } from '../../cases/words.ts';
import { say, sayId } from '../language.ts';
import { actionText, skillName } from './words.ts';

const row = (name: string, label: string, value: Child): HTMLElement =>
  h('div', { 'data-fact': name }, h('dt', {}, label), h('dd', {}, value));

const quotesShown = 6;

/** The words of some spans, each once; marks between words say nothing. */
function quoted(text: string, spans: readonly Span[]): Child {
  const words = new Set(spans.map(({ start, end }) => text.slice(start, end).trim()).filter((word) => /[\p{L}\p{N}]/u.test(word)));
  return [...words].slice(0, quotesShown).map((quote) => [' ', h('q', {}, quote)]);
}

const shopWord = (key: string, fallback: string): string => (key in strings.en ? t(key as StringKey) : fallback);

/** What was read, in words: `Delivery: displeased`. */
function valueText(fact: Fact, value: string): string {
  switch (fact) {
    case 'analysis.aspects': {
      const [aspect = '', polarity = ''] = value.split(': ');
      return `${aspectName(aspect)}, ${shopWord(`said_${polarity}`, polarity)}`;
    }
    case 'analysis.sentiment':
      return shopWord(value, value);
    case 'analysis.emotions':
      return shopWord(`emotion_${value}`, value);
    case 'analysis.intent':
      return shopWord(`intent_${value}`, value);
    case 'analysis.urgency':
      return `${value}, ${shopWord(`urgency_${value}`, '')}`;
    case 'analysis.entities':
      return entityName(value);
    case 'analysis.language':
      return sayId('language', value);
    default:
      return '';
  }
}

function evidenceLine(text: string, piece: DecisionEvidence): Child {
  switch (piece.kind) {
    case 'reading': {
      const score = piece.score === undefined ? '' : `${percent(piece.score)}%`;
      const value = [valueText(piece.fact, piece.value), score].filter(Boolean).join(' ');
      return [sayId('fact', piece.fact), say('colon'), value, quoted(text, piece.spans)];
    }
    case 'words':
      return [say('evidenceWords'), quoted(text, piece.spans)];
    case 'fact':
      return [sayId('fact', piece.fact), say('colon'), String(piece.value)];
    case 'request':
      return say('evidenceRequest');
    default:
      return piece satisfies never;
  }
}

const reasonItem = (text: string, { rule, text: sentence, evidence }: DecisionReason): HTMLElement =>
  h(
    'li',
    { 'data-rule': rule },
    h('p', {}, sentence, ' ', h('code', {}, rule)),
    h(
      'ul',
      { class: 'evidence' },
      evidence.map((piece) => h('li', { class: 'quiet' }, evidenceLine(text, piece))),
    ),
  );

export function decisionReport(text: string, policy: Policy, decision: Decision): HTMLElement {
  const { route, priority, skill, actions, reasons, missing, abstained, question, tier } = decision;
  return h(
    'div',
    { class: 'report', 'data-route': route, 'data-priority': priority, 'data-skill': skill },
    h(
      'dl',
      { class: 'facts' },
      row('route', say('decisionRoute'), say(`route_${route}`)),
      row('priority', say('decisionPriority'), `${priority} · ${t(`urgency_${priority}`)}`),
      row('skill', say('decisionSkill'), skillName(policy, skill)),
      row('actions', say('decisionActions'), actions.length > 0 ? actions.map(actionText).join(say('semicolon')) : say('noActions')),
    ),
    abstained && h('p', { class: 'abstained' }, question ?? say('abstained')),
    h('h4', {}, t('decisionWhy')),
    h(
      'ul',
      { class: 'reasons' },
      reasons.map((reason) => reasonItem(text, reason)),
    ),
    missing.length > 0 && [
      h('h4', {}, say('missingTitle')),
      h(
        'ul',
        { class: 'tags' },
        missing.map((fact) => h('li', { class: 'chip', 'data-missing': fact }, sayId('fact', fact))),
      ),
    ],
    h('p', { class: 'quiet' }, say(tier === 'base' ? 'readByBase' : 'readByLite')),
  );
}
