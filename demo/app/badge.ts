/** Always in sight: what runs on this device, how far it has loaded, and what to do when it could not. */
import type { Aftersense } from 'aftersense';
import { type BaseState, type DeskState, onDeskChange, startDesk } from './desk.ts';
import { type Child, h, icon } from './html.ts';
import { formatBytes, t } from './language.ts';
import { loadedOf, progressBar, progressText, shareBar } from './progress.ts';

function downloaded({ loadedBytes, base }: DeskState & { readonly status: 'ready' }): number {
  return loadedBytes + (base.status === 'ready' ? base.loadedBytes : 0);
}

/** How the larger model is coming along; nothing once it is there, for then it is the model named above. */
function coming(base: BaseState): Child {
  switch (base.status) {
    case 'loading': {
      const text = `${t('readerLoading')} · ${loadedOf(base.progress)}`;
      return [h('p', { class: 'quiet' }, text), shareBar(base.progress, text)];
    }
    case 'ready':
      return null;
    case 'failed':
      return [h('p', { class: 'quiet' }, t('readerLiteOnly')), h('p', { class: 'quiet' }, base.reason)];
    default:
      return base satisfies never;
  }
}

function facts({ info }: Aftersense): Child {
  const rows = [
    [t('badgeModel'), `${info.model.name} ${info.model.version}`],
    [t('badgeSize'), formatBytes(info.model.bytes)],
    [t('badgeVariant'), info.variant],
    [t('badgeRuns'), t(info.worker ? 'badgeWorker' : 'badgePage')],
    [t('badgeVersion'), info.version],
  ];
  return [
    h('p', {}, t('badgeText')),
    h(
      'dl',
      {},
      rows.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
    ),
  ];
}

function parts(state: DeskState): { readonly summary: Child; readonly details: Child } {
  switch (state.status) {
    case 'loading': {
      const text = progressText(state.progress);
      return { summary: text, details: [h('p', {}, text), progressBar(state.progress)] };
    }
    case 'ready':
      return { summary: `${t('badgeReady')} · ${formatBytes(downloaded(state))}`, details: [facts(state.desk), coming(state.base)] };
    case 'failed':
      return {
        summary: t('badgeFailed'),
        details: [
          h('p', {}, state.reason),
          h('button', { class: 'button button-plain', type: 'button', onclick: () => startDesk() }, t('retry')),
        ],
      };
    default:
      return state satisfies never;
  }
}

export function deskBadge(signal: AbortSignal): HTMLElement {
  const label = h('span', {});
  const panel = h('div', { class: 'badge-panel' });
  const badge = h('details', { class: 'badge' }, h('summary', {}, icon('device'), label), panel);
  badge.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !badge.open) return;
    badge.open = false;
    badge.querySelector('summary')?.focus();
  });
  document.addEventListener(
    'pointerdown',
    (event) => {
      if (!badge.contains(event.target as Node)) badge.open = false;
    },
    { signal },
  );
  onDeskChange((state) => {
    const { summary, details } = parts(state);
    badge.setAttribute('data-status', state.status);
    if (state.status === 'ready') {
      badge.setAttribute('data-variant', state.desk.info.variant);
      badge.setAttribute('data-base', state.base.status);
    }
    label.replaceChildren(h('span', {}, summary));
    panel.replaceChildren(h('div', {}, details));
  }, signal);
  return badge;
}
