// A page of the bench in Chromium: its own server, cross-origin isolated for a clock of 5 µs, and one browser for all sections.
import { createReadStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromiumFlags } from '../../tools/chromium.mjs';
import { chromium as executable } from '../../tools/setup.mjs';
import { root } from '../../tools/step.mjs';

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** What the server has, by the beginning of the address. */
const folders = {
  '/page/': 'tests/bench/page',
  '/dist/': 'dist',
  '/ort/': 'node_modules/onnxruntime-web/dist',
  '/peers/': '.deps/bench/node_modules',
  '/minisearch/': 'node_modules/minisearch/dist/es',
  '/onnx/': 'build/onnx',
  '/models/': 'build/bench/models',
  '/wasm-simd128/': 'build/bench/wasm-simd128',
  '/wasm-relaxed/': 'build/bench/wasm-relaxed',
};
const files = {
  '/': 'tests/bench/page/index.html',
  '/lite.aspack': 'models/lite/aftersense-lite.aspack',
  '/base.aspack': 'models/base/aftersense-base.aspack',
};

function findFile(url) {
  const address = decodeURIComponent(new URL(url, 'http://host').pathname);
  if (address in files) return path.join(root, files[address]);
  const [prefix, folder] = Object.entries(folders).find(([begin]) => address.startsWith(begin)) ?? [];
  return prefix && path.join(root, folder, path.posix.normalize(address.slice(prefix.length)));
}

function serve(request, response) {
  const file = findFile(request.url);
  if (!file || !existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, {
    'content-type': types[path.extname(file)] ?? 'application/octet-stream',
    'content-length': statSync(file).size,
    'cache-control': 'max-age=3600',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  });
  createReadStream(file).pipe(response);
}

/** Runs in the page: the function `name` of a module of /page/. */
async function callModule({ module, name, options }) {
  const exports = await import(`/page/${module}.js`);
  return exports[name](options);
}

/**
 * A browser that runs functions of tests/bench/page:
 *
 *     const times = await browser.run('encoder', 'measureEncoders', { calls: 30, … });
 */
export async function openBrowser() {
  const server = createServer(serve);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}/`;
  const { chromium } = await import('playwright-core');
  const launch = { executablePath: executable(), args: chromiumFlags };
  const browser = await chromium.launch(launch);

  async function visit(context, module, name, options) {
    const page = await context.newPage();
    try {
      await page.goto(origin);
      return await page.evaluate(callModule, { module, name, options });
    } finally {
      await page.close();
    }
  }

  return {
    version: `Chromium ${browser.version()}`,
    /** A page of its own, with an empty cache. */
    async run(module, name, options) {
      const context = await browser.newContext();
      try {
        return await visit(context, module, name, options);
      } finally {
        await context.close();
      }
    },
    /** A new visitor's browser, with a cache on disk that its calls of `run` share; contexts like those above keep no large file. */
    async openProfile() {
      const folder = mkdtempSync(path.join(tmpdir(), 'aftersense-bench-'));
      const context = await chromium.launchPersistentContext(folder, launch);
      return {
        run: (module, name, options) => visit(context, module, name, options),
        async close() {
          await context.close();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
