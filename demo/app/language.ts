/** The page's language: chosen by the shopper, else by the browser; remembered on this device. */
import { type StringKey, strings } from './strings.ts';

export type ShopLanguage = keyof typeof strings;

const storageKey = 'halfacre.language';

function firstLanguage(): ShopLanguage {
  const stored = localStorage.getItem(storageKey);
  if (stored === 'zh' || stored === 'en') return stored;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

let current = firstLanguage();

export const language = (): ShopLanguage => current;

export function setLanguage(next: ShopLanguage): void {
  current = next;
  localStorage.setItem(storageKey, next);
}

export function t(key: StringKey, parameters: Readonly<Record<string, string | number>> = {}): string {
  return strings[current][key].replace(/\{(\w+)\}/g, (_, name: string) => String(parameters[name] ?? ''));
}

export const documentLanguage = (): string => (current === 'zh' ? 'zh-CN' : 'en');

export function formatPrice(yuan: number): string {
  const digits = Number.isInteger(yuan) ? 0 : 2;
  return new Intl.NumberFormat(documentLanguage(), {
    style: 'currency',
    currency: 'CNY',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(yuan);
}

export function formatBytes(bytes: number): string {
  const megabytes = bytes / 1e6;
  return megabytes >= 1 ? `${megabytes.toFixed(1)} MB` : `${Math.round(bytes / 1e3)} kB`;
}

export const percent = (share: number): number => Math.round(share * 100);
