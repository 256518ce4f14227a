/** The React hooks as Vite builds them, under StrictMode, with the real module behind `useAftersense`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Aftersense } from '../../dist/index.js';
import { chromiumFlags } from '../../tools/chromium.mjs';
import { executablePath } from './support.ts';

declare const hooks: {
  readonly probe: { workers: number; asked: object[]; signal: AbortSignal; desk: Aftersense };
  mountDesk(options: object): { unmount(): void };
  mountList(answer: (request: { id: string }) => Promise<string[]>): { unmount(): void };
};

const root = fileURLToPath(new URL('./react_app', import.meta.url));
const outDir = mkdtempSync(path.join(tmpdir(), 'aftersense-react-'));
let site: PreviewServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const shared = { root, configFile: false as const, logLevel: 'error' as const, build: { outDir, emptyOutDir: true, target: 'es2022' } };
  await build({ ...shared, worker: { format: 'es' } });
  site = await preview({ ...shared, preview: { host: '127.0.0.1', port: 0 } });
  browser = await chromium.launch({ executablePath, args: chromiumFlags });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  rmSync(outDir, { recursive: true, force: true });
});
beforeEach(async () => {
  page = await browser.newPage();
  await page.goto(site.resolvedUrls?.local[0] ?? '');
});
afterEach(() => page.close());

const list = () => page.locator('#list').innerText();

test('useAftersense makes one handle under StrictMode, and disposes of it when the component goes', async () => {
  const unmounted = await page.evaluate(async () => {
    const mounted = hooks.mountDesk({ model: 'lite' });
    while (!hooks.probe.desk) await new Promise((resolve) => setTimeout(resolve, 20));
    const { sentiment } = await hooks.probe.desk.analyze('物流太慢，盒子都破了');
    const status = document.querySelector('#desk')?.textContent?.trim();
    mounted.unmount();
    const refused = await hooks.probe.desk.analyze('after').catch(({ code }) => code);
    return { label: sentiment.label, status, refused, workers: hooks.probe.workers };
  });
  expect(unmounted).toEqual({ label: 'negative', status: 'ready', refused: 'disposed', workers: 1 });
});

test('useAftersense tells of a handle that could not be made', async () => {
  await page.evaluate(() => {
    hooks.mountDesk({ model: 'lite', assets: { lite: '/missing.aspack' } });
  });
  await expect.poll(() => page.locator('#desk').innerText(), { timeout: 20_000 }).toMatch(/^failed [a-z_]+$/);
});

test('useRecommendations asks anew when the request says something else, not when it is written anew', async () => {
  await page.evaluate(() => {
    hooks.mountList(async ({ id }) => [`${id}1`, `${id}2`]);
  });
  await expect.poll(list).toBe('ready a1 a2');
  await page.getByRole('button', { name: 'other' }).click();
  await expect.poll(list).toBe('ready b1 b2');
  const before = await page.evaluate(() => hooks.probe.asked);
  expect(before.at(-1)).toEqual({ for: 'product', id: 'b', k: 2 });
  expect(before.filter((request) => 'id' in request && request.id === 'b')).toHaveLength(1);
  await page.getByRole('button', { name: 'refresh' }).click();
  await expect.poll(() => page.evaluate(() => hooks.probe.asked.length)).toBe(before.length + 1);
});

test('useRecommendations tells of a failure, and stops when the component goes', async () => {
  const stopped = await page.evaluate(async () => {
    const mounted = hooks.mountList(() => new Promise(() => {}));
    while (!hooks.probe.signal || hooks.probe.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
    mounted.unmount();
    return hooks.probe.signal.aborted;
  });
  expect(stopped).toBe(true);
  await page.evaluate(() => {
    hooks.mountList(() => Promise.reject(new Error('no catalogue')));
  });
  await expect.poll(list).toBe('failed no catalogue');
});
