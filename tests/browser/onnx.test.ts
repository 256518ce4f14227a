/** `engine: 'onnx'` in a page of its own, as Vite builds it, under the strict policy: it works, and what is read stays there. */
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aftersense, type Analysis, createAftersense } from '../../dist/index.js';
import { chromiumFlags } from '../../tools/chromium.mjs';
import { sentimentWeights, tokenizerJson, tokenModel } from '../web/onnx_model.ts';
import { baseOnnx, ortWasm } from '../web/onnx_support.ts';
import { complaint, praise } from './reviews.ts';
import { executablePath, listen, recordingProxy } from './support.ts';

const policy = "default-src 'self'; img-src data:; script-src 'self' 'wasm-unsafe-eval'";
const texts = [complaint.en, complaint.zh, praise.en, praise.zh];
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

declare global {
  var desks: Readonly<Record<'base' | 'own', Aftersense>>;
}

const folder = mkdtempSync(path.join(tmpdir(), 'aftersense-onnx-'));
/** What every part of the browser asked for, as the proxy saw it; and each request with all that it carries, as the page's context did. */
const traffic: string[] = [];
const requests: string[] = [];
const complaints: string[] = [];
let server: Server;
let proxy: Server;
let browser: Browser;
let page: Page;
let site: string;

/** Files that the app asks for by their addresses, beside its own. */
const served: Readonly<Record<string, () => string | Uint8Array>> = {
  '/base.onnx': () => fileURLToPath(baseOnnx),
  '/ort.wasm': () => ortWasm,
  '/classifier.onnx': () => tokenModel({ weights: sentimentWeights }),
  '/tokenizer.json': () => new TextEncoder().encode(JSON.stringify(tokenizerJson)),
};

beforeAll(async () => {
  const root = fileURLToPath(new URL('./onnx_app', import.meta.url));
  await build({ root, logLevel: 'error', configFile: false, build: { outDir: folder, emptyOutDir: true, target: 'es2022' } });
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = served[pathname]?.() ?? path.join(folder, pathname === '/' ? 'index.html' : pathname);
    response.setHeader('content-security-policy', policy);
    response.setHeader('content-type', types[path.extname(pathname === '/' ? '.html' : pathname)] ?? 'application/octet-stream');
    if (pathname === '/') response.setHeader('content-type', 'text/html');
    if (typeof file !== 'string') return void response.end(file);
    createReadStream(file)
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  site = `http://127.0.0.1:${await listen(server)}`;
  proxy = recordingProxy(traffic);
  const port = await listen(proxy);
  browser = await chromium.launch({
    executablePath,
    args: chromiumFlags,
    proxy: { server: `http://127.0.0.1:${port}`, bypass: '<-loopback>' },
  });
  page = await browser.newPage();
  page.context().on('request', (request) => {
    requests.push(`${request.method()} ${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`);
  });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(site);
  await page.locator('#state', { hasNotText: '…' }).waitFor({ timeout: 120_000 });
}, 240_000);
afterAll(async () => {
  await browser?.close();
  proxy?.closeAllConnections();
  proxy?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const analyze = (which: 'base' | 'own'): Promise<Analysis[]> =>
  page.evaluate(([name, list]) => globalThis.desks[name].analyze([...list], { explain: true }), [which, texts] as const);

describe('while it loads', () => {
  test('it keeps to the policy, and complains of nothing', async () => {
    expect(await page.textContent('#state')).toBe('ready');
    expect(complaints).toEqual([]);
  });

  test('it asks its own origin alone, for files alone', () => {
    expect(requests.length).toBeGreaterThan(8);
    for (const request of requests) expect(request.startsWith(`GET ${site}/`) && request.endsWith(' '), request).toBe(true);
    for (const line of traffic) expect(line).toMatch(new RegExp(`^GET ${site}/`));
    const asked = requests.map((request) => new URL(request.split(' ')[1] as string).pathname);
    expect(asked).toEqual(expect.arrayContaining(Object.keys(served)));
    // ONNX Runtime's WebAssembly comes from assets.ort, not from where its module would look.
    expect(asked.filter((name) => /ort-wasm/.test(name))).toEqual([]);
  });
});

describe('once it is loaded', () => {
  test('it judges as Node does with the native engine, and no request leaves', async () => {
    const native = await createAftersense({ model: 'base' });
    const expected = await native.analyze(texts);
    native.dispose();
    requests.length = 0;
    traffic.length = 0;
    const found = await analyze('base');
    expect(found.map(({ engine }) => engine)).toEqual(texts.map(() => 'onnx'));
    const labels = ({ sentiment, intent, urgency }: Analysis) => [sentiment.label, intent?.label, urgency?.level];
    expect(found.map(labels)).toEqual(expected.map(labels));
    const own = await analyze('own');
    expect(own.every(({ custom }) => custom !== undefined)).toBe(true);
    await page.waitForTimeout(500);
    expect(requests).toEqual([]);
    expect(traffic).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('it works offline', async () => {
    await page.context().setOffline(true);
    expect((await analyze('base'))[0]?.sentiment.label).toBe('negative');
    expect((await analyze('own'))[0]?.engine).toBe('onnx');
    await page.context().setOffline(false);
  });

  test('the recorders would have seen a request', async () => {
    await page.evaluate((address) => fetch(address, { method: 'POST', body: 'text' }).then(() => {}), `${site}/seen`);
    expect(requests.join()).toContain('/seen');
    await expect.poll(() => traffic.join()).toContain('/seen');
  });
});
