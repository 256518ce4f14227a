/** Which shards promise most: for each, the most that one of its products could score if it had all that the shard has. */
import type { Route } from '../messages/shards.ts';
import type { Manifest, TermRoute } from './files.ts';

/** As kMeaningWeight of src/tasks/content.h. */
const meaningWeight = 0.2;

export interface BestOptions {
  /** Shards that are there already. */
  readonly held: ReadonlySet<number>;
  readonly count: number;
}

/** The best first; only those that have anything. */
export function bestShards(
  manifest: Manifest,
  { productTerms, queryTerms, meaning }: Route,
  found: ReadonlyMap<string, TermRoute>,
  { held, count }: BestOptions,
): number[] {
  const scores = new Float64Array(manifest.shards);
  const add = (term: string, weight: number, column: 'weights' | 'bm25') => {
    const route = found.get(term);
    for (const [i, shard] of (route?.shards ?? []).entries())
      scores[shard] = (scores[shard] as number) + (weight * (route?.[column][i] as number)) / 255;
  };
  const termsWeight = meaning.length > 0 ? 1 - meaningWeight : 1;
  for (const { term, score } of productTerms) add(term, termsWeight * score, 'weights');
  // As want_query of src/tasks/content.h: the terms' weights add up to 1.
  const weighed = queryTerms.map(({ term, score }) => ({ term, weight: score * informationOf(found.get(term), manifest.products) }));
  const sum = weighed.reduce((total, { weight }) => total + weight, 0);
  for (const { term, weight } of weighed) if (weight > 0) add(term, (termsWeight * weight) / sum, 'bm25');
  addMeanings(manifest, meaning, scores);

  const order = Array.from(scores.keys()).filter((shard) => (scores[shard] as number) > 0 && !held.has(shard));
  return order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b).slice(0, count);
}

/** The idf of BM25; 0 for a term that no product has. */
function informationOf(route: TermRoute | undefined, products: number): number {
  if (!route) return 0;
  return Math.log(1 + (products - route.frequency + 0.5) / (route.frequency + 0.5));
}

/** The cosine of the meaning and what each shard's products mean on the average. */
function addMeanings({ shards, dimensions, centroids }: Manifest, meaning: Float32Array, scores: Float64Array): void {
  if (dimensions === 0 || meaning.length < dimensions) return;
  const cut = meaning.subarray(0, dimensions);
  const length = Math.hypot(...cut);
  if (length === 0) return;
  for (let shard = 0; shard < shards; shard++) {
    let sum = 0;
    for (let i = 0; i < dimensions; i++) sum += (cut[i] as number) * (centroids[shard * dimensions + i] as number);
    scores[shard] = (scores[shard] as number) + meaningWeight * Math.max(0, sum / length);
  }
}
