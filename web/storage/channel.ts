/** Tells other tabs of this origin something, and hears from them. Silent where there is no BroadcastChannel. */
export class Channel<Message> {
  readonly #name: string;
  readonly #isMessage: (value: unknown) => value is Message;
  #channel: BroadcastChannel | undefined;
  #closed = false;

  /** `isMessage`: what another script of this origin posts under our name is no message of ours. */
  constructor(name: string, isMessage: (value: unknown) => value is Message) {
    this.#name = name;
    this.#isMessage = isMessage;
  }

  tell(message: Message): void {
    this.#open()?.postMessage(message);
  }

  listen(listener: (message: Message) => void, signal?: AbortSignal): void {
    const onMessage = ({ data }: MessageEvent) => {
      if (this.#isMessage(data)) listener(data);
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
