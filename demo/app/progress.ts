/** How far something has loaded, as text and as a bar. */
import type { LoadProgress } from './desk.ts';
import { h } from './html.ts';
import { formatBytes, t } from './language.ts';

export function loadedOf({ loadedBytes, totalBytes }: LoadProgress): string {
  const loaded = formatBytes(loadedBytes);
  return totalBytes === undefined ? loaded : t('bytesOf', { loaded, total: formatBytes(totalBytes) });
}

export const progressText = (progress: LoadProgress): string => `${t('badgeLoading')} · ${loadedOf(progress)}`;

/** Without a total the bar shows activity, not a share. */
export function shareBar({ loadedBytes, totalBytes }: LoadProgress, label: string): HTMLProgressElement {
  const share = totalBytes === undefined ? {} : { value: loadedBytes, max: totalBytes };
  return h('progress', { ...share, 'aria-label': label });
}

export const progressBar = (progress: LoadProgress): HTMLProgressElement => shareBar(progress, progressText(progress));
