/** One quiet line below the verdict: who read the text, and how far the closer reader has come. */
import type { Tier } from 'aftersense';
import { type BaseState, onDeskChange } from '../app/desk.ts';
import { type Child, h, icon } from '../app/html.ts';
import { t } from '../app/language.ts';
import { loadedOf, shareBar } from '../app/progress.ts';

function content(base: BaseState, readBy: Tier | undefined): Child {
  switch (base.status) {
    case 'loading': {
      const text = `${t(readBy ? 'readerUpgrading' : 'readerLoading')} · ${loadedOf(base.progress)}`;
      return [h('p', {}, text), shareBar(base.progress, text)];
    }
    case 'ready':
      return readBy && h('p', {}, icon('device'), t(readBy === 'base' ? 'readerBase' : 'readerUpgrading'));
    case 'failed':
      return readBy && h('p', {}, t('readerLiteOnly'));
    default:
      return base satisfies never;
  }
}

export interface ReaderLine {
  readonly element: HTMLElement;
  /** The tier whose verdict is shown; undefined while there is none. */
  readBy(tier: Tier | undefined): void;
}

export function readerLine(signal: AbortSignal): ReaderLine {
  const element = h('div', { class: 'reader' });
  let base: BaseState | undefined;
  let tier: Tier | undefined;
  const draw = () => element.replaceChildren(h('div', {}, base && content(base, tier)));
  onDeskChange((state) => {
    base = state.status === 'ready' ? state.base : undefined;
    draw();
  }, signal);
  return {
    element,
    readBy(next) {
      tier = next;
      draw();
    },
  };
}
