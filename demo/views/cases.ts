/** Notes the shopper kept: complaints, questions, calls back. */
import { downloadJson } from '../app/download.ts';
import { h } from '../app/html.ts';
import { documentLanguage, t } from '../app/language.ts';
import { findProduct, textOf } from '../app/products.ts';
import { links } from '../app/router.ts';
import { type CaseRecord, cases, deleteCase } from '../app/session.ts';
import { caseKindName, kindName, wishName } from '../feedback/case-form.ts';
import type { View } from './parts.ts';

function caseCard(record: CaseRecord, redraw: () => void): HTMLElement {
  const product = findProduct(record.product);
  const remove = () => {
    deleteCase(record.number);
    redraw();
  };
  const facts = [kindName(record.kind), wishName(record.wish), record.order, record.contact].filter((fact) => fact !== '');
  return h(
    'li',
    { class: 'case' },
    h(
      'div',
      { class: 'section-head' },
      h('h2', {}, `${record.number} · ${caseKindName(record.type)}`),
      h('time', { class: 'quiet', datetime: record.createdAt }, new Date(record.createdAt).toLocaleString(documentLanguage())),
    ),
    product && h('p', {}, h('a', { href: links.product(product.id) }, textOf(product).title)),
    h('p', { class: 'case-text' }, record.description),
    facts.length > 0 &&
      h(
        'ul',
        { class: 'tags' },
        facts.map((fact) => h('li', { class: 'chip' }, fact)),
      ),
    h(
      'p',
      { class: 'actions' },
      h(
        'button',
        { class: 'button button-plain', type: 'button', onclick: () => downloadJson(`${record.number}.json`, record) },
        t('download'),
      ),
      h('button', { class: 'link-button', type: 'button', onclick: remove }, t('caseDelete')),
    ),
  );
}

export function casesView(): View {
  const list = h('div', {});
  const draw = () => {
    const records = cases();
    list.replaceChildren(
      records.length === 0
        ? h('p', { class: 'quiet' }, t('casesEmpty'))
        : h(
            'ul',
            { class: 'cases' },
            records.map((record) => caseCard(record, draw)),
          ),
    );
  };
  draw();
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
