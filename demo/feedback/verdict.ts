/** The verdict beside the text: in words, as a bar, with the words that decided. */
import type { Analysis, Evidence, SentimentLabel } from 'aftersense';
import { type LoadProgress, startDesk } from '../app/desk.ts';
import { type Child, h, type IconName, icon } from '../app/html.ts';
import { percent, t } from '../app/language.ts';
import { progressBar } from '../app/progress.ts';
import { shownEvidence } from './highlight.ts';

/** The live region speaks once the verdict has stood this long, so that it does not chatter while one types. */
const announceAfterMs = 900;
const wordsShown = 6;
const keywordsShown = 5;
const mixedFrom = 0.7;

const faces: Readonly<Record<SentimentLabel, IconName>> = { positive: 'pleased', neutral: 'even', negative: 'displeased' };
const headlines = { positive: 'verdictPositive', neutral: 'verdictNeutral', negative: 'verdictNegative' } as const;
const order: readonly SentimentLabel[] = ['positive', 'neutral', 'negative'];

export type VerdictState =
  | { readonly kind: 'waiting' | 'failed' }
  | { readonly kind: 'loading'; readonly progress: LoadProgress }
  | { readonly kind: 'judged'; readonly text: string; readonly analysis: Analysis };

function certainty(confidence: number): string {
  if (confidence >= 0.9) return t('sureVery');
  return confidence >= 0.7 ? t('sureFairly') : t('sureHardly');
}

function bar(scores: Analysis['sentiment']['scores']): HTMLElement {
  const shares = { positive: percent(scores.positive), neutral: percent(scores.neutral), negative: percent(scores.negative) };
  const parts = order.map((label) => {
    const part = h('span', { class: `bar-part bar-${label}` });
    part.style.flexGrow = String(scores[label]);
    return part;
  });
  return h(
    'div',
    { class: 'bar-box' },
    h('div', { class: 'bar', role: 'img', 'aria-label': t('barLabel', shares) }, parts),
    h(
      'ul',
      { class: 'bar-key', 'aria-hidden': 'true' },
      order.map((label) => h('li', { class: `key-${label}` }, `${t(label)} `, h('b', {}, `${shares[label]}%`))),
    ),
  );
}

function evidenceList(text: string, evidence: readonly Evidence[]): Child {
  const shown = shownEvidence(text, evidence).slice(0, wordsShown);
  if (shown.length === 0) return null;
  return [
    h('h4', {}, t('evidenceTitle')),
    h(
      'ul',
      { class: 'tags', 'data-evidence': true },
      shown.map(({ start, end, score }) => {
        const role = score > 0 ? 'for' : 'against';
        return h(
          'li',
          { class: `word word-${role}` },
          text.slice(start, end),
          h('span', { class: 'visually-hidden' }, ` (${t(role === 'for' ? 'evidenceFor' : 'evidenceAgainst')})`),
        );
      }),
    ),
  ];
}

/** A clause of the opposite sign deserves a mention even when the whole is clear. */
function isMixed({ sentiment, sentences }: Analysis): boolean {
  const opposite = sentiment.label === 'positive' ? 'negative' : 'positive';
  return sentiment.label !== 'neutral' && sentences.some((sentence) => sentence.sentiment.scores[opposite] >= mixedFrom);
}

function judged(text: string, analysis: Analysis): Child {
  const { sentiment, keywords } = analysis;
  return [
    h(
      'div',
      { class: 'verdict-head' },
      icon(faces[sentiment.label]),
      h(
        'div',
        {},
        h('h3', {}, t(headlines[sentiment.label])),
        h('p', { class: 'quiet' }, `${percent(sentiment.confidence)}% · ${certainty(sentiment.confidence)}`),
      ),
    ),
    bar(sentiment.scores),
    isMixed(analysis) && h('p', { class: 'quiet' }, t('mixed')),
    analysis.truncated && h('p', { class: 'quiet' }, t('truncated')),
    evidenceList(text, analysis.evidence ?? []),
    keywords.length > 0 && [
      h('h4', {}, t('keywordsTitle')),
      h(
        'ul',
        { class: 'tags', 'data-keywords': true },
        keywords.slice(0, keywordsShown).map((keyword) => h('li', { class: 'chip' }, keyword.text)),
      ),
    ],
  ];
}

function content(state: VerdictState): Child {
  switch (state.kind) {
    case 'waiting':
      return h('p', { class: 'quiet' }, t('verdictWaiting'));
    case 'loading':
      return [h('p', { class: 'quiet' }, t('verdictLoading')), progressBar(state.progress)];
    case 'failed':
      return [
        h('p', {}, t('verdictFailed')),
        h('button', { class: 'button button-plain', type: 'button', onclick: () => startDesk() }, t('retry')),
      ];
    case 'judged':
      return state.analysis.abstained ? h('p', { class: 'quiet' }, t('verdictAbstained')) : judged(state.text, state.analysis);
    default:
      return state satisfies never;
  }
}

const spoken = (state: VerdictState): string =>
  state.kind === 'judged' && !state.analysis.abstained
    ? `${t(headlines[state.analysis.sentiment.label])}, ${certainty(state.analysis.sentiment.confidence)}`
    : '';

export function verdictBox(signal: AbortSignal): { readonly element: HTMLElement; show(state: VerdictState): void } {
  const body = h('div', { class: 'verdict-body' });
  const live = h('p', { class: 'visually-hidden', role: 'status' });
  const element = h('div', { class: 'verdict' }, body, live);
  let timer = 0;
  signal.addEventListener('abort', () => clearTimeout(timer));
  return {
    element,
    show(state) {
      const label = state.kind === 'judged' && !state.analysis.abstained ? state.analysis.sentiment.label : 'none';
      element.setAttribute('data-label', label);
      body.replaceChildren(h('div', {}, content(state)));
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        if (live.textContent !== spoken(state)) live.textContent = spoken(state);
      }, announceAfterMs);
    },
  };
}
