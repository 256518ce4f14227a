/** Care guides: the list, and one. */
import { articles, articleText, type ShopArticle } from '../app/articles.ts';
import { h, picture } from '../app/html.ts';
import { t } from '../app/language.ts';
import { findProduct } from '../app/products.ts';
import { links } from '../app/router.ts';
import { breadcrumb, productGrid, recommendations, type View } from './parts.ts';

const more = 3;

function guideCard(article: ShopArticle): HTMLElement {
  const { title, summary } = articleText(article);
  return h(
    'li',
    { class: 'card', 'data-id': article.id },
    h(
      'a',
      { class: 'card-link', href: links.article(article.id) },
      picture(article.picture),
      h('span', { class: 'card-brand' }, t('minutesToRead', { count: article.minutes })),
      h('span', { class: 'card-title' }, title),
      h('span', { class: 'quiet' }, summary),
    ),
  );
}

export const guideGrid = (list: readonly ShopArticle[]): HTMLElement => h('ul', { class: 'grid' }, list.map(guideCard));

export function careView(): View {
  return {
    title: t('careTitle'),
    element: h(
      'div',
      { class: 'page' },
      breadcrumb([t('careTitle'), links.care]),
      h('h1', { tabindex: '-1' }, t('careTitle')),
      h('p', { class: 'lead' }, t('careText')),
      guideGrid(articles),
    ),
  };
}

export function articleView(article: ShopArticle, signal: AbortSignal): View {
  const { title, summary, steps } = articleText(article);
  const about = article.about.flatMap((id) => findProduct(id) ?? []);
  const request = { for: 'content', id: article.about[0] ?? '', exclude: [article.id], k: more } as const;
  return {
    title,
    element: h(
      'div',
      { class: 'page' },
      breadcrumb([t('careTitle'), links.care], [title, links.article(article.id)]),
      h(
        'article',
        { class: 'guide' },
        h(
          'header',
          {},
          h('p', { class: 'card-brand' }, t('minutesToRead', { count: article.minutes })),
          h('h1', { tabindex: '-1' }, title),
          h('p', { class: 'lead' }, summary),
        ),
        picture(article.picture),
        h(
          'ol',
          {},
          steps.map((step) => h('li', {}, step)),
        ),
      ),
      h('section', { class: 'section', 'data-section': 'about' }, h('h2', {}, t('guideAbout')), productGrid(about)),
      recommendations('guides', t('guidesMore'), request, signal),
    ),
  };
}
