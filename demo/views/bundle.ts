/** What is often bought with a product, to be taken in one go. Hidden where orders taught nothing about it. */
import type { ReasonKind, Recommendation } from 'aftersense';
import { recommend } from '../app/desk.ts';
import { h, picture } from '../app/html.ts';
import { formatPrice, language, t } from '../app/language.ts';
import { canBuy, findProduct, priceOf, type ShopProduct, textOf } from '../app/products.ts';
import { links } from '../app/router.ts';
import { basket, setQuantity } from '../app/session.ts';
import { priceTag } from './parts.ts';

const companions = 2;
/** What tells of things being bought together; likeness does not. */
const learnt: readonly ReasonKind[] = ['rules', 'neighbours'];

interface Member {
  readonly product: ShopProduct;
  /** Empty for the product of the page. */
  readonly reason: string;
}

function membersOf(product: ShopProduct, found: readonly Recommendation[]): readonly Member[] {
  const others = found.flatMap(({ product: { id }, reason }) => {
    const known = findProduct(id);
    return known && learnt.includes(reason.kind) ? [{ product: known, reason: reason.text[language()] }] : [];
  });
  return [{ product, reason: '' }, ...others.slice(0, companions)];
}

function memberRow({ product, reason }: Member, box: HTMLInputElement): HTMLElement {
  const { title } = textOf(product);
  return h(
    'li',
    { class: 'bundle-member', 'data-id': product.id },
    h('label', {}, box, picture(product.id), h('span', { class: 'visually-hidden' }, title)),
    h(
      'div',
      {},
      reason === '' ? h('span', { class: 'card-title' }, title) : h('a', { class: 'card-title', href: links.product(product.id) }, title),
      priceTag(product),
      h('span', { class: 'quiet' }, reason === '' ? t('bundleThis') : reason),
    ),
  );
}

function bundle(members: readonly Member[]): HTMLElement {
  const boxes = members.map(() => h('input', { type: 'checkbox', checked: true }));
  const total = h('strong', { class: 'price price-large' });
  const add = h('button', { class: 'button', type: 'button' });
  const note = h('span', { class: 'added', role: 'status' });
  const chosen = () => members.filter((_, place) => boxes[place]?.checked).map(({ product }) => product);
  const tell = () => {
    const products = chosen();
    total.textContent = formatPrice(products.reduce((sum, product) => sum + priceOf(product), 0));
    add.textContent = t('bundleAdd', { count: products.length });
    add.disabled = products.length === 0;
  };
  add.addEventListener('click', () => {
    for (const { id } of chosen()) setQuantity(id, (basket()[id] ?? 0) + 1);
    note.textContent = t('added');
  });
  for (const box of boxes) box.addEventListener('change', tell);
  tell();
  return h(
    'div',
    { class: 'bundle' },
    h(
      'ul',
      {},
      members.map((member, place) => memberRow(member, boxes[place] as HTMLInputElement)),
    ),
    h('div', { class: 'bundle-total' }, h('span', { class: 'quiet' }, t('bundleTotal')), total, add, note),
  );
}

export function bundleSection(product: ShopProduct, signal: AbortSignal): HTMLElement {
  const section = h('section', { class: 'section', 'data-section': 'together', hidden: true });
  const show = (found: readonly Recommendation[]) => {
    const members = membersOf(product, found);
    if (signal.aborted || members.length < 2) return;
    section.append(h('h2', {}, t('bundleTitle')), bundle(members));
    section.hidden = false;
  };
  if (canBuy(product)) {
    // Asked for a few more than are shown: not all are learnt from orders.
    recommend({ for: 'basket', ids: [product.id], k: 3 * companions, signal }).then(show, () => undefined);
  }
  return section;
}
