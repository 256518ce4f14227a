/** Files on disk, where there is a disk: Node's `fetch` does not read `file:` addresses. */

interface NodeProcess {
  getBuiltinModule?(
    name: 'node:fs/promises',
  ): { readFile(path: URL | string, options: { signal?: AbortSignal | undefined }): Promise<Uint8Array<ArrayBuffer>> } | undefined;
}

/** Reads a file in Node. Asked of `process`, not imported, so that bundlers for the browser find nothing to resolve. */
export const readFile = (globalThis as { process?: NodeProcess }).process?.getBuiltinModule?.('node:fs/promises')?.readFile;

/** `source` as a place on disk: a `file:` address, or in Node a plain path; undefined for anything to be fetched. */
export function diskPath(source: string | URL): URL | string | undefined {
  if (!readFile) return undefined;
  if (typeof source === 'string' && !URL.canParse(source)) return source;
  const url = new URL(source);
  return url.protocol === 'file:' ? url : undefined;
}
