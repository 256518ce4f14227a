/** The shop's own answers to a question, filled with the facts of the order. */
import type { Suggestion } from 'aftersense';
import { reply } from '../app/desk.ts';
import { type Child, h } from '../app/html.ts';
import { t } from '../app/language.ts';

/** Nothing to send where a fact is missing: the shopper is not shown gaps. */
const readable = (suggestions: readonly Suggestion[]): readonly Suggestion[] =>
  suggestions.filter(({ sendable }) => sendable).slice(0, shown);

const shown = 2;

const answerCard = ({ id, text }: Suggestion): HTMLElement => h('p', { class: 'reply', 'data-answer': id }, text);

/** What fits `text`; better answers take the place of the first where base comes later. */
export function answerList(text: string, productId: string, signal: AbortSignal): HTMLElement {
  const element = h('div', { class: 'answers', 'aria-live': 'polite' });
  const show = (suggestions: readonly Suggestion[]) => {
    const list: Child = readable(suggestions).map(answerCard);
    element.replaceChildren(h('h4', {}, t(readable(suggestions).length > 0 ? 'answersTitle' : 'answersNone')), h('div', {}, list));
  };
  reply(text, productId, signal, ({ suggestions }) => show(suggestions)).then(
    ({ suggestions }) => show(suggestions),
    () => show([]),
  );
  return element;
}
