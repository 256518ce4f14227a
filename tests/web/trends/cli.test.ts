/** `aftersense trends sum`, as a process of its own. Needs dist/, as tests/web/cli.test.ts does. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { makeReport } from '../../../web/trends/report.ts';
import { ReportSum } from '../../../web/trends/sum.ts';
import { seededDraw } from './support.ts';

const bin = fileURLToPath(new URL('../../../bin/aftersense.mjs', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'aftersense-trends-'));
afterAll(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string) => path.join(folder, name);
function run(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { input, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}
const parse = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const draw = seededDraw(5);
const reports = Array.from({ length: 300 }, (_, i) =>
  makeReport({ period: 'week', index: 2960 + (i % 2), epsilon: 1, kinds: ['logistics', 'price'] }, i % 3, draw),
);
const lines = reports.map((report) => JSON.stringify(report));
const expected = (() => {
  const sum = new ReportSum();
  for (const report of reports) sum.add(report);
  return JSON.parse(JSON.stringify(sum.estimates()));
})();

test('sums a file, packed or not, or standard input, to a line a period', () => {
  writeFileSync(inFolder('reports.jsonl'), `${lines.join('\n')}\n`);
  writeFileSync(inFolder('reports.jsonl.gz'), gzipSync(lines.join('\r\n')));
  for (const file of [inFolder('reports.jsonl'), inFolder('reports.jsonl.gz'), '-']) {
    const { code, out, err } = run(['trends', 'sum', file], lines.join('\n'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(parse(out)).toEqual(expected);
  }
  expect(expected).toHaveLength(2);
});

test('writes to a file when asked', () => {
  const { code, out, err } = run(['trends', 'sum', '-', '-o', inFolder('sums.jsonl')], lines.join('\n'));
  expect({ code, out }).toEqual({ code: 0, out: '' });
  expect(err).toContain('300 reports in 2 groups');
  expect(parse(readFileSync(inFolder('sums.jsonl'), 'utf8'))).toEqual(expected);
  expect(existsSync(inFolder('sums.jsonl.part'))).toBe(false);
});

test('names lines that are no reports, and those that came before, sums the others, and exits with 1', () => {
  const strange = [
    '',
    'not json',
    '[1]',
    JSON.stringify({ ...reports[0], picks: ['food'] }),
    lines[0] as string,
    JSON.stringify({ ...reports[0], version: 9 }),
  ];
  const { code, out, err } = run(['trends', 'sum', '-'], [...lines, ...strange].join('\n'));
  expect(code).toBe(1);
  expect(parse(out)).toEqual(expected);
  expect(err).toMatch(/^line 302: not JSON/m);
  expect(err).toMatch(/^line 303: not a JSON object$/m);
  expect(err).toMatch(/^line 304: picks has "food"/m);
  expect(err).toMatch(/^line 305: the report [0-9a-f]{24} was there before$/m);
  expect(err).toMatch(/^line 306: version is 9/m);
  expect(err).toMatch(/^5 of 305 lines were left out\.$/m);
});

test('of nothing writes nothing; without a file, or of a missing one, fails', () => {
  expect(run(['trends', 'sum', '-'])).toEqual({ code: 0, out: '', err: '' });
  expect(run(['trends', 'sum'])).toMatchObject({ code: 2, err: expect.stringContaining('Give one file of reports') });
  expect(run(['trends', 'guess'])).toMatchObject({ code: 2, err: expect.stringContaining('no command') });
  expect(run(['trends', 'sum', inFolder('none.jsonl')])).toMatchObject({ code: 1, err: expect.stringContaining('ENOENT') });
});
