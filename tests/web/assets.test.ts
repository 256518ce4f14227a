import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { download } from '../../web/assets/download.ts';
import type { Progress } from '../../web/types.ts';

const wasm = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const pack = (identifier: string) => new Uint8Array([16, 0, 0, 0, ...new TextEncoder().encode(identifier), 9, 9, 9]);
const page = new TextEncoder().encode('\ufeff\n<!doctype html><title>Not found</title>');
const url = 'https://shop.example/aftersense/file';

/** A `fetch` that answers with `parts`, one chunk each. */
const serve =
  (parts: Uint8Array[], headers: Record<string, string> = {}, status = 200): typeof fetch =>
  async () =>
    new Response(
      new ReadableStream({
        pull(controller) {
          const part = parts.shift();
          if (part) controller.enqueue(part);
          else controller.close();
        },
      }),
      { status, headers },
    );

describe('a download', () => {
  test('tells its progress in bytes, from nothing to all', async () => {
    const seen: Progress[] = [];
    const bytes = await download('wasm', url, {
      fetch: serve([wasm.slice(0, 3), wasm.slice(3)], { 'content-length': '8' }),
      onProgress: (step) => seen.push(step),
    });
    expect(bytes).toEqual(wasm);
    expect(seen).toEqual([0, 3, 8].map((loadedBytes) => ({ stage: 'wasm', loadedBytes, totalBytes: 8 })));
  });

  test.each([
    ['no length', {}],
    ['a compressed length', { 'content-length': '5', 'content-encoding': 'br' }],
    ['a length that is not one', { 'content-length': 'many' }],
  ])('does not know the total with %s', async (_, headers) => {
    const seen: Progress[] = [];
    await download('wasm', url, { fetch: serve([wasm], headers as Record<string, string>), onProgress: (step) => seen.push(step) });
    expect(seen.at(-1)).toEqual({ stage: 'wasm', loadedBytes: 8, totalBytes: undefined });
  });

  test('stops believing a length that was exceeded', async () => {
    const seen: Progress[] = [];
    await download('wasm', url, { fetch: serve([wasm], { 'content-length': '5' }), onProgress: (step) => seen.push(step) });
    expect(seen.at(-1)).toMatchObject({ loadedBytes: 8, totalBytes: undefined });
  });

  test('names the status of a refusal', async () => {
    await expect(download('lite', url, { fetch: serve([page], {}, 404) })).rejects.toMatchObject({
      code: 'download_failed',
      message: expect.stringContaining('HTTP 404'),
    });
  });

  test('names a broken connection, with its cause', async () => {
    const cause = new TypeError('Failed to fetch');
    await expect(
      download('base', url, {
        fetch: async () => {
          throw cause;
        },
      }),
    ).rejects.toMatchObject({ code: 'download_failed', cause, message: expect.stringContaining('The base model https://') });
  });

  test('is aborted before it begins, and between two chunks', async () => {
    const reason = new Error('navigated away');
    await expect(download('wasm', url, { signal: AbortSignal.abort(reason) })).rejects.toMatchObject({ code: 'aborted', cause: reason });
    const stop = new AbortController();
    const slow: typeof fetch = async (_, init) =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(wasm.slice(0, 4));
            init?.signal?.addEventListener('abort', () => controller.error(init.signal?.reason));
          },
        }),
      );
    const loading = download('wasm', url, {
      fetch: slow,
      signal: stop.signal,
      onProgress: ({ stage }) => stage === 'wasm' && setTimeout(() => stop.abort(reason)),
    });
    await expect(loading).rejects.toMatchObject({ code: 'aborted', cause: reason });
  });
});

describe('what arrives', () => {
  test.each(['lite', 'base', 'catalog'] as const)('a file for %s passes by its identifier', async (kind) => {
    const bytes = pack(kind === 'catalog' ? 'ASCT' : 'ASMP');
    await expect(download(kind, url, { fetch: serve([bytes]) })).resolves.toEqual(bytes);
  });

  test.each([
    ['a web page as wasm', 'wasm', page, 'not_wasm', 'web page'],
    ['a web page as model', 'lite', page, 'pack_wrong_type', 'web page'],
    ['a web page as catalogue', 'catalog', page, 'pack_wrong_type', 'web page'],
    ['a model as wasm', 'wasm', pack('ASMP'), 'not_wasm', 'Check the address'],
    ['a catalogue as model', 'lite', pack('ASCT'), 'pack_wrong_type', 'Check the address'],
    ['a model as catalogue', 'catalog', pack('ASMP'), 'pack_wrong_type', 'Check the address'],
    ['a stump as model', 'lite', new Uint8Array([1, 2, 3]), 'pack_truncated', '3 bytes'],
    ['nothing as wasm', 'wasm', new Uint8Array(), 'not_wasm', '0 bytes'],
    ['nothing as model', 'lite', new Uint8Array(), 'pack_truncated', '0 bytes'],
  ] as const)('%s is refused, and the message says what to do', async (_, kind, bytes, code, words) => {
    await expect(download(kind, url, { fetch: serve([bytes]) })).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });
});

describe('a file on disk', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'aftersense-assets-'));
  const file = path.join(folder, 'a.wasm');
  writeFileSync(file, wasm);
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['address', pathToFileURL(file)],
    ['address as text', pathToFileURL(file).href],
    ['path', file],
  ])('is read by its %s', async (_, source) => {
    const seen: Progress[] = [];
    const bytes = await download('wasm', source, { onProgress: (step) => seen.push(step) });
    expect([...bytes]).toEqual([...wasm]);
    expect(bytes.byteOffset).toBe(0);
    expect(bytes.buffer.byteLength).toBe(wasm.length);
    expect(seen).toEqual([{ stage: 'wasm', loadedBytes: 8, totalBytes: 8 }]);
  });

  test('that is not there is a failed download', async () => {
    await expect(download('wasm', path.join(folder, 'b.wasm'))).rejects.toMatchObject({
      code: 'download_failed',
      message: expect.stringContaining('ENOENT'),
    });
  });
});
