/** Corrections in a real IndexedDB: reload, two tabs, storage that is full or refused, records that are none. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { CorrectionStore, openCorrections, Reader } from '../../web/corrections/store.ts';
import type { NewCorrection } from '../../web/corrections/types.ts';
import type { FakeReader } from '../web/corrections/support.ts';
import { useModulePage } from './module_page.ts';

interface CorrectionModules {
  readonly openCorrections: typeof openCorrections;
  readonly FakeReader: typeof FakeReader;
}

declare global {
  var correctionModules: CorrectionModules;
  var corrections: CorrectionStore;
  var reader: Reader;
}

const source = `
  export { openCorrections } from '../../../web/corrections/store.ts';
  export { FakeReader } from './support.ts';
`;
const correction: NewCorrection = { text: '什么时候发货？ 😠', verdict: 'intent', label: 'track_order', by: 'agent' };
const lab = useModulePage('../web/corrections', source, 'correctionModules');

const start = (at: Page) =>
  at.evaluate(() => {
    globalThis.reader = new globalThis.correctionModules.FakeReader();
    globalThis.corrections = globalThis.correctionModules.openCorrections(globalThis.reader);
  });

async function tab(path = '/'): Promise<Page> {
  const opened = await lab.open(path);
  await start(opened);
  return opened;
}

const add = (at: Page, given = correction) => at.evaluate((one) => globalThis.corrections.add(one), given);
const list = (at: Page) => at.evaluate(() => globalThis.corrections.list());
/** The intent of a text that is as near as can be. */
const intent = (at: Page) =>
  at.evaluate(async () => {
    const [shipped] = await globalThis.reader.read(['another']);
    if (!shipped?.vector) return undefined;
    const adaptation = globalThis.corrections.mayApply ? await globalThis.corrections.current() : undefined;
    return (adaptation?.adapt(shipped.analysis, shipped.vector as Float32Array<ArrayBuffer>) ?? shipped.analysis).intent?.label;
  });
const databases = (at: Page) => at.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));

test('a page where nobody corrects anything leaves no database behind', async () => {
  const first = await tab();
  expect([await intent(first), await list(first)]).toEqual(['question', []]);
  await first.evaluate(() => globalThis.corrections.erase());
  expect(await databases(first)).toEqual([]);
  await add(first);
  expect(await databases(first)).toEqual(['aftersense-corrections']);
});

test('a correction survives a reload and applies, until it is undone', async () => {
  const first = await tab();
  const { kept, correction: made } = await add(first);
  expect(kept).toBe('stored');
  await first.reload();
  await start(first);
  expect([await intent(first), await list(first)]).toEqual(['track_order', [made]]);
  expect(await first.evaluate((id) => globalThis.corrections.undo(id), made.id)).toBe(true);
  expect(await intent(first)).toBe('question');
  await first.reload();
  await start(first);
  expect([await intent(first), await list(first)]).toEqual(['question', []]);
});

test('two tabs have the same corrections', async () => {
  const [first, second] = [await tab(), await tab()];
  expect(await intent(second)).toBe('question');
  await add(first);
  await expect.poll(() => intent(second)).toBe('track_order');
  await add(second, { ...correction, text: 'Where is it?' });
  await expect.poll(async () => (await list(first)).length).toBe(2);
  expect(await list(first)).toEqual(await list(second));
  await second.evaluate(() => globalThis.corrections.erase());
  await expect.poll(() => intent(first)).toBe('question');
});

test('records that are no corrections are passed over and counted', async () => {
  const first = await tab();
  const { correction: made } = await add(first);
  await first.evaluate(async () => {
    const opened = indexedDB.open('aftersense-corrections');
    await new Promise((resolve) => opened.addEventListener('success', resolve));
    const transaction = opened.result.transaction('corrections', 'readwrite');
    transaction.objectStore('corrections').put({ id: 'x', text: 5 });
    await new Promise((resolve) => transaction.addEventListener('complete', resolve));
    opened.result.close();
  });
  await first.reload();
  await start(first);
  expect([await list(first), await first.evaluate(() => globalThis.corrections.skipped)]).toEqual([[made], 1]);
});

describe('storage that fails', () => {
  const problem = (at: Page) => at.evaluate(() => globalThis.corrections.problem?.code);

  test('refused by the browser: corrections live in memory, and apply', async () => {
    const refused = await tab('/refused');
    expect(await add(refused)).toMatchObject({ kept: 'memory' });
    expect([await problem(refused), await intent(refused)]).toEqual(['storage_unavailable', 'track_order']);
    expect((await list(refused)).length).toBe(1);
  });

  test('full: corrections live in memory, and are stored with the next once there is room', async () => {
    const crowded = await tab();
    const session = await lab.context.newCDPSession(crowded);
    await session.send('Storage.overrideQuotaForOrigin', { origin: lab.site, quotaSize: 1 });
    expect(await add(crowded)).toMatchObject({ kept: 'memory' });
    expect([await problem(crowded), await intent(crowded)]).toEqual(['storage_full', 'track_order']);
    await session.send('Storage.overrideQuotaForOrigin', { origin: lab.site });
    expect(await add(crowded, { ...correction, text: 'Where is it?' })).toMatchObject({ kept: 'stored' });
    await crowded.reload();
    await start(crowded);
    expect((await list(crowded)).length).toBe(2);
  });
});
