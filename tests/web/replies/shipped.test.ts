/** Replies as they ship: the package, its default answers, and the command that builds them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aftersense, createAftersense } from '../../../dist/index.js';
import { answerOf, refund } from './support.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'aftersense-answers-'));
const bin = fileURLToPath(new URL('../../../bin/aftersense.mjs', import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' });

function written(name: string, lines: readonly unknown[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return file;
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the default answers', () => {
  let desk: Aftersense;
  beforeAll(async () => {
    desk = await createAftersense({ model: 'base', worker: false });
  });
  afterAll(() => desk.dispose());

  test('are found by meaning in both languages, and filled', async () => {
    const order = { id: 'A-17', carrier: 'DHL', trackingNo: 'D1', trackingUrl: 'https://dhl.example/D1', expectedAt: '2026-05-03T12:00Z' };
    const { suggestions, method } = await desk.reply("whats the tracking number for my parcel and when's it here", {
      order,
      timeZone: 'UTC',
    });
    expect(method).toBe('meaning');
    expect(suggestions[0]).toMatchObject({ id: 'ans_001', sendable: true });
    expect(suggestions[0]?.text).toContain('May 3, 2026');
    const chinese = await desk.reply('同一个订单扣了我两次钱');
    expect(chinese.suggestions[0]).toMatchObject({ id: 'ans_061', sendable: false, missing: ['amount', 'days'] });
  });

  test('do not answer what is no business of a shop', async () => {
    expect((await desk.reply('what is the capital of France')).suggestions).toEqual([]);
  });

  test('are found by words with lite', async () => {
    const { suggestions, method } = await desk.reply('I was charged twice for one order', { tier: 'lite' });
    expect([method, suggestions[0]?.id]).toEqual(['words', 'ans_061']);
  });
});

describe('aftersense answers build', () => {
  test('writes a file that the module loads', async () => {
    const out = path.join(folder, 'ours.asans');
    const { status, stdout, stderr } = run('answers', 'build', written('ours.jsonl', [answerOf(), refund]), '-o', out);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/2 answers, 4 questions, embedded by aftersense-base/);
    const desk = await createAftersense({ model: 'lite', worker: false, assets: { answers: new Uint8Array(readFileSync(out)) } });
    const { suggestions } = await desk.reply('where is my parcel', { minProbability: 0 });
    expect(suggestions[0]?.id).toBe('where');
    desk.dispose();
  });

  test('names every problem with its line, and writes nothing', () => {
    const out = path.join(folder, 'none.asans');
    const bad = [refund, '', { ...refund, id: 'b', en: '<b>Sorry</b>' }, { ...refund, id: 'refund' }];
    const { status, stderr } = run('answers', 'build', written('bad.jsonl', bad), '-o', out);
    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      'line 3, b: en has markup or script; answers are plain text [markup]',
      'line 4, refund: there is an answer refund already [duplicate_id]',
    ]);
    expect(() => readFileSync(out)).toThrow(/ENOENT/);
  });

  test('a line that is no JSON is named', () => {
    const { status, stderr } = run('answers', 'build', written('broken.jsonl', [refund, '{"id": ']));
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^line 2: .*\[not_an_answer\]/)]);
  });
});
