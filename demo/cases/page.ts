/** One case: how far it has come, what the shopper can do, what happened, and the way to a person. */
import { type Case, CaseError, type NewEvent } from 'aftersense';
import { shopCases } from '../app/cases.ts';
import { downloadJson } from '../app/download.ts';
import { type Child, h } from '../app/html.ts';
import { t } from '../app/language.ts';
import { findProduct, textOf } from '../app/products.ts';
import { links } from '../app/router.ts';
import { remedies } from '../feedback/remedies.ts';
import type { View } from '../views/parts.ts';
import { handOffPanel } from './hand-off.ts';
import { moves } from './moves.ts';
import { progressRow, timeline } from './timeline.ts';
import { aspectName, momentOf, remedyName, stateName } from './words.ts';

function fact(label: string, value: Child): Child {
  return value ? h('div', {}, h('dt', {}, label), h('dd', {}, value)) : null;
}

function summary(known: Case): HTMLElement {
  const { kind, priority, wish, order } = known;
  const product = findProduct(known.product ?? '');
  const due = shopCases.deadline(known);
  const late = shopCases.isOverdue(known);
  return h(
    'dl',
    { class: 'facts', 'data-urgency': priority },
    fact(t('caseKind'), aspectName(kind)),
    fact(t('urgencyTitle'), t(`urgency_${priority}`)),
    fact(t('caseDue'), due !== undefined && `${momentOf(due)}${late ? ` · ${t('caseOverdue')}` : ''}`),
    fact(t('caseWish'), wish && remedyName(wish)),
    fact(t('caseOrder'), order),
    fact(t('caseProduct'), product && h('a', { href: links.product(product.id) }, textOf(product).title)),
  );
}

function footer(known: Case): HTMLElement {
  const save = async () => downloadJson(`${known.id}.json`, await shopCases.export([known.id]));
  const erase = async () => {
    await shopCases.erase(known.id);
    location.hash = links.cases;
  };
  return h(
    'p',
    { class: 'actions' },
    h('button', { class: 'button button-plain', type: 'button', onclick: save }, t('download')),
    h('button', { class: 'link-button', type: 'button', 'data-erase': true, onclick: erase }, t('caseDelete')),
  );
}

function caseContent(known: Case, problem: Child, move: (event: NewEvent) => void, signal: AbortSignal): Child {
  return [
    h('h1', { tabindex: '-1' }, `${known.id} · ${stateName(known.state)}`),
    progressRow(known),
    problem,
    h(
      'div',
      { class: 'case-columns' },
      h('div', {}, moves(known, move), timeline(known)),
      h('div', {}, h('blockquote', { class: 'case-text' }, known.text), summary(known), footer(known)),
    ),
    handOffPanel(known, signal),
    findProduct(known.product ?? '') && remedies(known.product ?? '', 2, signal),
  ];
}

export function caseView(id: string, signal: AbortSignal): View {
  const element = h('div', { class: 'page case-page' });
  let drawn = new AbortController();
  signal.addEventListener('abort', () => drawn.abort());

  function draw(known: Case, problem: Child = null): void {
    drawn.abort();
    drawn = new AbortController();
    const move = (event: NewEvent) => {
      shopCases.advance(known, event).then(
        (kept) => draw(kept.case, kept.kept === 'memory' && h('p', { class: 'problem', role: 'alert' }, t('caseInMemory'))),
        (error: unknown) => {
          const now = (error instanceof CaseError && error.case) || known;
          draw(now, h('p', { class: 'problem', role: 'alert' }, t(now.version > known.version ? 'caseMovedOn' : 'caseRefused')));
        },
      );
    };
    element.replaceChildren();
    element.append(h('div', {}, caseContent(known, problem, move, drawn.signal)));
  }
  async function load(): Promise<void> {
    const known = await shopCases.get(id);
    if (signal.aborted) return;
    if (known) draw(known);
    else element.replaceChildren(h('h1', { tabindex: '-1' }, t('caseMissing')), h('p', {}, h('a', { href: links.cases }, t('casesTitle'))));
  }
  void load();
  shopCases.watch(() => void load(), { signal });
  return { title: `${t('caseComplaint')} ${id}`, element };
}
