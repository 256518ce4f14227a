/**
 * A text area for JSON over a coloured copy of its text, with line numbers. All three scroll together in one box, so that nothing has to
 * be kept in step.
 */
import { visit } from 'jsonc-parser';
import { h } from '../../app/html.ts';
import { say } from '../language.ts';

interface Place {
  readonly start: number;
  readonly end: number;
}

/** A place that is marked, and how. */
export interface Marked extends Place {
  readonly kind: 'error' | 'warning';
}

export interface JsonEditor {
  readonly element: HTMLElement;
  readonly area: HTMLTextAreaElement;
  setText(text: string): void;
  /** Marks the lines on which places begin. */
  mark(places: readonly Marked[]): void;
  /** Selects a place and brings it into view. */
  show(place: Place): void;
}

/** The text in pieces: names, texts and other values have a colour of their own. */
function coloured(text: string): (HTMLElement | string)[] {
  const pieces: (HTMLElement | string)[] = [];
  let plainFrom = 0;
  const add = (style: string, start: number, length: number) => {
    pieces.push(text.slice(plainFrom, start), h('span', { class: style }, text.slice(start, start + length)));
    plainFrom = start + length;
  };
  visit(text, {
    onObjectProperty: (_, start, length) => add('json-name', start, length),
    onLiteralValue: (value, start, length) => add(typeof value === 'string' ? 'json-text' : 'json-literal', start, length),
  });
  return [...pieces, text.slice(plainFrom)];
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

export function createJsonEditor(label: string): JsonEditor {
  const numbers = h('ol', { class: 'json-numbers', 'aria-hidden': 'true' });
  const copy = h('pre', { class: 'json-copy', 'aria-hidden': 'true' });
  const area = h('textarea', {
    id: 'policy-json',
    class: 'json-area',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    wrap: 'off',
    'aria-label': label,
    'aria-describedby': 'policy-status',
  });
  const box = h('div', { class: 'json-box' }, numbers, h('div', { class: 'json-layers' }, copy, area));
  const hint = h('p', { class: 'quiet' }, say('editorHint'));

  function paint(): void {
    // The final line feed keeps a last empty line as tall as in the text area.
    copy.replaceChildren(...coloured(area.value), '\n');
    const lines = area.value.split('\n').length;
    while (numbers.children.length > lines) numbers.lastChild?.remove();
    while (numbers.children.length < lines) numbers.append(h('li', {}, String(numbers.children.length + 1)));
  }
  area.addEventListener('input', paint);
  return {
    element: h('div', { class: 'json-editor' }, box, hint),
    area,
    setText(text) {
      area.value = text;
      paint();
    },
    mark(places) {
      for (const line of numbers.children) line.removeAttribute('class');
      for (const { start, kind } of places) numbers.children[lineAt(area.value, start) - 1]?.setAttribute('class', kind);
    },
    show({ start, end }) {
      area.focus({ preventScroll: true });
      area.setSelectionRange(start, end);
      const line = numbers.children[lineAt(area.value, start) - 1];
      if (line instanceof HTMLElement) box.scrollTo({ top: line.offsetTop - box.clientHeight / 3, left: 0 });
      box.scrollIntoView({ block: 'nearest' });
    },
  };
}
