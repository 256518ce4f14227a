/** Modules of web/ in a bare page of Chromium with real storage, for tests that need no storefront. */
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { chromiumFlags } from '../../tools/chromium.mjs';
import { executablePath, listen } from './support.ts';

const document = '<!doctype html><title>modules</title><script src="/lib.js"></script>';

export interface ModulePage {
  readonly site: string;
  readonly browser: Browser;
  /** Of the present test: each begins with empty storage. */
  readonly context: BrowserContext;
  /** A new tab. At `/refused` it has an opaque origin, as of a sandboxed frame, and no storage. */
  open(path?: string): Promise<Page>;
}

/** `source` is a module in `folder`, relative to this one; what it exports is the global `globalName` of each tab. */
export function useModulePage(folder: string, source: string, globalName: string): ModulePage {
  let server: Server;
  let site: string;
  let browser: Browser;
  let context: BrowserContext;
  beforeAll(async () => {
    const stdin = { contents: source, resolveDir: fileURLToPath(new URL(folder, import.meta.url)) };
    const bundle = await build({ stdin, bundle: true, write: false, format: 'iife', globalName });
    server = createServer((request, response) => {
      if (request.url === '/refused') response.setHeader('content-security-policy', 'sandbox allow-scripts');
      const script = request.url === '/lib.js';
      response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
      response.end(script ? bundle.outputFiles[0]?.text : document);
    });
    site = `http://127.0.0.1:${await listen(server)}`;
    browser = await chromium.launch({ executablePath, args: chromiumFlags });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  beforeEach(async () => {
    context = await browser.newContext();
  });
  afterEach(() => context.close());
  return {
    get site() {
      return site;
    },
    get browser() {
      return browser;
    },
    get context() {
      return context;
    },
    async open(path = '/') {
      const opened = await context.newPage();
      await opened.goto(site + path);
      return opened;
    },
  };
}
