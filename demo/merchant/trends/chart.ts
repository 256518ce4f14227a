/** Columns of counts as SVG: one small chart a kind, all to one scale. */

const svgNamespace = 'http://www.w3.org/2000/svg';
const width = 240;
const height = 96;
const baseline = height - 16;
const gap = 3;

type Attributes = Readonly<Record<string, string | number>>;

function shape(tag: 'svg' | 'rect' | 'line' | 'text' | 'title', attributes: Attributes, ...children: (Node | string)[]): SVGElement {
  const element = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

export interface Column {
  readonly label: string;
  readonly count: number;
  /** `recent` columns are compared with the earlier ones; the running period is in neither. */
  readonly role: 'earlier' | 'recent' | 'running';
}

function columnShape({ label, count, role }: Column, at: number, step: number, most: number): SVGElement {
  const tall = count === 0 ? 1 : Math.max(3, (count / most) * (baseline - 14));
  const place = { x: at * step + gap / 2, y: baseline - tall, width: step - gap, height: tall, rx: 2 };
  return shape('rect', { class: `column column-${role}`, ...place }, shape('title', {}, `${label}: ${count}`));
}

/** `most` is the tallest column of all charts. The table says the same: this is hidden from assistive technology. */
export function columnChart(columns: readonly Column[], most: number): SVGElement {
  const step = width / columns.length;
  const peak = columns.reduce((best, { count }, i) => (count > (columns[best]?.count ?? 0) ? i : best), 0);
  const { count } = columns[peak] as Column;
  const tall = (count / most) * (baseline - 14);
  return shape(
    'svg',
    { class: 'chart', viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
    shape('line', { class: 'axis', x1: 0, x2: width, y1: baseline + 0.5, y2: baseline + 0.5 }),
    ...columns.map((column, i) => columnShape(column, i, step, most)),
    count > 0 ? shape('text', { class: 'peak', x: (peak + 0.5) * step, y: baseline - tall - 4 }, String(count)) : '',
    shape('text', { class: 'tick-first', x: 0, y: height - 3 }, columns[0]?.label ?? ''),
    shape('text', { class: 'tick-last', x: width, y: height - 3 }, columns.at(-1)?.label ?? ''),
  );
}
