import { AftersenseAbortError } from './errors.ts';

/** `work`, or `aborted` as soon as the signal fires, after `release`; the work itself goes on. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined, release: () => void = () => {}): Promise<T> {
  if (!signal) return work;
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      release();
      reject(new AftersenseAbortError(signal.reason));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
