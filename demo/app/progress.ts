/** How far the desk has loaded, as text and as a bar. */
import type { LoadProgress } from './desk.ts';
import { h } from './html.ts';
import { formatBytes, t } from './language.ts';

export function progressText({ loadedBytes, totalBytes }: LoadProgress): string {
  const loaded = formatBytes(loadedBytes);
  return `${t('badgeLoading')} · ${totalBytes === undefined ? loaded : t('bytesOf', { loaded, total: formatBytes(totalBytes) })}`;
}

/** Without a total the bar shows activity, not a share. */
export function progressBar(progress: LoadProgress): HTMLProgressElement {
  const share = progress.totalBytes === undefined ? {} : { value: progress.loadedBytes, max: progress.totalBytes };
  return h('progress', { ...share, 'aria-label': progressText(progress) });
}
