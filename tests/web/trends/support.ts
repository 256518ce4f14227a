/** Cases opened when tests want, chance from a seed, a ledger in memory. */
import { AftersenseError } from '../../../web/errors.ts';
import type { LedgerShelf } from '../../../web/trends/database.ts';
import { emptyLedger, type Ledger } from '../../../web/trends/ledger.ts';
import { type Draw, drawsFrom } from '../../../web/trends/random.ts';
import type { ReportedCase } from '../../../web/trends/types.ts';

export const day = 86_400_000;

/** Noon in UTC of a day of November 2026; the 2nd, 9th, 16th, 23rd and 30th are Mondays. */
export const november = (date: number, hour = 12) => Date.UTC(2026, 10, date, hour);

let opened = 0;
export const caseAt = (at: number, kind = 'logistics', more: Partial<ReportedCase> = {}): ReportedCase => ({
  id: `c${++opened}`,
  kind,
  history: [{ at }],
  ...more,
});

/** Unsigned 32-bit integers: Bob Jenkins's small fast counter, `sfc32`. */
export function seededWords(seed: number): () => number {
  let [a, b, c, counter] = [0x9e3779b9, seed >>> 0, 0x243f6a88, 1];
  const next = () => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}
export const seededDraw = (seed: number): Draw => drawsFrom(seededWords(seed));

export class FakeLedger implements LedgerShelf {
  stored: Ledger = emptyLedger;
  fail = false;

  async read(): Promise<Ledger> {
    this.#check();
    return structuredClone(this.stored);
  }

  async update(change: (ledger: Ledger) => Ledger): Promise<void> {
    this.#check();
    this.stored = structuredClone(change(structuredClone(this.stored)));
  }

  close(): void {}

  #check(): void {
    if (this.fail) throw new AftersenseError('storage_unavailable', 'Refused.');
  }
}
