/** The store over a shelf that fails on demand; over the real IndexedDB: tests/browser/cases.test.ts. */
import { beforeEach, describe, expect, test } from 'vitest';
import { Announcer } from '../../../web/cases/announcer.ts';
import { casesOver, openCases } from '../../../web/cases/store.ts';
import type { Case, CaseFile, Cases, NewEvent } from '../../../web/cases/types.ts';
import { blocked, caseIn, FakeShelf, full, hour, start } from './support.ts';

const fresh = { text: 'It leaks.', wish: 'refund' } as const;
const submit: NewEvent = { type: 'submit', by: 'shopper' };
const note: NewEvent = { type: 'note', by: 'shopper', text: 'Still leaks.' };

let shelf: FakeShelf;
let now: number;
const store = () => casesOver(shelf, new Announcer('test'), { now: () => now });
let cases: Cases;

beforeEach(() => {
  shelf = new FakeShelf();
  now = start;
  cases = store();
  return () => cases.close();
});

const opened = async (): Promise<Case> => (await cases.open({ ...fresh, id: 'c1' })).case;

describe('a store that works', () => {
  test('opens with defaults, moves on, lists newest first', async () => {
    const one = await opened();
    expect(one).toMatchObject({ id: 'c1', kind: 'other', priority: 'P3', version: 1, state: 'collect', text: 'It leaks.' });
    now += hour;
    const { case: two } = await cases.open({ ...fresh, priority: 'P1', skill: 'kitchen', by: 'agent' });
    expect(two).toMatchObject({ priority: 'P1', skill: 'kitchen' });
    expect(two.id).toMatch(/^[0-9a-f]{24}$/);
    expect(await cases.advance(one, submit)).toMatchObject({ kept: 'stored', case: { state: 'mediate', version: 2 } });
    expect((await cases.list()).map(({ id }) => id)).toEqual([two.id, 'c1']);
    expect(await cases.get('c1')).toEqual(shelf.records.get('c1'));
    expect(await cases.get('none')).toBeUndefined();
    expect([cases.deadline(two), cases.isOverdue(two)]).toEqual([now + 4 * hour, false]);
    now += 5 * hour;
    expect(cases.isOverdue(two)).toBe(true);
  });

  test('refuses the same case or event twice, with the case as it stands', async () => {
    const one = await opened();
    await expect(opened()).rejects.toMatchObject({ code: 'case_repeated', case: one });
    const { case: two } = await cases.advance(one, { ...submit, id: 'once' });
    await expect(cases.advance(one, { ...submit, id: 'once' })).rejects.toMatchObject({ code: 'case_repeated', case: two });
    expect(shelf.records.get('c1')?.version).toBe(2);
  });

  test('refuses what was decided on an older version, and gives the newer', async () => {
    const one = await opened();
    const { case: two } = await cases.advance(one, submit);
    await expect(cases.advance(one, note)).rejects.toMatchObject({ code: 'case_conflict', case: two });
  });

  test('of calls at once on one version takes the first', async () => {
    const one = await opened();
    const results = await Promise.allSettled([cases.advance(one, note), cases.advance(one, note), cases.advance(one, submit)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  test('refuses what it does not know, and what is no case or event', async () => {
    const one = await opened();
    await expect(cases.advance({ ...one, id: 'none' }, note)).rejects.toMatchObject({ code: 'case_unknown' });
    await expect(cases.advance({} as Case, note)).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(cases.advance(one, undefined as never)).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(cases.open(undefined as never)).rejects.toThrow(TypeError);
    await expect(cases.open({ text: ' ' })).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(cases.export(['none'])).rejects.toMatchObject({ code: 'case_unknown' });
    expect(() => openCases({ terms: { reopenDays: 0 } })).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });

  test('erases one or all', async () => {
    const one = await opened();
    await cases.open({ ...fresh, id: 'c2' });
    await cases.erase('c1');
    expect((await cases.list()).map(({ id }) => id)).toEqual(['c2']);
    await expect(cases.advance(one, note)).rejects.toMatchObject({ code: 'case_unknown' });
    await cases.erase();
    expect(await cases.list()).toEqual([]);
  });

  test('rejects calls after close', async () => {
    cases.close();
    await expect(cases.open(fresh)).rejects.toMatchObject({ code: 'disposed' });
  });
});

describe.each([
  ['full', full, false],
  ['blocked', blocked, true],
] as const)('storage that is %s', (_, problem, readsToo) => {
  const failing = () => {
    shelf.fail = problem;
    shelf.readsToo = readsToo;
  };

  test('keeps cases in memory, says why, and stores them when it can', async () => {
    failing();
    const first = await cases.open({ ...fresh, id: 'c1' });
    expect(first).toMatchObject({ kept: 'memory', problem, case: { version: 1 } });
    const second = await cases.advance(first.case, submit);
    expect(second).toMatchObject({ kept: 'memory', problem, case: { version: 2 } });
    expect(cases.problem).toBe(problem);
    expect([await cases.get('c1'), await cases.list(), (await cases.export()).cases]).toEqual([second.case, [second.case], [second.case]]);
    expect(await cases.retry()).toEqual([second.case]);
    shelf.fail = undefined;
    expect(await cases.retry()).toEqual([]);
    expect([cases.problem, shelf.records.get('c1')]).toEqual([undefined, second.case]);
  });

  test('that had a case before goes on from it, and the next event stores all', async () => {
    const one = await opened();
    failing();
    const two = (await cases.advance(one, submit)).case;
    await expect(cases.advance(one, note)).rejects.toMatchObject({ code: 'case_conflict', case: two });
    await expect(cases.open({ ...fresh, id: 'c1' })).rejects.toMatchObject({ code: 'case_repeated' });
    shelf.fail = undefined;
    expect(await cases.advance(two, note)).toMatchObject({ kept: 'stored', case: { version: 3 } });
    expect(shelf.records.get('c1')?.version).toBe(3);
  });

  test('lets what another tab stored meanwhile win, and hands over what only this page had', async () => {
    const one = await opened();
    failing();
    const mine = (await cases.advance(one, submit)).case;
    shelf.fail = undefined;
    const theirs = (await store().advance(one, note)).case;
    await expect(cases.advance(mine, note)).rejects.toMatchObject({ code: 'case_conflict', case: theirs, unsaved: mine });
    expect(await cases.get('c1')).toEqual(theirs);
  });

  test('what a caller does to the case it was given reaches no memory', async () => {
    failing();
    const { case: one } = await cases.open({ ...fresh, id: 'c1' });
    (one as { text: string }).text = 'changed';
    expect((await cases.get('c1'))?.text).toBe('It leaks.');
  });

  test('erases memory even so, and says that storage may still have it', async () => {
    failing();
    await cases.open({ ...fresh, id: 'c1' });
    await expect(cases.erase()).rejects.toBe(problem);
    shelf.fail = undefined;
    expect(await cases.list()).toEqual([]);
  });
});

test('where there is no IndexedDB, as in Node, cases live in memory', async () => {
  const inNode = openCases();
  const { kept, case: one } = await inNode.open(fresh);
  expect([kept, inNode.problem?.code]).toEqual(['memory', 'storage_unavailable']);
  expect(await inNode.list()).toEqual([one]);
  await expect(inNode.get('none')).rejects.toMatchObject({ code: 'storage_unavailable' });
  inNode.close();
});

describe('a file', () => {
  const fileOf = (...list: Case[]): CaseFile => ({
    format: 'aftersense-cases',
    version: 1,
    exportedAt: '2026-01-05T09:00:00.000Z',
    cases: list,
  });
  const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

  test('gives the same cases back', async () => {
    const given = throughJson(fileOf(caseIn('closed'), { ...caseIn('withdrawn'), id: 'c2' }));
    expect(await cases.import(given)).toEqual({ added: ['c1', 'c2'], updated: [], unchanged: [], diverged: [] });
    const exported = await cases.export();
    expect([...exported.cases].sort((a, b) => a.id.localeCompare(b.id))).toEqual(given.cases);
    expect(await cases.import(throughJson(exported))).toMatchObject({ unchanged: expect.arrayContaining(['c1', 'c2']) });
  });

  test('updates what it continues, and leaves what went another way', async () => {
    await cases.import(fileOf(caseIn('plan')));
    expect(await cases.import(fileOf(caseIn('mediate')))).toMatchObject({ unchanged: ['c1'] });
    expect(await cases.import(fileOf(caseIn('closed')))).toMatchObject({ updated: ['c1'] });
    expect(await cases.import(fileOf(caseIn('withdrawn')))).toMatchObject({ diverged: ['c1'] });
    expect((await cases.get('c1'))?.state).toBe('closed');
  });

  const closed = () => throughJson(caseIn('closed')) as unknown as Record<string, never> & { history: Record<string, never>[] };
  const changed = (change: (one: ReturnType<typeof closed>) => void) => {
    const one = closed();
    change(one);
    return fileOf(one as unknown as Case);
  };
  const bad: readonly (readonly [string, unknown, RegExp])[] = [
    ['nothing', null, /^file must be an object/],
    ['another format', { ...fileOf(), format: 'cases' }, /file\.format/],
    ['a later version', { ...fileOf(), version: 2 }, /file\.version is 2/],
    ['no list', { ...fileOf(), cases: {} }, /file\.cases/],
    ['a null', { ...fileOf(), cases: [null] }, /file\.cases\[0\]/],
    ['a case twice', fileOf(caseIn('plan'), caseIn('plan')), /'c1' twice/],
    ['a state that the history does not lead to', changed((one) => Object.assign(one, { state: 'plan' })), /not what its history leads to/],
    ['a field that nobody knows', changed((one) => Object.assign(one, { admin: true })), /not what its history leads to/],
    ['an entry left out', changed((one) => one.history.splice(2, 1)), /file\.cases\[0\]\.history: /],
    ['the opening left out', changed((one) => one.history.shift()), /open/],
    ['time that runs backwards', changed((one) => Object.assign(one.history[3] as object, { at: 5 })), /not what its history leads to/],
    ['a time that is none', changed((one) => Object.assign(one.history[3] as object, { at: '5' })), /history\[3\]\.at/],
  ];
  test.each(bad)('with %s is refused whole', async (_, given, message) => {
    const before = await cases.list();
    await expect(cases.import(given)).rejects.toMatchObject({ code: 'case_file_invalid', message: expect.stringMatching(message) });
    expect(await cases.list()).toEqual(before);
  });
});
