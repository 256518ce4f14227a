/** `aftersense catalog interactions`, as a process of its own, with the Python of this repository. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readInteractions } from '../../web/recommend/read.ts';
import { runProcess } from './process.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const python = path.join(root, '.deps/venv/bin/python');
const folder = mkdtempSync(path.join(tmpdir(), 'aftersense-interactions-'));
const at = (name: string) => path.join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const run = (program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  runProcess(program, args, { cwd: folder, env: { ...process.env, ...env } });

const learn = (args: readonly string[], env?: NodeJS.ProcessEnv) =>
  run(process.execPath, [path.join(root, 'bin/aftersense.mjs'), 'catalog', 'interactions', ...args], env);

beforeAll(async () => {
  for (const [name, options] of [
    ['orders.csv', []],
    ['ratings.csv', ['--ratings']],
  ] as const) {
    const made = await run(python, ['-m', 'shop.simulate_purchases', '--customers', '500', ...options], {
      PYTHONPATH: path.join(root, 'models'),
    });
    expect(made.code, made.err).toBe(0);
    writeFileSync(at(name), made.out);
  }
}, 60_000);

describe('aftersense catalog interactions', { timeout: 180_000 }, () => {
  test('learns what goes with what', async () => {
    const { code, out, err } = await learn(['orders.csv', '--ratings', 'ratings.csv', '-o', 'learnt.jsonl', '--python', python]);
    expect({ code, out }, err).toEqual({ code: 0, out: '' });
    expect(err).toMatch(/baskets of 500 customers, 60 products, \d+ rules/);
    const learnt = readInteractions(readFileSync(at('learnt.jsonl'), 'utf8'));
    // The second product of each group is often bought with the first.
    const first = learnt.products[learnt.at.get('p30') as number];
    expect(first?.neighbours[0]?.[0]).toBe('p31');
    expect(first?.rules.map(({ also }) => also)).toContain('p31');
    expect(first?.neighbours.slice(0, 5).filter(([id]) => id.startsWith('p3')).length).toBeGreaterThanOrEqual(4);
    expect(learnt.ratings).not.toBeNull();
  });

  test('leaves out orders of products that are not in the list, names them, and says so by its code', async () => {
    const items = Array.from({ length: 50 }, (_, i) => `<item><g:id>p${String(i).padStart(2, '0')}</g:id></item>`);
    writeFileSync(at('products.xml'), `<rss xmlns:g="http://base.google.com/ns/1.0">${items.join('')}</rss>`);
    const { code, err } = await learn(['orders.csv', '--products', 'products.xml', '-o', 'fewer.jsonl', '--python', python]);
    expect(code, err).toBe(1);
    expect(err).toMatch(/line \d+: 'p5\d': unknown product/);
    expect(err).toMatch(/left out: \d+ × unknown product/);
    expect(readInteractions(readFileSync(at('fewer.jsonl'), 'utf8')).products.length).toBe(50);
  });

  test.each([
    ['a file that is not there', ['nothing.csv'], 'unreadable'],
    ['ratings that are none', ['orders.csv', '--ratings', 'orders.csv'], 'no_column'],
    ['a product list without ids', ['orders.csv', '--products', 'orders.csv'], 'input_invalid'],
  ])('%s: an error with a code, and no file', async (_, args, problem) => {
    const { code, err } = await learn([...args, '-o', 'none.jsonl', '--python', python]);
    expect(code).toBe(1);
    expect(err).toContain(`[${problem}]`);
    expect(err).not.toContain('Traceback');
    expect(existsSync(at('none.jsonl'))).toBe(false);
  });

  test('without a file it is wrong usage', async () => {
    expect(await learn([])).toMatchObject({ code: 2, err: expect.stringContaining('Give one file of orders.') });
  });

  test.skipIf(process.platform === 'win32')('a Python that lacks what it needs is told which list has it', async () => {
    writeFileSync(at('lean'), '#!/bin/sh\necho "No module named implicit" >&2; exit 1\n', { mode: 0o755 });
    const { code, err } = await learn(['orders.csv', '--python', at('lean')]);
    expect(code).toBe(1);
    expect(err).toMatch(/with scikit-learn, implicit and mlxtend: .*requirements-recommend\.txt.*\[python_missing\]/s);
  });
});
