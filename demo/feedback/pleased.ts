/** After praise: thanks, an offer, and things that go with it. */
import { recommend } from '../app/desk.ts';
import { h, icon } from '../app/html.ts';
import { t } from '../app/language.ts';
import { thanksCode } from '../app/offers.ts';
import type { ShopProduct } from '../app/products.ts';
import { applyOffer, basket, offer } from '../app/session.ts';
import { recommendations, similarTo } from '../views/parts.ts';

const suggested = 4;

function offerCard(): HTMLElement {
  const used = offer() === thanksCode;
  const button = h('button', { class: 'button', type: 'button', disabled: used }, t(used ? 'offerUsed' : 'offerUse'));
  button.addEventListener('click', () => {
    applyOffer(thanksCode);
    button.disabled = true;
    button.textContent = t('offerUsed');
  });
  return h(
    'div',
    { class: 'offer' },
    icon('gift'),
    h('div', {}, h('strong', {}, t('offerTitle')), h('span', { class: 'offer-code' }, t('offerCode', { code: thanksCode }))),
    button,
  );
}

/** What goes with the product and the basket, without repeating the similar products shown further down the page. */
function suggestions(product: ShopProduct, signal: AbortSignal): HTMLElement {
  const element = recommendations('recommended', t('recommendedTitle'), undefined, signal);
  element.setAttribute('heading-level', '4');
  const ids = [product.id, ...Object.keys(basket()).filter((id) => id !== product.id)];
  const ask = (similar: readonly string[]) => {
    element.request = { for: 'basket', ids, exclude: [...ids, ...similar], k: suggested };
  };
  recommend({ ...similarTo(product.id), signal }).then(
    (similar) => ask(similar.map((found) => found.product.id)),
    () => ask([]),
  );
  return element;
}

export const pleasedContent = (product: ShopProduct, signal: AbortSignal): readonly HTMLElement[] => [
  offerCard(),
  suggestions(product, signal),
];
