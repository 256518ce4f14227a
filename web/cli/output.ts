/** Writing to pipes: no faster than they are read. */
import { once } from 'node:events';

export async function writeLine(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (!stream.write(`${text}\n`)) await once(stream, 'drain');
}

export interface Meter {
  tell(done: number): void;
  end(): void;
}

const intervalMs = 250;

/** Counts rows on one line of standard error, where somebody watches or asked for it. */
export function createMeter(wanted: boolean, stream: NodeJS.WriteStream = process.stderr): Meter {
  if (!wanted && !stream.isTTY) return { tell: () => {}, end: () => {} };
  const start = performance.now();
  let last = 0;
  let rows = 0;
  const show = () => {
    const seconds = (performance.now() - start) / 1000;
    stream.write(`\r${rows.toLocaleString('en')} rows, ${Math.round(rows / seconds).toLocaleString('en')} rows/s `);
  };
  return {
    tell(done) {
      rows = done;
      if (performance.now() - last < intervalMs) return;
      last = performance.now();
      show();
    },
    end() {
      show();
      stream.write('\n');
    },
  };
}
