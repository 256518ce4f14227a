/** `aftersense foresight train`, as a process of its own, with the Python of this repository. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkForesight } from '../../web/foresight/check.ts';
import { foresee } from '../../web/foresight/foresee.ts';
import { argumentsOf } from './foresight/support.ts';
import { runProcess } from './process.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const bin = path.join(root, 'bin/aftersense.mjs');
const python = path.join(root, '.deps/venv/bin/python');
const folder = mkdtempSync(path.join(tmpdir(), 'aftersense-foresight-'));
const at = (name: string) => path.join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const run = (program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  runProcess(program, args, { cwd: folder, env: { ...process.env, ...env } });

const train = (args: readonly string[], env?: NodeJS.ProcessEnv) => run(process.execPath, [bin, 'foresight', 'train', ...args], env);

/** Rows of a CSV without quotes. */
function rowsOf(csv: string): Record<string, string>[] {
  const [header = [], ...rows] = csv
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return rows.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])));
}

beforeAll(async () => {
  const { code, out } = await run(python, ['-m', 'shop.simulate_orders', '--rows', '1500', '--seed', '2'], {
    PYTHONPATH: path.join(root, 'models'),
  });
  expect(code).toBe(0);
  writeFileSync(at('orders.csv'), out);
});

describe('aftersense foresight train', { timeout: 180_000 }, () => {
  test('fits a model to a CSV, which tells orders that go wrong from others on the device', async () => {
    // A file of the caller's that has the name of a module of Python's own.
    writeFileSync(at('csv.py'), 'raise SystemExit("shadowed")\n');
    const { code, out, err } = await train(['orders.csv', '-o', 'model.json', '--features', 'channel', '--python', python]);
    expect({ code, out }, err).toEqual({ code: 0, out: '' });
    expect(err).toMatch(/1500 orders, .*with a problem/);
    expect(err).toMatch(/AUC 0\.\d+ .*Brier/);
    const model = checkForesight(JSON.parse(readFileSync(at('model.json'), 'utf8')));
    expect(model.validation.auc).toBeGreaterThan(0.6);
    const rows = rowsOf(readFileSync(at('orders.csv'), 'utf8'));
    const risks = rows.map((row) => foresee(model, ...argumentsOf(row, ['channel'])).risk);
    const meanOf = (label: string) => {
      const chosen = risks.filter((_, i) => rows[i]?.problem === label);
      return chosen.reduce((sum, risk) => sum + risk, 0) / chosen.length;
    };
    expect(meanOf('1')).toBeGreaterThan(meanOf('0') + 0.05);
    const expected = risks.reduce((sum, risk) => sum + risk, 0) / risks.length;
    expect(expected).toBeCloseTo(model.base_rate, 1);
    await expectPythonsRisks(rows.slice(0, 200), risks.slice(0, 200));
  });

  /** What models/shop says by the file that the command wrote. */
  async function expectPythonsRisks(rows: readonly object[], risks: readonly number[]): Promise<void> {
    writeFileSync(at('rows.json'), JSON.stringify(rows));
    const code = `import json, pathlib
from shop.model import scores
from shop.orders import orders_of
read = lambda name: json.loads(pathlib.Path(name).read_text(encoding='utf-8'))
print(json.dumps(scores(read('model.json'), orders_of(enumerate(read('rows.json')), features=['channel'])).tolist()))`;
    const { out, err } = await run(python, ['-P', '-c', code], { PYTHONPATH: path.join(root, 'models') });
    const said: number[] = JSON.parse(out || `"${err}"`);
    expect(said.length).toBe(risks.length);
    expect(Math.max(...said.map((risk, i) => Math.abs(risk - (risks[i] as number))))).toBeLessThan(1e-9);
  }

  test.each([
    ['no label', ['orders.csv', '--label', 'outcome'], 'no_label'],
    ['no file', ['nothing.csv'], 'unreadable'],
  ])('%s: an error with a code, and no model', async (_, args, problem) => {
    const { code, err } = await train([...args, '-o', 'none.json', '--python', python]);
    expect(code).toBe(1);
    expect(err).toContain(`[${problem}]`);
    expect(err).not.toContain('Traceback');
    expect(existsSync(at('none.json'))).toBe(false);
  });

  test('without a file it is wrong usage', async () => {
    expect(await train([])).toMatchObject({ code: 2, err: expect.stringContaining('Give one file of orders.') });
    expect(await run(process.execPath, [bin, 'foresight', 'predict'])).toMatchObject({ code: 2 });
  });
});

describe.skipIf(process.platform === 'win32')('Python', { timeout: 120_000 }, () => {
  /** A python3 that answers as told. */
  function fake(name: string, script: string): NodeJS.ProcessEnv {
    mkdirSync(at(name), { recursive: true });
    writeFileSync(at(`${name}/python3`), `#!/bin/sh\n${script}\n`);
    chmodSync(at(`${name}/python3`), 0o755);
    return { PATH: `${at(name)}:/usr/bin:/bin`, XDG_CACHE_HOME: at('cache') };
  }

  test('that is not there', async () => {
    const { code, err } = await train(['orders.csv'], { PATH: at('nowhere') });
    expect(code).toBe(1);
    expect(err).toMatch(/There is no python3\..*--python.*\[python_missing\]/s);
    expect((await train(['orders.csv', '--python', at('nowhere')])).err).toMatch(/There is no .*\[python_missing\]/);
  });

  test('that is too old', async () => {
    const { code, err } = await train(['orders.csv'], fake('old', 'echo 3.9'));
    expect(code).toBe(1);
    expect(err).toMatch(/Python 3\.11 or newer: 3\.9.*\[python_missing\]/s);
  });

  test('that lacks venv', async () => {
    const { code, err } = await train(['orders.csv'], fake('bare', 'case "$*" in *venv*) exit 1;; *) echo 3.12;; esac'));
    expect(code).toBe(1);
    expect(err).toMatch(/lacks the module venv.*python3-venv.*\[python_missing\]/s);
  });

  test('whose own environment lacks scikit-learn', async () => {
    fake('lean', 'echo "No module named sklearn" >&2; exit 1');
    const { code, err } = await train(['orders.csv', '--python', at('lean/python3')]);
    expect(code).toBe(1);
    expect(err).toMatch(/pip install -r .*requirements\.txt.*No module named sklearn.*\[python_missing\]/s);
  });

  /** A python3 whose environments hold `script` for their Python. */
  function maker(name: string, script: string): NodeJS.ProcessEnv {
    const env = fake(
      name,
      `case "$*" in *"-m venv"*) for last; do :; done; mkdir -p "$last/bin"; cp "$0.made" "$last/bin/python";; *ensurepip*) ;; *) echo 3.11;; esac`,
    );
    writeFileSync(at(`${name}/python3.made`), `#!/bin/sh\n${script}\n`);
    chmodSync(at(`${name}/python3.made`), 0o755);
    return { ...env, XDG_CACHE_HOME: at(`${name}/cache`) };
  }

  test('into which nothing can be installed leaves nothing behind', async () => {
    const { code, err } = await train(['orders.csv'], maker('offline', 'echo "No matching distribution" >&2; exit 1'));
    expect(code).toBe(1);
    expect(err).toMatch(/Installing scikit-learn into .*failed.*pip.*No matching distribution \[python_failed\]/s);
    expect(readdirSync(at('offline/cache/aftersense'))).toEqual([]);
  });

  test('gets its own environment once, with the versions that were tested', async () => {
    const env = maker('online', `case "$*" in *"-m pip install"*) echo "$@" >> ${at('online/pip.log')};; *) exec ${python} "$@";; esac`);
    const args = ['orders.csv', '--label', 'outcome'];
    const first = await train(args, env);
    expect(first.err).toMatch(/^Installing scikit-learn into .*, once … done\n.*\[no_label\]\n$/s);
    const [made = '', ...more] = readdirSync(at('online/cache/aftersense'));
    expect({ made, more }).toEqual({ made: expect.stringMatching(/^python-[0-9a-f]{12}$/), more: [] });
    expect((await train(args, env)).err).not.toContain('Installing');
    const installed = readFileSync(at('online/pip.log'), 'utf8').trim().split('\n');
    expect(installed).toEqual([expect.stringMatching(/--only-binary :all: -r .*dist\/shop\/requirements\.txt$/)]);
  });
});
