import type { CaseChange } from './types.ts';

/** What another script of this origin posts on our channel is no change of ours. */
function isChange(value: unknown): value is CaseChange {
  const { kind, id, version } = Object(value) as Record<string, unknown>;
  if (kind === 'erased') return id === undefined || typeof id === 'string';
  return kind === 'changed' && typeof id === 'string' && Number.isInteger(version);
}

/** Tells other tabs of this origin what was changed, and hears from them. Silent where there is no BroadcastChannel. */
export class Announcer {
  readonly #name: string;
  #channel: BroadcastChannel | undefined;
  #closed = false;

  constructor(name: string) {
    this.#name = name;
  }

  tell(change: CaseChange): void {
    this.#open()?.postMessage(change);
  }

  listen(listener: (change: CaseChange) => void, signal?: AbortSignal): void {
    const onMessage = ({ data }: MessageEvent) => {
      if (isChange(data)) listener(data);
    };
    this.#open()?.addEventListener('message', onMessage as EventListener, signal && { signal });
  }

  close(): void {
    this.#closed = true;
    this.#channel?.close();
  }

  /** Opened when it is first needed: in Node an open channel keeps the process alive. */
  #open(): BroadcastChannel | undefined {
    if (this.#closed || typeof BroadcastChannel !== 'function') return undefined;
    this.#channel ??= new BroadcastChannel(this.#name);
    return this.#channel;
  }
}
