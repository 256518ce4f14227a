/** Cases in a real IndexedDB: reload, two tabs, a page that ends in mid-write, storage that is full or refused, an upgrade. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Announcer } from '../../web/cases/announcer.ts';
import type { IndexedDbShelf, upgrades } from '../../web/cases/database.ts';
import type { casesOver, openCases } from '../../web/cases/store.ts';
import type { Case, CaseChange, Cases, NewEvent } from '../../web/cases/types.ts';
import type { replay } from '../../web/cases/workflow.ts';
import { useModulePage } from './module_page.ts';

interface Modules {
  readonly openCases: typeof openCases;
  readonly casesOver: typeof casesOver;
  readonly Announcer: typeof Announcer;
  readonly IndexedDbShelf: typeof IndexedDbShelf;
  readonly upgrades: typeof upgrades;
  readonly replay: typeof replay;
}

declare global {
  var lib: Modules;
  var cases: Cases;
  var heard: CaseChange[];
}

const source = `
  export { openCases, casesOver } from './store.ts';
  export { Announcer } from './announcer.ts';
  export { IndexedDbShelf, upgrades } from './database.ts';
  export { replay } from './workflow.ts';
`;
const lab = useModulePage('../../web/cases', source, 'lib');

async function tab(path = '/'): Promise<Page> {
  const opened = await lab.open(path);
  await opened.evaluate(() => {
    globalThis.cases = globalThis.lib.openCases();
    globalThis.heard = [];
  });
  return opened;
}

const open = (at: Page, text = '水壶漏水 😠') =>
  at.evaluate((words) => globalThis.cases.open({ id: 'c1', text: words, wish: 'refund' }), text);
const advance = (at: Page, known: Case, event: NewEvent) =>
  at.evaluate(
    ([one, sent]) =>
      globalThis.cases
        .advance(one, sent)
        .catch(({ code, case: newer, unsaved }) => ({ kept: 'refused' as const, code, case: newer, unsaved })),
    [known, event] as const,
  );
const get = (at: Page) => at.evaluate(() => globalThis.cases.get('c1'));
const submit: NewEvent = { type: 'submit', by: 'shopper' };
const note: NewEvent = { type: 'note', by: 'shopper', text: 'Still leaks.' };

describe('a stored case', () => {
  test('survives a reload, as it was', async () => {
    const first = await tab();
    const { case: one } = await open(first);
    const moved = await advance(first, one, submit);
    expect(moved).toMatchObject({ kept: 'stored', case: { state: 'mediate', version: 2, text: '水壶漏水 😠' } });
    await first.reload();
    await first.evaluate(() => {
      globalThis.cases = globalThis.lib.openCases();
    });
    expect(await get(first)).toEqual(moved.case);
    await first.evaluate(() => globalThis.cases.erase());
    expect(await first.evaluate(() => globalThis.cases.list())).toEqual([]);
  });

  test('goes by file to another browser', async () => {
    const { case: one } = await open(await tab());
    const file = await lab.context.pages()[0]?.evaluate(() => globalThis.cases.export());
    const elsewhere = await lab.browser.newContext();
    const other = await elsewhere.newPage();
    await other.goto(lab.site);
    const report = await other.evaluate((given) => globalThis.lib.openCases().import(given), JSON.parse(JSON.stringify(file)));
    expect(report).toEqual({ added: ['c1'], updated: [], unchanged: [], diverged: [] });
    expect(await other.evaluate(() => globalThis.lib.openCases().get('c1'))).toEqual(one);
    await elsewhere.close();
  });
});

describe('two tabs', () => {
  test('cannot overwrite each other: the second gets the newer case', async () => {
    const [first, second] = [await tab(), await tab()];
    const { case: one } = await open(first);
    const results = await Promise.all([advance(first, one, note), advance(second, one, submit)]);
    expect(results.map(({ kept }) => kept).sort()).toEqual(['refused', 'stored']);
    const [winner, loser] = results[0]?.kept === 'stored' ? results : [...results].reverse();
    expect(loser).toMatchObject({ code: 'case_conflict', case: winner?.case });
    expect(await get(second)).toEqual(winner?.case);
    expect(await advance(second, winner?.case as Case, note)).toMatchObject({ kept: 'stored', case: { version: 3 } });
  });

  test('lose no event of many at once', async () => {
    const tabs = [await tab(), await tab()];
    await open(tabs[0] as Page);
    const push = (at: Page) =>
      at.evaluate(async (event) => {
        for (let sent = 0; sent < 10; ) {
          const known = (await globalThis.cases.get('c1')) as Case;
          await globalThis.cases.advance(known, event).then(
            () => sent++,
            (error) => {
              if (error.code !== 'case_conflict') throw error;
            },
          );
        }
      }, note);
    await Promise.all(tabs.map(push));
    const found = (await get(tabs[0] as Page)) as Case;
    expect(found.history.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
  });

  test('hear of each other, until they no longer wish to', async () => {
    const [first, second] = [await tab(), await tab()];
    await second.evaluate(() => {
      const stop = new AbortController();
      Object.assign(globalThis, { stop });
      globalThis.cases.watch((change) => globalThis.heard.push(change), { signal: stop.signal });
    });
    const heard = () => second.evaluate(() => globalThis.heard);
    const { case: one } = await open(first);
    await advance(first, one, submit);
    await first.evaluate(() => globalThis.cases.erase('c1'));
    await first.evaluate(() => new BroadcastChannel('aftersense-cases').postMessage('of somebody else'));
    const expected = [
      { kind: 'changed', id: 'c1', version: 1 },
      { kind: 'changed', id: 'c1', version: 2 },
      { kind: 'erased', id: 'c1' },
    ];
    await expect.poll(heard).toEqual(expected);
    await second.evaluate(() => (globalThis as unknown as { stop: AbortController }).stop.abort());
    await open(first);
    await second.waitForTimeout(200);
    expect(await heard()).toEqual(expected);
  });
});

test('a page that ends in mid-write leaves the case before the event or after it', async () => {
  const watcher = await tab();
  await open(watcher);
  for (let round = 0; round < 12; round++) {
    const before = (await get(watcher)) as Case;
    const writer = await tab();
    // Not awaited: the page goes while the transaction is under way; every second one by a crash of its process.
    void writer.evaluate(([known, event]) => void globalThis.cases.advance(known, event), [before, note] as const).catch(() => {});
    await watcher.waitForTimeout(2 * round * round);
    if (round % 2) await writer.close();
    else await writer.goto('chrome://crash').catch(() => {});
    const after = (await get(watcher)) as Case;
    expect(after.version - before.version === 0 || after.version - before.version === 1).toBe(true);
    expect(await watcher.evaluate((found) => globalThis.lib.replay('c1', found.history), after)).toEqual(after);
    await writer.close().catch(() => {});
  }
  const { case: last } = await advance(watcher, (await get(watcher)) as Case, submit);
  expect(last?.state).toBe('mediate');
  // The last pages had a quarter of a second: that no event came through would mean that none was sent.
  expect(last?.version).toBeGreaterThan(2);
});

describe('storage that fails', () => {
  test('refused by the browser: the case lives in memory and can be exported', async () => {
    const refused = await tab('/refused');
    const first = await open(refused);
    expect(first.kept).toBe('memory');
    const second = await advance(refused, first.case, submit);
    expect(second).toMatchObject({ kept: 'memory', case: { version: 2, state: 'mediate' } });
    expect(await refused.evaluate(() => globalThis.cases.problem?.code)).toBe('storage_unavailable');
    expect((await refused.evaluate(() => globalThis.cases.export())).cases).toEqual([second.case]);
  });

  test('full: the case lives in memory, and is stored once there is room', async () => {
    const crowded = await tab();
    // Before the first use: Chromium looks at the quota anew only when it has allotted all that it found.
    const session = await lab.context.newCDPSession(crowded);
    await session.send('Storage.overrideQuotaForOrigin', { origin: lab.site, quotaSize: 100_000 });
    const { kept, case: one } = await open(crowded);
    expect(kept).toBe('stored');
    const moved = await advance(crowded, one, { ...note, text: '漏'.repeat(99_000) });
    expect(moved).toMatchObject({ kept: 'memory', case: { version: 2 } });
    expect(await crowded.evaluate(() => globalThis.cases.problem?.code)).toBe('storage_full');
    expect((await crowded.evaluate(() => globalThis.cases.export())).cases).toEqual([moved.case]);
    await session.send('Storage.overrideQuotaForOrigin', { origin: lab.site });
    expect(await crowded.evaluate(() => globalThis.cases.retry())).toEqual([]);
    await crowded.reload();
    expect(await crowded.evaluate(() => globalThis.lib.openCases().get('c1'))).toEqual(moved.case);
  });
});

describe('a newer version of the database', () => {
  test('takes the cases over while an older page is open, which then keeps its own in memory', async () => {
    const [older, newer] = [await tab(), await tab()];
    const { case: one } = await open(older);
    const found = await newer.evaluate(async () => {
      const { IndexedDbShelf, upgrades, Announcer, casesOver } = globalThis.lib;
      const index = (_: unknown, transaction: { objectStore(name: 'cases'): unknown }) => {
        (transaction.objectStore('cases') as IDBObjectStore).createIndex('state', 'state');
      };
      const shelf = new IndexedDbShelf('aftersense-cases', [...upgrades, index as never]);
      return casesOver(shelf, new Announcer('aftersense-cases')).list();
    });
    expect(found).toEqual([one]);
    expect(await advance(older, one, submit)).toMatchObject({ kept: 'memory', case: { version: 2 } });
    expect(await older.evaluate(() => globalThis.cases.problem?.message)).toContain('VersionError');
  });

  test('that fails in mid-way leaves everything as it was', async () => {
    const first = await tab();
    const { case: one } = await open(first);
    const code = await first.evaluate(async () => {
      globalThis.cases.close();
      const { IndexedDbShelf, upgrades } = globalThis.lib;
      const broken = (_: unknown, transaction: { objectStore(name: 'cases'): unknown }) => {
        (transaction.objectStore('cases') as IDBObjectStore).clear();
        throw new Error('a mistake in the upgrade');
      };
      const shelf = new IndexedDbShelf('aftersense-cases', [...upgrades, broken as never]);
      return shelf.readAll().catch((error) => error.code);
    });
    expect(code).toBe('storage_unavailable');
    expect(await first.evaluate(() => globalThis.lib.openCases().get('c1'))).toEqual(one);
  });
});
