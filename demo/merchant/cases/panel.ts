/** The shop's side of the cases: all of them, or one. */
import { h } from '../../app/html.ts';
import { say } from '../language.ts';
import { caseList } from './list.ts';
import { casePage } from './page.ts';

export function casesPanel(id: string, signal: AbortSignal): HTMLElement {
  if (id !== '') return casePage(id, signal);
  return h('div', {}, h('h1', { tabindex: '-1' }, say('casesTitle')), h('p', { class: 'lead' }, say('casesLead')), caseList(signal));
}
