/**
 * What the shopper is interested in, kept by the module on this device once the shopper has agreed. Without consent nothing here does
 * anything; what goes wrong is told to the console, and never in the shopper's way.
 */
import { type Analysis, type NewProfileEvent, openProfile, type ProductInput } from 'aftersense';
import { findCategory, nameOf, priceOf, type ShopProduct, textOf } from './products.ts';

export const shopProfile = openProfile();

const listeners = new Set<() => void>();

function changed(): void {
  for (const listener of listeners) listener();
}

/** Calls `listener` when the consent changes or an event is kept, here or in another tab, until `signal` aborts. */
export function onProfileChange(listener: () => void, signal: AbortSignal): void {
  listeners.add(listener);
  signal.addEventListener('abort', () => listeners.delete(listener));
  shopProfile.watch(listener, { signal });
}

export async function agree(): Promise<void> {
  await shopProfile.consent(true);
  changed();
}

/** Erases everything, and rejects where something may be left. */
export async function withdraw(): Promise<void> {
  await shopProfile.consent(false);
  changed();
}

/** A product as the page shows it now. */
function inputOf(product: ShopProduct): ProductInput {
  const { title, brand, tags } = textOf(product);
  const category = findCategory(product.category);
  return { id: product.id, title, brand, tags, price: priceOf(product), currency: 'CNY', ...(category && { category: nameOf(category) }) };
}

async function remember(...events: readonly NewProfileEvent[]): Promise<void> {
  try {
    if (!(await shopProfile.consented())) return;
    for (const event of events) await shopProfile.record(event);
    changed();
  } catch (error) {
    console.warn(error);
  }
}

export const rememberView = (product: ShopProduct): Promise<void> => remember({ kind: 'view', product: inputOf(product) });

export const rememberSearch = (text: string): Promise<void> => remember({ kind: 'search', text });

export const rememberFeedback = (product: ShopProduct, analysis: Analysis): Promise<void> =>
  remember({ kind: 'feedback', product: inputOf(product), analysis });

export const rememberPurchases = (lines: readonly { readonly product: ShopProduct; readonly quantity: number }[]): Promise<void> =>
  remember(...lines.map(({ product, quantity }) => ({ kind: 'purchase', product: inputOf(product), quantity }) as const));

const dayMs = 86_400_000;

/** Days ago of each. Coffee, its papers and the brush heads are about to run out. */
const sampleYear = {
  purchase: [
    ['gooseneck-kettle', 190],
    ['house-coffee', 21],
    ['hand-grinder', 130],
    ['cone-filters', 62],
    ['sonic-toothbrush', 320],
    ['sonic-brush-heads', 282],
    ['sonic-brush-heads', 190],
    ['sonic-brush-heads', 98],
    ['santoku-knife', 100],
    ['two-person-tent', 25],
    ['fig-candle', 52],
    ['fountain-pen', 16],
  ],
  view: [
    ['celadon-cups', 6],
    ['spring-longjing', 5],
    ['endgrain-board', 4],
    ['clay-teapot', 2],
  ],
} as const;

/** A made-up year of a shopper who likes coffee, a good knife and a tent, for those who have not shopped here. */
export function rememberSample(find: (id: string) => ShopProduct | undefined): Promise<void> {
  const events = (['purchase', 'view'] as const).flatMap((kind) =>
    sampleYear[kind].flatMap(([id, daysAgo]): NewProfileEvent[] => {
      const product = find(id);
      if (!product) return [];
      // One id a line: filling it in twice adds nothing.
      return [{ kind, id: `sample/${kind}/${id}/${daysAgo}`, at: Date.now() - daysAgo * dayMs, product: inputOf(product) }];
    }),
  );
  return remember(...events);
}
