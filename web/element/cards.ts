/** One recommendation as a card: a product, an offer or an article, with its reason and what that is made of. */
import type { AnyRecommendation } from '../recommend/types.ts';
import type { Product } from '../types.ts';
import { bar, make } from './dom.ts';
import { readableReasons } from './shared_words.ts';
import { day, type ElementLanguage, money, percent, say } from './words.ts';

export interface CardContext {
  readonly language: ElementLanguage;
  /** Level of the titles, one below the heading's. */
  readonly level: number;
  /** Which of the items have a picture of the page's own in the slot of this name. */
  slotOf(id: string): string | undefined;
  onSelect(event: Event): void;
}

export function idOf(item: AnyRecommendation): string {
  if ('product' in item) return item.product.id;
  return 'offer' in item ? item.offer.id : item.article.id;
}

/** The address where it is one that leads to a page: a catalogue is data, and must not bring code. */
function safeUrl(url: string): string | undefined {
  if (url === '') return undefined;
  try {
    return /^https?:$/.test(new URL(url, document.baseURI).protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

function pictureOf(image: string, slot: string | undefined): HTMLElement | undefined {
  if (slot !== undefined) return make('span', { class: 'picture', part: 'picture' }, make('slot', { name: slot }));
  const source = safeUrl(image);
  if (source === undefined) return undefined;
  const img = make('img', { src: source, alt: '', loading: 'lazy', decoding: 'async' });
  img.addEventListener('error', () => img.remove());
  return make('span', { class: 'picture', part: 'picture' }, img);
}

function priceOf({ price, salePrice, currency, availability }: Product, language: ElementLanguage): HTMLElement | undefined {
  const soldOut = availability === 'out_of_stock' && make('span', { class: 'more', part: 'unavailable' }, say(language, 'unavailable'));
  if (price === undefined) return soldOut ? make('span', { class: 'price', part: 'price' }, soldOut) : undefined;
  const quiet = (text: string) => make('span', { class: 'quiet' }, `${text} `);
  const full = money(language, price, currency);
  const now =
    salePrice === undefined
      ? full
      : [
          make('ins', { part: 'sale-price' }, quiet(say(language, 'now')), money(language, salePrice, currency)),
          make('del', {}, quiet(say(language, 'before')), full),
        ];
  return make('span', { class: 'price', part: 'price' }, now, soldOut);
}

/** What the score is made of, each part with its share. */
function whyOf(item: AnyRecommendation, title: string, language: ElementLanguage): HTMLElement | undefined {
  const { score, reason } = item;
  if (!(score > 0) || reason.contributions.length === 0) return undefined;
  const summary = make('summary', { part: 'why', 'aria-label': say(language, 'whyOf', { title }) }, say(language, 'why'));
  const parts = reason.contributions.map((part) => [
    make('dt', {}, part.text[language]),
    make('dd', {}, percent(language, part.score / score)),
    bar(part.score / score),
  ]);
  return make('details', { part: 'details' }, summary, make('dl', { part: 'contributions' }, parts));
}

const wordsShown = 3;

/** The words of the product that the reason speaks of, as a shopper would write them. */
function sharedWords(item: AnyRecommendation): HTMLElement | undefined {
  if (!('product' in item)) return undefined;
  const { title, description, brand, category, tags } = item.product;
  const texts = { telling: [...tags, title], names: [brand, category], rest: description };
  const terms = item.reason.terms.map(({ term }) => term);
  const words = readableReasons(terms, texts, wordsShown);
  if (words.length === 0) return undefined;
  return make(
    'span',
    { class: 'words', part: 'words' },
    words.map((word) => make('span', { class: 'word', part: 'word' }, word)),
  );
}

interface Content {
  readonly title: string;
  readonly url: string;
  readonly image: string;
  /** Above the title. */
  readonly brand: string;
  readonly below: readonly (HTMLElement | undefined)[];
}

function contentOf(item: AnyRecommendation, language: ElementLanguage): Content {
  if ('product' in item) {
    const { id, title, url, image, brand } = item.product;
    return { title: title || id, url, image, brand, below: [priceOf(item.product, language)] };
  }
  const more = (text: string | undefined) => (text ? make('span', { class: 'more' }, text) : undefined);
  if ('offer' in item) {
    const { id, title, url, image, description, code, currency, leastSpend, ends } = item.offer;
    const least =
      leastSpend !== undefined && leastSpend > 0 ? say(language, 'leastSpend', { amount: money(language, leastSpend, currency) }) : '';
    const until = ends === undefined ? '' : say(language, 'until', { date: day(language, ends) });
    const codeBox = code === '' ? undefined : make('span', { class: 'code', part: 'code' }, `${say(language, 'code')} ${code}`);
    const terms = [least, until].filter(Boolean).join(' · ');
    return { title: title || id, url, image, brand: '', below: [more(description), more(terms), codeBox] };
  }
  const { id, title, url, image, description } = item.article;
  return { title: title || id, url, image, brand: '', below: [more(description)] };
}

export function card(item: AnyRecommendation, place: number, context: CardContext): HTMLLIElement {
  const { language, slotOf, onSelect } = context;
  const id = idOf(item);
  const { title, url, image, brand, below } = contentOf(item, language);
  const href = safeUrl(url);
  const body = [
    pictureOf(image, slotOf(id)),
    brand !== '' && make('span', { class: 'brand', part: 'brand' }, brand),
    make('span', { class: 'title', part: 'title', role: 'heading', 'aria-level': String(context.level) }, title),
    below,
  ];
  const link =
    href === undefined ? make('div', { class: 'link', part: 'link' }, body) : make('a', { class: 'link', part: 'link', href }, body);
  if (href !== undefined) link.addEventListener('click', onSelect);
  return make(
    'li',
    { class: 'card', part: 'card', 'data-id': id, 'data-place': String(place) },
    link,
    make('p', { class: 'reason', part: 'reason' }, item.reason.text[language], item.reason.kind === 'shared_terms' && sharedWords(item)),
    whyOf(item, title, language),
  );
}
