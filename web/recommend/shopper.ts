/** The shopper as the profile has it, for one request. Who did not agree to a profile is a shopper nothing is known of. */
import { AftersenseError } from '../errors.ts';
import type { Interests, ProductHistory, Profile, ProfileHistory, Suppressed, SuppressionOptions } from '../profile/types.ts';
import type { Ask } from './desk.ts';

/** The weight of a purchase of today, which counts 1 to the core (../profile/README.md). */
const purchaseWeight = 4;
/** The weightiest count: what follows would hardly turn a list. */
const maxProducts = 200;
/** Each is embedded by base once a request, some ten milliseconds. */
const maxSearches = 5;

export interface Shopper {
  readonly history: ProfileHistory;
  readonly suppressed: readonly Suppressed[];
}

/** Of categories and of brands, so many count. */
const maxInterests = 100;

/** A profile that a newer version of this module has written is as good as none here: what is shown is less, not an error. */
async function orNone<T>(read: () => Promise<T>, none: T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AftersenseError && error.code === 'profile_wrong_version') return none;
    throw error;
  }
}

/** Errors: invalid_argument, for options of suppression; disposed. */
export function readShopper(profile: Profile, suppress: SuppressionOptions | false | undefined): Promise<Shopper> {
  const read = async () => ({ history: await profile.history(), suppressed: await profile.suppressed(suppress || {}) });
  return orNone(read, { history: { at: Date.now(), products: [], searches: [], shown: [] }, suppressed: [] });
}

export const readInterests = (profile: Profile): Promise<Interests> =>
  orNone(() => profile.interests({ limit: maxInterests }), { at: Date.now(), categories: [], brands: [], terms: [], prices: [] });

const isLiked = ({ weight }: { readonly weight: number }): boolean => weight > 0;

/** As the core weighs it: 1 for a purchase of today. What faded to nothing does not count. */
const weighed = <T extends { readonly weight: number }>(known: readonly T[], most: number): readonly T[] =>
  known
    .slice(0, most)
    .map((one) => ({ ...one, weight: one.weight / purchaseWeight }))
    .filter(isLiked);

/** What the core ranks by: what the shopper likes, searched for and rated. */
export function historyFields({ history }: Pick<Shopper, 'history'>): Pick<Ask, 'history' | 'searches' | 'ratings'> {
  return {
    history: weighed(history.products, maxProducts).map(({ id, weight }) => ({ product: id, weight })),
    searches: weighed(history.searches, maxSearches).map(({ text, weight }) => ({ text, weight })),
    ratings: history.products.flatMap(({ id, stars }) => (stars === undefined ? [] : [{ product: id, stars }])),
  };
}

/** What was viewed and did not disappoint, the last one first. */
export function lastViewed({ history, suppressed }: Shopper): readonly string[] {
  const disappointed = new Set(suppressed.flatMap(({ id, reason }) => (reason === 'disappointed' ? id : [])));
  return history.products
    .filter(
      (product): product is ProductHistory & { lastViewed: number } => product.lastViewed !== undefined && !disappointed.has(product.id),
    )
    .sort((a, b) => b.lastViewed - a.lastViewed)
    .map(({ id }) => id);
}

/** How the shopper knows a product. */
export type Deed = 'bought' | 'viewed' | 'rated';

export function deedsOf({ history }: Pick<Shopper, 'history'>): ReadonlyMap<string, Deed> {
  return new Map(history.products.map(({ id, bought, views }) => [id, bought > 0 ? 'bought' : views > 0 ? 'viewed' : 'rated']));
}
