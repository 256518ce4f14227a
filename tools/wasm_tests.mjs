// Runs the Catch2 tests that were built to WebAssembly, in Node or in Chromium; both return Catch2's XML report.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromiumFlags } from './chromium.mjs';
import { chromium } from './setup.mjs';

const types = { '.mjs': 'text/javascript', '.wasm': 'application/wasm' };

function summarize(report) {
  const failures = report.match(/<(?:FatalErrorCondition|Exception|Expression success="false")[\s\S]*?<\/\w+>/g) ?? [];
  process.stdout.write(`${failures.slice(0, 10).join('\n')}${report.match(/<OverallResultsCases[^>]*>/)?.[0] ?? report.slice(-2000)}\n`);
  return report;
}

/** Start the program with its output collected. Runs in Node and, serialised, in the page. */
async function runTests(url) {
  const lines = [];
  const { default: createTests } = await import(url);
  const collect = (line) => lines.push(line);
  const tests = await createTests({ print: collect, printErr: collect });
  try {
    tests.callMain(['--reporter', 'xml']);
  } catch (error) {
    lines.push(String(error));
  }
  return lines.join('\n');
}

export const runInNode = async (file) => summarize(await runTests(pathToFileURL(file).href));

export async function runInChromium(file) {
  const folder = path.dirname(file);
  const server = createServer((request, response) => {
    const target = path.join(folder, path.basename(request.url));
    if (request.url === '/') return response.setHeader('content-type', 'text/html').end('<!doctype html><title>tests</title>');
    if (!existsSync(target)) return response.writeHead(404).end();
    response.setHeader('content-type', types[path.extname(target)] ?? 'application/octet-stream');
    createReadStream(target).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const playwright = await import('playwright-core');
  const browser = await playwright.chromium.launch({
    executablePath: chromium(),
    args: chromiumFlags,
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(600_000);
    await page.goto(origin);
    return summarize(await page.evaluate(runTests, `${origin}/${path.basename(file)}`));
  } finally {
    await browser.close();
    server.close();
  }
}
