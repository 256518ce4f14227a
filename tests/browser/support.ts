/**
 * Serves the built storefront and opens it in Chromium, all of whose traffic passes through a recording proxy: whatever
 * part of the browser asks for something (page, worker, beacon, socket), it is seen.
 * Needs the built demo (`npm run build`). AFTERSENSE_CHROMIUM names another browser than /usr/bin/chromium.
 */
import { existsSync } from 'node:fs';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { chromiumFlags } from '../../tools/chromium.mjs';

const demoFolder = fileURLToPath(new URL('../../demo', import.meta.url));
const siteFolder = fileURLToPath(new URL('../../build/demo/site', import.meta.url));
export const executablePath = process.env.AFTERSENSE_CHROMIUM ?? '/usr/bin/chromium';
const readyTimeoutMs = 60_000;

/** A browser on a busy machine is slow; a test that hangs still ends. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

export interface Shop {
  readonly url: string;
  readonly browser: Browser;
  /** Every request any part of the browser made so far: `METHOD address`. */
  readonly traffic: string[];
  close(): Promise<void>;
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/**
 * Chromium asks these for the time, field types, updates and sign-in state of its own accord, whatever page is open. A page that asked
 * them for anything would still be seen by the context's request events, and refused by the Content-Security-Policy.
 */
const chromiumServices = /(^|\.)(google\.com|googleapis\.com|gvt1\.com|gvt2\.com|gstatic\.com)(:443)?$/;

/** Forwards plain HTTP and refuses tunnels; records both. */
export function recordingProxy(traffic: string[]): Server {
  const proxy = createServer((request, response) => {
    if (!chromiumServices.test(new URL(request.url ?? '').hostname)) traffic.push(`${request.method} ${request.url}`);
    const upstream = forward(request.url ?? '', { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on('error', () => response.writeHead(502).end());
    request.pipe(upstream);
  });
  proxy.on('connect', (request, socket) => {
    if (!chromiumServices.test(request.url ?? '')) traffic.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  return proxy;
}

async function openShop(): Promise<Shop> {
  if (!existsSync(siteFolder)) throw new Error(`the demo is not built: ${siteFolder} is missing; run "npm run build"`);
  const site: PreviewServer = await preview({
    configFile: `${demoFolder}/vite.config.ts`,
    logLevel: 'error',
    preview: { port: 0, strictPort: false },
  });
  const url = site.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('the preview server gave no address');
  const traffic: string[] = [];
  const proxy = recordingProxy(traffic);
  const port = await listen(proxy);
  const browser = await chromium.launch({
    executablePath,
    args: chromiumFlags,
    proxy: { server: `http://127.0.0.1:${port}`, bypass: '<-loopback>' },
  });
  return {
    url,
    browser,
    traffic,
    async close() {
      await browser.close();
      await new Promise((resolve) => {
        proxy.close(resolve);
        proxy.closeAllConnections();
      });
      await site.close();
    },
  };
}

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Violations of the Content-Security-Policy, uncaught errors, and sockets or beacons opened by the page. */
  readonly incidents: string[];
}

declare global {
  interface Window {
    reportIncident(text: string): void;
  }
}

/** Runs in the page before its own code. */
function watchPage(): void {
  addEventListener('securitypolicyviolation', (event) => window.reportIncident(`CSP ${event.violatedDirective} ${event.blockedURI}`));
  for (const name of ['WebSocket', 'EventSource', 'RTCPeerConnection', 'WebTransport'] as const) {
    const holder = window as unknown as Record<string, unknown>;
    const original = holder[name] as (new (...args: unknown[]) => object) | undefined;
    if (original === undefined) continue;
    holder[name] = new Proxy(original, {
      construct(target, args) {
        window.reportIncident(name);
        return Reflect.construct(target, args);
      },
    });
  }
  const sendBeacon = navigator.sendBeacon.bind(navigator);
  navigator.sendBeacon = (...args) => {
    window.reportIncident('sendBeacon');
    return sendBeacon(...args);
  };
}

/** Opens `path` (such as `#/p/…` or `?variant=…#/`) in a context of its own. */
export async function visit(shop: Shop, path = '', options: BrowserContextOptions = { locale: 'en-US' }): Promise<Visit> {
  const context = await shop.browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const incidents: string[] = [];
  await page.exposeFunction('reportIncident', (text: string) => incidents.push(text));
  await page.addInitScript(watchPage);
  page.on('pageerror', (error) => incidents.push(`error ${error.message}`));
  await page.goto(shop.url + path);
  return { context, page, incidents };
}

/** A shop for all tests of a file, and what the present test has opened in it last, which is closed after the test. */
export interface ShopVisits {
  readonly shop: Shop;
  readonly opened: Visit | undefined;
  /** As `visit`. */
  visit(path?: string, options?: BrowserContextOptions): Promise<Visit>;
}

export function useShop(): ShopVisits {
  let shop: Shop;
  let opened: Visit | undefined;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop?.close());
  afterEach(async () => {
    await opened?.context.close();
    opened = undefined;
  });
  return {
    get shop() {
      return shop;
    },
    get opened() {
      return opened;
    },
    async visit(path, options) {
      opened = await visit(shop, path, options);
      return opened;
    },
  };
}

/** Resolves when the engine, both models, the catalogues and the pictures have arrived. */
export async function untilLoaded(page: Page): Promise<void> {
  await page.locator('.badge[data-status="ready"][data-base="ready"]').waitFor({ timeout: readyTimeoutMs });
  await page.locator('svg.sprite').waitFor({ state: 'attached', timeout: readyTimeoutMs });
  await page.waitForLoadState('networkidle');
}

export const feedback = (page: Page) => page.locator('#feedback');

/** Types a review as a shopper does, and waits for its verdict. */
export async function typeReview(page: Page, text: string): Promise<void> {
  await feedback(page).fill('');
  await feedback(page).pressSequentially(text, { delay: 4 });
  await page.locator('.verdict-head').waitFor();
}
