/** The shop's own answers to a question. */
import { h } from '../app/html.ts';
import { t } from '../app/language.ts';

const answers = ['Delivery', 'Return', 'Care', 'Invoice'] as const;

export function answerList(): HTMLElement {
  return h(
    'div',
    { class: 'answers' },
    h('h4', {}, t('answersTitle')),
    answers.map((name) => h('details', {}, h('summary', {}, t(`answer${name}Q`)), h('p', {}, t(`answer${name}A`)))),
  );
}
