/** The front page: the same for everybody, and once the shopper has agreed, what suits them. */
import { articles } from '../app/articles.ts';
import { h, icon, picture } from '../app/html.ts';
import { t } from '../app/language.ts';
import { categories, findProduct, inCategory, nameOf, products, textOf } from '../app/products.ts';
import { onProfileChange, shopProfile } from '../app/profile.ts';
import { links } from '../app/router.ts';
import { hasDeclined } from '../app/session.ts';
import { guideGrid } from './care.ts';
import { consentCard } from './consent.ts';
import { productGrid, promises, recommendations, type View } from './parts.ts';

const heroPictures = ['gooseneck-kettle', 'moon-vase', 'linen-bear', 'celadon-cups', 'over-ear-headphones'];
const featured = [
  'stoneware-mug',
  'wool-throw',
  'camp-lantern',
  'clip-earbuds',
  'spring-longjing',
  'dot-notebook',
  'fig-candle',
  'enamel-stockpot',
];
const suggested = 4;
const guidesShown = 4;
const tryProduct = 'gooseneck-kettle';

function hero(): HTMLElement {
  return h(
    'section',
    { class: 'hero' },
    h(
      'div',
      { class: 'hero-text' },
      h('h1', { tabindex: '-1' }, t('heroTitle')),
      h('p', { class: 'lead' }, t('heroText', { count: products.length })),
      h(
        'p',
        { class: 'actions' },
        h('a', { class: 'button', href: links.all }, t('heroBrowse')),
        h('a', { class: 'button button-plain', href: links.feedback(tryProduct) }, t('heroFeedback')),
      ),
    ),
    h(
      'div',
      { class: 'hero-pictures', 'aria-hidden': 'true' },
      heroPictures.map((id) => picture(id)),
    ),
  );
}

function promise(): HTMLElement {
  return h(
    'section',
    { class: 'promise' },
    icon('device'),
    h('div', {}, h('h2', {}, t('promiseTitle')), h('p', {}, t('promiseText'))),
    h('a', { class: 'button button-light', href: links.feedback(tryProduct) }, t('promiseTry')),
  );
}

function categoryTiles(): HTMLElement {
  return h(
    'ul',
    { class: 'tiles' },
    categories.map((category) =>
      h(
        'li',
        {},
        h(
          'a',
          { class: 'tile', href: links.category(category.id) },
          picture(category.picture),
          h('span', { class: 'tile-name' }, nameOf(category)),
          h('span', { class: 'tile-count' }, t('itemsCount', { count: inCategory(category.id).length })),
        ),
      ),
    ),
  );
}

async function lastViewed(): Promise<string | undefined> {
  const { products: known } = await shopProfile.history();
  const [latest] = known.filter(({ lastViewed }) => lastViewed !== undefined).sort((a, b) => (b.lastViewed ?? 0) - (a.lastViewed ?? 0));
  return latest?.id;
}

/** What the profile comes to; without consent, what everybody likes, and the question. */
async function ownSections(consented: boolean, redraw: () => void, signal: AbortSignal): Promise<readonly HTMLElement[]> {
  if (!consented) {
    const popular = recommendations('popular', t('popularTitle'), { for: 'profile', k: suggested }, signal);
    return hasDeclined() ? [popular] : [consentCard(redraw), popular];
  }
  const sections = [
    recommendations('replenishment', t('replenishmentTitle'), { for: 'replenishment', k: suggested }, signal),
    recommendations('profile', t('forYouTitle'), { for: 'profile', k: 2 * suggested }, signal),
  ];
  const viewed = findProduct((await lastViewed()) ?? '');
  if (viewed) {
    const heading = t('viewedTitle', { product: textOf(viewed).title });
    sections.push(recommendations('viewed', heading, { for: 'viewed', id: viewed.id, k: suggested }, signal));
  }
  const about = h(
    'p',
    { class: 'quiet about-you' },
    icon('device'),
    h('span', {}, t('aboutYou')),
    h('a', { href: links.you }, t('navYou')),
  );
  return [...sections, about];
}

/** Drawn anew when the shopper agrees, or takes that back. */
function ownPart(signal: AbortSignal): HTMLElement {
  const host = h('div', {});
  let drawn: boolean | undefined;
  const draw = async (anew = false) => {
    const consented = await shopProfile.consented();
    if (signal.aborted || (consented === drawn && !anew)) return;
    drawn = consented;
    host.replaceChildren(...(await ownSections(consented, () => void draw(true), signal)));
  };
  void draw();
  onProfileChange(() => void draw(), signal);
  return host;
}

export function homeView(signal: AbortSignal): View {
  const chosen = featured.flatMap((id) => findProduct(id) ?? []);
  return {
    title: t('shopName'),
    element: h(
      'div',
      { class: 'page' },
      hero(),
      h('section', { class: 'section' }, h('h2', {}, t('shopByCategory')), categoryTiles()),
      ownPart(signal),
      promise(),
      h(
        'section',
        { class: 'section' },
        h('div', { class: 'section-head' }, h('h2', {}, t('featured')), h('a', { href: links.all }, t('seeAll'))),
        productGrid(chosen),
      ),
      h(
        'section',
        { class: 'section' },
        h('div', { class: 'section-head' }, h('h2', {}, t('careTitle')), h('a', { href: links.care }, t('seeAll'))),
        guideGrid(articles.slice(0, guidesShown)),
      ),
      promises(),
    ),
  };
}
