/** Cases in the states that tests want, and a shelf that fails when it is told to. */
import type { Shelf } from '../../../web/cases/database.ts';
import { defaultTerms } from '../../../web/cases/terms.ts';
import type { Case, CaseEvent, CaseState, NewEvent, OpenEvent } from '../../../web/cases/types.ts';
import { advance, openCase } from '../../../web/cases/workflow.ts';
import { AftersenseError } from '../../../web/errors.ts';

export const start = Date.UTC(2026, 0, 5, 9);
export const hour = 3_600_000;

export const opening: OpenEvent = {
  type: 'open',
  id: 'e0',
  by: 'shopper',
  facts: { text: 'The kettle leaks. 水壶漏水 😠', kind: 'product_quality', wish: 'refund', order: '2026-1234' },
  priority: 'P2',
  terms: defaultTerms,
};

let taken = 0;
/** An event with an id of its own. */
export const event = (fields: NewEvent): CaseEvent => ({ id: `e${++taken}`, ...fields }) as CaseEvent;

const steps: readonly NewEvent[] = [
  { type: 'submit', by: 'shopper' },
  { type: 'propose', by: 'agent', remedies: ['refund', 'apology'] },
  { type: 'agree', by: 'shopper' },
  { type: 'schedule', by: 'agent', steps: [{ id: 'money', title: 'Pay back' }] },
  { type: 'start', by: 'agent' },
  { type: 'finish_step', by: 'system', step: 'money' },
  { type: 'complete', by: 'agent' },
  { type: 'confirm', by: 'shopper' },
];

/** The straight way, an event an hour; at each stop the case before the next step. */
export const stops: readonly Case[] = (() => {
  const cases = [openCase('c1', opening, start)];
  for (const [i, step] of steps.entries()) cases.push(advance(cases[i] as Case, event(step), start + (i + 1) * hour));
  return cases;
})();

/** The case when it came into this state, or, with `ready`, when all is there to leave it. */
export function caseIn(state: CaseState, { ready = false } = {}): Case {
  if (state === 'withdrawn') return advance(caseIn('mediate'), event({ type: 'withdraw', by: 'shopper' }), start + 2 * hour);
  const found = stops.filter((stop) => stop.state === state);
  return (ready ? found.at(-1) : found[0]) as Case;
}

/** Storage in memory. `fail` makes reads, writes or both reject, as a browser's might. */
export class FakeShelf implements Shelf {
  readonly records = new Map<string, Case>();
  fail: AftersenseError | undefined;
  readsToo = true;

  async read(id: string): Promise<Case | undefined> {
    if (this.fail && this.readsToo) throw this.fail;
    return structuredClone(this.records.get(id));
  }

  async readAll(): Promise<Case[]> {
    if (this.fail && this.readsToo) throw this.fail;
    return structuredClone([...this.records.values()]);
  }

  async update(ids: readonly string[], change: (stored: readonly (Case | undefined)[]) => readonly Case[]): Promise<void> {
    if (this.fail && this.readsToo) throw this.fail;
    const next = change(ids.map((id) => structuredClone(this.records.get(id))));
    if (this.fail) throw this.fail;
    for (const one of next) this.records.set(one.id, structuredClone(one));
  }

  async remove(id?: string): Promise<void> {
    if (this.fail) throw this.fail;
    if (id === undefined) this.records.clear();
    else this.records.delete(id);
  }

  close(): void {}
}

export const full = new AftersenseError('storage_full', 'No room.');
export const blocked = new AftersenseError('storage_unavailable', 'Refused.');
