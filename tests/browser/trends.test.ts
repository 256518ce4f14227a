/** Reports over a real IndexedDB: two tabs that ask at once, reload, revocation, storage that is refused. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { openReports } from '../../web/trends/reports.ts';
import type { ReportOptions, Reports, TrendReport } from '../../web/trends/types.ts';
import { useModulePage } from './module_page.ts';

declare global {
  var trendsLib: { readonly openReports: typeof openReports };
  var reports: Reports;
}

const now = Date.UTC(2026, 10, 25, 12);
const cases = [{ id: 'c1', kind: 'logistics', history: [{ at: Date.UTC(2026, 10, 17) }] }];
const asked: ReportOptions = { epsilon: 1 };
const lab = useModulePage('../../web/trends', "export { openReports } from './reports.ts';", 'trendsLib');

async function start(at: Page): Promise<Page> {
  await at.evaluate((time) => {
    globalThis.reports = globalThis.trendsLib.openReports({ now: () => time });
  }, now);
  return at;
}

async function tab(path = '/'): Promise<Page> {
  const opened = await lab.open(path);
  return start(opened);
}

const agree = (at: Page) => at.evaluate(() => globalThis.reports.consent({ consent: true, epsilon: 1, days: 28, timeZone: 'UTC' }));
const report = (at: Page, options = asked): Promise<TrendReport | string> =>
  at.evaluate(([known, wanted]) => globalThis.reports.report(known, wanted).catch(({ code }) => code as string), [cases, options] as const);
const status = (at: Page) => at.evaluate(() => globalThis.reports.status());

test('two tabs that ask at once get one report, and spend once; a reload changes nothing', async () => {
  const [first, second] = [await tab(), await tab()];
  await agree(first);
  const all = await Promise.all(Array.from({ length: 20 }, (_, i) => report(i % 2 ? first : second)));
  expect(all[0]).toMatchObject({ format: 'aftersense-trend-report', start: '2026-11-16' });
  for (const one of all) expect(one).toEqual(all[0]);
  expect((await status(second)).told).toEqual([{ period: 'week', start: '2026-11-16', epsilon: 1 }]);
  await second.reload();
  expect(await report(await start(second))).toEqual(all[0]);
});

test('two tabs that ask for different weeks at once cannot overspend together', async () => {
  const tabs = [await tab(), await tab()];
  await agree(tabs[0] as Page);
  const weeks = ['2026-11-16', '2026-11-09'];
  const all = await Promise.all(tabs.map((at, i) => report(at, { ...asked, start: weeks[i] as string })));
  expect(all.filter((one) => one === 'privacy_budget_spent')).toHaveLength(1);
  expect((await status(tabs[0] as Page)).told).toHaveLength(1);
});

test('a revocation in one tab holds in the other, and erases what was told', async () => {
  const [first, second] = [await tab(), await tab()];
  await agree(first);
  await report(first);
  await second.evaluate(() => globalThis.reports.revoke());
  expect(await report(first)).toBe('consent_missing');
  const stored = await first.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('aftersense-reports');
      request.onsuccess = () => resolve(request.result);
    });
    return new Promise((resolve) => {
      const request = database.transaction('ledger').objectStore('ledger').getAll();
      request.onsuccess = () => resolve(request.result);
    });
  });
  expect(stored).toEqual([{ timeZone: 'UTC', told: [{ period: 'week', index: 2968, epsilon: 1 }] }]);
});

test('without storage there is no consent and no report', async () => {
  const refused = await tab('/refused');
  expect(await agree(refused).catch(({ message }) => message)).toContain('without a ledger, no reports');
  expect(await report(refused)).toBe('storage_unavailable');
});
