/** The basket, with the thank-you offer and what goes with it. */
import { recommend } from '../app/desk.ts';
import { h, picture } from '../app/html.ts';
import { formatPrice, t } from '../app/language.ts';
import { findProduct, type ShopProduct, textOf } from '../app/products.ts';
import { links } from '../app/router.ts';
import { basket, offer, setQuantity } from '../app/session.ts';
import { offerShare } from '../feedback/pleased.ts';
import { recommendationSection, type View } from './parts.ts';

const goesWithCount = 4;

interface BasketLine {
  readonly product: ShopProduct;
  readonly quantity: number;
}

const readBasket = (): BasketLine[] =>
  Object.entries(basket()).flatMap(([id, quantity]) => {
    const product = findProduct(id);
    return product ? [{ product, quantity }] : [];
  });

function basketRow({ product, quantity }: BasketLine, redraw: () => void): HTMLElement {
  const { title, brand } = textOf(product);
  const change = (event: Event) => {
    const wanted = Math.trunc(Number((event.target as HTMLInputElement).value));
    setQuantity(product.id, Math.min(99, Math.max(1, wanted || 1)));
    redraw();
  };
  const remove = () => {
    setQuantity(product.id, 0);
    redraw();
  };
  return h(
    'li',
    { class: 'basket-row' },
    h('a', { href: links.product(product.id), tabindex: '-1', 'aria-hidden': 'true' }, picture(product.id)),
    h('div', {}, h('span', { class: 'card-brand' }, brand), h('a', { class: 'card-title', href: links.product(product.id) }, title)),
    h(
      'label',
      { class: 'quantity' },
      h('span', { class: 'visually-hidden' }, `${t('basketQuantity')}: ${title}`),
      h('input', { type: 'number', min: '1', max: '99', value: quantity, onchange: change }),
    ),
    h('span', { class: 'price' }, formatPrice(product.price * quantity)),
    h(
      'button',
      { class: 'link-button', type: 'button', 'aria-label': `${t('basketRemove')}: ${title}`, onclick: remove },
      t('basketRemove'),
    ),
  );
}

function totals(rows: readonly BasketLine[]): HTMLElement {
  const sum = rows.reduce((total, { product, quantity }) => total + product.price * quantity, 0);
  const saved = offer() === '' ? 0 : sum * offerShare;
  return h(
    'dl',
    { class: 'totals' },
    saved > 0 && [h('dt', {}, t('basketDiscount', { code: offer() })), h('dd', {}, `−${formatPrice(saved)}`)],
    h('dt', {}, t('basketTotal')),
    h('dd', { class: 'price price-large' }, formatPrice(sum - saved)),
  );
}

export function basketView(signal: AbortSignal): View {
  const list = h('div', {});
  const draw = () => {
    const rows = readBasket();
    list.replaceChildren(
      ...(rows.length === 0
        ? [h('p', { class: 'quiet' }, t('basketEmpty')), h('p', {}, h('a', { class: 'button', href: links.all }, t('heroBrowse')))]
        : [
            h(
              'ul',
              { class: 'basket' },
              rows.map((row) => basketRow(row, draw)),
            ),
            totals(rows),
            h('p', { class: 'quiet' }, t('basketNote')),
          ]),
    );
  };
  draw();
  const ids = readBasket().map(({ product }) => product.id);
  return {
    title: t('basketTitle'),
    element: h(
      'div',
      { class: 'page page-narrow' },
      h('h1', { tabindex: '-1' }, t('basketTitle')),
      list,
      ids.length > 0 &&
        recommendationSection(
          'basket',
          t('basketGoesWith'),
          () => recommend({ for: 'basket', ids, exclude: ids, k: goesWithCount, signal }),
          signal,
        ),
    ),
  };
}
