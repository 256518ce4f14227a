import { AftersenseAbortError, type AftersenseError } from './errors.ts';

interface Job {
  start(): Promise<void>;
  reject(error: AftersenseError): void;
}

/**
 * Runs one piece of work at a time, in the order it was asked for. An abort takes waiting work out of the line; work under way
 * cannot be interrupted, so its caller is released at once and its result dropped.
 */
export class Lane {
  readonly #waiting: Job[] = [];
  readonly #open = new Set<Job>();
  #running = false;
  #closed: AftersenseError | undefined;

  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#closed) return Promise.reject(this.#closed);
    if (signal?.aborted) return Promise.reject(new AftersenseAbortError(signal.reason));
    return new Promise<T>((resolve, reject) => {
      const settle = (how: () => void) => {
        this.#open.delete(job);
        const place = this.#waiting.indexOf(job);
        if (place >= 0) this.#waiting.splice(place, 1);
        signal?.removeEventListener('abort', onAbort);
        how();
      };
      const onAbort = () => settle(() => reject(new AftersenseAbortError(signal?.reason)));
      const job: Job = {
        start: () =>
          work().then(
            (value) => settle(() => resolve(value)),
            (error: unknown) => settle(() => reject(error)),
          ),
        reject: (error) => settle(() => reject(error)),
      };
      signal?.addEventListener('abort', onAbort);
      this.#open.add(job);
      this.#waiting.push(job);
      this.#next();
    });
  }

  /** How many pieces of work wait or run. */
  get length(): number {
    return this.#waiting.length + Number(this.#running);
  }

  /** Reject everything that is open, and everything still to come, with `error`. */
  close(error: AftersenseError): void {
    this.#closed = error;
    for (const job of this.#open) job.reject(error);
  }

  #next(): void {
    if (this.#running) return;
    const job = this.#waiting.shift();
    if (!job) return;
    this.#running = true;
    void job.start().finally(() => {
      this.#running = false;
      this.#next();
    });
  }
}
