import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Files under a folder of the project whose names match, by their paths from the root. */
const files = (folder: string, name: RegExp) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => name.test(file) && !file.includes('node_modules'))
    .map((file) => path.join(folder, file));

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** What a module imports, types included; relative paths as paths from the root. */
function importsOf(file: string): string[] {
  const found = [...read(file).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] as string);
  return found.map((name) => (name.startsWith('.') ? path.join(path.dirname(file), name) : name));
}

const violations = (rules: readonly (readonly [file: string, imported: string])[]) =>
  rules.map(([file, imported]) => `${file} → ${imported}`);

describe('web/', () => {
  const modules = files('web', /\.ts$/);
  const edges = modules.flatMap((file) => importsOf(file).map((imported) => [file, imported] as const));

  test('is read by this test', () => {
    expect(edges.length).toBeGreaterThan(40);
    expect(edges).toContainEqual(['web/create.ts', 'web/client.ts']);
    expect(edges).toContainEqual(['web/create.ts', 'web/worker/local.ts']);
  });

  test.each(['errors', 'version'])('%s.ts is a leaf', (name) => expect(importsOf(`web/${name}.ts`)).toEqual([]));

  test('types.ts is a leaf with the types of desk, cases and trends', () => {
    expect(importsOf('web/types.ts')).toEqual([
      'web/cases/types.ts',
      'web/corrections/types.ts',
      'web/desk/types.ts',
      'web/errors.ts',
      'web/profile/types.ts',
      'web/recommend/types.ts',
      'web/replies/types.ts',
      'web/shards/types.ts',
      'web/recommend/types.ts',
      'web/shards/types.ts',
    ]);
    expect(importsOf('web/shards/types.ts')).toEqual(['web/types.ts']);
    expect(importsOf('web/recommend/types.ts').sort()).toEqual(['web/desk/types.ts', 'web/profile/types.ts', 'web/types.ts']);
    expect(importsOf('web/cases/types.ts').sort()).toEqual(['web/errors.ts', 'web/trends/types.ts', 'web/types.ts']);
    expect(importsOf('web/profile/types.ts').sort()).toEqual(['web/errors.ts', 'web/types.ts']);
    expect(importsOf('web/replies/types.ts')).toEqual(['web/desk/types.ts', 'web/types.ts']);
    expect(importsOf('web/trends/types.ts')).toEqual([]);
    expect(importsOf('web/corrections/types.ts').sort()).toEqual(['web/desk/types.ts', 'web/errors.ts', 'web/types.ts']);
    expect(importsOf('web/desk/types.ts')).toEqual(['web/types.ts']);
    for (const file of [
      'web/types.ts',
      'web/cases/types.ts',
      'web/corrections/types.ts',
      'web/desk/types.ts',
      'web/trends/types.ts',
      'web/profile/types.ts',
      'web/recommend/types.ts',
      'web/replies/types.ts',
      'web/shards/types.ts',
    ])
      expect(read(file)).not.toMatch(/^import (?!type)/m);
  });

  test('protocol.ts has types only, of other leaves', () => {
    expect(importsOf('web/protocol.ts').sort()).toEqual(['web/errors.ts', 'web/types.ts']);
    expect(read('web/protocol.ts')).not.toMatch(/^import (?!type)|^export (?!type|interface)/m);
  });

  test('element/ has nothing of the module but types: a page that shows recommendations need not load it twice', () => {
    for (const file of files('web/element', /\.ts$/)) {
      const outside = importsOf(file).filter((imported) => !imported.startsWith('web/element/'));
      expect(outside.filter((imported) => !/^web\/((recommend|desk)\/)?types\.ts$/.test(imported))).toEqual([]);
      expect(read(file)).not.toMatch(/^import (?!type)[^;]*'\.\.\//m);
    }
  });

  /** Who may import from a folder: files whose path begins with one of these. The rest of web/ may not. */
  const guests: Readonly<Record<string, readonly string[]>> = {
    'web/worker/dispatcher.ts': ['web/worker/'],
    'web/worker/entry.ts': [],
    'web/worker/local.ts': ['web/create.ts'],
    'web/cli/': ['web/cli/'],
    'web/runtime/engine.ts': ['web/runtime/', 'web/worker/'],
    'web/runtime/glue.ts': ['web/runtime/'],
    'web/assets/': ['web/assets/', 'web/onnx/', 'web/replies/replier.ts', 'web/shards/open.ts', 'web/create.ts', 'web/client.ts'],
    'web/messages/': [
      'web/messages/',
      'web/onnx/',
      'web/shards/',
      'web/client.ts',
      'web/catalog_build.ts',
      'web/session.ts',
      'web/create.ts',
    ],
    'web/shards/': ['web/shards/', 'web/client.ts', 'web/types.ts'],
    'web/shards/generated.ts': ['web/shards/files.ts'],
    'web/onnx/': ['web/onnx/', 'web/create.ts'],
    'web/cases/store.ts': ['web/index.ts', 'web/client.ts', 'web/create.ts'],
    'web/cases/database.ts': ['web/cases/'],
    'web/corrections/store.ts': ['web/client.ts', 'web/create.ts'],
    'web/corrections/': ['web/corrections/', 'web/client.ts', 'web/create.ts', 'web/types.ts', 'web/index.ts'],
    'web/storage/': ['web/storage/', 'web/cases/', 'web/corrections/', 'web/profile/', 'web/trends/'],
    'web/foresight/': ['web/foresight/', 'web/index.ts'],
    'web/recommend/read.ts': ['web/index.ts', 'web/catalog_build.ts', 'web/messages/interactions.ts'],
    'web/recommend/recommender.ts': ['web/client.ts'],
    'web/recommend/types.ts': ['web/recommend/', 'web/types.ts', 'web/element/', 'web/react/'],
    'web/recommend/desk.ts': ['web/recommend/', 'web/messages/', 'web/client.ts', 'web/shards/'],
    'web/recommend/': [
      'web/recommend/',
      'web/messages/',
      'web/index.ts',
      'web/types.ts',
      'web/client.ts',
      'web/catalog_build.ts',
      'web/shards/',
      'web/element/',
      'web/react/',
    ],
    'web/element/': ['web/element/'],
    'web/react/': ['web/react/'],
    'web/trends/reports.ts': ['web/index.ts'],
    'web/trends/database.ts': ['web/trends/'],
    'web/trends/mechanism.ts': ['web/trends/'],
    'web/trends/': ['web/trends/', 'web/cases/', 'web/cli/trends.ts', 'web/index.ts'],
    'web/profile/store.ts': ['web/index.ts', 'web/client.ts', 'web/create.ts'],
    'web/profile/database.ts': ['web/profile/'],
    'web/replies/': ['web/replies/', 'web/index.ts', 'web/client.ts', 'web/onnx/classified.ts', 'web/types.ts'],
    'web/desk/policy.ts': ['web/desk/', 'web/index.ts', 'web/client.ts', 'web/create.ts'],
    'web/desk/generated.ts': ['web/desk/policy.ts'],
    'build/generated/': [
      'web/messages/generated.ts',
      'web/shards/generated.ts',
      'web/desk/generated.ts',
      'web/runtime/glue.ts',
      'web/cli/inspect.ts',
    ],
  };

  test.each(Object.entries(guests))('%s is imported only from %j', (folder, allowed) => {
    const wrong = edges.filter(([file, imported]) => imported.startsWith(folder) && !allowed.some((guest) => file.startsWith(guest)));
    expect(violations(wrong)).toEqual([]);
  });

  test('the core on the calling thread is loaded only when asked for, and the worker only by its address', () => {
    expect(read('web/create.ts')).toContain("await import('./worker/local.ts')");
    expect(read('web/create.ts')).not.toMatch(/from '\.\/worker\//);
  });

  test('the worker reads no messages: it passes bytes', () => {
    expect(
      violations(edges.filter(([file, imported]) => /^web\/(worker|runtime)\//.test(file) && /messages|flatbuffers/.test(imported))),
    ).toEqual([]);
  });

  test('outside the command, nothing but FlatBuffers, idb and MiniSearch is imported by name, and the optional peers each from one place', () => {
    const named = edges.filter(([file, imported]) => !file.startsWith('web/cli/') && !/^(web|build)\//.test(imported));
    const peers = named.filter(([file]) => file.startsWith('web/onnx/'));
    const react = named.filter(([file]) => file.startsWith('web/react/'));
    const others = named.filter((edge) => !peers.includes(edge) && !react.includes(edge));
    expect([...new Set(others.map(([, imported]) => imported))].sort()).toEqual(['flatbuffers', 'idb', 'minisearch']);
    expect([...new Set(react.map(([, imported]) => imported))]).toEqual(['react']);
    expect([...new Set(peers.map(([, imported]) => imported))].sort()).toEqual(['@huggingface/tokenizers', 'onnxruntime-web/wasm']);
    for (const [file] of peers) {
      if (file !== 'web/onnx/peers.ts') expect(read(file)).not.toMatch(/import (?!type)[^;]*'(onnxruntime-web|@huggingface)/);
    }
  });
});

describe('src/', () => {
  /** What each folder may include besides itself. */
  const arrows: Readonly<Record<string, readonly string[]>> = {
    core: [],
    kernels: ['core'],
    text: ['core'],
    nn: ['core', 'kernels'],
    tasks: ['core', 'kernels', 'text', 'nn'],
    bindings: ['core', 'kernels', 'tasks'],
  };

  test('has no folder without a rule', () => {
    const folders = readdirSync(path.join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map((entry) => entry.name).filter((name) => !(name in arrows))).toEqual([]);
  });

  test.each(Object.entries(arrows))('%s/ includes only itself and %j', (folder, allowed) => {
    const sources = files(`src/${folder}`, /\.(h|cpp)$/);
    expect(sources.length).toBeGreaterThan(0);
    const wrong = sources.flatMap((file) => {
      const included = [...read(file).matchAll(/^#include "([^"]+)"/gm)].map((match) => match[1] as string);
      const ours = included.filter((name) => existsSync(path.join(root, 'src', name)));
      return ours.filter((name) => ![folder, ...allowed].includes(name.split('/')[0] as string)).map((name) => [file, name] as const);
    });
    expect(violations(wrong)).toEqual([]);
  });
});

describe('demo/', () => {
  test('imports the package by its public name', () => {
    const edges = files('demo', /\.(ts|mjs)$/).flatMap((file) => importsOf(file).map((imported) => [file, imported] as const));
    expect(edges.some(([, imported]) => imported === 'aftersense')).toBe(true);
    expect(violations(edges.filter(([, imported]) => /^(web|dist|src|build)\//.test(imported)))).toEqual([]);
  });
});
