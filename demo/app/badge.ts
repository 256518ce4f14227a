/** Always in sight: what runs on this device, how far it has loaded, and what to do when it could not. */
import type { Aftersense } from 'aftersense';
import { type DeskState, onDeskChange, startDesk } from './desk.ts';
import { type Child, h, icon } from './html.ts';
import { formatBytes, t } from './language.ts';
import { progressBar, progressText } from './progress.ts';

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
      return { summary: `${t('badgeReady')} · ${formatBytes(state.loadedBytes)}`, details: facts(state.desk) };
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
    if (state.status === 'ready') badge.setAttribute('data-variant', state.desk.info.variant);
    label.replaceChildren(h('span', {}, summary));
    panel.replaceChildren(h('div', {}, details));
  }, signal);
  return badge;
}
