/** Scores of all products by each method; the same as Recommender.scores of models/shop/recommender.py. */
import { foldIn, knownOf } from './fold.ts';
import { dot } from './linear.ts';
import {
  type AssociationRule,
  type History,
  type Interactions,
  type ProductInteractions,
  type RecommendMethod,
  recommendMethods,
} from './types.ts';

/** One number a product, in the order of `interactions.products`. */
export type Scores = Readonly<Record<RecommendMethod, Float64Array>>;

function neighbourScores(interactions: Interactions, history: History): Float64Array {
  const scores = new Float64Array(interactions.products.length);
  for (const [{ neighbours }, weight] of knownOf(interactions, history))
    for (const [id, nearness] of neighbours) {
      const place = interactions.at.get(id) as number;
      scores[place] = (scores[place] as number) + weight * nearness;
    }
  return scores;
}

/** Rules all of whose products are in the history. */
export function rulesFor(interactions: Interactions, history: History): AssociationRule[] {
  return knownOf(interactions, history).flatMap(([{ rules }]) => rules.filter((rule) => rule.if.every((id) => history.has(id))));
}

function ruleScores(interactions: Interactions, history: History): Float64Array {
  const scores = new Float64Array(interactions.products.length);
  for (const { also, confidence } of rulesFor(interactions, history)) {
    const place = interactions.at.get(also) as number;
    scores[place] = Math.max(scores[place] as number, confidence);
  }
  return scores;
}

function factorScores(interactions: Interactions, history: History): Float64Array {
  const mine = foldIn(interactions, history);
  return Float64Array.from(interactions.products, ({ factors }) => (mine && factors ? dot(factors, mine) : 0));
}

type Themes = ProductInteractions['themes'];
const sumOf = (themes: Themes): number => themes.reduce((sum, [, strength]) => sum + strength, 0);

/** The shopper's themes are the shares of those of the history, weighed; a product's score is by how much it has of them. */
function themeScores(interactions: Interactions, history: History): Float64Array {
  const mine = new Float64Array(interactions.themes.size);
  let total = 0;
  for (const [{ themes }, weight] of knownOf(interactions, history)) {
    const sum = sumOf(themes);
    if (!(sum > 0)) continue;
    total += weight;
    for (const [theme, strength] of themes) mine[theme] = (mine[theme] as number) + (weight * strength) / sum;
  }
  return Float64Array.from(interactions.products, ({ themes }) =>
    total > 0 ? themes.reduce((sum, [theme, strength]) => sum + strength * (mine[theme] as number), 0) / total : 0,
  );
}

/** Products of the history that the file does not know tell nothing. */
export const scoresOf = (interactions: Interactions, history: History): Scores => ({
  popularity: Float64Array.from(interactions.products, ({ popularity }) => popularity),
  neighbours: neighbourScores(interactions, history),
  rules: ruleScores(interactions, history),
  factors: factorScores(interactions, history),
  themes: themeScores(interactions, history),
});

/** What each method adds to the rank of each product: weight · ln(1 + sharpness · score / best), nothing where it finds nothing. */
export function contributionsOf({ ranker, products }: Interactions, history: History, scores: Scores): Scores {
  const add = (method: RecommendMethod): Float64Array => {
    const best = scores[method].reduce(
      (max, score, place) => (history.has((products[place] as ProductInteractions).id) ? max : Math.max(max, score)),
      0,
    );
    return scores[method].map((score) =>
      best > 0 ? ranker.weights[method] * Math.log1p((ranker.sharpness * Math.max(score, 0)) / best) : 0,
    );
  };
  return Object.fromEntries(recommendMethods.map((method) => [method, add(method)])) as unknown as Scores;
}
