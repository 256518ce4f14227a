/** Why something is recommended, in words of a shop: pure. What contributions add is the core's. */
import type { Product } from '../types.ts';
import type { Found } from './desk.ts';
import { days, percent, quotedNames } from './phrases.ts';
import type { Due } from './replenishment.ts';
import type { Deed } from './shopper.ts';
import type { BothTexts, Contribution, Named, ReasonKind, RecommendReason, Surface } from './types.ts';

/** What a reason may speak of besides what the core says. */
export interface Telling {
  readonly surface: Surface;
  /** What the request is about, where it names one thing. */
  readonly anchor?: Named | undefined;
  named(id: string): Named;
  /** How the shopper knows what the reason names; undefined where the shop alone brought it up, as by a basket. */
  deedOf(id: string): Deed | undefined;
}

/** One part of a reason, ready to be told. */
interface Story {
  readonly surface: Surface;
  readonly measure: number;
  /** The names in quotation marks; undefined where there are none. */
  readonly what: BothTexts | undefined;
  /** What the shopper did with all of them. */
  readonly deed: Deed | undefined;
  readonly role: Product['role'];
}

const deeds: Readonly<Record<Deed, BothTexts>> = {
  bought: { zh: '买过', en: 'bought' },
  viewed: { zh: '看过', en: 'viewed' },
  rated: { zh: '评价过', en: 'rated' },
};

/** `“X”, which you bought`, or `“X”` alone. */
function known({ what, deed }: Story): BothTexts | undefined {
  if (!what || !deed) return what;
  return { zh: `您${deeds[deed].zh}的${what.zh}`, en: `${what.en}, which you ${deeds[deed].en}` };
}

function neighbours({ what, deed }: Story): BothTexts {
  if (!what) return { zh: '与您有相同选择的顾客也常买', en: 'Often bought by customers who chose the same' };
  if (!deed) return { zh: `买${what.zh}的顾客也常买`, en: `Customers who buy ${what.en} often buy this too` };
  return {
    zh: `您${deeds[deed].zh}${what.zh}，买它的顾客也常买这件`,
    en: `You ${deeds[deed].en} ${what.en}; its buyers often buy this too`,
  };
}

function rules({ what, measure }: Story): BothTexts {
  const share = percent(measure);
  if (!what) return { zh: `${share.zh} 的同类订单中也有它`, en: `Bought in ${share.en} of orders like this` };
  return { zh: `购买${what.zh}的订单中有 ${share.zh} 也有它`, en: `Bought in ${share.en} of the orders with ${what.en}` };
}

function sharedTerms(story: Story): BothTexts {
  const what = known(story);
  if (what) return { zh: `与${what.zh}特点相近`, en: `Shares features with ${what.en}` };
  if (story.surface === 'query') return { zh: '与您搜索的词相符', en: 'Matches the words you searched for' };
  return { zh: '与您感兴趣的特点相近', en: 'Shares features with what interests you' };
}

function similarMeaning(story: Story): BothTexts {
  const what = known(story);
  if (what) return { zh: `与${what.zh}相似`, en: `Similar to ${what.en}` };
  if (story.surface === 'query') return { zh: '与您要找的相近', en: 'Close to what you are looking for' };
  return { zh: '与您感兴趣的相似', en: 'Similar to what interests you' };
}

/** After a complaint, the like of it that takes its place. */
function instead({ what }: Story): BothTexts {
  return what ? { zh: `${what.zh}的替代之选`, en: `An alternative to ${what.en}` } : { zh: '替代之选', en: 'An alternative' };
}

function fits(story: Story): BothTexts {
  const what = known(story) ?? { zh: '这件商品', en: 'this product' };
  if (story.surface === 'content') return { zh: `与${what.zh}有关`, en: `About ${what.en}` };
  if (story.role === 'spare_part') return { zh: `${what.zh}的备件`, en: `A spare part for ${what.en}` };
  return { zh: `可与${what.zh}搭配的配件`, en: `An accessory for ${what.en}` };
}

function tell(kind: Exclude<ReasonKind, 'due'>, story: Story): BothTexts {
  const isOwn = story.surface === 'profile' || story.surface === 'content';
  switch (kind) {
    case 'shared_terms':
      return story.surface === 'complaint' && story.role === 'product' ? instead(story) : sharedTerms(story);
    case 'similar_meaning':
      return story.surface === 'complaint' && story.role === 'product' ? instead(story) : similarMeaning(story);
    case 'popularity':
      return { zh: '近期热销', en: 'Popular lately' };
    case 'neighbours':
      return neighbours(story);
    case 'rules':
      return rules(story);
    case 'factors':
      return isOwn
        ? { zh: '口味与您相近的顾客喜欢', en: 'Liked by customers with taste like yours' }
        : { zh: '有相同选择的顾客喜欢', en: 'Liked by customers who chose the same' };
    case 'themes':
      return isOwn
        ? { zh: '您常选的一类商品', en: 'The kind of thing you often choose' }
        : { zh: '与所选商品属于同一类', en: 'Of the same kind as your choice' };
    case 'fits':
      return fits(story);
    default:
      return kind satisfies never;
  }
}

/** What the shopper did with every one of them, where that is the same. */
function commonDeed(because: readonly Named[], deedOf: Telling['deedOf']): Deed | undefined {
  const [first, ...others] = because.map(({ id }) => deedOf(id));
  return others.every((deed) => deed === first) ? first : undefined;
}

type Part = Found['contributions'][number];

/** All but popularity comes from what the request is about, also where the method names nothing. */
function namesOf({ kind, because }: Part, { anchor, named }: Telling): readonly Named[] {
  if (because.length > 0) return because.map(named);
  return anchor && kind !== 'popularity' ? [anchor] : [];
}

function contributionOf(part: Part, role: Product['role'], telling: Telling): Contribution<ReasonKind> {
  const because = namesOf(part, telling);
  const { kind, score, measure } = part;
  const what = because.length > 0 ? quotedNames(because) : undefined;
  const story = { surface: telling.surface, measure, what, deed: commonDeed(because, telling.deedOf), role };
  return { kind, score, measure, because, text: tell(kind as Exclude<ReasonKind, 'due'>, story) };
}

/** Of one that the core found; it has at least one contribution. */
export function reasonOf({ product: { role }, terms, contributions: parts }: Found, telling: Telling): RecommendReason {
  const contributions = parts.map((part) => contributionOf(part, role, telling));
  const [first] = contributions as [Contribution<ReasonKind>];
  const { kind, because, text } = first;
  const { anchor } = telling;
  if (telling.surface !== 'viewed' || !anchor) return { kind, text, because, terms, contributions };
  const what = quotedNames([anchor]);
  return { kind, text: { zh: `因为您看过${what.zh}`, en: `Because you viewed ${what.en}` }, because: [anchor], terms, contributions };
}

function dueText({ source, intervalDays, elapsedDays }: Due): BothTexts {
  const [interval, elapsed] = [days(intervalDays), days(elapsedDays)];
  switch (source) {
    case 'own':
      return {
        zh: `您约每 ${interval.zh}买一次，上次是 ${elapsed.zh}前`,
        en: `You buy this about every ${interval.en}; last time was ${elapsed.en} ago`,
      };
    case 'lasts':
      return {
        zh: `约能用 ${interval.zh}，您上次购买是 ${elapsed.zh}前`,
        en: `Lasts about ${interval.en}; you bought it ${elapsed.en} ago`,
      };
    case 'customers':
      return {
        zh: `一般约 ${interval.zh}后再次购买，您上次购买是 ${elapsed.zh}前`,
        en: `Usually bought again after about ${interval.en}; you bought it ${elapsed.en} ago`,
      };
    default:
      return source satisfies never;
  }
}

export function dueReason(due: Due): RecommendReason {
  const text = dueText(due);
  const contribution = { kind: 'due', score: due.score, measure: due.intervalDays, because: [], text } as const;
  return { kind: 'due', text, because: [], terms: [], contributions: [contribution] };
}
