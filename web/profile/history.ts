/** What a recommender wants to know of the shopper: pure. */
import { checkInteger } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import { timeOf } from './events.ts';
import type {
  ProductHistory,
  ProfileEvent,
  ProfileHistory,
  SearchHistory,
  ShownHistory,
  Suppressed,
  SuppressionOptions,
  VectorSource,
} from './types.ts';
import { daysSince, weightOf } from './weights.ts';

type ProductEvent = Exclude<ProfileEvent, { kind: 'search' | 'shown' }>;
type Search = Extract<ProfileEvent, { kind: 'search' }>;

const maxDays = 36_500;
const maxTimes = 1000;
/** Of each, the weightiest make the vector: what follows would hardly turn it. */
const maxVectors = 100;

const invalid = (message: string) => new AftersenseError('invalid_argument', message);
const isSearch = (event: ProfileEvent): event is Search => event.kind === 'search';
const isOfProduct = (event: ProfileEvent): event is ProductEvent => event.kind !== 'search' && event.kind !== 'shown';
const weightiest = (a: { readonly weight: number }, b: { readonly weight: number }): number => b.weight - a.weight;

function byKey<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** `events`, oldest first, are all of one product. */
function productHistory(id: string, events: readonly ProductEvent[], now: number): ProductHistory {
  const bought = events.flatMap((event) => (event.kind === 'purchase' ? [event] : []));
  const views = events.filter(({ kind }) => kind === 'view');
  const [lastBought, lastViewed] = [bought, views].map((some) => some.at(-1));
  const stars = events.flatMap((event) => (event.kind === 'rating' ? [event.stars] : [])).at(-1);
  return {
    id,
    weight: events.reduce((sum, event) => sum + weightOf(event, now), 0),
    bought: bought.reduce((sum, { quantity }) => sum + quantity, 0),
    ...(lastBought && { lastBought: timeOf(lastBought, now) }),
    purchases: bought.map((event) => ({ at: timeOf(event, now), quantity: event.quantity })),
    views: views.length,
    ...(lastViewed && { lastViewed: timeOf(lastViewed, now) }),
    ...(stars !== undefined && { stars }),
  };
}

function searchHistory(text: string, events: readonly Search[], now: number): SearchHistory {
  const weight = events.reduce((sum, event) => sum + weightOf(event, now), 0);
  return { text, weight, at: Math.max(...events.map((event) => timeOf(event, now))) };
}

/** Exposure as rankings are valued, by the discount of DCG (Järvelin and Kekäläinen 2002). */
function shownHistory(events: readonly ProfileEvent[]): ShownHistory[] {
  const exposures = new Map<string, number>();
  for (const event of events)
    if (event.kind === 'shown')
      for (const [i, id] of event.products.entries()) exposures.set(id, (exposures.get(id) ?? 0) + 1 / Math.log2(i + 2));
  return Array.from(exposures, ([id, exposure]) => ({ id, exposure })).sort((a, b) => b.exposure - a.exposure);
}

/** `events`: oldest first. */
export function historyOf(events: readonly ProfileEvent[], now: number): ProfileHistory {
  const products = byKey(events.filter(isOfProduct), ({ product }) => product.id);
  const searches = byKey(events.filter(isSearch), ({ text }) => text);
  return {
    at: now,
    products: Array.from(products, ([id, own]) => productHistory(id, own, now)).sort(weightiest),
    searches: Array.from(searches, ([text, own]) => searchHistory(text, own, now)).sort(weightiest),
    shown: shownHistory(events),
  };
}

/** Ids of products shown so often in the last days. */
function shownOften(events: readonly ProfileEvent[], now: number, cap: Exclude<SuppressionOptions['shown'], false | undefined>): string[] {
  const times = new Map<string, number>();
  for (const event of events)
    if (event.kind === 'shown' && daysSince(event, now) < cap.days)
      for (const id of event.products) times.set(id, (times.get(id) ?? 0) + 1);
  return [...times].filter(([, count]) => count >= cap.times).map(([id]) => id);
}

/** Products that the shopper speaks ill of, all ratings and feedback taken together; that they were bought or viewed is no excuse. */
function disappointing(events: readonly ProfileEvent[], now: number): ReadonlySet<string> {
  const opinions = events.filter(({ kind }) => kind === 'rating' || kind === 'feedback');
  return new Set(historyOf(opinions, now).products.flatMap(({ id, weight }) => (weight < 0 ? id : [])));
}

/** Throws `invalid_argument`. */
function checkSuppression(options: SuppressionOptions) {
  const { boughtDays = 90, viewedDays = 1, shown = { times: 3, days: 7 } } = Object(options) as SuppressionOptions;
  checkInteger(boughtDays, 'boughtDays', 0, maxDays);
  checkInteger(viewedDays, 'viewedDays', 0, maxDays);
  if (shown !== false) {
    checkInteger(Object(shown).times, 'shown.times', 1, maxTimes);
    checkInteger(Object(shown).days, 'shown.days', 1, maxDays);
  }
  return { boughtDays, viewedDays, shown };
}

/** `events`: oldest first. */
export function suppressedIn(events: readonly ProfileEvent[], now: number, options: SuppressionOptions = {}): readonly Suppressed[] {
  const { boughtDays, viewedDays, shown } = checkSuppression(options);
  const within = (at: number | undefined, days: number) => at !== undefined && daysSince({ at }, now) < days;
  const found = new Map<string, Suppressed['reason']>();
  const disappointed = disappointing(events, now);
  for (const { id, lastBought, lastViewed } of historyOf(events, now).products) {
    if (disappointed.has(id)) found.set(id, 'disappointed');
    else if (within(lastBought, boughtDays)) found.set(id, 'bought');
    else if (within(lastViewed, viewedDays)) found.set(id, 'viewed');
  }
  if (shown) for (const id of shownOften(events, now, shown)) if (!found.has(id)) found.set(id, 'shown_often');
  return Array.from(found, ([id, reason]) => ({ id, reason }));
}

type VectorList = Awaited<ReturnType<VectorSource['products']>>;

function checkList(list: VectorList, count: number, name: string): VectorList {
  if (!Array.isArray(list) || list.length !== count)
    throw invalid(`source.${name} must give ${count} vectors, one for each, or undefined.`);
  return list;
}

function addTo(sum: Float64Array | undefined, vector: ArrayLike<number>, weight: number): Float64Array {
  const total = sum ?? new Float64Array(vector.length);
  if (vector.length !== total.length) throw invalid(`source has vectors of ${total.length} and of ${vector.length} numbers.`);
  for (let i = 0; i < total.length; i++) total[i] = (total[i] as number) + weight * (vector[i] as number);
  return total;
}

/** Only what is liked draws the vector; what disappointed does not push it away, since it would push its whole category. */
export async function vectorOf(history: ProfileHistory, source: VectorSource): Promise<Float32Array<ArrayBuffer> | undefined> {
  if (typeof Object(source).products !== 'function') throw invalid('source.products must be a function.');
  const products = history.products.filter(({ weight }) => weight > 0).slice(0, maxVectors);
  const searches = source.searches ? history.searches.slice(0, maxVectors) : [];
  const [ofProducts, ofSearches] = await Promise.all([
    products.length > 0 ? source.products(products.map(({ id }) => id)) : [],
    searches.length > 0 ? (source.searches?.(searches.map(({ text }) => text)) ?? []) : [],
  ]);
  const vectors = [...checkList(ofProducts, products.length, 'products'), ...checkList(ofSearches, searches.length, 'searches')];
  let sum: Float64Array | undefined;
  for (const [i, { weight }] of [...products, ...searches].entries()) {
    const vector = vectors[i];
    if (vector) sum = addTo(sum, vector, weight);
  }
  const length = Math.hypot(...(sum ?? []));
  return sum && length > 0 && Number.isFinite(length) ? Float32Array.from(sum, (value) => value / length) : undefined;
}
