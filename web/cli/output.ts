/** Writing to pipes: no faster than they are read. */
import { once } from 'node:events';
import { rename, writeFile } from 'node:fs/promises';

export async function writeLine(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (!stream.write(`${text}\n`)) await once(stream, 'drain');
}

/** Whole or not at all: others may read the file while it is written, a shop serves it. */
export async function writeWhole(file: string, data: string | Uint8Array): Promise<void> {
  await writeFile(`${file}.part`, data);
  await rename(`${file}.part`, file);
}

export interface Meter {
  tell(done: number, total?: number): void;
  end(): void;
}

const intervalMs = 250;

function timeText(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 90 ? `${whole} s` : `${Math.round(whole / 60).toLocaleString('en')} min`;
}

/**
 * Counts `what` on one line of standard error, where somebody watches or asked for it, with how many a second; where the total is known,
 * with the time left too.
 */
export function createMeter(wanted: boolean, what = 'rows', stream: NodeJS.WriteStream = process.stderr): Meter {
  if (!wanted && !stream.isTTY) return { tell: () => {}, end: () => {} };
  const start = performance.now();
  const count = (value: number) => value.toLocaleString('en');
  let last = 0;
  let done = 0;
  let total: number | undefined;
  const show = () => {
    const rate = done / ((performance.now() - start) / 1000);
    const of = total === undefined ? '' : ` of ${count(total)}`;
    const left = total === undefined || done === 0 ? '' : `, ${timeText((total - done) / rate)} left`;
    // Padded: the line before may have been longer.
    stream.write(`\r${`${count(done)}${of} ${what}, ${count(Math.round(rate))} ${what}/s${left}`.padEnd(72)}`);
  };
  return {
    tell(now, ofAll) {
      done = now;
      total = ofAll;
      if (performance.now() - last < intervalMs) return;
      last = performance.now();
      show();
    },
    end() {
      if (done === 0) return;
      show();
      stream.write('\n');
    },
  };
}
