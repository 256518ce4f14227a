/** Lists of products: a category, everything, search results. */
import type { Recommendation } from 'aftersense';
import type { RecommendDesk } from 'aftersense/element';
import { recommend } from '../app/desk.ts';
import { h } from '../app/html.ts';
import { t } from '../app/language.ts';
import { type Category, inCategory, nameOf, products, type ShopProduct } from '../app/products.ts';
import { rememberSearch, shopProfile } from '../app/profile.ts';
import { links } from '../app/router.ts';
import { breadcrumb, productGrid, recommendations, type View } from './parts.ts';

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
  const note = h('p', { class: 'quiet', role: 'status' });
  /** As the page's desk, without what only shares a stray word; says where nothing is left. */
  const search = async (request: { readonly for: 'query'; readonly text: string }): Promise<Recommendation[]> => {
    const found = await recommend(request);
    const shown = found.filter(({ score }) => score >= (found[0]?.score ?? 0) * shownShare);
    note.textContent = shown.length > 0 ? t('itemsCount', { count: shown.length }) : t('searchNone', { query });
    return shown;
  };
  const desk: RecommendDesk = { recommend: search as RecommendDesk['recommend'], profile: shopProfile };
  const request = { for: 'query', text: query, k: searchResults } as const;
  const results = recommendations('results', title, request, signal, desk);
  results.classList.add('untitled');
  void rememberSearch(query);
  return {
    title,
    element: h('div', { class: 'page' }, breadcrumb([title, links.search(query)]), h('h1', { tabindex: '-1' }, title), note, results),
  };
}
