/** How long a case may take. */
import type { UrgencyLevel } from '../types.ts';
import type { Case, CaseState, CasesOptions, EndState, OpenState, ServiceTerms } from './types.ts';

export const openStates = ['collect', 'mediate', 'plan', 'execute', 'follow_up'] as const satisfies readonly OpenState[];
export const endStates = ['closed', 'withdrawn'] as const satisfies readonly EndState[];
export const priorities = ['P1', 'P2', 'P3', 'P4'] as const satisfies readonly UrgencyLevel[];

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Ours: common promises of shops, not measured. A shop sets its own with `terms`. */
export const defaultTerms: ServiceTerms = {
  hours: {
    P1: { collect: 4, mediate: 4, plan: 4, execute: 24, follow_up: 72 },
    P2: { collect: 24, mediate: 24, plan: 24, execute: 72, follow_up: 168 },
    P3: { collect: 72, mediate: 48, plan: 48, execute: 168, follow_up: 336 },
    P4: { collect: 168, mediate: 120, plan: 120, execute: 336, follow_up: 336 },
  },
  reopenDays: 30,
};

export function completeTerms(terms: CasesOptions['terms'] = {}): ServiceTerms {
  const rows = priorities.map((priority) => [priority, { ...defaultTerms.hours[priority], ...terms.hours?.[priority] }]);
  return { hours: Object.fromEntries(rows) as ServiceTerms['hours'], reopenDays: terms.reopenDays ?? defaultTerms.reopenDays };
}

export const isOpen = (state: CaseState): state is OpenState => !(endStates as readonly CaseState[]).includes(state);

/** When the case must have left its state; undefined where it has ended. */
export function deadline({ state, priority, enteredAt, terms }: Case): number | undefined {
  return isOpen(state) ? enteredAt + terms.hours[priority][state] * hourMs : undefined;
}

/** A clock set back makes no case overdue, and none timely: time in a case never runs backwards. */
export function overdue(known: Case, now: number): boolean {
  const due = deadline(known);
  return due !== undefined && Math.max(now, lastTime(known)) > due;
}

export const lastTime = ({ history }: Case): number => history.at(-1)?.at ?? Number.NEGATIVE_INFINITY;

/** Until when an ended case can be reopened. */
export const reopenableUntil = ({ enteredAt, terms }: Case): number => enteredAt + terms.reopenDays * dayMs;
