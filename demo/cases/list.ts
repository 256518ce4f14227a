/** The shopper's cases, newest first. */
import type { Case } from 'aftersense';
import { shopCases } from '../app/cases.ts';
import { downloadJson } from '../app/download.ts';
import { h } from '../app/html.ts';
import { t } from '../app/language.ts';
import { findProduct, textOf } from '../app/products.ts';
import { links } from '../app/router.ts';
import type { View } from '../views/parts.ts';
import { aspectName, momentOf, stateName } from './words.ts';

function caseCard(known: Case): HTMLElement {
  const product = findProduct(known.product ?? '');
  const opened = known.history[0]?.at ?? 0;
  return h(
    'li',
    { class: 'case', 'data-case-id': known.id },
    h(
      'div',
      { class: 'section-head' },
      h('h2', {}, h('a', { href: links.case(known.id) }, `${known.id} · ${aspectName(known.kind)}`)),
      h('time', { class: 'quiet', datetime: new Date(opened).toISOString() }, momentOf(opened)),
    ),
    product && h('p', { class: 'quiet' }, textOf(product).title),
    h('p', { class: 'case-text' }, known.text),
    h(
      'p',
      { class: 'case-state' },
      h('span', { class: `chip state-${known.state}` }, stateName(known.state)),
      shopCases.isOverdue(known) && h('span', { class: 'chip chip-late' }, t('caseOverdue')),
    ),
  );
}

async function content(): Promise<HTMLElement> {
  const all = await shopCases.list();
  if (all.length === 0) return h('p', { class: 'quiet' }, t('casesEmpty'));
  const save = async () => downloadJson('cases.json', await shopCases.export());
  return h(
    'div',
    {},
    h('ul', { class: 'cases' }, all.map(caseCard)),
    h('p', { class: 'actions' }, h('button', { class: 'button button-plain', type: 'button', onclick: save }, t('download'))),
  );
}

export function casesView(signal: AbortSignal): View {
  const list = h('div', {});
  const draw = async () => list.replaceChildren(await content());
  void draw();
  shopCases.watch(() => void draw(), { signal });
  return {
    title: t('casesTitle'),
    element: h(
      'div',
      { class: 'page page-narrow' },
      h('h1', { tabindex: '-1' }, t('casesTitle')),
      h('p', { class: 'lead' }, t('casesIntro')),
      list,
    ),
  };
}
