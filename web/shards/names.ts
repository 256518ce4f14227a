/** Where the files of a catalogue in shards are, and in which of them what is to be found. README.md describes them. */

/** FNV-1a of 32 bits over UTF-8, as `fnv1a` of src/tasks/shards.cpp. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

export const manifestName = 'catalog.ascm';

/** A thousand files a folder at most. */
const numbered = (kind: string, number: number) => `${kind}/${Math.floor(number / 1000)}/${number}`;

export const shardName = (folder: string, shard: number) => `${folder}/${numbered('s', shard)}.ascat.gz`;
export const termBucketName = (folder: string, bucket: number) => `${folder}/${numbered('t', bucket)}.gz`;
export const idBucketName = (folder: string, bucket: number) => `${folder}/${numbered('i', bucket)}.gz`;

/** The address of a file beside the manifest. */
export function beside(manifest: string | URL, name: string): string | URL {
  if (manifest instanceof URL || URL.canParse(manifest)) return new URL(name, manifest);
  const path = manifest.replace(/[?#].*$/, '');
  return path.slice(0, path.lastIndexOf('/') + 1) + name;
}

/** The power of two that is nearest to so many, at least 1 and at most 65,536. */
export const bucketsFor = (count: number): number => 2 ** Math.min(16, Math.max(0, Math.round(Math.log2(Math.max(1, count)))));
