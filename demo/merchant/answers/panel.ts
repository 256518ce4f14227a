/** The shop's answers: a question to try them on, and all of them, by topic, to find and to edit. */
import type { Answer } from 'aftersense';
import { answers, isChanged, onAnswersChange, setState } from '../../app/answers.ts';
import { h } from '../../app/html.ts';
import { percent } from '../../app/language.ts';
import { say, sayId } from '../language.ts';
import { answerCard } from './card.ts';
import { tryAnswers } from './try.ts';

/** What was searched for last. */
let query = '';

/** Every word of the query stands somewhere in the answer, its ids or its questions. */
function matches({ id, topic, intent, zh, en, questions = {} }: Answer, words: readonly string[]): boolean {
  const text = [id, topic, intent, sayId('topic', topic), zh, en, ...(questions.zh ?? []), ...(questions.en ?? [])]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

function topicGroup(topic: string, list: readonly Answer[], isOpen: boolean): HTMLElement {
  const changed = list.filter(({ id }) => isChanged(id)).length;
  return h(
    'details',
    { class: 'topic', open: isOpen, 'data-topic': topic },
    h(
      'summary',
      {},
      h('b', {}, sayId('topic', topic)),
      h('span', { class: 'quiet' }, ` ${list.length}`),
      changed > 0 && [' ', h('span', { class: 'chip chip-then' }, say('changedCount', { count: changed }))],
    ),
    h('ul', { class: 'answer-list' }, list.map(answerCard)),
  );
}

function stateText(): string {
  const state = setState();
  switch (state.status) {
    case 'loading':
      return say('answersLoading');
    case 'reading':
      return say('answersReading', { percent: percent(state.done / state.total) });
    case 'ready':
      return say('answersReady', { count: answers().length });
    case 'failed':
      return `${say('answersFailed')} ${state.reason}`;
    default:
      return state satisfies never;
  }
}

export function answersPanel(_: string, signal: AbortSignal): HTMLElement {
  const input = h('input', { id: 'answer-search', type: 'search', autocomplete: 'off', value: query });
  const status = h('p', { class: 'quiet', role: 'status', id: 'answers-status' });
  const host = h('div', { class: 'topics' });
  const found = h('p', { class: 'visually-hidden', role: 'status' });

  function draw(): void {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const list = answers().filter((answer) => matches(answer, words));
    const topics = [...new Set(list.map(({ topic }) => topic))];
    const isOpen = (topic: string) => words.length > 0 || host.querySelector<HTMLDetailsElement>(`[data-topic="${topic}"]`)?.open === true;
    const groups = topics.map((topic) =>
      topicGroup(
        topic,
        list.filter((answer) => answer.topic === topic),
        isOpen(topic),
      ),
    );
    host.replaceChildren(...(groups.length > 0 || answers().length === 0 ? groups : [h('p', { class: 'empty' }, say('answersNone'))]));
    found.textContent = words.length > 0 ? say('answersFound', { count: list.length }) : '';
  }
  const refresh = () => {
    status.textContent = stateText();
    status.dataset.status = setState().status;
  };
  let drawn = answers();
  input.addEventListener('input', () => {
    query = input.value;
    draw();
  });
  onAnswersChange(() => {
    refresh();
    const now = answers();
    const isSame = now.length === drawn.length && now.every((answer, i) => answer === drawn[i]);
    // What is being edited stays as it is; the card that was saved shows itself.
    if (isSame || host.querySelector('form')) return;
    drawn = now;
    const focused = document.activeElement?.closest<HTMLElement>('[data-answer]')?.dataset.answer;
    draw();
    if (focused) host.querySelector<HTMLElement>(`[data-answer="${focused}"] [data-edit]`)?.focus();
  }, signal);
  refresh();
  draw();
  return h(
    'div',
    { class: 'answers-page' },
    h('h1', { tabindex: '-1' }, say('answersTitle')),
    h('p', { class: 'lead' }, say('answersLead')),
    tryAnswers(signal),
    h('h2', {}, say('answersAll')),
    h('div', { class: 'filters' }, h('div', { class: 'field' }, h('label', { for: 'answer-search' }, say('answersSearch')), input), status),
    found,
    host,
  );
}
