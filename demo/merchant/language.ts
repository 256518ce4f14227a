/** Sentences of this page, in the language of the shop's. */
import { language } from '../app/language.ts';
import { type MerchantKey, strings } from './strings.ts';

export function say(key: MerchantKey, parameters: Readonly<Record<string, string | number>> = {}): string {
  return strings[language()][key].replace(/\{(\w+)\}/g, (_, name: string) => String(parameters[name] ?? ''));
}

/** The sentence of an id that comes from outside, or the id where there is none. */
export function sayId(prefix: string, id: string): string {
  const key = `${prefix}_${id}`;
  return key in strings.en ? say(key as MerchantKey) : id;
}
