/** What orders taught, by product id, as the table of a catalogue: by the places of its products. */
import type { Builder } from 'flatbuffers';
import type { Interactions, ProductInteractions } from '../recommend/read.ts';
import * as fb from './generated.ts';

export interface Learnt {
  readonly interactions: Interactions;
  /** Of the catalogue's products, in their order. */
  readonly ids: readonly string[];
}

/** Lists of all products, one after another. */
class Lists<Item> {
  readonly items: Item[] = [];
  readonly offsets = [0];

  add(items: readonly Item[]): void {
    for (const item of items) this.items.push(item);
    this.offsets.push(this.items.length);
  }
}

/** Items are written from the last to the first, as FlatBuffers are. */
function structVector<Item>(builder: Builder, bytes: number, items: readonly Item[], write: (item: Item) => void): number {
  builder.startVector(bytes, items.length, 4);
  for (let i = items.length - 1; i >= 0; i--) write(items[i] as Item);
  return builder.endVector();
}

type Pair = readonly [place: number, weight: number];
type PlacedRule = { readonly also: number; readonly others: readonly number[] } & Pick<
  ProductInteractions['rules'][number],
  'support' | 'confidence' | 'lift'
>;

/** A number that is above 0 as a float too: others say nothing. */
const isWeight = (weight: number) => Math.fround(weight) > 0;

class Tables {
  readonly neighbours = new Lists<Pair>();
  readonly rules = new Lists<PlacedRule>();
  readonly themes = new Lists<Pair>();
  readonly #places: ReadonlyMap<string, number>;

  constructor(places: ReadonlyMap<string, number>) {
    this.#places = places;
  }

  /** Of the next product; nothing where orders taught nothing of it. What names a product that the catalogue has not goes. */
  add(product: ProductInteractions | undefined): void {
    const place = (id: string) => this.#places.get(id);
    const placed = product?.neighbours.flatMap(([id, weight]): Pair[] => {
      const at = place(id);
      return at === undefined || !isWeight(weight) ? [] : [[at, weight]];
    });
    this.neighbours.add(placed ?? []);
    this.rules.add(product?.rules.flatMap((rule) => this.#rule(product.id, rule)) ?? []);
    this.themes.add(product?.themes.filter(([, strength]) => isWeight(strength)) ?? []);
  }

  #rule(id: string, rule: ProductInteractions['rules'][number]): PlacedRule[] {
    const also = this.#places.get(rule.also);
    const others = rule.if.filter((other) => other !== id).map((other) => this.#places.get(other));
    const known = others.filter((other) => other !== undefined);
    return also === undefined || known.length < others.length ? [] : [{ ...rule, also, others: known }];
  }
}

function rulesVector(builder: Builder, rules: readonly PlacedRule[]): { readonly rules: number; readonly others: number } {
  const others = rules.flatMap((rule) => rule.others);
  let end = others.length;
  const vector = structVector(builder, 24, rules, (rule) => {
    end -= rule.others.length;
    fb.Rule.createRule(builder, rule.also, rule.support, rule.confidence, rule.lift, end, rule.others.length);
  });
  return { rules: vector, others: fb.Interactions.createRuleOthersVector(builder, others) };
}

/** One row a product; those of which `rowOf` gives none keep what `rows` has. */
function fillRows(rows: Float32Array, products: readonly (ProductInteractions | undefined)[], rowOf: RowOf): Float32Array {
  const size = rows.length / products.length;
  for (const [i, product] of products.entries()) {
    const row = product && rowOf(product);
    if (row) rows.set(row, i * size);
  }
  return rows;
}
type RowOf = (product: ProductInteractions) => readonly number[] | null | undefined;

function factorsTable(builder: Builder, { factors }: Interactions, products: readonly (ProductInteractions | undefined)[]): number {
  const { size, regularisation, alpha } = factors;
  const gram = fb.Factors.createGramVector(builder, [...factors.gram]);
  const filled = fillRows(new Float32Array(products.length * size), products, (product) => product.factors);
  const rows = fb.Factors.createRowsVector(builder, filled);
  return fb.Factors.createFactors(builder, size, regularisation, alpha, gram, rows);
}

function ratingsTable(builder: Builder, { ratings }: Interactions, products: readonly (ProductInteractions | undefined)[]): number {
  if (!ratings) return 0;
  const biasOf: RowOf = ({ rating }) => rating && [rating.bias];
  const noBias = new Float32Array(products.length).fill(Number.NaN);
  const biases = fb.Ratings.createBiasesVector(builder, fillRows(noBias, products, biasOf));
  const filled = fillRows(new Float32Array(products.length * ratings.size), products, ({ rating }) => rating?.factors);
  const rows = fb.Ratings.createRowsVector(builder, filled);
  return fb.Ratings.createRatings(builder, ratings.mean, ratings.size, ratings.regularisation, ratings.bias_regularisation, biases, rows);
}

function rankerTable(builder: Builder, { sharpness, weights }: Interactions['ranker']): number {
  const { popularity, neighbours, rules, factors, themes, content } = weights;
  return fb.Ranker.createRanker(builder, sharpness, popularity, neighbours, rules, factors, themes, content);
}

export function interactionsTable(builder: Builder, { interactions, ids }: Learnt): number {
  const learnt = new Map(interactions.products.map((product) => [product.id, product]));
  const products = ids.map((id) => learnt.get(id));
  const tables = new Tables(new Map(ids.map((id, place) => [id, place])));
  for (const product of products) tables.add(product);
  const { neighbours, rules, themes } = tables;
  const built = builder.createString(interactions.built);
  const popularity = fillRows(new Float32Array(ids.length), products, (product) => [product.popularity]);
  const days = fillRows(new Float32Array(ids.length).fill(Number.NaN), products, ({ repeat_days }) =>
    repeat_days === null ? null : [repeat_days],
  );
  const popularityVector = fb.Interactions.createPopularityVector(builder, popularity);
  const daysVector = fb.Interactions.createRepeatDaysVector(builder, days);
  const neighbourOffsets = fb.Interactions.createNeighbourOffsetsVector(builder, neighbours.offsets);
  const neighbourVector = structVector(builder, 8, neighbours.items, ([place, weight]) =>
    fb.Neighbour.createNeighbour(builder, place, weight),
  );
  const ruleOffsets = fb.Interactions.createRuleOffsetsVector(builder, rules.offsets);
  const ruleVectors = rulesVector(builder, rules.items);
  const themeOffsets = fb.Interactions.createThemeOffsetsVector(builder, themes.offsets);
  const themeVector = structVector(builder, 8, themes.items, ([theme, strength]) => fb.Theme.createTheme(builder, theme, strength));
  const factors = factorsTable(builder, interactions, products);
  const ratings = ratingsTable(builder, interactions, products);
  const ranker = rankerTable(builder, interactions.ranker);
  fb.Interactions.startInteractions(builder);
  fb.Interactions.addBuilt(builder, built);
  fb.Interactions.addCustomers(builder, interactions.customers);
  fb.Interactions.addBaskets(builder, interactions.baskets);
  fb.Interactions.addPopularity(builder, popularityVector);
  fb.Interactions.addNeighbourOffsets(builder, neighbourOffsets);
  fb.Interactions.addNeighbours(builder, neighbourVector);
  fb.Interactions.addRuleOffsets(builder, ruleOffsets);
  fb.Interactions.addRules(builder, ruleVectors.rules);
  fb.Interactions.addRuleOthers(builder, ruleVectors.others);
  fb.Interactions.addThemeCount(builder, interactions.themes.size);
  fb.Interactions.addThemeOffsets(builder, themeOffsets);
  fb.Interactions.addThemes(builder, themeVector);
  fb.Interactions.addFactors(builder, factors);
  fb.Interactions.addRatings(builder, ratings);
  fb.Interactions.addRepeatDays(builder, daysVector);
  fb.Interactions.addRanker(builder, ranker);
  return fb.Interactions.endInteractions(builder);
}
