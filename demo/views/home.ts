/** The front page. */
import { h, icon, picture } from '../app/html.ts';
import { t } from '../app/language.ts';
import { categories, findProduct, inCategory, nameOf, products } from '../app/products.ts';
import { links } from '../app/router.ts';
import { productGrid, promises, type View } from './parts.ts';

const heroPictures = ['gooseneck-kettle', 'moon-vase', 'linen-bear', 'celadon-cups', 'over-ear-headphones'];
const featured = [
  'stoneware-mug',
  'wool-throw',
  'camp-lantern',
  'clip-earbuds',
  'spring-longjing',
  'dot-notebook',
  'fig-candle',
  'enamel-stockpot',
];
const tryProduct = 'gooseneck-kettle';

function hero(): HTMLElement {
  return h(
    'section',
    { class: 'hero' },
    h(
      'div',
      { class: 'hero-text' },
      h('h1', { tabindex: '-1' }, t('heroTitle')),
      h('p', { class: 'lead' }, t('heroText', { count: products.length })),
      h(
        'p',
        { class: 'actions' },
        h('a', { class: 'button', href: links.all }, t('heroBrowse')),
        h('a', { class: 'button button-plain', href: links.feedback(tryProduct) }, t('heroFeedback')),
      ),
    ),
    h(
      'div',
      { class: 'hero-pictures', 'aria-hidden': 'true' },
      heroPictures.map((id) => picture(id)),
    ),
  );
}

function promise(): HTMLElement {
  return h(
    'section',
    { class: 'promise' },
    icon('device'),
    h('div', {}, h('h2', {}, t('promiseTitle')), h('p', {}, t('promiseText'))),
    h('a', { class: 'button button-light', href: links.feedback(tryProduct) }, t('promiseTry')),
  );
}

function categoryTiles(): HTMLElement {
  return h(
    'ul',
    { class: 'tiles' },
    categories.map((category) =>
      h(
        'li',
        {},
        h(
          'a',
          { class: 'tile', href: links.category(category.id) },
          picture(category.picture),
          h('span', { class: 'tile-name' }, nameOf(category)),
          h('span', { class: 'tile-count' }, t('itemsCount', { count: inCategory(category.id).length })),
        ),
      ),
    ),
  );
}

export function homeView(): View {
  const chosen = featured.flatMap((id) => findProduct(id) ?? []);
  return {
    title: t('shopName'),
    element: h(
      'div',
      { class: 'page' },
      hero(),
      h('section', { class: 'section' }, h('h2', {}, t('shopByCategory')), categoryTiles()),
      promise(),
      h(
        'section',
        { class: 'section' },
        h('div', { class: 'section-head' }, h('h2', {}, t('featured')), h('a', { href: links.all }, t('seeAll'))),
        productGrid(chosen),
      ),
      promises(),
    ),
  };
}
