import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parties } from '../../../web/cases/read.ts';
import { completeTerms, deadline, defaultTerms, endStates, isOpen, openStates, overdue, priorities } from '../../../web/cases/terms.ts';
import type { Case, CaseEvent, CaseState, EventType, NewEvent } from '../../../web/cases/types.ts';
import { advance, openCase, replay, rules } from '../../../web/cases/workflow.ts';
import { caseIn, event, hour, opening, start, stops } from './support.ts';

const states: readonly CaseState[] = [...openStates, ...endStates];
const types = Object.keys(rules) as EventType[];
const later = start + 20 * hour;

/** Of each type one that is well formed. */
const samples: { readonly [T in EventType]: NewEvent & { readonly type: T } } = {
  describe: { type: 'describe', by: 'shopper', facts: { wish: 'exchange' } },
  submit: { type: 'submit', by: 'shopper' },
  propose: { type: 'propose', by: 'agent', remedies: ['coupon'], text: 'Would 10 % do?' },
  decline: { type: 'decline', by: 'shopper', text: 'Too little.' },
  agree: { type: 'agree', by: 'shopper' },
  schedule: { type: 'schedule', by: 'agent', steps: [{ id: 'a', title: 'Send' }] },
  start: { type: 'start', by: 'agent' },
  finish_step: { type: 'finish_step', by: 'agent', step: 'money' },
  fail: { type: 'fail', by: 'agent', text: 'The bank refused.' },
  complete: { type: 'complete', by: 'agent' },
  dispute: { type: 'dispute', by: 'shopper', text: 'It leaks again.' },
  confirm: { type: 'confirm', by: 'shopper' },
  note: { type: 'note', by: 'agent', text: 'Called.' },
  assign: { type: 'assign', by: 'agent', priority: 'P1', skill: 'kitchen' },
  withdraw: { type: 'withdraw', by: 'shopper' },
  reopen: { type: 'reopen', by: 'shopper', text: 'It leaks again.' },
};

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

/** A stop of the straight way at which the event must be taken, if any of this state's does. */
function bestStop(state: CaseState, type: EventType): Case {
  const mediating = stops.filter((stop) => stop.state === 'mediate');
  if (state === 'mediate') return (type === 'agree' || type === 'decline' ? mediating.at(-1) : mediating[0]) as Case;
  return caseIn(state, { ready: type !== 'finish_step' });
}

describe('each state', () => {
  const table = states.flatMap((state) => types.map((type) => [state, type] as const));

  test.each(table)('%s takes %s or refuses it by the table', (state, type) => {
    const known = bestStop(state, type);
    const before = structuredClone(known);
    const { from, to = state } = rules[type];
    const expected = from.includes(state) ? 'taken' : isOpen(state) ? 'case_out_of_order' : 'case_ended';
    expect(codeOf(() => advance(known, event(samples[type]), later))).toBe(expected);
    if (expected === 'taken') {
      const next = advance(known, event(samples[type]), later);
      expect(next).toMatchObject({ state: to, version: known.version + 1, enteredAt: to === state ? known.enteredAt : later });
      expect(next.history.slice(0, -1)).toEqual(known.history);
    }
    expect(known).toEqual(before);
  });

  test.each(types.flatMap((type) => parties.map((by) => [type, by] as const)))('takes %s of the %s if the table says so', (type, by) => {
    const known = bestStop(rules[type].from[0] as CaseState, type);
    const sent = event({ ...samples[type], by } as NewEvent);
    const late = type === 'confirm' ? (deadline(known) ?? 0) + 1 : later;
    expect(codeOf(() => advance(known, sent, late))).toBe(rules[type].by.includes(by) ? 'taken' : 'case_forbidden');
  });

  test('leads where the README says', () => {
    const readme = readFileSync(new URL('../../../web/cases/README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|/gm)].map((row) =>
      row.slice(1).map((cell) => cell.trim()),
    );
    const open = openStates.join(', ');
    const expected = types.map((type) => {
      const { from, to = '–', by } = rules[type];
      return [type, from.join(', ') === open ? 'every open one' : from.join(', '), to, by.length === 3 ? 'anyone' : by.join(', ')];
    });
    expect(rows).toEqual(expected);
    const hours = [...readme.matchAll(/^\| (P\d) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|/gm)].map((row) => row.slice(1));
    expect(hours).toEqual(priorities.map((p) => [p, ...openStates.map((state) => String(defaultTerms.hours[p][state]))]));
  });
});

describe('guards', () => {
  const noWish = openCase('c2', { ...opening, facts: { text: 'It leaks.', kind: 'other' } }, start);
  const refused: readonly (readonly [string, Case, NewEvent])[] = [
    ['submit without a wish', noWish, samples.submit],
    ['agree without an offer', caseIn('mediate'), samples.agree],
    ['decline without an offer', caseIn('mediate'), samples.decline],
    ['agree to a declined offer', advance(bestStop('mediate', 'agree'), event(samples.decline), later), samples.agree],
    ['start without steps', caseIn('plan'), samples.start],
    ['finish an unknown step', caseIn('execute'), { type: 'finish_step', by: 'agent', step: 'none' }],
    ['finish a step twice', caseIn('execute', { ready: true }), samples.finish_step],
    ['complete before the steps are done', caseIn('execute'), samples.complete],
    ['close by the system before the deadline', caseIn('follow_up'), { type: 'confirm', by: 'system' }],
    ['assign nothing', caseIn('plan'), { type: 'assign', by: 'agent' }],
  ];
  test.each(refused)('refuse to %s', (_, known, sent) => {
    expect(codeOf(() => advance(known, event(sent), start + 8 * hour))).toBe('case_not_ready');
  });

  test('a failed plan starts again only with steps left to do', () => {
    const failed = advance(caseIn('execute', { ready: true }), event(samples.fail), later);
    expect(codeOf(() => advance(failed, event(samples.start), later))).toBe('case_not_ready');
    expect(advance(advance(failed, event(samples.schedule), later), event(samples.start), later).state).toBe('execute');
  });

  test('a case is reopened within the days of its terms, with what was told, without what was agreed', () => {
    const closed = caseIn('closed');
    const end = closed.enteredAt + 30 * 24 * hour;
    expect(codeOf(() => advance(closed, event(samples.reopen), end + 1))).toBe('case_not_ready');
    expect(advance(closed, event(samples.reopen), end)).toMatchObject({ state: 'collect', proposal: [], steps: [], wish: 'refund' });
  });

  test('facts, priority, skill and offers become the case’s', () => {
    expect(advance(caseIn('collect'), event(samples.describe), later)).toMatchObject({ wish: 'exchange', text: opening.facts.text });
    expect(advance(caseIn('plan'), event(samples.assign), later)).toMatchObject({ priority: 'P1', skill: 'kitchen' });
    expect(advance(caseIn('mediate'), event(samples.propose), later).proposal).toEqual(['coupon']);
    expect(advance(caseIn('follow_up'), event(samples.dispute), later)).toMatchObject({ state: 'mediate', proposal: [], steps: [] });
  });
});

describe('time', () => {
  test('never goes backwards: a clock set back repeats the last time, and is noted', () => {
    const known = caseIn('mediate');
    const next = advance(known, event(samples.note), start - 99 * hour);
    expect(next.history.at(-1)).toMatchObject({ at: known.history.at(-1)?.at, clockSkew: true });
    expect(advance(next, event(samples.note), later).history.at(-1)).not.toHaveProperty('clockSkew');
    expect(replay('c1', next.history)).toEqual(next);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 9e15, '12'])('is refused as %s', (now) => {
    expect(codeOf(() => advance(caseIn('mediate'), event(samples.note), now as number))).toBe('invalid_argument');
  });

  test.each(
    priorities.flatMap((priority) => openStates.map((state) => [priority, state] as const)),
  )('%s in %s is due by the terms', (priority, state) => {
    const known = { ...caseIn(state), priority };
    const due = known.enteredAt + defaultTerms.hours[priority][state] * hour;
    expect(deadline(known)).toBe(due);
    expect([overdue(known, due), overdue(known, due + 1)]).toEqual([false, true]);
  });

  test('an ended case is never due', () => {
    for (const state of endStates) expect([deadline(caseIn(state)), overdue(caseIn(state), 8e15)]).toEqual([undefined, false]);
  });

  test('a raised priority counts from when the state was entered', () => {
    const raised = advance(caseIn('mediate'), event(samples.assign), start + 3 * hour);
    expect(deadline(raised)).toBe(raised.enteredAt + 4 * hour);
  });

  test('a shop’s own terms replace what they name, and stay with a case', () => {
    const terms = completeTerms({ hours: { P2: { collect: 1 } } });
    expect(terms.hours.P2).toEqual({ ...defaultTerms.hours.P2, collect: 1 });
    expect(terms.hours.P1).toEqual(defaultTerms.hours.P1);
    expect(deadline(openCase('c', { ...opening, terms }, start))).toBe(start + hour);
  });
});

describe('what is no event', () => {
  const bad: readonly (readonly [string, unknown, string])[] = [
    ['no object', null, 'event.type'],
    ['an unknown type', { type: 'explode', id: 'x', by: 'agent' }, 'event.type'],
    ['a name of Object.prototype', { type: 'constructor', id: 'x', by: 'agent' }, 'event.type'],
    ['a second opening', { ...opening, id: 'x' }, 'event.type'],
    ['no id', { type: 'submit', by: 'agent' }, 'event.id'],
    ['an unknown party', { type: 'submit', id: 'x', by: 'boss' }, 'event.by'],
    ['an unknown field', { type: 'submit', id: 'x', by: 'agent', texts: '' }, 'event.texts'],
    ['a blank reason', { type: 'note', id: 'x', by: 'agent', text: ' \n' }, 'event.text'],
    ['a text beyond the limit', { type: 'note', id: 'x', by: 'agent', text: 'a'.repeat(100_001) }, 'event.text'],
    ['no remedy', { type: 'propose', id: 'x', by: 'agent', remedies: [] }, 'event.remedies'],
    ['an unknown remedy', { type: 'propose', id: 'x', by: 'agent', remedies: ['refund', 'gold'] }, 'event.remedies[1]'],
    ['a remedy twice', { type: 'propose', id: 'x', by: 'agent', remedies: ['refund', 'refund'] }, "event.remedies has 'refund' twice"],
    [
      'two steps of one id',
      {
        type: 'schedule',
        id: 'x',
        by: 'agent',
        steps: [
          { id: 'a', title: 'A' },
          { id: 'a', title: 'B' },
        ],
      },
      'event.steps',
    ],
    ['no fact', { type: 'describe', id: 'x', by: 'agent', facts: {} }, 'event.facts'],
    ['an unknown kind', { type: 'describe', id: 'x', by: 'agent', facts: { kind: 'rude' } }, 'event.facts.kind'],
  ];
  test.each(bad)('%s is refused, and the message says where', (_, sent, where) => {
    expect(() => advance(caseIn('collect'), sent as CaseEvent, later)).toThrow(
      expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(where) }),
    );
  });

  test.each([0, -1, Number.NaN, 1e9, '4', undefined])('terms of %s hours are refused', (hours) => {
    const terms = completeTerms({ hours: { P1: { plan: hours as number } } });
    expect(() => openCase('c', { ...opening, terms }, start)).toThrow(/event\.terms\.hours\.P1\.plan/);
  });

  test('an event is taken as it was: what its sender changes afterwards changes nothing', () => {
    const sent = { type: 'propose', id: 'own', by: 'agent', remedies: ['refund'] } as const;
    const changing = structuredClone(sent) as unknown as CaseEvent & { remedies: string[] };
    const next = advance(caseIn('mediate'), changing, later);
    changing.remedies.push('gold');
    expect(next.proposal).toEqual(['refund']);
  });
});

/** Mulberry32: small, seeded. */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So that a change in place throws. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
  return value;
}

/** A life of random events, half of them such as the state takes; the case it leads to. */
function live(seed: number): Case {
  const next = random(seed);
  const pick = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T;
  let known = freeze(openCase('c', opening, start));
  let now = start;
  for (let i = 0; i < 150; i++) {
    now += Math.floor((next() - 0.2) * 30 * hour);
    const repeated = next() < 0.1;
    const id = repeated && { id: pick(known.history).event.id };
    const fitting = types.filter((type) => rules[type].from.includes(known.state) && type !== 'withdraw');
    const type = pick(next() < 0.5 ? fitting : types);
    const by = next() < 0.7 ? pick(rules[type].by) : pick(parties);
    const step = type === 'finish_step' && { step: pick(known.steps)?.id ?? 'none' };
    const sent = event({ ...samples[type], by, ...step, ...id } as NewEvent);
    const code = codeOf(() => {
      known = freeze(advance(known, sent, now));
    });
    expect(code).toMatch(repeated ? /^case_repeated$/ : /^(taken|case_(ended|out_of_order|forbidden|not_ready))$/);
  }
  return known;
}

function breaks({ history }: Case): string[] {
  return history.flatMap(({ sequence, at, from, to, event: { type } }, i) => {
    const last = history[i - 1];
    const forward = last ? states.indexOf(to) - states.indexOf(last.to) : 0;
    const wrong = [
      sequence !== i + 1 && 'a number left out',
      last && at < last.at && 'time ran backwards',
      last && from !== last.to && 'a gap between states',
      last && !isOpen(last.to) && (type !== 'reopen' || to !== 'collect') && 'an end left by something else than being reopened',
      last && isOpen(last.to) && to !== 'withdrawn' && forward > 1 && 'a state skipped',
    ];
    return wrong.filter(Boolean).map((what) => `${sequence}: ${what}`);
  });
}

describe('whatever is sent', () => {
  test('a history stays whole, and leads to the case again', () => {
    const lives = Array.from({ length: 60 }, (_, seed) => live(seed));
    for (const known of lives) {
      expect(known.version).toBe(known.history.length);
      expect(breaks(known)).toEqual([]);
      expect(JSON.stringify(replay('c', known.history))).toBe(JSON.stringify(known));
    }
    const reached = new Set(lives.flatMap(({ history }) => history.map(({ to }) => to)));
    expect([...reached].sort()).toEqual([...states].sort());
    expect(lives.some(({ history }) => history.some(({ clockSkew }) => clockSkew))).toBe(true);
  });
});
