/** Element building without markup strings: text is always text, and no inline style or handler is ever written. */

export type Child = Node | string | null | undefined | false | readonly Child[];

/** `on…` functions become listeners; booleans toggle an attribute; everything else is an attribute. */
type Attributes = Readonly<Record<string, unknown>>;

const svgNamespace = 'http://www.w3.org/2000/svg';

function assign(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

export function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (typeof child === 'string' || child instanceof Node) parent.append(child);
    else append(parent, child);
  }
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  assign(element, attributes);
  append(element, children);
  return element;
}

function svg(attributes: Attributes, ...children: readonly SVGElement[]): SVGSVGElement {
  const element = document.createElementNS(svgNamespace, 'svg');
  assign(element, attributes);
  element.append(...children);
  return element;
}

function svgPart(tag: 'use' | 'path', attributes: Attributes): SVGElement {
  const element = document.createElementNS(svgNamespace, tag);
  assign(element, attributes);
  return element;
}

/** A product's drawing, from the sprite in the page. It repeats the title beside it, so it is hidden from assistive technology. */
export function picture(productId: string): SVGSVGElement {
  return svg({ class: 'picture', viewBox: '0 0 320 320', 'aria-hidden': 'true' }, svgPart('use', { href: `#picture-${productId}` }));
}

const icons = {
  basket: 'M5 9h14l-1.4 10.2a1 1 0 0 1-1 .8H7.4a1 1 0 0 1-1-.8L5 9zm3.5 0L11 4m4.5 5L13 4',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zm5-1.5L20 20',
  notes: 'M7 4h7l4 4v12H7zM13.5 4v4.5H18M10 13h5m-5 3h5',
  device:
    'M8 3.5h8a1.5 1.5 0 0 1 1.5 1.5v14a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 19V5A1.5 1.5 0 0 1 8 3.5zM11 17.5h2M9.5 11l2 2 3.5-4',
  truck: 'M3 7h11v9H3zM14 10h4l3 3v3h-7M7 18.5a1.8 1.8 0 1 0 0-.1M17.5 18.5a1.8 1.8 0 1 0 0-.1',
  back: 'M5 9h9a5 5 0 0 1 0 10H9M5 9l4-4M5 9l4 4',
  repair: 'M14.5 6.5a4 4 0 0 0 4.8 4.8l-8.6 8.6a2 2 0 0 1-2.8-2.8l8.6-8.6M14.5 6.5a4 4 0 0 1 4.5-2.3l-2.3 2.3 1 2 2 1',
  pleased: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM8.5 13.5a4 4 0 0 0 7 0M9 9.5v.5m6-.5v.5',
  displeased: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM8.5 16a4 4 0 0 1 7 0M9 9.5v.5m6-.5v.5',
  even: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM9 15h6M9 9.5v.5m6-.5v.5',
  person: 'M12 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM5 20c.6-4 3.2-6 7-6s6.4 2 7 6',
  plus: 'M12 6.5v11M6.5 12h11',
  minus: 'M6.5 12h11',
  dot: 'M12 12h.01',
  gift: 'M4 10h16v4H4zM6 14v6h12v-6M12 10v10M12 10S7 9 8 6.5 12 10 12 10zm0 0s5-1 4-3.5S12 10 12 10z',
} as const;

export type IconName = keyof typeof icons;

export function icon(name: IconName): SVGSVGElement {
  return svg({ class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, svgPart('path', { d: icons[name] }));
}
