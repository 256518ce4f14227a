/** The frame around every view: header, search, language, footer; and what happens when the route or language changes. */

import { casesView } from '../cases/list.ts';
import { caseView } from '../cases/page.ts';
import { basketView } from '../views/basket.ts';
import { articleView, careView } from '../views/care.ts';
import { homeView } from '../views/home.ts';
import type { View } from '../views/parts.ts';
import { productView } from '../views/product.ts';
import { allView, categoryView, searchView } from '../views/shelf.ts';
import { youView } from '../views/you.ts';
import { findArticle } from './articles.ts';
import { deskBadge } from './badge.ts';
import { h, icon } from './html.ts';
import { documentLanguage, language, setLanguage, t } from './language.ts';
import { categories, findCategory, findProduct, nameOf } from './products.ts';
import { feedbackMark, links, parseRoute } from './router.ts';
import { basketCount, onSessionChange, searchText, setSearchText } from './session.ts';

function missingView(): View {
  return {
    title: t('notFound'),
    element: h(
      'div',
      { class: 'page page-narrow' },
      h('h1', { tabindex: '-1' }, t('notFound')),
      h('p', { class: 'lead' }, t('notFoundText')),
      h('p', {}, h('a', { class: 'button', href: links.home }, t('backHome'))),
    ),
  };
}

function buildView(signal: AbortSignal): View {
  const route = parseRoute(location.hash);
  switch (route.kind) {
    case 'home':
      return homeView(signal);
    case 'all':
      return allView();
    case 'search':
      return searchView(route.query, signal);
    case 'basket':
      return basketView(signal);
    case 'you':
      return youView(signal);
    case 'care':
      return careView();
    case 'article': {
      const article = findArticle(route.id);
      return article ? articleView(article, signal) : missingView();
    }
    case 'cases':
      return casesView(signal);
    case 'case':
      return caseView(route.id, signal);
    case 'category': {
      const category = findCategory(route.id);
      return category ? categoryView(category) : missingView();
    }
    case 'product': {
      const product = findProduct(route.id);
      return product ? productView(product, signal) : missingView();
    }
    case 'missing':
      return missingView();
    default:
      return route satisfies never;
  }
}

function searchForm(): HTMLElement {
  const input = h('input', {
    id: 'search',
    type: 'search',
    name: 'q',
    placeholder: t('searchPlaceholder'),
    autocomplete: 'off',
    value: searchText(),
  });
  input.addEventListener('input', () => setSearchText(input.value));
  const submit = (event: Event) => {
    event.preventDefault();
    if (input.value.trim() !== '') location.hash = links.search(input.value.trim());
  };
  return h(
    'form',
    { class: 'search', role: 'search', onsubmit: submit },
    h('label', { class: 'visually-hidden', for: 'search' }, t('searchLabel')),
    input,
    h('button', { type: 'submit', 'aria-label': t('searchButton') }, icon('search')),
  );
}

function basketLink(signal: AbortSignal): HTMLElement {
  const count = h('span', { class: 'count', 'aria-hidden': 'true' });
  const link = h('a', { class: 'tool', href: links.basket }, icon('basket'), count);
  const refresh = () => {
    count.textContent = String(basketCount());
    count.hidden = basketCount() === 0;
    link.setAttribute('aria-label', t('basketCount', { count: basketCount() }));
  };
  refresh();
  onSessionChange(refresh, signal);
  return link;
}

function languageButton(onLanguage: () => void): HTMLElement {
  const other = language() === 'zh' ? 'en' : 'zh-CN';
  const label = t('switchLanguageLabel');
  return h(
    'button',
    { class: 'tool tool-text', id: 'language', type: 'button', lang: other, 'aria-label': label, onclick: onLanguage },
    t('switchLanguage'),
  );
}

function header(signal: AbortSignal, onLanguage: () => void): HTMLElement {
  const logo = h('a', { class: 'logo', href: links.home }, h('span', { class: 'logo-mark', 'aria-hidden': 'true' }), t('shopName'));
  const notes = h('a', { class: 'tool', href: links.cases, 'aria-label': t('navCases') }, icon('notes'));
  const you = h('a', { class: 'tool tool-wide', href: links.you, 'aria-label': t('navYou') }, icon('person'));
  const tools = h('div', { class: 'tools' }, deskBadge(signal), languageButton(onLanguage), you, notes, basketLink(signal));
  return h('header', { class: 'header' }, h('div', { class: 'header-row' }, logo, searchForm(), tools));
}

function categoryNav(): HTMLElement {
  const items = categories.map((category) => h('li', {}, h('a', { href: links.category(category.id) }, nameOf(category))));
  const care = h('li', {}, h('a', { href: links.care }, t('careTitle')));
  return h('nav', { class: 'categories', 'aria-label': t('navCategories') }, h('ul', {}, items, care));
}

function skipLink(main: HTMLElement): HTMLElement {
  const skip = (event: Event) => {
    event.preventDefault();
    main.focus();
  };
  return h('a', { class: 'skip', href: '#content', onclick: skip }, t('skip'));
}

const footer = (): HTMLElement =>
  h(
    'footer',
    { class: 'footer' },
    h('span', { class: 'logo' }, t('shopName')),
    h('p', {}, t('footerText')),
    h('a', { href: links.you }, t('navYouShort')),
    h('a', { href: 'merchant/' }, t('footerMerchant')),
  );

export function mountShell(root: HTMLElement): void {
  const main = h('main', { id: 'content', tabindex: '-1' });
  let frame = new AbortController();
  let view = new AbortController();

  function showView(): void {
    view.abort();
    view = new AbortController();
    const { title, element } = buildView(view.signal);
    document.title = title === t('shopName') ? title : `${title} · ${t('shopName')}`;
    main.replaceChildren(element);
    for (const link of root.querySelectorAll('.categories a')) {
      if (link.getAttribute('href') === location.hash) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }

  function draw(): void {
    frame.abort();
    frame = new AbortController();
    document.documentElement.lang = documentLanguage();
    root.replaceChildren(skipLink(main), header(frame.signal, switchLanguage), categoryNav(), main, footer());
    showView();
  }

  function switchLanguage(): void {
    const scroll = window.scrollY;
    setLanguage(language() === 'zh' ? 'en' : 'zh');
    draw();
    window.scrollTo({ top: scroll, behavior: 'instant' });
    document.getElementById('language')?.focus({ preventScroll: true });
  }

  draw();
  window.addEventListener('hashchange', () => {
    showView();
    window.scrollTo({ top: 0, behavior: 'instant' });
    if (location.hash.endsWith(feedbackMark)) document.getElementById('feedback')?.focus();
    else main.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  });
}
