/** Downloads a file with progress in bytes. */
import { AftersenseAbortError, AftersenseError } from '../errors.ts';
import type { Progress } from '../types.ts';
import { diskPath, readFile } from './files.ts';
import { gunzip } from './gzip.ts';
import { type AssetKind, assetNames, checkMagic } from './magic.ts';

export interface DownloadOptions {
  readonly fetch?: typeof fetch | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** The file at `source`, its kind checked. Errors: download_failed, aborted, and those of `gunzip` and `checkMagic`. */
export async function download(kind: AssetKind, source: string | URL, options: DownloadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { signal } = options;
  if (signal?.aborted) throw new AftersenseAbortError(signal.reason);
  const from = `The ${assetNames[kind]} ${source}`;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    const path = diskPath(source);
    bytes =
      path !== undefined && readFile
        ? await readAll(kind, await readFile(path, { signal }), options)
        : await fetchAll(kind, source, options);
  } catch (cause) {
    if (signal?.aborted) throw new AftersenseAbortError(signal.reason);
    if (cause instanceof AftersenseError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AftersenseError(
      'download_failed',
      `${from} could not be read: ${why}. Check the address and the connection, then try again.`,
      { cause },
    );
  }
  const file = await gunzip(bytes, from);
  checkMagic(kind, file, from);
  return file;
}

function readAll(kind: AssetKind, file: Uint8Array<ArrayBuffer>, { onProgress }: DownloadOptions): Uint8Array<ArrayBuffer> {
  onProgress?.({ stage: kind, loadedBytes: file.length, totalBytes: file.length });
  // Node may hand out a part of a pooled buffer; what leaves here owns its memory, so that it can be transferred.
  return file.length === file.buffer.byteLength ? new Uint8Array(file.buffer) : file.slice();
}

async function fetchAll(kind: AssetKind, source: string | URL, options: DownloadOptions): Promise<Uint8Array<ArrayBuffer>> {
  const get = options.fetch ?? globalThis.fetch;
  const response = await get(source, options.signal ? { signal: options.signal } : {});
  if (!response.ok) {
    throw new AftersenseError(
      'download_failed',
      `The ${assetNames[kind]} ${source} could not be read: HTTP ${response.status}. Check the address.`,
    );
  }
  const total = totalBytes(response);
  const chunks: Uint8Array[] = [];
  let loadedBytes = 0;
  const tell = () =>
    options.onProgress?.({ stage: kind, loadedBytes, totalBytes: total !== undefined && loadedBytes <= total ? total : undefined });
  tell();
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    chunks.push(part.value);
    loadedBytes += part.value.length;
    tell();
  }
  return concatenate(chunks, loadedBytes);
}

/** What the server announced; unknown under compression, where Content-Length counts other bytes than those that arrive. */
function totalBytes({ headers }: Response): number | undefined {
  const length = Number(headers.get('content-length') ?? Number.NaN);
  const encoding = headers.get('content-encoding') ?? 'identity';
  return encoding === 'identity' && Number.isSafeInteger(length) && length > 0 ? length : undefined;
}

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
