/** Requests and replies of catalogues in shards. */
import { Builder, ByteBuffer } from 'flatbuffers';
import type { Bytes } from '../protocol.ts';
import * as fb from './generated.ts';
import { open, present } from './replies.ts';
import { finish } from './requests.ts';

export function planShardsRequest(shards: number, termBuckets: number): Bytes {
  const builder = new Builder(64);
  return finish(builder, fb.PlanShardsRequest.createPlanShardsRequest(builder, shards, termBuckets));
}

export interface ShardPlan {
  /** The shard of each product that was counted; `noShard` for those without text. */
  readonly shardOf: Uint32Array;
  readonly shards: number;
}
export const noShard = 0xffff_ffff;

export function shardPlan(bytes: Bytes): ShardPlan {
  const reply = open(bytes, fb.Reply.PlanShardsReply, new fb.PlanShardsReply());
  return { shardOf: present(reply.shardsArray()).slice(), shards: reply.shardCount() };
}

export function termBucketRequest(bucket: number): Bytes {
  const builder = new Builder(64);
  return finish(builder, fb.TermBucketRequest.createTermBucketRequest(builder, bucket));
}

export const termBucket = (bytes: Bytes): Bytes =>
  present(open(bytes, fb.Reply.TermBucketReply, new fb.TermBucketReply()).fileArray()).slice() as Bytes;

export function dropShardsRequest(places: readonly number[]): Bytes {
  const builder = new Builder(64 + 4 * places.length);
  const vector = fb.DropShardsRequest.createPlacesVector(builder, [...places]);
  return finish(builder, fb.DropShardsRequest.createDropShardsRequest(builder, vector));
}

/** Products and texts that something is to be found for, and how much each counts. */
export interface Sought {
  readonly products: readonly { readonly product: string; readonly weight: number }[];
  readonly texts: readonly { readonly text: string; readonly weight: number }[];
}

export function routeRequest({ products, texts }: Sought): Bytes {
  const builder = new Builder(1024);
  const items = products.map(({ product, weight }) => fb.HistoryItem.createHistoryItem(builder, builder.createString(product), weight));
  const queries = texts.map(({ text, weight }) => fb.HistoryQuery.createHistoryQuery(builder, builder.createString(text), weight));
  const history = fb.RouteRequest.createProductsVector(builder, items);
  const searches = fb.RouteRequest.createQueriesVector(builder, queries);
  return finish(builder, fb.RouteRequest.createRouteRequest(builder, history, searches));
}

export interface Term {
  readonly term: string;
  readonly score: number;
}

/** RouteReply of src/bindings/messages.fbs, which documents the fields. */
export interface Route {
  readonly productTerms: readonly Term[];
  readonly queryTerms: readonly Term[];
  readonly meaning: Float32Array;
}

export function route(bytes: Bytes): Route {
  const reply = open(bytes, fb.Reply.RouteReply, new fb.RouteReply());
  const terms = (length: number, at: (i: number) => fb.TermReason | null) =>
    Array.from({ length }, (_, i) => {
      const term = present(at(i));
      return { term: present(term.term()), score: term.score() };
    });
  return {
    productTerms: terms(reply.productTermsLength(), (i) => reply.productTerms(i)),
    queryTerms: terms(reply.queryTermsLength(), (i) => reply.queryTerms(i)),
    meaning: present(reply.meaningArray()).slice(),
  };
}

/** The products' vectors in a catalogue file that the core has just built, a row a product; undefined where it has none. */
export function vectorsOf(file: Bytes): { readonly model: string; readonly dimensions: number; readonly rows: Float32Array } | undefined {
  const embeddings = fb.Catalog.getRootAsCatalog(new ByteBuffer(file)).embeddings();
  if (!embeddings) return undefined;
  const dimensions = embeddings.dimensions();
  const scales = present(embeddings.scalesArray());
  // As quantise_rows of src/tasks/neighbours.h writes them.
  const rows = Float32Array.from(
    present(embeddings.codesArray()),
    (code, i) => (code - 64) * (scales[Math.floor(i / dimensions)] as number),
  );
  return { model: present(embeddings.model()), dimensions, rows };
}
