/** Lists of products: a category, everything, search results. */
import type { Recommendation } from 'aftersense';
import { recommend } from '../app/desk.ts';
import { h } from '../app/html.ts';
import { t } from '../app/language.ts';
import { type Category, inCategory, nameOf, products, type ShopProduct } from '../app/products.ts';
import { links } from '../app/router.ts';
import { breadcrumb, fillWhenReady, productGrid, recommendationGrid, type View } from './parts.ts';

const searchResults = 24;
/** Results weaker than this share of the best one only share a stray word with the query. */
const shownShare = 0.25;

function shelf(title: string, list: readonly ShopProduct[], href: string): View {
  return {
    title,
    element: h(
      'div',
      { class: 'page' },
      breadcrumb([title, href]),
      h(
        'div',
        { class: 'section-head' },
        h('h1', { tabindex: '-1' }, title),
        h('span', { class: 'quiet' }, t('itemsCount', { count: list.length })),
      ),
      productGrid(list),
    ),
  };
}

export const categoryView = (category: Category): View => shelf(nameOf(category), inCategory(category.id), links.category(category.id));

export const allView = (): View => shelf(t('allProducts'), products, links.all);

export function searchView(query: string, signal: AbortSignal): View {
  const title = t('searchResults', { query });
  const results = h('div', { class: 'results', 'aria-live': 'polite' }, h('p', { class: 'quiet' }, t('searchWaiting')));
  const show = (found: readonly Recommendation[]) => {
    const shown = found.filter(({ score }) => score >= (found[0]?.score ?? 0) * shownShare);
    return shown.length > 0 ? recommendationGrid(shown) : h('p', { class: 'quiet' }, t('searchNone', { query }));
  };
  fillWhenReady(results, () => recommend({ for: 'query', text: query, k: searchResults, signal }), show, signal);
  return {
    title,
    element: h('div', { class: 'page' }, breadcrumb([title, links.search(query)]), h('h1', { tabindex: '-1' }, title), results),
  };
}
