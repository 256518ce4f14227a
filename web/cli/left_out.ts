/** What a command leaves out of what it was given, and why. */
import path from 'node:path';
import type { BadRow } from './input.ts';
import { writeWhole } from './output.ts';

/** Of each reason so many are told one by one. */
const toldOfEach = 5;

export class LeftOut {
  readonly #counts = new Map<string, number>();
  readonly #lines: string[] = [];
  readonly #report: string | undefined;

  /** `report`: a file for all of them, as JSON lines. */
  constructor(report?: string) {
    this.#report = report;
  }

  get count(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  add(file: string, { line, id, problem, reason = 'unreadable' }: Omit<BadRow, 'kind'>): void {
    const count = (this.#counts.get(reason) ?? 0) + 1;
    this.#counts.set(reason, count);
    const where = `${path.basename(file)}: line ${line}`;
    if (count <= toldOfEach) process.stderr.write(`${where}${id === undefined ? '' : `, ${id}`}: ${problem}\n`);
    if (this.#report !== undefined)
      this.#lines.push(`${JSON.stringify({ file, line, id, reason: reason.replaceAll(' ', '_'), problem })}\n`);
  }

  /** Lines for the report of what another command has left out and told. */
  addTold(lines: string): void {
    this.#lines.push(lines);
  }

  /** Tells how many, and writes the report, an empty one where nothing was left out. */
  async end(): Promise<void> {
    for (const [reason, count] of this.#counts) process.stderr.write(`left out: ${count} × ${reason}\n`);
    if (this.#report !== undefined) await writeWhole(this.#report, this.#lines.join(''));
  }
}
