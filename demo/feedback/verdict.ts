/** The verdict beside the text: in words, as a bar, what else was read, and the words that decided. */
import type { Analysis, Evidence, SentimentLabel } from 'aftersense';
import { type LoadProgress, startDesk } from '../app/desk.ts';
import { type Child, h, type IconName, icon } from '../app/html.ts';
import { percent, t } from '../app/language.ts';
import { progressBar } from '../app/progress.ts';
import { shownEvidence } from './highlight.ts';
import { readerLine } from './reader.ts';
import { facts, opinions, spokenReadings } from './readings.ts';

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

function keywordList({ keywords }: Analysis): Child {
  if (keywords.length === 0) return null;
  return [
    h('h4', {}, t('keywordsTitle')),
    h(
      'ul',
      { class: 'tags', 'data-keywords': true },
      keywords.slice(0, keywordsShown).map((keyword) => h('li', { class: 'chip' }, keyword.text)),
    ),
  ];
}

/** Single words explain lite's verdict; beside what base read they are for who wants to know. */
function words(text: string, analysis: Analysis): Child {
  const lists = [evidenceList(text, analysis.evidence ?? []), keywordList(analysis)];
  if (analysis.tier === 'lite') return lists;
  return h('details', { class: 'more' }, h('summary', {}, t('moreTitle')), h('div', {}, lists));
}

function judged(text: string, analysis: Analysis): Child {
  const { sentiment } = analysis;
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
    facts(analysis),
    opinions(text, analysis),
    isMixed(analysis) && !analysis.aspects?.length && h('p', { class: 'quiet' }, t('mixed')),
    analysis.truncated && h('p', { class: 'quiet' }, t('truncated')),
    words(text, analysis),
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

function spoken(state: VerdictState): string {
  if (state.kind !== 'judged' || state.analysis.abstained) return '';
  const { sentiment } = state.analysis;
  const verdict = `${t(headlines[sentiment.label])}, ${certainty(sentiment.confidence)}`;
  return [verdict, spokenReadings(state.analysis)].filter(Boolean).join('. ');
}

export function verdictBox(signal: AbortSignal): { readonly element: HTMLElement; show(state: VerdictState): void } {
  const body = h('div', { class: 'verdict-body' });
  const live = h('p', { class: 'visually-hidden', role: 'status' });
  const reader = readerLine(signal);
  const element = h('div', { class: 'verdict' }, body, reader.element, live);
  let timer = 0;
  signal.addEventListener('abort', () => clearTimeout(timer));
  return {
    element,
    show(state) {
      const label = state.kind === 'judged' && !state.analysis.abstained ? state.analysis.sentiment.label : 'none';
      const tier = state.kind === 'judged' && !state.analysis.abstained ? state.analysis.tier : undefined;
      const wasOpen = body.querySelector<HTMLDetailsElement>('.more')?.open ?? false;
      element.setAttribute('data-label', label);
      element.setAttribute('data-tier', tier ?? 'none');
      body.replaceChildren(h('div', {}, content(state)));
      const more = body.querySelector<HTMLDetailsElement>('.more');
      if (more) more.open = wasOpen;
      reader.readBy(tier);
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        if (live.textContent !== spoken(state)) live.textContent = spoken(state);
      }, announceAfterMs);
    },
  };
}
