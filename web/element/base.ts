/** What both elements share. */
import type { ElementLanguage } from './words.ts';

/** Without a DOM, as in Node, the classes can be imported, and not be used. */
export const ElementBase: typeof HTMLElement = globalThis.HTMLElement ?? (class {} as unknown as typeof HTMLElement);

/** That of the nearest element that has one, itself first. */
export function languageOf(element: Element): ElementLanguage {
  const named = element.closest('[lang]')?.getAttribute('lang') || document.documentElement.lang;
  return named.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** Properties that were set before the class was registered would hide its accessors: hands them over. */
export function takeEarly<Name extends string>(element: HTMLElement & Partial<Record<Name, unknown>>, names: readonly Name[]): void {
  for (const name of names) {
    if (!Object.hasOwn(element, name)) continue;
    const early = element[name];
    delete element[name];
    Object.assign(element, { [name]: early });
  }
}

const sheets = new Map<string, CSSStyleSheet>();

/** An open shadow tree with these styles: one constructed sheet for all elements of the page, which every policy allows. */
export function openShadow(element: HTMLElement, styles: string): ShadowRoot {
  if (element.shadowRoot) return element.shadowRoot;
  let sheet = sheets.get(styles);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    sheets.set(styles, sheet);
  }
  const root = element.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet];
  return root;
}
