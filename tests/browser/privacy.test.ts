/** Nothing leaves the page: every request the browser makes is recorded, and after load there may be none. */
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Aftersense, createAftersense } from '../../dist/index.js';
import { complaint, praise } from './reviews.ts';
import { feedback, listen, typeReview, untilLoaded, useShop, type Visit, visit } from './support.ts';

declare global {
  var createDesk: typeof createAftersense;
  var desk: Aftersense;
}

const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const productPage = '#/p/gooseneck-kettle';
const visits = useShop();

/** What the page asked for from here on, as the proxy and the browser's own event stream saw it. */
function startRecording({ context }: Visit): string[] {
  const seen: string[] = [];
  context.on('request', (request) => {
    if (!request.url().startsWith('blob:')) seen.push(`${request.method()} ${request.url()}`);
  });
  visits.shop.traffic.length = 0;
  return seen;
}

/** Everything a shopper may do, in one language. */
async function shopAround({ page }: Visit, language: 'en' | 'zh'): Promise<void> {
  await page.goto(`${visits.shop.url}#/you`);
  const agree = page.locator('[data-consent="yes"]');
  await agree.or(page.locator('[data-do="sample"]')).waitFor();
  if (await agree.isVisible()) await agree.click();
  await page.locator('[data-do="sample"]').click();
  await page.locator('.events li').first().waitFor();
  await page.locator('.logo').first().click();
  await page.locator('[data-section="replenishment"] .card').first().waitFor();
  await page.goto(`${visits.shop.url}${productPage}`);
  await typeReview(page, praise[language]);
  await page.locator('.feedback-form button[type="submit"]').click();
  await page.locator('[data-section="recommended"] .card').first().waitFor();
  const offer = page.locator('.offer button');
  if (await offer.isEnabled()) await offer.click();
  await typeReview(page, complaint[language]);
  await page.locator('.verdict[data-label="negative"]').waitFor();
  await page.locator('.feedback-form button[type="submit"]').click();
  const form = page.locator('form[data-case="complaint"]');
  await form.locator('.choice').first().click();
  await form.locator('button[type="submit"]').click();
  await page.locator('[data-kept] a').click();
  await Promise.all([page.waitForEvent('download'), page.locator('.case-columns .button-plain').click()]);
  await page.goBack();
  await page.locator('.product .button').first().click();
  await page.locator('#search').fill(language === 'zh' ? '睡眠' : 'sleep');
  await page.keyboard.press('Enter');
  await page.locator('[data-section="results"] .card').first().waitFor();
  await page.locator('.tool[href="#/basket"]').click();
  await page.locator('[data-section="basket"] .card').first().waitFor();
  await page.locator('[data-do="order"]').click();
  await page.locator('[data-ordered]').waitFor();
  for (const link of await page.locator('.categories a').all()) await link.click();
  await page.locator('.tool[href="#/cases"]').click();
  await page.locator('.case').first().waitFor();
}

describe('after load', () => {
  test('no request leaves, whatever the shopper types, submits, searches or switches', async () => {
    const opened = await visits.visit(productPage);
    await untilLoaded(opened.page);
    const seen = startRecording(opened);
    await shopAround(opened, 'en');
    await opened.page.locator('#language').click();
    await opened.page.goBack();
    await opened.page.goto(`${visits.shop.url}${productPage}`);
    await shopAround(opened, 'zh');
    // Late senders (timers, unload handlers of views) get their chance.
    await opened.page.waitForTimeout(1500);
    expect(seen).toEqual([]);
    expect(visits.shop.traffic).toEqual([]);
    expect(opened.incidents).toEqual([]);
    expect(await opened.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  });

  test('everything still works offline', async () => {
    const opened = await visits.visit(productPage);
    await untilLoaded(opened.page);
    await opened.context.setOffline(true);
    await shopAround(opened, 'en');
  });
});

/** dist/ under the strict policy, with a page that imports it. */
async function servePackage() {
  const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
  const script = `import { createAftersense } from '/index.js'; globalThis.createDesk = createAftersense;`;
  const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
  const server = createServer(({ url = '/' }, response) => {
    const isOwn = url === '/' || url === '/page.js';
    response.setHeader('content-security-policy', policy);
    response.setHeader('content-type', url === '/' ? 'text/html' : (types[path.extname(url)] ?? 'application/octet-stream'));
    if (isOwn) response.end(url === '/' ? '<!doctype html><script type="module" src="/page.js"></script>' : script);
    else
      createReadStream(path.join(dist, path.basename(url)))
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
  });
  return { server, site: `http://127.0.0.1:${await listen(server)}/` };
}

test('no request leaves while a profile is kept, and recommended by, on every surface', async () => {
  const { server, site } = await servePackage();
  onTestFinished(() => void server.close());
  const opened = await visit({ ...visits.shop, url: site });
  onTestFinished(() => opened.context.close());
  const { page } = opened;
  await page.waitForFunction(() => 'createDesk' in globalThis);
  await page.evaluate(async () => {
    const desk = await globalThis.createDesk({ model: 'lite' });
    const products = ['kettle', 'cup', 'tea'].map((id) => ({ id, title: `Green tea ${id}`, category: 'tea', price: 9, lastsDays: 30 }));
    const offers = [{ id: 'ten', kind: 'percent', value: 10, categories: ['tea'] }] as const;
    const articles = [{ id: 'brew', title: 'How to brew green tea', about: ['tea'] }];
    await desk.catalog.load((await desk.catalog.build(products, { offers, articles })).bytes);
    globalThis.desk = desk;
  });
  const seen = startRecording(opened);
  const found = await page.evaluate(async () => {
    const { desk } = globalThis;
    const tea = { id: 'tea', title: 'Green tea tea', category: 'tea', price: 9 };
    await desk.profile.consent(true);
    await desk.profile.record({ kind: 'purchase', product: tea, at: Date.now() - 30 * 86_400_000 });
    await desk.profile.record({ kind: 'view', product: { id: 'cup' }, at: Date.now() - 3 * 86_400_000 });
    await desk.profile.record({ kind: 'search', text: '绿茶 green' });
    const requests = [
      { for: 'profile' },
      { for: 'viewed' },
      { for: 'replenishment' },
      { for: 'offer', ids: ['kettle'], total: 9 },
      { for: 'content' },
      { for: 'basket', ids: ['tea'] },
      { for: 'complaint', id: 'tea' },
      { for: 'query', text: 'kettle' },
    ] as const;
    const counts: number[] = [];
    for (const request of requests) counts.push((await desk.recommend(request as { for: 'profile' })).length);
    await desk.profile.record({ kind: 'shown', products: ['kettle'] });
    return counts;
  });
  expect(found.every((count) => count > 0)).toBe(true);
  // Late senders get their chance.
  await page.waitForTimeout(1000);
  expect(seen).toEqual([]);
  expect(visits.shop.traffic).toEqual([]);
  expect(opened.incidents).toEqual([]);
});

describe('the recorders', () => {
  test('catch a request from the page, a request from a worker, a beacon and a socket', async () => {
    const opened = await visits.visit(productPage);
    await untilLoaded(opened.page);
    const seen = startRecording(opened);
    const workers = opened.page.workers();
    expect(workers.length).toBeGreaterThan(0);
    const base = visits.shop.url;
    await opened.page.evaluate((address) => fetch(address).then(() => undefined), `${base}from-page`);
    await workers[0]?.evaluate((address) => fetch(address).then(() => undefined), `${base}from-worker`);
    await opened.page.evaluate((address) => navigator.sendBeacon(address, 'x'), `${base}from-beacon`);
    await opened.page.evaluate((address) => void new WebSocket(address), `${base.replace('http', 'ws')}from-socket`);
    await expect.poll(() => visits.shop.traffic.join('\n')).toMatch(/from-beacon/);
    await expect.poll(() => visits.shop.traffic.join('\n')).toMatch(/CONNECT|from-socket/);
    expect(visits.shop.traffic.join('\n')).toMatch(/from-page/);
    expect(visits.shop.traffic.join('\n')).toMatch(/from-worker/);
    expect(seen.join('\n')).toMatch(/from-page/);
    expect(opened.incidents).toEqual(expect.arrayContaining(['sendBeacon', 'WebSocket']));
  });

  test('catch a violation of the Content-Security-Policy', async () => {
    const opened = await visits.visit(productPage);
    await opened.page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "inline code ran"';
      document.body.append(script);
    });
    await expect.poll(() => opened.incidents).toEqual([expect.stringMatching(/^CSP script-src/)]);
    expect(await opened.page.title()).not.toBe('inline code ran');
  });
});

describe('the Content-Security-Policy', () => {
  test('is exactly the strict one on the page, and the whole shop keeps to it', async () => {
    const opened = await visits.visit();
    const response = await opened.page.reload();
    expect(response?.headers()['content-security-policy']).toBe(policy);
    await untilLoaded(opened.page);
    await opened.page.goto(`${visits.shop.url}${productPage}`);
    await feedback(opened.page).fill(praise.en);
    await opened.page.locator('.verdict[data-label="positive"]').waitFor();
    expect(opened.incidents).toEqual([]);
  });
});
