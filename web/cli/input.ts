/** The rows of an input file, whatever its format, one at a time, each with the line where it starts. Invalid UTF-8 reads as U+FFFD. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type CsvError, parse } from 'csv-parse';
import { readFeed } from './feed.ts';

/** Of texts, a row or a line each. */
export const textFormats = ['csv', 'tsv', 'jsonl', 'lines'] as const;
/** Of lists of products and the like. `xml`: a product feed, as Google Merchant Center takes it. */
export const listFormats = ['csv', 'tsv', 'jsonl', 'xml'] as const;
export type Format = (typeof textFormats)[number] | (typeof listFormats)[number];

export interface Row {
  readonly kind: 'row';
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface BadRow {
  readonly kind: 'bad';
  readonly line: number;
  readonly problem: string;
  /** Where it is known. */
  readonly id?: string | undefined;
  /** What rows with problems of this kind are counted under; default `unreadable`. */
  readonly reason?: string;
}

export type Chunks = AsyncGenerator<Buffer, void, undefined>;

/** Longest record, line or item: beyond it something is wrong with the file, a quote left open for instance. */
const maxRowBytes = 64 * 1024 * 1024;

/** The file's bytes (`-`: standard input), unpacked where they are gzip. */
async function* readBytes(file: string): Chunks {
  const chunks: AsyncIterator<Buffer> = (file === '-' ? process.stdin : createReadStream(file))[Symbol.asyncIterator]();
  const head = await chunks.next();
  if (head.done) return;
  async function* all(): Chunks {
    yield head.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  const gzip = head.value[0] === 0x1f && head.value[1] === 0x8b;
  // A failure of either end destroys the other and is thrown by the iteration.
  yield* gzip ? pipeline(all, createGunzip(), () => {}) : all();
}

/** All of a file, unpacked where it is gzip. */
export async function readWhole(file: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readBytes(file)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What the name says, without `.gz`; undefined where it says nothing. */
export function formatOfName(file: string): Format | undefined {
  const extension = /\.([a-z]+)(?:\.gz)?$/i.exec(file)?.[1]?.toLowerCase();
  if (extension === 'ndjson') return 'jsonl';
  if (extension === 'txt') return 'lines';
  return [...textFormats, ...listFormats].find((format) => format === extension);
}

/** `{` begins JSONL, `<` XML, and a tab in the first line tells TSV from CSV. CSV cannot be told from plain lines. */
function formatOfContent(head: Buffer, allowed: readonly Format[]): Format {
  const text = head
    .subarray(0, 4096)
    .toString()
    .replace(/^\ufeff/, '')
    .trimStart();
  if (text.startsWith('{')) return 'jsonl';
  if (allowed.includes('lines')) return 'lines';
  if (text.startsWith('<') || isUtf16(head)) return 'xml';
  return text.split('\n', 1)[0]?.includes('\t') ? 'tsv' : 'csv';
}

/** By its byte order mark; of the formats, XML alone may be. */
const isUtf16 = (head: Buffer): boolean => /^(fffe|feff)$/.test(head.toString('hex', 0, 2));

/**
 * `-` is standard input. Where the format is not given, the name of the file tells it, else its beginning; `allowed` are those that make
 * sense for what is read.
 */
export async function* readRows(
  file: string,
  given?: Format,
  allowed: readonly Format[] = textFormats,
): AsyncGenerator<Row | BadRow, void, undefined> {
  const bytes = readBytes(file);
  const head = await bytes.next();
  if (head.done) return;
  async function* all(): Chunks {
    yield head.value as Buffer;
    yield* bytes;
  }
  const named = formatOfName(file);
  const format = given ?? (named && allowed.includes(named) ? named : formatOfContent(head.value, allowed));
  switch (format) {
    case 'csv':
      return yield* readTable(all(), ',');
    case 'tsv':
      return yield* readTable(all(), '\t');
    case 'jsonl':
      return yield* readJsonl(all());
    case 'xml':
      return yield* readFeed(all(), maxRowBytes);
    case 'lines':
      for await (const { line, text } of readLines(all())) yield { kind: 'row', line, fields: { text } };
      return;
    default:
      format satisfies never;
  }
}

/** Lines without their ends; blank ones are left out, but counted. */
async function* readLines(chunks: Chunks): AsyncGenerator<{ readonly line: number; readonly text: string }> {
  const decoder = new TextDecoder();
  let line = 0;
  let rest = '';
  const clean = (text: string) => (text.endsWith('\r') ? text.slice(0, -1) : text);
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', start)) {
      line++;
      const text = clean(rest.slice(start, end));
      if (text.trim() !== '') yield { line, text };
      start = end + 1;
    }
    rest = rest.slice(start);
    if (rest.length > maxRowBytes) throw new Error(`Line ${line + 1} is longer than ${maxRowBytes} characters.`);
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield { line: line + 1, text: clean(rest) };
}

async function* readJsonl(chunks: Chunks): AsyncGenerator<Row | BadRow> {
  for await (const { line, text } of readLines(chunks)) {
    try {
      const fields: unknown = JSON.parse(text);
      if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) yield { kind: 'bad', line, problem: 'not a JSON object' };
      else yield { kind: 'row', line, fields: fields as Record<string, unknown> };
    } catch (error) {
      yield { kind: 'bad', line, problem: `not JSON: ${(error as Error).message}` };
    }
  }
}

/** RFC 4180, with a header. A record of the wrong shape is skipped and reported, the rest goes on. */
async function* readTable(chunks: Chunks, delimiter: ',' | '\t'): AsyncGenerator<Row | BadRow> {
  const parser = parse({
    delimiter,
    // Who writes tabs between cells seldom doubles the quotes inside them, as in 5" screens.
    relax_quotes: delimiter === '\t',
    columns: true,
    bom: true,
    info: true,
    raw: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: maxRowBytes,
  });
  const bad: BadRow[] = [];
  parser.on('skip', (error: CsvError & { lines?: number }) => bad.push({ kind: 'bad', line: error.lines ?? 0, problem: error.message }));
  const records = pipeline(chunks, parser, () => {}) as AsyncIterable<{
    record: Record<string, unknown>;
    raw: string;
    info: { lines: number };
  }>;
  for await (const { record, raw, info } of records) {
    // csv-parse counts the lines up to the record's end, and parses ahead of what is read here.
    const line = info.lines - (raw.trim().split('\n').length - 1);
    const before = bad.findIndex((row) => row.line > line);
    yield* bad.splice(0, before < 0 ? bad.length : before);
    yield { kind: 'row', line, fields: record };
  }
  yield* bad;
}
