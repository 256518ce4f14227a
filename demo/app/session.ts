/**
 * What the shopper is writing and choosing, kept in this tab (`sessionStorage`) and nowhere else: it survives moving about,
 * a language switch and a reload, and ends with the tab. Where storage is refused, it lives as long as the page.
 * What the shopper hands in becomes a case: cases.ts.
 */
import type { Decision } from 'aftersense';

/** Which part of the feedback flow is open on a product page. */
export type Step = 'none' | 'pleased' | 'unsure' | FormKind;
export type FormKind = 'complaint' | 'question' | 'person';

/** What was typed into a form. */
export interface CaseFields {
  readonly kind: string;
  readonly description: string;
  readonly order: string;
  readonly wish: string;
  readonly contact: string;
}

export interface Draft {
  readonly text: string;
  readonly step: Step;
  /** What led to the step; absent where the shopper chose it, or nothing could be decided. */
  readonly decision?: Decision | undefined;
  /** What was decided on: the reasons quote it. */
  readonly decidedText?: string;
  /** What was typed into each form, so that trying another path loses nothing. */
  readonly forms: Readonly<Partial<Record<FormKind, CaseFields>>>;
  /** Id of the case last opened from this page, shown as confirmation. */
  readonly kept: string;
}

interface Session {
  drafts: Record<string, Draft>;
  basket: Record<string, number>;
  offer: string;
  search: string;
  /** Whether the shopper has said no to being asked for the profile. */
  declined: boolean;
}

const storageKey = 'halfacre.session';
const emptyDraft: Draft = { text: '', step: 'none', forms: {}, kept: '' };

function restore(): Session {
  const empty: Session = { drafts: {}, basket: {}, offer: '', search: '', declined: false };
  try {
    return { ...empty, ...(JSON.parse(sessionStorage.getItem(storageKey) ?? '{}') as Partial<Session>) };
  } catch {
    return empty;
  }
}

const session = restore();
const listeners = new Set<() => void>();

function save(): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(session));
  } catch {
    // Refused or full: the copy in memory still serves this page.
  }
  for (const listener of listeners) listener();
}

/** Calls `listener` after every change until `signal` aborts. */
export function onSessionChange(listener: () => void, signal: AbortSignal): void {
  listeners.add(listener);
  signal.addEventListener('abort', () => listeners.delete(listener));
}

export const draftOf = (productId: string): Draft => session.drafts[productId] ?? emptyDraft;

export function updateDraft(productId: string, change: Partial<Draft>): void {
  session.drafts[productId] = { ...draftOf(productId), ...change };
  save();
}

export const basket = (): Readonly<Record<string, number>> => session.basket;

export const basketCount = (): number => Object.values(session.basket).reduce((sum, quantity) => sum + quantity, 0);

/** Zero takes the product out. */
export function setQuantity(productId: string, quantity: number): void {
  if (quantity > 0) session.basket[productId] = quantity;
  else delete session.basket[productId];
  save();
}

export function emptyBasket(): void {
  session.basket = {};
  session.offer = '';
  save();
}

export const offer = (): string => session.offer;

export function applyOffer(code: string): void {
  session.offer = code;
  save();
}

export const searchText = (): string => session.search;

export function setSearchText(text: string): void {
  session.search = text;
  save();
}

export const hasDeclined = (): boolean => session.declined;

export function decline(): void {
  session.declined = true;
  save();
}
