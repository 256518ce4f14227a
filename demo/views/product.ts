/** One product: what it is, what goes with it, how it went, and what is like it. */
import { h, picture } from '../app/html.ts';
import { t } from '../app/language.ts';
import { canBuy, findCategory, nameOf, type ShopProduct, textOf } from '../app/products.ts';
import { rememberView } from '../app/profile.ts';
import { links } from '../app/router.ts';
import { basket, setQuantity } from '../app/session.ts';
import { feedbackPanel } from '../feedback/panel.ts';
import { bundleSection } from './bundle.ts';
import { breadcrumb, onlyFor, priceTag, promises, recommendations, similarTo, type View } from './parts.ts';

const partsShown = 4;
const guidesShown = 3;

function addButton(product: ShopProduct): HTMLElement {
  if (!canBuy(product)) return h('p', { class: 'actions' }, h('button', { class: 'button', type: 'button', disabled: true }, t('soldOut')));
  const note = h('span', { class: 'added', role: 'status' });
  const add = () => {
    setQuantity(product.id, (basket()[product.id] ?? 0) + 1);
    note.textContent = t('added');
  };
  return h('p', { class: 'actions' }, h('button', { class: 'button', type: 'button', onclick: add }, t('addToBasket')), note);
}

export function productView(product: ShopProduct, signal: AbortSignal): View {
  const text = textOf(product);
  const category = findCategory(product.category);
  const { id } = product;
  void rememberView(product);
  return {
    title: text.title,
    element: h(
      'div',
      { class: 'page' },
      breadcrumb(...(category ? [[nameOf(category), links.category(category.id)] as const] : []), [text.title, links.product(id)]),
      h(
        'article',
        { class: 'product' },
        h('div', { class: 'product-picture' }, picture(id)),
        h(
          'div',
          { class: 'product-text' },
          h('p', { class: 'card-brand' }, text.brand),
          h('h1', { tabindex: '-1' }, text.title),
          h('p', {}, priceTag(product, 'price price-large')),
          h('p', { class: 'lead' }, text.description),
          h(
            'ul',
            { class: 'tags' },
            text.tags.map((tag) => h('li', {}, h('a', { class: 'chip', href: links.search(tag) }, tag))),
          ),
          addButton(product),
          promises(),
        ),
      ),
      bundleSection(product, signal),
      feedbackPanel(product, signal),
      recommendations('parts', t('partsTitle'), { for: 'complaint', id, wants: ['spare_part', 'accessory'], k: partsShown }, signal),
      recommendations('similar', t('similar'), similarTo(id), signal),
      recommendations('guides', t('guidesTitle'), { for: 'content', id, k: guidesShown }, signal, onlyFor('fits')),
    ),
  };
}
