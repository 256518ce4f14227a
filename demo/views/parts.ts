/** Pieces several views share. */
import type { Recommendation } from 'aftersense';
import { onDeskChange } from '../app/desk.ts';
import { type Child, h, icon, picture } from '../app/html.ts';
import { formatPrice, t } from '../app/language.ts';
import { findCategory, findProduct, nameOf, type ShopProduct, textOf } from '../app/products.ts';
import { links } from '../app/router.ts';
import { readableReasons } from './reasons.ts';

export interface View {
  readonly title: string;
  readonly element: HTMLElement;
}

/** Builds a view; `signal` aborts when it is replaced. */
export type ViewBuilder = (signal: AbortSignal) => View;

/** How many similar products a product page shows. */
export const similarCount = 4;

const reasonsShown = 3;

function reasonLine(product: ShopProduct, recommendation: Recommendation): Child {
  const { title, description, brand, tags } = textOf(product);
  const category = findCategory(product.category);
  const texts = { telling: [...tags, title], names: [brand, ...(category ? [nameOf(category)] : [])], rest: description };
  const words = readableReasons(
    recommendation.reason.terms.map(({ term }) => term),
    texts,
    reasonsShown,
  );
  if (words.length === 0) return null;
  return h(
    'p',
    { class: 'card-reason' },
    h('span', {}, `${t('because')} `),
    words.map((word) => h('span', { class: 'chip' }, word)),
  );
}

export function productCard(product: ShopProduct, reason: Child = null): HTMLLIElement {
  const text = textOf(product);
  return h(
    'li',
    { class: 'card', 'data-product': product.id },
    h(
      'a',
      { class: 'card-link', href: links.product(product.id) },
      picture(product.id),
      h('span', { class: 'card-brand' }, text.brand),
      h('span', { class: 'card-title' }, text.title),
      h('span', { class: 'price' }, formatPrice(product.price)),
    ),
    reason,
  );
}

export const productGrid = (list: readonly ShopProduct[]): HTMLUListElement =>
  h(
    'ul',
    { class: 'grid' },
    list.map((product) => productCard(product)),
  );

/** Recommended products known to the shop, each with the words it shares. */
export function recommendationGrid(recommendations: readonly Recommendation[]): HTMLUListElement {
  return h(
    'ul',
    { class: 'grid grid-compact' },
    recommendations.map((recommendation) => {
      const product = findProduct(recommendation.product.id);
      return product && productCard(product, reasonLine(product, recommendation));
    }),
  );
}

export type Ask = () => Promise<readonly Recommendation[]>;

/** Asks as soon as the desk is ready, and again when it comes back after a failure; says so while it is not available. */
export function fillWhenReady(
  host: HTMLElement,
  ask: Ask,
  show: (found: readonly Recommendation[]) => HTMLElement,
  signal: AbortSignal,
): void {
  const refuse = () => {
    if (!signal.aborted) host.replaceChildren(h('p', { class: 'quiet' }, t('recommendationsFailed')));
  };
  onDeskChange(({ status }) => {
    if (status === 'ready') ask().then((found) => host.replaceChildren(show(found)), refuse);
    else if (status === 'failed') refuse();
  }, signal);
}

/** A titled section that fills when the recommendations arrive, and hides where there are none. */
export function recommendationSection(name: string, title: string, ask: Ask, signal: AbortSignal): HTMLElement {
  const body = h('div', {}, h('div', { class: 'pending', 'aria-busy': true }));
  const section = h('section', { class: 'section', 'data-section': name }, h('h2', {}, title), body);
  const show = (found: readonly Recommendation[]) => {
    section.hidden = found.length === 0;
    return recommendationGrid(found);
  };
  fillWhenReady(body, ask, show, signal);
  return section;
}

export function promises(): HTMLElement {
  return h(
    'ul',
    { class: 'promises' },
    (
      [
        ['truck', 'deliveryTitle', 'deliveryText'],
        ['back', 'returnsTitle', 'returnsText'],
        ['repair', 'repairTitle', 'repairText'],
      ] as const
    ).map(([symbol, title, text]) => h('li', {}, icon(symbol), h('div', {}, h('strong', {}, t(title)), h('span', {}, t(text))))),
  );
}

export function breadcrumb(...steps: readonly (readonly [string, string])[]): HTMLElement {
  return h(
    'nav',
    { class: 'breadcrumb', 'aria-label': t('breadcrumb') },
    h(
      'ol',
      {},
      [[t('home'), links.home] as const, ...steps].map(([label, href]) => h('li', {}, h('a', { href }, label))),
    ),
  );
}
