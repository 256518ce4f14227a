/** Files may be gzip-compressed as a whole, so that a download is small whatever the server compresses by itself. */
import { AftersenseError } from '../errors.ts';

/** `bytes` themselves, or what they hold where they are a gzip file. Error: pack_truncated. */
export async function gunzip(bytes: Uint8Array<ArrayBuffer>, from: string): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    throw new AftersenseError('pack_truncated', `${from} is a damaged or incomplete gzip file. Download it again.`, { cause });
  }
}
