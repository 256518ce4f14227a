/** The element's class. Importing it registers nothing; index.ts does. */
import type { AnyRecommendation, AnyRecommendRequest, Surface } from '../recommend/types.ts';
import type { Aftersense, Product } from '../types.ts';
import { ElementBase, languageOf, openShadow, takeEarly } from './base.ts';
import { card, idOf } from './cards.ts';
import { make } from './dom.ts';
import { watchSeen } from './seen.ts';
import { styles } from './styles.ts';
import { type ElementLanguage, say } from './words.ts';

/** What the element needs of a handle: `createAftersense` gives one, and so may a page that wraps its own. */
export type RecommendDesk = Pick<Aftersense, 'recommend'> & Partial<Pick<Aftersense, 'profile'>>;

/** `idle`: not told what to show, and hidden. `empty`: nothing to recommend, and hidden. */
export type RecommendationsState = 'idle' | 'loading' | 'ready' | 'empty' | 'error';

/** A picture of the page's own for an item; undefined for the image that the catalogue names. */
export type PictureOf = (item: AnyRecommendation) => Element | undefined;

const surfaces: readonly Surface[] = ['product', 'basket', 'query', 'profile', 'viewed', 'replenishment', 'complaint', 'offer', 'content'];
const defaultCount = 5;

/**
 * Recommendations as cards, each with its reason. Import `aftersense/element` once, then:
 *
 * ```html
 * <aftersense-recommendations for="product" product-id="mug-0042" k="4" heading="You may also like"></aftersense-recommendations>
 * ```
 * ```js
 * document.querySelector('aftersense-recommendations').desk = await createAftersense();
 * ```
 *
 * It asks for nothing itself: what is shown comes from `desk`, pictures and links from the catalogue. It hides while there is nothing to show.
 *
 * @attr for - the surface, as in `desk.recommend`; `basket` and `query` need more than attributes can say: set `request`, or for
 *   `basket`, `product-id`
 * @attr product-id - the product that `product`, `complaint`, `viewed`, `basket` and `content` are about
 * @attr k - how many, default 5
 * @attr lang - `zh…` or else English; default: the language of the nearest element that has one
 * @attr heading - default: what the surface is called
 * @attr heading-level - 2, the default, to 5; titles of cards are one level below
 * @attr state - set by the element: `idle`, `loading`, `ready`, `empty`, `error`
 *
 * @fires aftersense-select - the shopper follows a card's link; cancelable; `detail` is the recommendation
 * @fires aftersense-shown - cards were seen, half of each for a second; `detail.items` are the recommendations. The profile, where the
 *   shopper has consented, then has it as `shown`
 *
 * @csspart heading, list, card, link, picture, brand, title, price, sale-price, unavailable, code, reason, words, word, why, details, contributions, bar, problem, retry
 * @cssproperty --aftersense-accent, --aftersense-sale, --aftersense-text, --aftersense-soft, --aftersense-line, --aftersense-surface - colours
 * @cssproperty --aftersense-radius, --aftersense-gap, --aftersense-card-width, --aftersense-picture-ratio, --aftersense-heading-font
 */
export class AftersenseRecommendations extends ElementBase {
  static readonly observedAttributes = ['for', 'product-id', 'k', 'lang', 'heading', 'heading-level'];

  #desk: RecommendDesk | undefined;
  #request: AnyRecommendRequest | undefined;
  #picture: PictureOf | undefined;
  #items: readonly AnyRecommendation[] = [];
  #error: unknown;
  #asked: AbortController | undefined;
  #drawn: AbortController | undefined;
  #isScheduled = false;

  /** Where recommendations come from. Until it is set the element shows that it is waiting. */
  get desk(): RecommendDesk | undefined {
    return this.#desk;
  }
  set desk(desk: RecommendDesk | undefined) {
    if (desk === this.#desk) return;
    this.#desk = desk;
    this.#schedule();
  }

  /** What to ask for, in place of the attributes. Its `signal` is the element's own business. */
  get request(): AnyRecommendRequest | undefined {
    return this.#request;
  }
  set request(request: AnyRecommendRequest | undefined) {
    this.#request = request;
    this.#schedule();
  }

  /** Its elements stand in the page's own tree, in slots of the cards, so that the page's styles and sprites reach them. */
  get picture(): PictureOf | undefined {
    return this.#picture;
  }
  set picture(picture: PictureOf | undefined) {
    this.#picture = picture;
    if (this.isConnected && this.#items.length > 0) this.#draw();
  }

  /** What is shown. */
  get items(): readonly AnyRecommendation[] {
    return this.#items;
  }

  /** Why nothing could be shown, in the state `error`. */
  get error(): unknown {
    return this.#error;
  }

  get state(): RecommendationsState {
    return (this.getAttribute('state') as RecommendationsState | null) ?? 'idle';
  }

  get language(): ElementLanguage {
    return languageOf(this);
  }

  connectedCallback(): void {
    takeEarly<'desk' | 'request' | 'picture'>(this, ['desk', 'request', 'picture']);
    openShadow(this, styles);
    this.#schedule();
  }

  disconnectedCallback(): void {
    this.#asked?.abort();
    this.#drawn?.abort();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || !this.isConnected) return;
    if (name === 'for' || name === 'product-id' || name === 'k') this.#schedule();
    else if (this.shadowRoot) this.#draw();
  }

  /** Asks again, such as after something was recorded in the profile. Changes of attributes and properties need no call. */
  refresh(): void {
    this.#schedule();
  }

  /** Several changes in a row ask once. */
  #schedule(): void {
    if (this.#isScheduled || !this.isConnected) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      if (this.isConnected) void this.#ask();
    });
  }

  async #ask(): Promise<void> {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const request = this.#request ?? this.#requestOfAttributes();
    const desk = this.#desk;
    if (!request) {
      this.#show('idle', []);
      return;
    }
    // What is there stays until something else is.
    if (this.#items.length === 0) this.#show('loading', []);
    if (!desk) return;
    try {
      const items = await desk.recommend({ ...request, signal });
      if (!signal.aborted) this.#show(items.length > 0 ? 'ready' : 'empty', items);
    } catch (error) {
      if (signal.aborted) return;
      this.#error = error;
      this.#show('error', []);
    }
  }

  #requestOfAttributes(): AnyRecommendRequest | undefined {
    const surface = this.getAttribute('for') as Surface | null;
    const id = this.getAttribute('product-id');
    const common = this.hasAttribute('k') ? { k: Number(this.getAttribute('k')) } : {};
    switch (surface) {
      case 'product':
      case 'complaint':
        return id === null ? undefined : { ...common, for: surface, id };
      case 'basket':
        return id === null ? undefined : { ...common, for: surface, ids: [id] };
      case 'viewed':
      case 'content':
        return { ...common, for: surface, ...(id !== null && { id }) };
      case 'profile':
      case 'replenishment':
      case 'offer':
        return { ...common, for: surface };
      default:
        return undefined;
    }
  }

  #show(state: RecommendationsState, items: readonly AnyRecommendation[]): void {
    this.#items = items;
    if (state !== 'error') this.#error = undefined;
    this.setAttribute('state', state);
    this.#draw();
  }

  get #level(): number {
    const level = Number(this.getAttribute('heading-level') ?? 2);
    return Number.isInteger(level) ? Math.min(5, Math.max(2, level)) : 2;
  }

  #draw(): void {
    const root = this.shadowRoot;
    if (!root) return;
    this.#drawn?.abort();
    this.#drawn = new AbortController();
    const { state, language } = this;
    const surface = this.#request?.for ?? this.getAttribute('for');
    const known = surfaces.find((each) => each === surface) ?? 'profile';
    const label = this.getAttribute('heading') || say(language, known);
    if (state === 'idle' || state === 'empty') {
      this.#placePictures([]);
      root.replaceChildren();
      return;
    }
    const heading = make(`h${this.#level}` as 'h2', { id: 'heading', part: 'heading' }, label);
    const section = make('section', { 'aria-labelledby': 'heading', 'aria-busy': String(state === 'loading'), lang: language }, heading);
    section.append(this.#body(state, language));
    root.replaceChildren(section);
  }

  #body(state: 'loading' | 'ready' | 'error', language: ElementLanguage): HTMLElement {
    switch (state) {
      case 'ready':
        return this.#list(language);
      case 'loading':
        return this.#waiting(language);
      case 'error': {
        this.#placePictures([]);
        const retry = make('button', { type: 'button', part: 'retry' }, say(language, 'retry'));
        retry.addEventListener('click', () => this.refresh());
        return make('p', { class: 'problem', part: 'problem', role: 'status' }, say(language, 'failed'), retry);
      }
      default:
        return state satisfies never;
    }
  }

  #waiting(language: ElementLanguage): HTMLElement {
    const count = Math.min(this.#request?.k ?? (Number(this.getAttribute('k')) || defaultCount), defaultCount);
    const blank = () => make('span', { class: 'blank' });
    const cards = Array.from({ length: count }, () => make('li', {}, make('span', { class: 'picture' }), blank(), blank()));
    const list = make('ul', { class: 'pending', 'aria-hidden': 'true' }, cards);
    return make('div', {}, make('p', { class: 'quiet', role: 'status' }, say(language, 'loading')), list);
  }

  #list(language: ElementLanguage): HTMLElement {
    const slots = this.#placePictures(this.#items);
    const cards = this.#items.map((item, place) =>
      card(item, place, {
        language,
        level: this.#level + 1,
        slotOf: (id) => slots.get(id),
        onSelect: (event) => {
          const selected = new CustomEvent('aftersense-select', { detail: item, bubbles: true, composed: true, cancelable: true });
          if (!this.dispatchEvent(selected)) event.preventDefault();
        },
      }),
    );
    const signal = this.#drawn?.signal;
    if (signal) watchSeen(cards, (places) => this.#seen(places.flatMap((place) => this.#items[place] ?? [])), signal);
    // A list without markers is none to Safari unless it is told.
    return make('ul', { part: 'list', role: 'list' }, cards);
  }

  /** Puts the page's own pictures among the element's children, and returns the slots that they have. */
  #placePictures(items: readonly AnyRecommendation[]): ReadonlyMap<string, string> {
    for (const old of this.querySelectorAll(':scope > [slot^="picture-"]')) old.remove();
    const slots = new Map<string, string>();
    for (const [place, item] of items.entries()) {
      const picture = this.#picture?.(item);
      if (!picture) continue;
      picture.slot = `picture-${place}`;
      slots.set(idOf(item), picture.slot);
      this.append(picture);
    }
    return slots;
  }

  #seen(items: readonly AnyRecommendation[]): void {
    this.dispatchEvent(new CustomEvent('aftersense-shown', { detail: { items }, bubbles: true, composed: true }));
    const products = items.flatMap((item) => ('product' in item ? [(item.product as Product).id] : []));
    void this.#record(products);
  }

  /** A profile that refuses to keep it changes nothing on the page. */
  async #record(products: readonly string[]): Promise<void> {
    const profile = this.#desk?.profile;
    if (!profile || products.length === 0) return;
    try {
      if (await profile.consented()) await profile.record({ kind: 'shown', products });
    } catch {
      // Withdrawn in the meantime, of a newer version, disposed: what was seen is then not counted.
    }
  }
}
