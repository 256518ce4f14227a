/** Public types of catalogues in shards. Types only. */
import type { ArticleInput, OfferInput, ProductInput, Progress } from '../types.ts';

/** Products that may be more than memory holds. */
export interface ProductSource {
  /** All of them, batch after batch: some thousand products a batch. Called once. */
  scan(): AsyncIterable<readonly ProductInput[]> | Iterable<readonly ProductInput[]>;
  /** Those at these places of the scan, ascending; called for some hundred at a time, after the scan. */
  pick(places: readonly number[]): Promise<readonly ProductInput[]> | readonly ProductInput[];
}

export interface ShardBuildOptions {
  /** Keeps a file. Names are relative, with `/` between folders; the manifest comes last. */
  readonly write: (name: string, bytes: Uint8Array<ArrayBuffer>) => Promise<void> | void;
  /** How many shards; by default one for each 64 products. */
  readonly shards?: number;
  /** As `catalog.build` takes it, or its vectors for a few products; asked for each shard. Default false. */
  readonly embeddings?: boolean | ((ids: readonly string[]) => Promise<readonly (Float32Array | undefined)[]>);
  /**
   * What orders taught, as `catalog.build` takes it, of a few products: the header of the file and their lines. Asked for each shard.
   * What refers to products of other shards is lost, but for matrix factors, themes and popularity, which refer to none.
   */
  readonly interactions?: (ids: readonly string[]) => Promise<string> | string;
  readonly offers?: readonly OfferInput[];
  readonly articles?: readonly ArticleInput[];
  readonly signal?: AbortSignal;
  /** The stages `count` and `shards` count products; `total` is 0 while it is not known. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface ShardsInfo {
  readonly products: number;
  readonly shards: number;
  readonly files: number;
  /** Of all files, as written. */
  readonly bytes: number;
  /** Of the products' vectors; 0 where there are none. */
  readonly dimensions: number;
  readonly skipped: readonly { readonly id: string; readonly reason: 'no_text' }[];
}
