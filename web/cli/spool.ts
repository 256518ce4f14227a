/** Values that are written once and read again in any order, in a file: of a million products memory holds the places alone. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const flushBytes = 1 << 20;

export class Spool<T> {
  readonly #file: number;
  /** Where each value begins; and where the next one will. */
  readonly #starts: number[] = [0];
  #waiting: Buffer[] = [];
  #waitingBytes = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w+');
  }

  get length(): number {
    return this.#starts.length - 1;
  }

  /** At the end; its place is `length` before. */
  add(value: T): void {
    const bytes = Buffer.from(JSON.stringify(value));
    this.#starts.push((this.#starts.at(-1) as number) + bytes.length);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= flushBytes) this.#flush();
  }

  at(place: number): T {
    this.#flush();
    const start = this.#starts[place] as number;
    const bytes = Buffer.allocUnsafe((this.#starts[place + 1] as number) - start);
    readSync(this.#file, bytes, 0, bytes.length, start);
    return JSON.parse(bytes.toString()) as T;
  }

  close(): void {
    closeSync(this.#file);
  }

  #flush(): void {
    if (this.#waitingBytes === 0) return;
    const bytes = Buffer.concat(this.#waiting);
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}
