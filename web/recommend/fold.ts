/** The shopper's side of factor models, solved on the device; the same as fold_in and fold_in_ratings of models/shop/recommender.py. */
import { AftersenseError } from '../errors.ts';
import { addOuter, dot, solve } from './linear.ts';
import type { History, Interactions, ProductInteractions } from './types.ts';

/** Products of a history that the file knows, with their weights. */
export function knownOf({ products, at }: Interactions, history: History): (readonly [ProductInteractions, number])[] {
  return [...history].flatMap(([id, weight]) => {
    if (!(weight > 0 && Number.isFinite(weight)))
      throw new AftersenseError('invalid_argument', `The weight of ${id} in the history must be above 0, not ${String(weight)}.`);
    const place = at.get(id);
    return place === undefined ? [] : [[products[place] as ProductInteractions, weight] as const];
  });
}

/**
 * A shopper's factors by the products of a history: (G + λI + Σ (αw − 1) y yᵀ) x = Σ αw y, the step of alternating least squares for one
 * user (Hu, Koren, Volinsky 2008). Undefined where no product of the history has factors.
 */
export function foldIn(interactions: Interactions, history: History): Float64Array | undefined {
  const { size, regularisation, alpha, gram } = interactions.factors;
  const left = Float64Array.from(gram);
  const right = new Float64Array(size);
  for (let i = 0; i < size; i++) left[i * size + i] = (left[i * size + i] as number) + regularisation;
  let isKnown = false;
  for (const [{ factors }, weight] of knownOf(interactions, history)) {
    if (!factors) continue;
    isKnown = true;
    addOuter(left, factors, alpha * weight - 1);
    for (let i = 0; i < size; i++) right[i] = (right[i] as number) + alpha * weight * (factors[i] as number);
  }
  return isKnown ? solve(left, right) : undefined;
}

const mostStars = 5;

/** The rating from 1 to 5 that a shopper with these ratings would give; undefined where too few customers rated the product. */
export function predictRating(interactions: Interactions, rated: ReadonlyMap<string, number>, id: string): number | undefined {
  const { ratings, products, at } = interactions;
  const target = products[at.get(id) ?? -1]?.rating;
  if (!ratings || !target) return undefined;
  const width = ratings.size + 1;
  const left = new Float64Array(width * width);
  const right = new Float64Array(width);
  for (let i = 0; i < width; i++) left[i * width + i] = i === 0 ? ratings.bias_regularisation : ratings.regularisation;
  for (const [product, value] of rated) {
    if (!(value >= 1 && value <= mostStars))
      throw new AftersenseError('invalid_argument', `The rating of ${product} must be from 1 to ${mostStars}, not ${String(value)}.`);
    const known = products[at.get(product) ?? -1]?.rating;
    if (!known) continue;
    const column = [1, ...known.factors];
    addOuter(left, column, 1);
    for (let i = 0; i < width; i++) right[i] = (right[i] as number) + (value - ratings.mean - known.bias) * (column[i] as number);
  }
  const said = ratings.mean + target.bias + dot([1, ...target.factors], solve(left, right));
  return Math.min(Math.max(said, 1), mostStars);
}
