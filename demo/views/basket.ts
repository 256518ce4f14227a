/** The basket: what is in it, the offers that suit it, what goes with it, and an order that is pretended. */
import type { OfferRecommendation } from 'aftersense';
import { recommend } from '../app/desk.ts';
import { h, icon, picture } from '../app/html.ts';
import { formatPrice, language, t } from '../app/language.ts';
import { type BasketLine, findOffer, lineTotal, savingOf, titleOf, totalOf } from '../app/offers.ts';
import { findProduct, textOf } from '../app/products.ts';
import { rememberPurchases } from '../app/profile.ts';
import { links } from '../app/router.ts';
import { applyOffer, basket, emptyBasket, offer, setQuantity } from '../app/session.ts';
import { recommendations, type View } from './parts.ts';

const goesWithCount = 4;
const offersShown = 3;

const readBasket = (): BasketLine[] =>
  Object.entries(basket()).flatMap(([id, quantity]) => {
    const product = findProduct(id);
    return product ? [{ product, quantity }] : [];
  });

function basketRow(line: BasketLine, redraw: () => void): HTMLElement {
  const { product, quantity } = line;
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
    h('span', { class: 'price' }, formatPrice(lineTotal(line))),
    h(
      'button',
      { class: 'link-button', type: 'button', 'aria-label': `${t('basketRemove')}: ${title}`, onclick: remove },
      t('basketRemove'),
    ),
  );
}

function totals(lines: readonly BasketLine[]): HTMLElement {
  const used = findOffer(offer());
  const saved = used ? savingOf(used, lines) : 0;
  return h(
    'dl',
    { class: 'totals' },
    used && saved > 0 && [h('dt', {}, `${titleOf(used)} · ${used.code}`), h('dd', {}, `−${formatPrice(saved)}`)],
    h('dt', {}, t('basketTotal')),
    h('dd', { class: 'price price-large' }, formatPrice(totalOf(lines) - saved)),
  );
}

function offerRow(
  { offer: { code, title, description, leastSpend = 0 }, reason }: OfferRecommendation,
  lines: readonly BasketLine[],
  redraw: () => void,
) {
  const own = findOffer(code);
  const saved = own ? savingOf(own, lines) : 0;
  const inUse = offer() === code;
  const use = () => {
    applyOffer(code);
    redraw();
  };
  return (
    own &&
    h(
      'li',
      { class: 'offer', 'data-offer': code },
      icon('gift'),
      h('div', {}, h('strong', {}, title), h('span', {}, description), h('span', { class: 'quiet' }, reason.text[language()])),
      saved > 0
        ? h(
            'button',
            { class: 'button', type: 'button', disabled: inUse, onclick: use },
            inUse ? t('offerInUse') : t('offerUseCode', { code, saved: formatPrice(saved) }),
          )
        : h('span', { class: 'offer-code' }, t('offerFrom', { code, amount: formatPrice(leastSpend) })),
    )
  );
}

/** The offers that suit the basket and the shopper, each with its reason. */
function offerSection(signal: AbortSignal, redraw: () => void) {
  const section = h('section', { class: 'section', 'data-section': 'offers', hidden: true });
  return {
    section,
    /** For the basket as it is now. */
    ask(lines: readonly BasketLine[]) {
      const ids = lines.map(({ product }) => product.id);
      const show = (found: readonly OfferRecommendation[]) => {
        if (signal.aborted) return;
        section.replaceChildren(
          h('h2', {}, t('offersTitle')),
          h(
            'ul',
            { class: 'offers' },
            found.map((each) => offerRow(each, lines, redraw)),
          ),
        );
        section.hidden = found.length === 0;
      };
      recommend({ for: 'offer', ids, total: totalOf(lines), currency: 'CNY', k: offersShown, signal }).then(show, () => {
        section.hidden = true;
      });
    },
  };
}

const emptied = (): HTMLElement[] => [
  h('p', { class: 'quiet' }, t('basketEmpty')),
  h('p', {}, h('a', { class: 'button', href: links.all }, t('heroBrowse'))),
];

const ordered = (): HTMLElement =>
  h('p', { class: 'kept', role: 'status', 'data-ordered': true }, t('ordered'), ' ', h('a', { href: links.home }, t('orderedNext')));

export function basketView(signal: AbortSignal): View {
  const list = h('div', {});
  const offers = offerSection(signal, () => draw());
  const goesWith = recommendations('basket', t('basketGoesWith'), undefined, signal);
  const order = async () => {
    const lines = readBasket();
    emptyBasket();
    await rememberPurchases(lines);
    draw();
    list.prepend(ordered());
  };
  const draw = () => {
    const lines = readBasket();
    const ids = lines.map(({ product }) => product.id);
    const rows = lines.map((line) => basketRow(line, draw));
    const checkOut = h('button', { class: 'button', type: 'button', 'data-do': 'order', onclick: () => void order() }, t('orderPretend'));
    const filled = [
      h('ul', { class: 'basket' }, rows),
      totals(lines),
      h('p', { class: 'actions actions-end' }, h('span', { class: 'quiet' }, t('basketNote')), checkOut),
    ];
    list.replaceChildren(...(lines.length === 0 ? emptied() : filled));
    offers.ask(lines);
    goesWith.hidden = lines.length === 0;
    goesWith.request = lines.length === 0 ? undefined : { for: 'basket', ids, exclude: ids, k: goesWithCount };
  };
  draw();
  return {
    title: t('basketTitle'),
    element: h('div', { class: 'page page-narrow' }, h('h1', { tabindex: '-1' }, t('basketTitle')), list, offers.section, goesWith),
  };
}
