import { describe, expect, test } from 'vitest';
import { assign } from '../../../web/desk/assign.ts';
import { decide } from '../../../web/desk/decide.ts';
import type { Agent, Decision, Hours } from '../../../web/desk/types.ts';
import { analysisOf, policyOf, rule } from './support.ts';

const policy = policyOf([rule('a', {}, { skill: 'repairs' })]);
const decisionIn = (language: 'zh' | 'en' | 'other'): Decision => decide(analysisOf({ language }), policy);
const decision = decisionIn('en');
/** A Tuesday: 20:00 in Shanghai, 12:00 in London, 08:00 in New York. */
const now = '2026-03-10T12:00:00Z';

const agent = (id: string, more: Partial<Agent> = {}): Agent => ({
  id,
  skills: ['repairs'],
  languages: ['en'],
  load: 0,
  capacity: 5,
  ...more,
});
const ids = (assessed: readonly { readonly id: string }[]) => assessed.map(({ id }) => id);

describe('who can take a case', () => {
  const off: Hours = { timeZone: 'UTC', weekly: [{ days: ['Mon'], from: '00:00', to: '24:00' }] };
  test.each<[string, Partial<Agent>, readonly string[]]>([
    ['lacks the skill', { skills: ['general'] }, ['skill']],
    ['speaks another language', { languages: ['zh', 'fr'] }, ['language']],
    ['is off duty', { hours: off }, ['hours']],
    ['is full', { load: 5 }, ['capacity']],
    ['never takes any', { capacity: 0 }, ['capacity']],
    ['lacks all', { skills: [], languages: [], hours: off, load: 9 }, ['skill', 'language', 'hours', 'capacity']],
  ])('not who %s', (_, more, codes) => {
    const assignment = assign(decision, [agent('a', more)], now);
    expect(assignment).toMatchObject({ status: 'queued', queue: 'repairs', ranked: [] });
    expect(assignment.refused[0]?.reasons.map(({ code }) => code)).toEqual(codes);
    expect(assign(decision, [agent('a', more), agent('b')], now)).toMatchObject({ status: 'assigned', agent: 'b' });
  });

  test('nobody, where there is nobody', () =>
    expect(assign(decision, [], now)).toEqual({ status: 'queued', queue: 'repairs', ranked: [], refused: [] }));

  test('a language goes without its region, and any will do for one that is not known', () => {
    expect(assign(decisionIn('zh'), [agent('a'), agent('b', { languages: ['zh-TW'] })], now)).toMatchObject({ agent: 'b' });
    expect(assign(decisionIn('other'), [agent('a', { languages: ['fr'] })], now)).toMatchObject({ agent: 'a' });
  });

  test('with reasons in the language asked for', () => {
    const agents = [agent('a'), agent('b', { load: 5 })];
    expect(assign(decision, agents, now)).toMatchObject({
      ranked: [{ id: 'a', reasons: [{ code: 'skill', text: 'has the skill' }, {}, {}, {}, { code: 'load', text: 'has 0 of 5 cases' }] }],
      refused: [{ id: 'b', reasons: [{ code: 'capacity', text: 'is full' }] }],
    });
    expect(assign(decision, agents, now, { locale: 'zh' }).refused[0]?.reasons[0]?.text).toBe('已满');
  });
});

describe('who takes it', () => {
  const agents = [
    agent('busy', { load: 4 }),
    agent('versatile', { load: 1, skills: ['repairs', 'general'] }),
    agent('zoe', { load: 2, capacity: 10 }),
    agent('ann', { load: 1 }),
  ];
  test('the least loaded for his capacity, then the least versatile, then by id', () => {
    expect(ids(assign(decision, agents, now).ranked)).toEqual(['ann', 'zoe', 'versatile', 'busy']);
  });

  test('does not depend on the order of the agents', () => {
    const expected = assign(decision, agents, now);
    for (let i = 0; i < agents.length; i++)
      expect(assign(decision, [...agents.slice(i), ...agents.slice(0, i)].reverse(), now)).toEqual(expected);
  });

  test('leaves what it was given as it was', () => {
    const frozen = Object.freeze(agents.map((one) => Object.freeze(one)));
    expect(assign(decision, frozen, now)).toEqual(assign(decision, agents, now));
  });
});

describe('hours', () => {
  const open = (hours: Hours, time: string) => assign(decision, [agent('a', { hours })], time).status === 'assigned';
  const day = (timeZone: string, from: string, to: string, days: Hours['weekly'][number]['days'] = ['Tue']): Hours => ({
    timeZone,
    weekly: [{ days, from, to }],
  });

  test.each<[string, Hours, string, boolean]>([
    ['from the first minute', day('UTC', '12:00', '13:00'), now, true],
    ['to the last', day('UTC', '11:00', '12:01'), '2026-03-10T12:00:59Z', true],
    ['not at the end', day('UTC', '11:00', '12:00'), now, false],
    ['by the wall clock of Shanghai', day('Asia/Shanghai', '19:59', '20:01'), now, true],
    ['where it is Wednesday already', day('Asia/Tokyo', '00:00', '01:00', ['Wed']), '2026-03-10T15:30:00Z', true],
    ['to midnight', day('UTC', '22:00', '24:00'), '2026-03-10T23:59:00Z', true],
    ['over midnight, before it', day('UTC', '22:00', '06:00'), '2026-03-10T23:00:00Z', true],
    ['over midnight, after it', day('UTC', '22:00', '06:00'), '2026-03-11T05:59:00Z', true],
    ['over midnight, the night before', day('UTC', '22:00', '06:00'), '2026-03-10T05:59:00Z', false],
    ['from Sunday to Monday', day('UTC', '22:00', '06:00', ['Sun']), '2026-03-09T01:00:00Z', true],
    ['in winter time', day('America/New_York', '07:00', '07:30', ['Sat']), '2026-03-07T12:15:00Z', true],
    ['in summer time', day('America/New_York', '08:00', '08:30', ['Sat']), '2026-03-14T12:15:00Z', true],
    ['never, where there are none', { timeZone: 'UTC', weekly: [] }, now, false],
  ])('%s', (_, hours, time, expected) => expect(open(hours, time)).toBe(expected));
});

describe('bad input', () => {
  const hours = (more: object) => ({
    hours: { timeZone: 'UTC', weekly: [{ days: ['Mon'], from: '09:00', to: '17:00', ...more }] } as never,
  });
  test.each<[string, unknown, RegExp]>([
    ['no list', agent('a'), /agents must be an array/],
    ['no agent', [null], /agents\[0\] must be an object/],
    ['no id', [{ ...agent('a'), id: 5 }], /agents\[0\]\.id/],
    ['the same id', [agent('a'), agent('a')], /agents\[1\]\.id/],
    ['skills in a string', [agent('a', { skills: 'repairs' as never })], /agents\[0\]\.skills/],
    ['a load of NaN', [agent('a', { load: Number.NaN })], /agents\[0\]\.load/],
    ['a negative capacity', [agent('a', { capacity: -1 })], /agents\[0\]\.capacity/],
    ['no such zone', [agent('a', { hours: { timeZone: 'Mars/Olympus', weekly: [] } })], /agents\[0\]\.hours\.timeZone.*Mars/],
    ['no zone', [agent('a', { hours: { weekly: [] } as never })], /agents\[0\]\.hours\.timeZone/],
    ['no hours', [agent('a', { hours: '9-5' as never })], /agents\[0\]\.hours must have/],
    ['a time of 25:00', [agent('a', hours({ to: '25:00' }))], /agents\[0\]\.hours\.weekly\[0\]\.to/],
    ['a time of 9', [agent('a', hours({ from: '9' }))], /agents\[0\]\.hours\.weekly\[0\]\.from/],
    ['an empty interval', [agent('a', hours({ to: '09:00' }))], /agents\[0\]\.hours\.weekly\[0\] is empty/],
    ['an unknown day', [agent('a', hours({ days: ['Monday'] }))], /agents\[0\]\.hours\.weekly\[0\]\.days/],
  ])('%s', (_, agents, message) => {
    expect(() => assign(decision, agents as Agent[], now)).toThrow(message);
    expect(() => assign(decision, agents as Agent[], now)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });

  test('no time, no decision', () => {
    expect(() => assign(decision, [], 'soon')).toThrow(/now must be a date/);
    expect(() => assign({} as Decision, [], now)).toThrow(/decision\.skill/);
  });
});
