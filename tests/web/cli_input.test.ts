import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { type Format, formatOfName, readRows } from '../../web/cli/input.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'aftersense-input-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Write `content` to a file of this name and read it back as rows. */
async function rowsOf(name: string, content: string | Uint8Array, format?: Format) {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  const rows = [];
  for await (const row of readRows(file, format)) rows.push(row);
  return rows;
}

const row = (line: number, fields: object) => ({ kind: 'row', line, fields });
const bad = (line: number, words: string) => ({ kind: 'bad', line, problem: expect.stringContaining(words) });

describe('the format of a file', () => {
  test.each([
    ['a.csv', 'csv'],
    ['a.CSV.GZ', 'csv'],
    ['a.jsonl', 'jsonl'],
    ['a.ndjson.gz', 'jsonl'],
    ['a.txt', 'lines'],
    ['a', undefined],
    ['-', undefined],
    ['a.b/c', undefined],
  ])('%s is by its name %s', (name, format) => expect(formatOfName(name)).toBe(format));

  test('without a telling name is told by its first character', async () => {
    expect(await rowsOf('feedback', '\ufeff\n {"text":"好"}')).toEqual([row(2, { text: '好' })]);
    expect(await rowsOf('feedback', '好')).toEqual([row(1, { text: '好' })]);
  });

  test('given by hand overrides the name', async () => expect(await rowsOf('a.csv', 'x,y', 'lines')).toEqual([row(1, { text: 'x,y' })]));
});

describe('lines', () => {
  test('are texts; blank ones are passed over, but counted', async () => {
    expect(await rowsOf('a.txt', '\ufeffone\r\n\n  \ntwo\n三')).toEqual([
      row(1, { text: 'one' }),
      row(4, { text: 'two' }),
      row(5, { text: '三' }),
    ]);
  });

  test('of an empty file are none', async () => expect(await rowsOf('a.txt', '')).toEqual([]));

  test('with invalid UTF-8 have U+FFFD in its place', async () => {
    expect(await rowsOf('a.txt', new Uint8Array([0x61, 0xff, 0x62]))).toEqual([row(1, { text: 'a\ufffdb' })]);
  });

  test('stay whole where a character lies across two chunks', async () => {
    const text = `${'物流'.repeat(50_000)}。`;
    expect(await rowsOf('a.txt', `x${text}\ny${text}\n`)).toEqual([row(1, { text: `x${text}` }), row(2, { text: `y${text}` })]);
  });
});

describe('JSONL', () => {
  test('gives objects with their lines, and names what is none', async () => {
    const rows = await rowsOf('a.jsonl', '{"text":"a","n":1}\n\n[1]\n{"text":\n"b"\n{"text":"c"}\n');
    expect(rows).toEqual([
      row(1, { text: 'a', n: 1 }),
      bad(3, 'not a JSON object'),
      bad(4, 'not JSON'),
      bad(5, 'not a JSON object'),
      row(6, { text: 'c' }),
    ]);
  });

  test('is unpacked where it is gzip, whatever its name', async () => {
    expect(await rowsOf('packed', gzipSync('{"text":"a"}\n'))).toEqual([row(1, { text: 'a' })]);
  });

  test('of a broken gzip file fails', async () => {
    await expect(rowsOf('a.jsonl.gz', gzipSync('{"text":"a"}\n'.repeat(1000)).subarray(0, 40))).rejects.toThrow('unexpected end of file');
  });
});

describe('CSV', () => {
  test('has a header, quotes and line breaks inside quotes; a row has the line where it starts', async () => {
    const rows = await rowsOf('a.csv', '\ufefftext,stars\r\n"很好, ""真的""",5\r\n"two\nlines",1\r\n\r\nlast,2\r\n');
    expect(rows).toEqual([
      row(2, { text: '很好, "真的"', stars: '5' }),
      row(3, { text: 'two\nlines', stars: '1' }),
      row(6, { text: 'last', stars: '2' }),
    ]);
  });

  test('names rows of the wrong shape and goes on', async () => {
    const rows = await rowsOf('a.csv', 'text,stars\na,1\nb,2,3\nc\nd,4\n');
    expect(rows).toEqual([row(2, { text: 'a', stars: '1' }), bad(3, ''), bad(4, ''), row(5, { text: 'd', stars: '4' })]);
  });

  test('names a quote that is never closed', async () => {
    expect(await rowsOf('a.csv', 'text\na\n"b\nc\n')).toEqual([row(2, { text: 'a' }), bad(4, 'uote')]);
  });
});

test('a file that is not there fails with its name', async () => {
  const rows = readRows(path.join(folder, 'none.csv'));
  await expect(rows.next()).rejects.toThrow('none.csv');
});
