/**
 * The worker without a Worker: the same requests, answered on the calling thread.
 *
 * Built as a file of its own that imports nothing: a bundler would move what it shared with index.ts into the page's entry, and an
 * entry with a top-level `await createAftersense(…)` would then wait for this file, and this file for the entry.
 */
import type { CorePort } from '../protocol.ts';
import { Dispatcher } from './dispatcher.ts';

/** Lets timers, input and aborts through before the thread is busy again. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

export function createLocalPort(): CorePort {
  let ended = false;
  const dispatcher = new Dispatcher((data) => {
    if (!ended) port.onmessage?.(new MessageEvent('message', { data }));
  });
  const port: CorePort = {
    onmessage: null,
    onerror: null,
    onmessageerror: null,
    postMessage(request) {
      void nextTask().then(() => (ended ? undefined : dispatcher.dispatch(request)));
    },
    terminate() {
      ended = true;
      dispatcher.dispose();
    },
  };
  return port;
}
