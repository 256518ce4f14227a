/** A shop of generated products in shards, kept in memory or in a folder, and a `fetch` of its files that counts. */
import type { Aftersense, ProductSource, Recommendation } from '../../../dist/index.js';
import { product } from './products.ts';

export const address = 'https://shop.example/catalogue/catalog.ascm';
const folder = new URL('.', address).href;

/** The products of the numbers from 0 to `count`. */
export function generated(count: number, batch = 2000): ProductSource {
  const range = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => product(start + i));
  return {
    *scan() {
      for (let start = 0; start < count; start += batch) yield range(start, Math.min(count, start + batch));
    },
    pick: (places) => places.map(product),
  };
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Answers with the files of a catalogue, by their names beside the manifest. */
export class Server {
  readonly #read: (name: string) => Bytes | undefined;
  /** Names, in the order of the requests. */
  readonly requests: string[] = [];
  bytes = 0;
  /** Instead of a file: what comes for it. */
  instead: (name: string) => Bytes | undefined | 'nothing' = () => undefined;

  constructor(read: (name: string) => Bytes | undefined) {
    this.#read = read;
  }

  readonly fetch: typeof fetch = async (source) => {
    const name = String(source).replace(folder, '');
    this.requests.push(name);
    const instead = this.instead(name);
    const file = instead === 'nothing' ? undefined : (instead ?? this.#read(name));
    this.bytes += file?.length ?? 0;
    return file ? new Response(file) : new Response('not found', { status: 404 });
  };

  reset(): void {
    this.requests.length = 0;
    this.bytes = 0;
  }
}

export const idsOf = (found: readonly Recommendation[]) => found.map(({ product: { id } }) => id);

/** How many of the first are among the second. */
export const share = (expected: readonly string[], found: readonly string[]) =>
  expected.length === 0 ? 1 : expected.filter((id) => found.includes(id)).length / expected.length;

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

export interface Session {
  /** Numbers of products that the profile knows. */
  readonly tastes: readonly number[];
  readonly queries: readonly string[];
}

/** Home, with what is for the shopper; two searches; three products that they found, each with what is like it; a basket of them. */
export async function shop(desk: Aftersense, { tastes, queries }: Session): Promise<void> {
  await desk.profile.consent(true);
  for (const taste of tastes) await desk.profile.record({ kind: 'view', product: product(taste) });
  await desk.recommend({ for: 'profile', k: 10 });
  const found: string[] = [];
  for (const text of queries) found.push(...idsOf(await desk.recommend({ for: 'query', text, k: 10 })).slice(0, 2));
  const visited = found.slice(0, 3);
  for (const id of visited) await desk.recommend({ for: 'product', id, k: 10 });
  if (visited.length > 0) await desk.recommend({ for: 'basket', ids: visited, k: 10 });
  await desk.profile.consent(false);
}
