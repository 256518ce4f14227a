/** A file that a caller names or gives. */
import { AftersenseError } from '../errors.ts';
import type { FileSource } from '../types.ts';
import { type DownloadOptions, download } from './download.ts';
import { gunzip } from './gzip.ts';
import { type AssetKind, assetNames, checkMagic } from './magic.ts';

/** The file at an address, or a copy of the bytes given: the caller keeps his. `name` is the argument's. Errors: as `download`, and invalid_argument. */
export async function readSource(
  kind: AssetKind,
  source: FileSource,
  name: string,
  options: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof source === 'string' || source instanceof URL) return download(kind, source, options);
  if (!(source instanceof ArrayBuffer || ArrayBuffer.isView(source)))
    throw new AftersenseError('invalid_argument', `${name} must be an address, an ArrayBuffer or a Uint8Array.`);
  const from = `The ${assetNames[kind]} given`;
  const file = await gunzip(source instanceof ArrayBuffer ? new Uint8Array(source.slice(0)) : new Uint8Array(source), from);
  checkMagic(kind, file, from);
  return file;
}
