/**
 * The after-sales desk as this page uses it: loading with progress, retry, and one catalogue a language.
 * Everything is fetched at the start; after that, nothing the shopper does causes a request.
 */
import {
  type Aftersense,
  type Analysis,
  type AnyRecommendRequest,
  createAftersense,
  type Decision,
  decide,
  type Progress,
  type Replies,
  type Variant,
} from 'aftersense';
import { language, type ShopLanguage } from './language.ts';
import { factsOf, orderOf } from './orders.ts';
import { findProduct, textOf } from './products.ts';
import { shopFacts } from './shop-facts.ts';
import { shopPolicy } from './shop-settings.ts';

export interface LoadProgress {
  readonly loadedBytes: number;
  /** Undefined until every part has told its size. */
  readonly totalBytes: number | undefined;
}

/** The larger model, which loads behind the desk and then takes over. */
export type BaseState =
  | { readonly status: 'loading'; readonly progress: LoadProgress }
  | { readonly status: 'ready'; readonly loadedBytes: number }
  | { readonly status: 'failed'; readonly reason: string };

export type DeskState =
  | { readonly status: 'loading'; readonly progress: LoadProgress }
  | { readonly status: 'ready'; readonly desk: Aftersense; readonly loadedBytes: number; readonly base: BaseState }
  | { readonly status: 'failed'; readonly reason: string };

type Catalogues = Readonly<Record<ShopLanguage, Uint8Array>>;

const nothingYet: LoadProgress = { loadedBytes: 0, totalBytes: undefined };
let state: DeskState = { status: 'loading', progress: nothingYet };
let base: BaseState = { status: 'loading', progress: nothingYet };
let catalogues: Catalogues | undefined;
let loadedCatalogue: ShopLanguage | undefined;
let starting: Promise<Aftersense>;
/** Tail of the queue that keeps a recommendation and the catalogue it needs together. */
let catalogueQueue: Promise<unknown> = Promise.resolve();
const listeners = new Set<(state: DeskState) => void>();

function change(next: DeskState): void {
  state = next;
  for (const listener of listeners) listener(state);
}

function changeBase(next: BaseState): void {
  base = next;
  if (state.status === 'ready') change({ ...state, base });
}

export const deskState = (): DeskState => state;

/** Calls `listener` now and after every change until `signal` aborts. */
export function onDeskChange(listener: (state: DeskState) => void, signal?: AbortSignal): void {
  listeners.add(listener);
  signal?.addEventListener('abort', () => listeners.delete(listener));
  listener(state);
}

/** `?variant=simd128` or `?variant=relaxed` forces one build of the engine, for tests and support. */
function requestedVariant(): 'auto' | Variant {
  const value = new URLSearchParams(location.search).get('variant');
  return value === 'simd128' || value === 'relaxed' ? value : 'auto';
}

/** Where the site begins: a page in a folder of it says so, as `<html data-site="..">`. */
const site = new URL(`${document.documentElement.dataset.site ?? '.'}/`, document.baseURI);

async function fetchCatalogue(name: ShopLanguage): Promise<Uint8Array> {
  const response = await fetch(new URL(`catalog.${name}.bin`, site));
  if (!response.ok) throw new Error(`catalogue ${name}: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function progressReporter(): (progress: Progress) => void {
  const stages = new Map<string, LoadProgress>();
  return (progress) => {
    if (progress.stage === 'base') changeBase({ status: 'loading', progress });
    if (!('loadedBytes' in progress) || progress.stage === 'base' || state.status !== 'loading') return;
    stages.set(progress.stage, progress);
    const parts = [...stages.values()];
    const totals = parts.map((part) => part.totalBytes);
    const known = totals.every((total) => total !== undefined);
    change({
      status: 'loading',
      progress: {
        loadedBytes: parts.reduce((sum, part) => sum + part.loadedBytes, 0),
        totalBytes: known ? totals.reduce((sum, total) => sum + total, 0) : undefined,
      },
    });
  };
}

async function loadCatalogue(desk: Aftersense, wanted: ShopLanguage): Promise<void> {
  if (loadedCatalogue === wanted || catalogues === undefined) return;
  await desk.catalog.load(catalogues[wanted].slice());
  loadedCatalogue = wanted;
}

async function load(): Promise<Aftersense> {
  const files = Promise.all([fetchCatalogue('zh'), fetchCatalogue('en')]);
  files.catch(() => undefined);
  const desk = await createAftersense({ variant: requestedVariant(), onProgress: progressReporter() });
  try {
    const [zh, en] = await files;
    catalogues = { zh, en };
    loadedCatalogue = undefined;
    await loadCatalogue(desk, language());
    return desk;
  } catch (error) {
    desk.dispose();
    throw error;
  }
}

/** Starts loading, or starts over after a failure. */
export function startDesk(): void {
  change({ status: 'loading', progress: nothingYet });
  changeBase({ status: 'loading', progress: nothingYet });
  starting = load();
  starting.then(
    (desk) => {
      change({ status: 'ready', desk, loadedBytes: state.status === 'loading' ? state.progress.loadedBytes : 0, base });
      return desk.ready('base').then(
        () => changeBase({ status: 'ready', loadedBytes: base.status === 'loading' ? base.progress.loadedBytes : 0 }),
        (error: unknown) => changeBase({ status: 'failed', reason: reasonOf(error) }),
      );
    },
    (error: unknown) => change({ status: 'failed', reason: reasonOf(error) }),
  );
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Judges one text and tells which words decided; waits for the desk if it is still loading. `onUpdate` gets what base says, where
 * lite had to answer.
 */
export async function analyze(text: string, signal: AbortSignal, onUpdate: (better: Analysis) => void): Promise<Analysis> {
  const desk = await starting;
  signal.throwIfAborted();
  return desk.analyze(text, { explain: true, signal, onUpdate });
}

/** Reads several texts, for the packet of a hand-off. */
export async function analyzeAll(texts: readonly string[], signal: AbortSignal): Promise<Analysis[]> {
  const desk = await starting;
  return desk.analyze(texts, { explain: true, signal });
}

/** What the shop's policy makes of a reading of `text`, about a product that the shopper has. */
export function decideOn(analysis: Analysis, text: string, productId: string): Decision {
  const order = orderOf(productId);
  return decide(analysis, shopPolicy(), { text, locale: language(), ...(order && { order: factsOf(order) }) });
}

/** The shop's answers to `text`, in the page's language. */
export async function reply(text: string, productId: string, signal: AbortSignal, onUpdate: (better: Replies) => void): Promise<Replies> {
  const desk = await starting;
  signal.throwIfAborted();
  const order = orderOf(productId);
  const product = findProduct(productId);
  const facts = order && {
    ...factsOf(order),
    id: order.number,
    carrier: order.carrier,
    trackingNo: order.tracking,
    ...(product && { product: textOf(product).title }),
  };
  return desk.reply(text, { language: language(), values: shopFacts(), signal, onUpdate, ...(facts && { order: facts }) });
}

/** Recommends from the catalogue of the page's language. */
export const recommend = ((request: AnyRecommendRequest) => {
  const wanted = language();
  const answer = catalogueQueue.then(async () => {
    const desk = await starting;
    request.signal?.throwIfAborted();
    await loadCatalogue(desk, wanted);
    return desk.recommend(request);
  });
  catalogueQueue = answer.catch(() => undefined);
  return answer;
}) as Aftersense['recommend'];
