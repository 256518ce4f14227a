/** A text area over a copy of its text, in which words are marked. */
import { h } from '../app/html.ts';
import { t } from '../app/language.ts';
import { cutIntoRuns, type Mark } from './highlight.ts';

export interface Editor {
  readonly element: HTMLElement;
  readonly area: HTMLTextAreaElement;
  /** Marks words of the current text; words for the verdict have the colour of its `label`. */
  paint(marked: readonly Mark[], label: string): void;
  isBlank(): boolean;
}

export function createEditor(subject: string, text: string): Editor {
  const marks = h('div', { class: 'editor-marks', 'aria-hidden': 'true' });
  const area = h('textarea', {
    id: 'feedback',
    class: 'editor-text',
    rows: '4',
    placeholder: t('feedbackPlaceholder'),
    'aria-describedby': 'feedback-intro',
  });
  area.value = text;
  const paint = (marked: readonly Mark[], label: string) => {
    marks.setAttribute('data-label', label);
    const runs = cutIntoRuns(area.value, marked).map((run) => (run.role === 'plain' ? run.text : h('mark', { class: run.role }, run.text)));
    // The final space keeps a last empty line as tall as in the text area.
    marks.replaceChildren(...runs, ' ');
  };
  paint([], 'none');
  const label = h('label', { for: 'feedback' }, t('feedbackLabel', { product: subject }));
  return {
    element: h('div', { class: 'field' }, label, h('div', { class: 'editor' }, marks, area)),
    area,
    paint,
    isBlank: () => area.value.trim() === '',
  };
}
