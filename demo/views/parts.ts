/** Pieces several views share. */
import 'aftersense/element';
import type { AnyRecommendation, AnyRecommendRequest } from 'aftersense';
import type { AftersenseRecommendations, RecommendDesk } from 'aftersense/element';
import { findArticle } from '../app/articles.ts';
import { onDeskChange, recommend } from '../app/desk.ts';
import { h, icon, picture } from '../app/html.ts';
import { documentLanguage, formatPrice, t } from '../app/language.ts';
import { canBuy, findProduct, partsOf, type ShopProduct, textOf } from '../app/products.ts';
import { shopProfile } from '../app/profile.ts';
import { links } from '../app/router.ts';

export interface View {
  readonly title: string;
  readonly element: HTMLElement;
}

const similarCount = 4;

/** What is like a product; parts that fit it are no such thing, however much is said of it in them. */
export const similarTo = (id: string) => ({ for: 'product', id, k: similarCount, exclude: partsOf(id).map((part) => part.id) }) as const;

/** What it costs; on sale, what it did before too. */
export function priceTag({ price, salePrice }: ShopProduct, style = 'price'): HTMLElement {
  if (salePrice === undefined) return h('span', { class: style }, formatPrice(price));
  const quiet = (text: string) => h('span', { class: 'visually-hidden' }, `${text} `);
  return h(
    'span',
    { class: `${style} price-sale` },
    h('ins', {}, quiet(t('priceNow')), formatPrice(salePrice)),
    h('del', {}, quiet(t('priceBefore')), formatPrice(price)),
  );
}

export function productCard(product: ShopProduct): HTMLLIElement {
  const text = textOf(product);
  return h(
    'li',
    { class: 'card', 'data-id': product.id },
    h(
      'a',
      { class: 'card-link', href: links.product(product.id) },
      picture(product.id),
      h('span', { class: 'card-brand' }, text.brand),
      h('span', { class: 'card-title' }, text.title),
      priceTag(product),
      !canBuy(product) && h('span', { class: 'card-brand' }, t('soldOut')),
    ),
  );
}

export const productGrid = (list: readonly ShopProduct[]): HTMLUListElement => h('ul', { class: 'grid' }, list.map(productCard));

/** The drawing that stands for what is recommended. */
function drawingOf(item: AnyRecommendation): Element | undefined {
  if ('product' in item) return findProduct(item.product.id) && picture(item.product.id);
  const article = 'article' in item ? findArticle(item.article.id) : undefined;
  return article && picture(article.picture);
}

const pageDesk: RecommendDesk = { recommend, profile: shopProfile };

/** Those alone whose main reason is one of `kinds`. */
export function onlyFor(...kinds: readonly string[]): RecommendDesk {
  const filtered = async (request: AnyRecommendRequest) => {
    const found: readonly AnyRecommendation[] = await recommend(request);
    return found.filter(({ reason }) => kinds.includes(reason.kind));
  };
  return { recommend: filtered as RecommendDesk['recommend'], profile: shopProfile };
}

/** A titled section of recommendations, each with its reason; it hides where there are none. Without a request it waits for one. */
export function recommendations(
  name: string,
  heading: string,
  request: AnyRecommendRequest | undefined,
  signal: AbortSignal,
  desk = pageDesk,
): AftersenseRecommendations {
  const element = document.createElement('aftersense-recommendations');
  element.className = 'section';
  element.dataset.section = name;
  element.lang = documentLanguage();
  element.setAttribute('heading', heading);
  element.picture = drawingOf;
  element.desk = desk;
  if (request) element.request = request;
  let hasFailed = false;
  onDeskChange(({ status }) => {
    // What was asked while the desk could not be had is asked again when it is back.
    if (status === 'ready' && hasFailed) element.refresh();
    hasFailed = status === 'failed' || (hasFailed && status !== 'ready');
  }, signal);
  return element;
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
