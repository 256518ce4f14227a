/**
 * The dispute workflow as a pure state machine: `collect → mediate → plan → execute → follow_up → closed`.
 *
 *     let found = openCase('c1', { type: 'open', id: 'e1', by: 'shopper', facts, priority: 'P3', terms: defaultTerms }, now);
 *     found = advance(found, { type: 'submit', id: 'e2', by: 'shopper' }, now);   // or throws CaseError: why not
 *     replay('c1', found.history)                                                 // equals found
 *
 * A case is what its history leads to: nothing else decides, and nothing is ever taken from the history.
 */
import { CaseError } from './errors.ts';
import {
  invalid,
  readAllFacts,
  readFacts,
  readName,
  readObject,
  readParty,
  readPriority,
  readRemedies,
  readSteps,
  readTerms,
  readText,
  readTime,
} from './read.ts';
import { isOpen, lastTime, openStates, overdue, reopenableUntil } from './terms.ts';
import type { Case, CaseEvent, CaseState, EventType, HistoryEntry, OpenEvent, Party } from './types.ts';

type EventOf<T extends EventType> = Extract<CaseEvent, { readonly type: T }>;

/** What a party may send, when, and what comes of it. */
interface Rule<T extends EventType> {
  readonly from: readonly CaseState[];
  /** Absent: the case stays in its state. */
  readonly to?: CaseState;
  readonly by: readonly Party[];
  readonly needs?: readonly Field[];
  readonly may?: readonly Field[];
  /** Why the event must wait, or nothing. */
  readonly guard?: (known: Case, event: EventOf<T>, at: number) => string | false;
  readonly change?: (event: EventOf<T>, known: Case) => Partial<Case>;
}

/** The fields of events besides `type`, `id` and `by`. */
const fieldReaders = {
  text: readText,
  facts: readFacts,
  remedies: readRemedies,
  steps: readSteps,
  step: readName,
  priority: readPriority,
  skill: readName,
} as const;
type Field = keyof typeof fieldReaders;

const everyone: readonly Party[] = ['shopper', 'agent', 'system'];
const shop: readonly Party[] = ['agent', 'system'];
const shopper: readonly Party[] = ['shopper'];
const nothingAgreed = { proposal: [], steps: [] } as const;
const noOffer = ({ proposal }: Case) => proposal.length === 0 && 'there is no offer: propose one first';

/** The table of README.md; a test holds the two together. */
export const rules: { readonly [T in EventType]: Rule<T> } = {
  describe: { from: ['collect'], by: everyone, needs: ['facts'], change: ({ facts }) => facts },
  submit: {
    from: ['collect'],
    to: 'mediate',
    by: everyone,
    guard: ({ wish }) => wish === undefined && 'the wished outcome is missing: describe it first',
  },
  propose: { from: ['mediate'], by: shop, needs: ['remedies'], may: ['text'], change: ({ remedies }) => ({ proposal: remedies }) },
  decline: { from: ['mediate'], by: shopper, needs: ['text'], guard: noOffer, change: () => ({ proposal: [] }) },
  agree: { from: ['mediate'], to: 'plan', by: shopper, guard: noOffer },
  schedule: {
    from: ['plan'],
    by: shop,
    needs: ['steps'],
    change: ({ steps }) => ({ steps: steps.map((step) => ({ ...step, done: false })) }),
  },
  start: {
    from: ['plan'],
    to: 'execute',
    by: shop,
    guard: ({ steps }) => steps.every(({ done }) => done) && 'no step is left to do: schedule steps first',
  },
  finish_step: {
    from: ['execute'],
    by: shop,
    needs: ['step'],
    guard: ({ steps }, { step }) => !steps.some(({ id, done }) => id === step && !done) && `no open step has the id '${step}'`,
    change: ({ step }, { steps }) => ({ steps: steps.map((one) => (one.id === step ? { ...one, done: true } : one)) }),
  },
  fail: { from: ['execute'], to: 'plan', by: shop, needs: ['text'] },
  complete: {
    from: ['execute'],
    to: 'follow_up',
    by: shop,
    guard: ({ steps }) => !steps.every(({ done }) => done) && 'a step is not done yet',
  },
  dispute: { from: ['follow_up'], to: 'mediate', by: shopper, needs: ['text'], change: () => nothingAgreed },
  confirm: {
    from: ['follow_up'],
    to: 'closed',
    by: ['shopper', 'system'],
    guard: (known, { by }, at) =>
      by === 'system' && !overdue(known, at) && 'the shopper still has time to answer: the system may close it after the deadline',
  },
  note: { from: openStates, by: everyone, needs: ['text'] },
  assign: {
    from: openStates,
    by: shop,
    may: ['priority', 'skill'],
    guard: (_, { priority, skill }) => priority === undefined && skill === undefined && 'assign needs a priority or a skill',
    change: ({ priority, skill }) => ({ ...(priority && { priority }), ...(skill && { skill }) }),
  },
  withdraw: { from: openStates, to: 'withdrawn', by: shopper, may: ['text'] },
  reopen: {
    from: ['closed', 'withdrawn'],
    to: 'collect',
    by: ['shopper', 'agent'],
    needs: ['text'],
    guard: (known, _, at) => at > reopenableUntil(known) && `it ended more than ${known.terms.reopenDays} days ago: open a new case`,
    change: () => nothingAgreed,
  },
};

const ruleOf = (type: EventType) => rules[type] as Rule<EventType>;

/** A checked copy: what the caller holds may change afterwards. */
function readEvent(value: unknown, path: string): CaseEvent {
  const { type } = Object(value) as { readonly type?: unknown };
  if (typeof type !== 'string' || !Object.hasOwn(rules, type))
    throw invalid(`${path}.type must be one of ${Object.keys(rules).join(', ')}, not ${String(type)}.`);
  const { needs = [], may = [] } = ruleOf(type as EventType);
  const given = readObject(value, path, ['type', 'id', 'by', ...needs, ...may]);
  const fields = [...needs, ...may.filter((name) => given[name] !== undefined)];
  return {
    type,
    id: readName(given.id, `${path}.id`),
    by: readParty(given.by, `${path}.by`),
    ...Object.fromEntries(fields.map((name) => [name, fieldReaders[name](given[name], `${path}.${name}`)])),
  } as CaseEvent;
}

function readOpenEvent(value: unknown, path: string): OpenEvent {
  const given = readObject(value, path, ['type', 'id', 'by', 'facts', 'priority', 'skill', 'terms']);
  if (given.type !== 'open') throw invalid(`${path}.type must be 'open', not ${String(given.type)}: a case begins with it.`);
  return {
    type: 'open',
    id: readName(given.id, `${path}.id`),
    by: readParty(given.by, `${path}.by`),
    facts: readAllFacts(given.facts, `${path}.facts`),
    priority: readPriority(given.priority, `${path}.priority`),
    ...(given.skill !== undefined && { skill: readName(given.skill, `${path}.skill`) }),
    terms: readTerms(given.terms, `${path}.terms`),
  };
}

/** A new case, in `collect`. */
export function openCase(id: string, event: OpenEvent, now: number): Case {
  const opening = readOpenEvent(event, 'event');
  const at = readTime(now, 'now');
  const { facts, priority, skill, terms } = opening;
  return {
    id: readName(id, 'id'),
    version: 1,
    state: 'collect',
    enteredAt: at,
    priority,
    ...(skill !== undefined && { skill }),
    ...facts,
    ...nothingAgreed,
    terms,
    history: [{ sequence: 1, at, to: 'collect', event: opening }],
  };
}

const hasSeen = ({ history }: Case, id: string): boolean => history.some(({ event }) => event.id === id);

function refuse(known: Case, event: CaseEvent, at: number): void {
  const { from, by, guard } = ruleOf(event.type);
  const refusal = (code: 'case_repeated' | 'case_ended' | 'case_out_of_order' | 'case_forbidden' | 'case_not_ready', why: string) =>
    new CaseError(code, `Case ${known.id}, in ${known.state}, takes no '${event.type}' of the ${event.by}: ${why}.`, { case: known });
  if (hasSeen(known, event.id)) throw refusal('case_repeated', `the event ${event.id} has been taken already`);
  if (!from.includes(known.state)) {
    if (!isOpen(known.state)) throw refusal('case_ended', `it is ${known.state}; reopen it first`);
    throw refusal('case_out_of_order', `that belongs to ${from.join(', ')}`);
  }
  if (!by.includes(event.by)) throw refusal('case_forbidden', `that is for the ${by.join(' or the ')}`);
  const notReady = guard?.(known, event, at);
  if (notReady) throw refusal('case_not_ready', notReady);
}

/**
 * The case after `event`; `known` stays as it is. Errors: case_repeated, case_ended, case_out_of_order, case_forbidden, case_not_ready,
 * and invalid_argument for what is no event.
 */
export function advance(known: Case, event: CaseEvent, now: number): Case {
  const taken = readEvent(event, 'event');
  const last = lastTime(known);
  const clockSkew = readTime(now, 'now') < last;
  const at = clockSkew ? last : now;
  refuse(known, taken, at);
  const { to = known.state, change } = ruleOf(taken.type);
  const version = known.version + 1;
  const entry: HistoryEntry = { sequence: version, at, ...(clockSkew && { clockSkew }), from: known.state, to, event: taken };
  return {
    ...known,
    ...change?.(taken, known),
    version,
    state: to,
    enteredAt: to === known.state ? known.enteredAt : at,
    history: [...known.history, entry],
  };
}

/** What a history leads to, however it came here: every entry is checked as `advance` checks it. */
export function replay(id: string, history: readonly HistoryEntry[]): Case {
  const [first, ...rest] = history;
  if (!first) throw invalid('history is empty.');
  return rest.reduce(
    (known, { at, clockSkew, event }) => {
      const next = advance(known, event as CaseEvent, at);
      return clockSkew && at === lastTime(known) ? withSkew(next) : next;
    },
    openCase(id, first.event as OpenEvent, first.at),
  );
}

/** The entry's time was corrected when it was written; the clock's own is not known any more. */
function withSkew(known: Case): Case {
  const last = known.history.at(-1) as HistoryEntry;
  const { sequence, at, from, to, event } = last;
  return { ...known, history: [...known.history.slice(0, -1), { sequence, at, clockSkew: true, ...(from && { from }), to, event }] };
}
