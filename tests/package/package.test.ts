/** The tarball that npm would publish, installed as a shop installs it. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
// @ts-expect-error A part of a command of the project, in JavaScript.
import { chromiumFlags } from '../../tools/chromium.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const app = mkdtempSync(path.join(tmpdir(), 'aftersense-package-'));
const at = (...parts: string[]) => path.join(app, ...parts);
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

const run = (program: string, args: string[], cwd = app) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}
let packed: Packed;

beforeAll(() => {
  [packed] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', app], root));
  writeFileSync(at('package.json'), '{ "name": "shop", "private": true, "type": "module" }');
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', at(packed.filename)]);
  for (const file of ['index.html', 'main.js', 'types.ts', 'element_types.ts', 'react_types.ts'])
    copyFileSync(path.join(root, 'tests/package/app', file), at(file));
});
afterAll(() => rmSync(app, { recursive: true, force: true }));

describe('the tarball', () => {
  test('has what package.json promises, and no sources', () => {
    const files = packed.files.map((file) => file.path);
    const { exports, bin } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    const promised = Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry as object)));
    expect(files).toEqual(expect.arrayContaining([...promised, ...Object.values(bin)].map((file) => String(file).replace('./', ''))));
    expect(
      files.filter((file) => !/^(dist\/|bin\/aftersense\.mjs$|package\.json$|README\.md$|CHANGELOG\.md$|LICENSE$)/.test(file)),
    ).toEqual([]);
    expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual([]);
  });

  test('needs no other package', () =>
    expect(readdirSync(at('node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['aftersense']));
});

describe('in Node', () => {
  test('works as a plain module, without code made from strings', () => {
    const code = `import { createAftersense } from 'aftersense';
      const desk = await createAftersense({ model: 'base' });
      const { sentiment, tier } = await desk.analyze('物流太慢，盒子都破了');
      console.log(sentiment.label, tier, desk.info.worker);`;
    const out = run(process.execPath, ['--disallow-code-generation-from-strings', '--input-type=module', '-e', code]);
    expect(out).toBe('negative base false\n');
  });

  test('names the optional package that an option needs and that is not there', () => {
    const code = `import { createAftersense } from 'aftersense';
      const assets = { onnx: new Uint8Array(8) };
      await createAftersense({ model: 'base', engine: 'onnx', assets }).catch(({ code, message }) => console.log(code, message));`;
    const out = run(process.execPath, ['--input-type=module', '-e', code]);
    expect(out).toMatch(/^peer_missing .*npm install onnxruntime-web/);
  });

  test('brings its command', () => {
    const out = execFileSync(at('node_modules/.bin/aftersense'), ['analyze', '-'], { cwd: app, encoding: 'utf8', input: 'love it\n' });
    expect(JSON.parse(out)).toMatchObject({ text: 'love it', analysis: { sentiment: { label: 'positive' } } });
  });

  test('its element can be imported twice, and where there is no DOM', () => {
    const code = `import { AftersenseRecommendations } from 'aftersense/element';
      await import(import.meta.resolve('aftersense/element') + '?again');
      console.log(typeof AftersenseRecommendations, typeof globalThis.customElements);`;
    const out = run(process.execPath, ['--input-type=module', '-e', code]);
    expect(out).toBe('function undefined\n');
  });

  test('its files resolve by their public names', () => {
    const names = [
      'aftersense/aftersense-simd128.wasm',
      'aftersense/aftersense-relaxed.wasm',
      'aftersense/aftersense-lite.aspack',
      'aftersense/aftersense-base.aspack',
      'aftersense/worker',
      'aftersense/element',
      'aftersense/react',
    ];
    const out = run(process.execPath, [
      '--input-type=module',
      '-e',
      `for (const name of ${JSON.stringify(names)}) console.log(import.meta.resolve(name));`,
    ]);
    for (const url of out.trim().split('\n')) expect(existsSync(fileURLToPath(url)), url).toBe(true);
  });
});

describe('its types', () => {
  // Those of React come with the shop's own.
  beforeAll(() => {
    mkdirSync(at('node_modules/@types'));
    for (const name of ['react', '@types/react', 'csstype']) symlinkSync(path.join(root, 'node_modules', name), at('node_modules', name));
  });

  test.each([
    ['bundler', 'ESNext'],
    ['nodenext', 'NodeNext'],
  ])('pass the strictest check with moduleResolution %s', (moduleResolution, module) => {
    const flags = [
      '--noEmit',
      '--strict',
      '--exactOptionalPropertyTypes',
      '--noUncheckedIndexedAccess',
      '--skipLibCheck',
      'false',
      '--target',
      'ES2022',
    ];
    run(process.execPath, [
      path.join(root, 'node_modules/typescript/bin/tsc'),
      ...flags,
      '--moduleResolution',
      moduleResolution,
      '--module',
      module,
      'types.ts',
      'element_types.ts',
      'react_types.ts',
    ]);
  });
});

describe('in a browser', () => {
  let browser: Browser;
  let server: Server;
  let site: string;
  const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

  beforeAll(async () => {
    // Vite's defaults, as in a new project, but for the path that this site is served from.
    await build({ root: app, base: '/site/', logLevel: 'warn', configFile: false, build: { outDir: at('site') } });
    mkdirSync(at('plain'));
    writeFileSync(at('plain/index.html'), readFileSync(at('index.html'), 'utf8'));
    writeFileSync(
      at('plain/main.js'),
      readFileSync(at('main.js'), 'utf8').replace("'aftersense'", "'../node_modules/aftersense/dist/index.js'"),
    );
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const file = at(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
      response.setHeader('content-security-policy', policy);
      if (pathname === '/favicon.ico') return void response.writeHead(204).end();
      if (!existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end();
      response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream');
      createReadStream(file).pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({
      executablePath: process.env.AFTERSENSE_CHROMIUM ?? '/usr/bin/chromium',
      args: chromiumFlags,
    });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test('a Vite build has both modules, the worker and both models as files of their own', () => {
    const files = readdirSync(at('site/assets'));
    for (const name of [
      /^aftersense-simd128-.*\.wasm$/,
      /^aftersense-relaxed-.*\.wasm$/,
      /^worker-.*\.js$/,
      /^aftersense-lite-.*\.aspack$/,
      /^aftersense-base-.*\.aspack$/,
    ]) {
      expect(
        files.filter((file) => name.test(file)),
        String(name),
      ).toHaveLength(1);
    }
  });

  test.each(
    ['plain', 'site'].flatMap((folder) =>
      ['worker=true', 'worker=false', 'variant=simd128', 'variant=relaxed', 'model=base'].map((query) => [folder, query]),
    ),
  )('/%s/?%s judges under a strict policy, without a complaint', async (folder, query) => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => complaints.push(request.url()));
    await page.goto(`${site}/${folder}/?${query}`);
    const variant = query.startsWith('variant=') ? query.slice(8) : 'relaxed';
    await page
      .waitForFunction(() => document.querySelector('#verdict')?.textContent !== '…', undefined, { timeout: 20_000 })
      .catch(() => {});
    expect(await page.textContent('#verdict')).toBe(
      `negative ${variant} ${query !== 'worker=false'} ${query === 'model=base' ? 'base' : 'lite'}`,
    );
    expect(complaints).toEqual([]);
    await page.close();
  });
});
