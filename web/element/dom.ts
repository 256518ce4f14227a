/** Elements without markup strings: text is always text, and no inline style is ever written, so that the strictest policy allows it. */

type Child = Node | string | undefined | false | readonly Child[];
type Attributes = Readonly<Record<string, string | boolean | undefined>>;

const svgNamespace = 'http://www.w3.org/2000/svg';

function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === false) continue;
    if (typeof child === 'string' || child instanceof Node) parent.append(child);
    else append(parent, child);
  }
}

function assign<E extends Element>(element: E, attributes: Attributes): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  return element;
}

/** `true` sets an attribute without a value; `false` and undefined leave it away. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = assign(document.createElement(tag), attributes);
  append(element, children);
  return element;
}

/** A bar that is filled to `share`, from 0 to 1. Its length is an attribute, not a style. */
export function bar(share: number): SVGSVGElement {
  const svg = assign(document.createElementNS(svgNamespace, 'svg'), {
    part: 'bar',
    viewBox: '0 0 100 1',
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  });
  const filled = Math.round(1000 * Math.min(1, Math.max(0, share))) / 10;
  svg.append(assign(document.createElementNS(svgNamespace, 'rect'), { width: String(filled), height: '1' }));
  return svg;
}
