/** After praise: thanks, an offer, and things that go with it. */
import { recommend } from '../app/desk.ts';
import { h, icon } from '../app/html.ts';
import { t } from '../app/language.ts';
import type { ShopProduct } from '../app/products.ts';
import { applyOffer, basket, offer } from '../app/session.ts';
import { recommendationSection, similarCount } from '../views/parts.ts';

const offerCode = 'THANKS10';
/** Part of the basket's total that the offer takes off. */
export const offerShare = 0.1;
const suggested = 4;

function offerCard(): HTMLElement {
  const used = offer() === offerCode;
  const button = h('button', { class: 'button', type: 'button', disabled: used }, t(used ? 'offerUsed' : 'offerUse'));
  button.addEventListener('click', () => {
    applyOffer(offerCode);
    button.disabled = true;
    button.textContent = t('offerUsed');
  });
  return h(
    'div',
    { class: 'offer' },
    icon('gift'),
    h('div', {}, h('strong', {}, t('offerTitle')), h('span', { class: 'offer-code' }, t('offerCode', { code: offerCode }))),
    button,
  );
}

/** What goes with the product and the basket, without repeating the similar products shown further down the page. */
async function suggestions(product: ShopProduct, signal: AbortSignal) {
  const similar = await recommend({ for: 'product', id: product.id, k: similarCount, signal });
  const ids = [product.id, ...Object.keys(basket()).filter((id) => id !== product.id)];
  return recommend({ for: 'basket', ids, exclude: [...ids, ...similar.map((found) => found.product.id)], k: suggested, signal });
}

export function pleasedContent(product: ShopProduct, signal: AbortSignal): readonly HTMLElement[] {
  return [offerCard(), recommendationSection('recommended', t('recommendedTitle'), () => suggestions(product, signal), signal)];
}
