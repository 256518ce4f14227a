/** The command, as a process of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { type Outcome, runProcess } from './process.ts';

const bin = fileURLToPath(new URL('../../bin/aftersense.mjs', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'aftersense-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string) => path.join(folder, name);
function write(name: string, content: string | Uint8Array): string {
  writeFileSync(inFolder(name), content);
  return inFolder(name);
}

function run(args: readonly string[], input = '', command = [process.execPath, bin]): Promise<Outcome> {
  const [program = '', ...first] = command;
  return runProcess(program, [...first, ...args], { cwd: root }, input);
}

const jsonl = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('aftersense analyze', () => {
  test('judges a line of standard input', async () => {
    const { code, out, err } = await run(['analyze', '-', '--model', 'lite'], '物流太慢，盒子都破了\n');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(jsonl(out)).toMatchObject([
      { text: '物流太慢，盒子都破了', analysis: { language: 'zh', sentiment: { label: 'negative' }, tier: 'lite' } },
    ]);
    expect(JSON.parse(out).analysis).not.toHaveProperty('evidence');
  });

  test.each([[[]], [['--model', 'base']], [['--model', 'auto']]])('has base judge unless told otherwise: %j', async (args) => {
    const { code, out, err } = await run(['analyze', '-', ...args], '物流太慢，盒子都破了，要求退款！\n');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [{ analysis }] = jsonl(out);
    expect(analysis).toMatchObject({ language: 'zh', sentiment: { label: 'negative' }, tier: 'base' });
    expect(analysis).toEqual(
      expect.objectContaining({ emotions: expect.any(Array), aspects: expect.any(Array), escalate: expect.any(Number) }),
    );
    expect(analysis.intent.label).toEqual(expect.any(String));
    expect(analysis.urgency.level).toMatch(/^P[1-4]$/);
  });

  test('is found by npx in this repository', async () => {
    const { code, out } = await run(['analyze', '-', '--model', 'lite'], '很好\n', ['npx', '--no-install', 'aftersense']);
    expect(code).toBe(0);
    expect(jsonl(out)).toMatchObject([{ analysis: { sentiment: { label: 'positive' } } }]);
  });

  test('keeps the fields and the order of a packed CSV, and explains', async () => {
    const rows = Array.from({ length: 700 }, (_, i) => `"${i % 2 ? '很好' : 'bad, ""really"" bad'}",${i}`);
    const file = write('feedback.csv.gz', gzipSync(`review,order\n${rows.join('\n')}\n`));
    const { code, out } = await run(['analyze', file, '--column', 'review', '--explain', '--model', 'lite']);
    expect(code).toBe(0);
    const results = jsonl(out);
    expect(results.map((result) => result.order)).toEqual(rows.map((_, i) => String(i)));
    expect(Object.keys(results[0])).toEqual(['text', 'order', 'analysis']);
    expect(results[0]).toMatchObject({
      text: 'bad, "really" bad',
      analysis: { sentiment: { label: 'negative' }, evidence: expect.any(Array) },
    });
  });

  test('names bad rows with their lines, judges the others, and exits with 1', async () => {
    const long = JSON.stringify({ text: '好'.repeat(1_400_000) });
    const file = write(
      'feedback.jsonl',
      `{"text":"good","id":1}\n{"text":7}\nnot json\n{"review":"x"}\n${long}\n\n{"text":"bad","id":2}\n`,
    );
    const { code, out, err } = await run(['analyze', file, '--model', 'lite']);
    expect(code).toBe(1);
    expect(jsonl(out)).toMatchObject([
      { text: 'good', id: 1, analysis: {} },
      { text: 'bad', id: 2, analysis: {} },
    ]);
    expect(err).toMatch(/^line 2: field "text" is not a string$/m);
    expect(err).toMatch(/^line 3: not JSON/m);
    expect(err).toMatch(/^line 4: no field "text" \(there are: review\); name it with --column$/m);
    expect(err).toMatch(/^line 5: .*bytes/m);
    expect(err).toMatch(/^4 of 6 rows were left out\.$/m);
  });

  test('tells its progress when asked', async () => {
    const { err } = await run(['analyze', write('two.txt', 'a\nb\n'), '--progress']);
    expect(err).toMatch(/2 rows, [\d,]+ rows\/s/);
  });

  test('takes a stream longer than memory holds at once, no faster than it is read', async () => {
    const child = spawn(process.execPath, ['--max-old-space-size=64', bin, 'analyze', '-', '--format', 'lines', '--model', 'lite'], {
      cwd: root,
    });
    let sent = 0;
    const line = `${'很好，下次再来。'.repeat(40)}\n`;
    const feed = () => {
      while (sent < 30_000 && child.stdin.writable) {
        sent++;
        if (!child.stdin.write(line)) return void child.stdin.once('drain', feed);
      }
      child.stdin.end();
    };
    child.stdin.on('error', () => {});
    feed();
    // Nobody reads: the command has to stop taking input.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(30_000);
    child.stdout.destroy();
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(0);
  });

  test('is quiet when its reader leaves early', async () => {
    const file = write('many.txt', 'so good\n'.repeat(3000));
    const { code, out, err } = await run([], '', ['sh', '-c', `"${process.execPath}" "${bin}" analyze --model lite "${file}" | head -n 1`]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(jsonl(out)).toHaveLength(1);
  });

  test('of a file that is not there fails with its name', async () => {
    const { code, out, err } = await run(['analyze', inFolder('none.txt')]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('none.txt');
  });

  test('of an empty input writes nothing', async () => expect(await run(['analyze', '-'])).toEqual({ code: 0, out: '', err: '' }));
});

describe('aftersense inspect', () => {
  test('shows what the shipped model holds', async () => {
    const { code, out } = await run(['inspect', 'dist/aftersense-lite.aspack']);
    expect(code).toBe(0);
    expect(out).toMatch(/^kind: model pack$/m);
    expect(out).toMatch(/sentiment: negative, neutral, positive/);
  });

  test('shows what a base pack holds', async () => {
    const { code, out } = await run(['inspect', 'dist/aftersense-base.aspack', '--json']);
    expect(code).toBe(0);
    const description = JSON.parse(out);
    expect(description).toMatchObject({ kind: 'model pack', name: 'aftersense-base', tier: 'base', hidden: 384, attentionHeads: 12 });
    expect(description.layers).toBeGreaterThan(0);
    expect(description).not.toHaveProperty('ngramOrder');
    const heads = description.heads.map((head: { task: string }) => head.task);
    expect(heads).toEqual(expect.arrayContaining(['sentiment', 'emotions', 'aspects', 'polarity', 'intent', 'urgency', 'embedding']));
  });

  test('refuses what is neither model nor catalogue, or broken', async () => {
    expect(await run(['inspect', 'package.json'])).toMatchObject({ code: 1, err: expect.stringContaining('[pack_wrong_type]') });
    const broken = write('broken.aspack', readFileSync(path.join(root, 'dist/aftersense-lite.aspack')).subarray(0, 5000));
    expect(await run(['inspect', broken])).toMatchObject({ code: 1, err: expect.stringMatching(/\[pack_(truncated|corrupt)\]/) });
  });
});

describe('aftersense', () => {
  test('says its version and its usage', async () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
    for (const args of [['--help'], [], ['analyze', '--help']])
      expect(await run(args)).toMatchObject({ code: 0, out: expect.stringContaining('aftersense analyze') });
    expect((await run(['catalog', 'build', '-h'])).out).not.toContain('aftersense analyze');
  });

  test.each([
    [['fly'], 'no command "fly"'],
    [['analyze'], 'Give one file'],
    [['analyze', 'a', 'b'], 'Give one file'],
    [['analyze', '-', '--format', 'xml'], '--format must be one of'],
    [['analyze', '-', '--model', 'huge'], '--model must be one of auto, lite, base'],
    [['analyze', '-', '--fast'], '--fast'],
    [['inspect', 'dist/aftersense-lite.aspack', '--explain'], '--explain'],
    [['--explain'], 'Give a command first'],
    [['catalog'], 'no command "catalog"'],
    [['catalog', 'fly', '--far'], 'no command "catalog fly"'],
  ])('%j is a wrong usage', async (args, words) => {
    expect(await run(args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(words) });
  });
});
