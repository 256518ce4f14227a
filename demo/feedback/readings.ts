/** What is read beyond the verdict: what the shopper would like, how they feel, how urgent it is, and what they say of what. */
import type { Analysis, AspectOpinion, SentimentLabel, UrgencyLevel } from 'aftersense';
import { type Child, h, type IconName, icon } from '../app/html.ts';
import { t } from '../app/language.ts';
import { quotes } from './highlight.ts';

/** A reading less likely than this is left blank. */
const sureFrom = 0.5;
const quotesShown = 2;
const levels: readonly UrgencyLevel[] = ['P4', 'P3', 'P2', 'P1'];

const polarityIcons: Readonly<Record<SentimentLabel, IconName>> = { positive: 'plus', neutral: 'dot', negative: 'minus' };

function urgencyMeter(level: UrgencyLevel): HTMLElement {
  const steps = levels.map((_, i) => h('span', { class: i <= levels.indexOf(level) ? 'step-on' : undefined }));
  return h('span', { class: 'meter', 'aria-hidden': 'true' }, steps);
}

const feelings = ({ emotions = [] }: Analysis): readonly string[] =>
  emotions.flatMap(({ emotion }) => (emotion === 'none' ? [] : t(`emotion_${emotion}`)));

/** Short answers, urgency first where it presses; nothing for what is uncertain. */
export function facts(analysis: Analysis): Child {
  const { intent, urgency, escalate = 0 } = analysis;
  const level = urgency && urgency.score >= sureFrom ? urgency.level : undefined;
  const rows: (readonly [name: string, label: string, value: Child])[] = [];
  if (intent && intent.score >= sureFrom) rows.push(['intent', t('intentTitle'), t(`intent_${intent.label}`)]);
  const felt = feelings(analysis);
  if (felt.length > 0) rows.push(['emotions', t('emotionsTitle'), felt.join(t('listComma'))]);
  if (level) {
    const presses = level === 'P1' || level === 'P2';
    rows.splice(presses ? 0 : rows.length, 0, ['urgency', t('urgencyTitle'), [t(`urgency_${level}`), urgencyMeter(level)]]);
  }
  if (rows.length === 0) return null;
  return [
    h(
      'dl',
      { class: 'facts', 'data-urgency': level },
      rows.map(([name, label, value]) => h('div', { 'data-fact': name }, h('dt', {}, label), h('dd', {}, value))),
    ),
    escalate >= sureFrom && h('p', { class: 'escalate' }, icon('person'), t('escalateNote')),
  ];
}

function opinion(text: string, said: AspectOpinion): HTMLElement {
  const { aspect, polarity } = said;
  const words = quotes(text, said).slice(0, quotesShown);
  return h(
    'li',
    { class: `opinion opinion-${polarity}`, 'data-aspect': aspect, 'data-polarity': polarity },
    h(
      'p',
      { class: 'opinion-head' },
      icon(polarityIcons[polarity]),
      h('b', {}, t(`aspect_${aspect}`)),
      h('span', {}, t(`said_${polarity}`)),
    ),
    words.length > 0 &&
      h(
        'p',
        { class: 'opinion-words' },
        words.map(({ start, end }, i) => [i > 0 && ' … ', h('q', {}, text.slice(start, end).trim())]),
      ),
  );
}

export function opinions(text: string, { aspects = [] }: Analysis): Child {
  if (aspects.length === 0) return null;
  return [
    h('h4', {}, t('aspectsTitle')),
    h(
      'ul',
      { class: 'opinions', 'data-aspects': true },
      aspects.map((said) => opinion(text, said)),
    ),
  ];
}

/** The same for the ear: one sentence. */
export function spokenReadings({ aspects = [] }: Analysis): string {
  return aspects.map(({ aspect, polarity }) => `${t(`aspect_${aspect}`)}: ${t(`said_${polarity}`)}`).join(t('listComma'));
}
