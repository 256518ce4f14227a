/** One product: what it is, what is like it, and how it went. */
import { recommend } from '../app/desk.ts';
import { h, picture } from '../app/html.ts';
import { formatPrice, t } from '../app/language.ts';
import { findCategory, nameOf, type ShopProduct, textOf } from '../app/products.ts';
import { links } from '../app/router.ts';
import { basket, setQuantity } from '../app/session.ts';
import { feedbackPanel } from '../feedback/panel.ts';
import { breadcrumb, promises, recommendationSection, similarCount, type View } from './parts.ts';

function addButton(product: ShopProduct): HTMLElement {
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
  return {
    title: text.title,
    element: h(
      'div',
      { class: 'page' },
      breadcrumb(...(category ? [[nameOf(category), links.category(category.id)] as const] : []), [text.title, links.product(product.id)]),
      h(
        'article',
        { class: 'product' },
        h('div', { class: 'product-picture' }, picture(product.id)),
        h(
          'div',
          { class: 'product-text' },
          h('p', { class: 'card-brand' }, text.brand),
          h('h1', { tabindex: '-1' }, text.title),
          h('p', { class: 'price price-large' }, formatPrice(product.price)),
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
      feedbackPanel(product, signal),
      recommendationSection('similar', t('similar'), () => recommend({ for: 'product', id: product.id, k: similarCount, signal }), signal),
    ),
  };
}
