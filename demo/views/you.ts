/** What the shop remembers on this device: readable, to be taken along, and erased with proof. */
import type { Interest, Interests, PriceInterest, ProfileEvent } from 'aftersense';
import { downloadJson } from '../app/download.ts';
import { type Child, h, icon } from '../app/html.ts';
import { documentLanguage, formatPrice, t } from '../app/language.ts';
import { categories, findProduct, nameOf, products, textOf } from '../app/products.ts';
import { onProfileChange, rememberSample, shopProfile, withdraw } from '../app/profile.ts';
import { decline } from '../app/session.ts';
import { consentCard } from './consent.ts';
import type { View } from './parts.ts';

const shownInterests = 5;
const shownWords = 16;
const shownEvents = 12;

/** Categories and brands as the page calls them now, by either of their names: they are kept as the page was when they were seen. */
function nameNow(name: string): string {
  const category = categories.find(({ en, zh }) => en === name || zh === name);
  if (category) return nameOf(category);
  const made = products.find(({ en, zh }) => en.brand === name || zh.brand === name);
  return made ? textOf(made).brand : name;
}

const dayOf = (at: number): string => new Intl.DateTimeFormat(documentLanguage(), { dateStyle: 'medium' }).format(at);

/** A product is called what it is called now, whatever it was when it was seen. */
function eventName(event: ProfileEvent): string {
  if (event.kind === 'search') return t('quoted', { text: event.text });
  if (event.kind === 'shown') return t('itemsCount', { count: event.products.length });
  const product = findProduct(event.product.id);
  return product ? textOf(product).title : (event.product.title ?? event.product.id);
}

function sources({ from }: Interest): HTMLElement {
  return h(
    'ul',
    {},
    from.slice(0, shownInterests).map(({ kind, name, at }) => {
      const product = products.find(({ en, zh }) => en.title === name || zh.title === name);
      return h('li', {}, `${t(`event_${kind}`)} · ${product ? textOf(product).title : name} · ${dayOf(at)}`);
    }),
  );
}

/** The bar's length is an attribute: no inline style is allowed here. */
function interestList(title: string, list: readonly Interest[]): Child {
  const liked = list.filter(({ weight }) => weight > 0).slice(0, shownInterests);
  if (liked.length === 0) return null;
  const most = liked[0]?.weight ?? 1;
  return h(
    'section',
    {},
    h('h2', {}, title),
    h(
      'ul',
      { class: 'interests' },
      liked.map((interest) =>
        h(
          'li',
          {},
          h(
            'details',
            {},
            h(
              'summary',
              {},
              h('span', {}, nameNow(interest.name)),
              h('meter', { min: 0, max: most, value: interest.weight, 'aria-label': t('interestStrength') }),
            ),
            h('p', { class: 'quiet' }, t('interestFrom')),
            sources(interest),
          ),
        ),
      ),
    ),
  );
}

const words = (list: readonly Interest[]): Child =>
  list.length > 0 &&
  h(
    'section',
    {},
    h('h2', {}, t('interestWords')),
    h(
      'ul',
      { class: 'tags' },
      list.map(({ name }) => h('li', { class: 'chip' }, name)),
    ),
  );

const prices = ([price]: readonly PriceInterest[]): Child =>
  price &&
  h(
    'section',
    {},
    h('h2', {}, t('interestPrices')),
    h('p', { class: 'price-large' }, `${formatPrice(Math.round(price.low))} – ${formatPrice(Math.round(price.high))}`),
    h('p', { class: 'quiet' }, t('interestTypical', { price: formatPrice(Math.round(price.typical)) })),
  );

function eventList(events: readonly ProfileEvent[]): Child {
  const recent = [...events].sort((a, b) => b.at - a.at).slice(0, shownEvents);
  return h(
    'section',
    {},
    h('h2', {}, t('eventsTitle', { count: events.length })),
    h(
      'ul',
      { class: 'events' },
      recent.map((event) =>
        h('li', {}, h('span', {}, t(`event_${event.kind}`)), h('span', {}, eventName(event)), h('time', {}, dayOf(event.at))),
      ),
    ),
  );
}

interface Doings {
  erase(): void;
}

function remembered(
  { categories: rooms, brands, terms, prices: spent }: Interests,
  events: readonly ProfileEvent[],
  { erase }: Doings,
): Child {
  const save = async () => downloadJson('halfacre-profile.json', await shopProfile.export());
  const sample = () => void rememberSample(findProduct);
  return [
    events.length === 0
      ? h('p', { class: 'lead' }, t('youNothing'))
      : [
          h(
            'div',
            { class: 'you-columns' },
            interestList(t('interestCategories'), rooms),
            interestList(t('interestBrands'), brands),
            h('div', {}, words(terms.slice(0, shownWords)), prices(spent)),
          ),
          eventList(events),
        ],
    h(
      'div',
      { class: 'you-actions' },
      h('button', { class: 'button', type: 'button', 'data-do': 'export', onclick: () => void save() }, t('youExport')),
      h('button', { class: 'button button-plain', type: 'button', 'data-do': 'erase', onclick: erase }, t('youErase')),
      h('button', { class: 'link-button', type: 'button', 'data-do': 'sample', onclick: sample }, t('youSample')),
    ),
    h('p', { class: 'quiet' }, t('youEraseText')),
  ];
}

export function youView(signal: AbortSignal): View {
  const body = h('div', { 'aria-live': 'polite' });
  let note: Child = null;
  const erase = async () => {
    try {
      await withdraw();
      note = h(
        'div',
        { class: 'kept', role: 'status', 'data-erased': true },
        icon('device'),
        h('p', {}, t('youErased', { time: timeNow() })),
      );
      // Who has just taken it back is not asked again.
      decline();
    } catch {
      note = h('p', { class: 'problem', role: 'alert' }, t('youEraseFailed'));
    }
    await draw();
  };
  const draw = async () => {
    const consented = await shopProfile.consented();
    const content = consented
      ? remembered(await shopProfile.interests(), (await shopProfile.export()).events, { erase: () => void erase() })
      : !note && consentCard();
    if (consented) note = null;
    if (!signal.aborted) body.replaceChildren(h('div', {}, note, content));
  };
  void draw();
  onProfileChange(() => void draw(), signal);
  return {
    title: t('youTitle'),
    element: h('div', { class: 'page you' }, h('h1', { tabindex: '-1' }, t('youTitle')), h('p', { class: 'lead' }, t('youText')), body),
  };
}

const timeNow = (): string => new Intl.DateTimeFormat(documentLanguage(), { timeStyle: 'medium' }).format(Date.now());
