/** What Python learnt and ranked, tests/golden/interactions.py, and a small shop written by hand. */
import { readFileSync } from 'node:fs';
import { type RecommendMethod, readInteractions } from '../../../web/recommend/read.ts';

interface Case {
  readonly history: Readonly<Record<string, number>>;
  readonly scores: Readonly<Record<RecommendMethod, readonly number[]>>;
  readonly contributions: Readonly<Record<RecommendMethod, readonly number[]>>;
  readonly rank: readonly number[];
  readonly rated: Readonly<Record<string, number>>;
  readonly ratings: readonly (number | null)[];
}

export const golden = JSON.parse(readFileSync(new URL('../../golden/interactions.json', import.meta.url), 'utf8')) as {
  readonly lines: readonly string[];
  readonly cases: readonly Case[];
};

export const learnt = readInteractions(golden.lines.join('\n'));

/** A product's line, of which nothing but the popularity was learnt. */
export const productLine = (id: string, popularity: number, more: object = {}) => ({
  id,
  popularity,
  neighbours: [],
  rules: [],
  factors: null,
  themes: [],
  rating: null,
  ...more,
});

export const headerLine = (products: number, weights: object) => ({
  kind: 'aftersense-interactions',
  version: 1,
  built: '2026-01-01',
  products,
  customers: 10,
  baskets: 10,
  popularity: { half_life_days: null },
  factors: { size: 2, regularisation: 1, alpha: 2, gram: [2, 1, 1, 2] },
  themes: { size: 2 },
  ratings: { count: 9, mean: 3, size: 1, regularisation: 1, bias_regularisation: 1 },
  ranker: { sharpness: 10, weights },
  validation: {},
});

export const smallLines: readonly object[] = [
  headerLine(5, { popularity: 1, neighbours: 2, rules: 3, factors: 0, themes: 0.5 }),
  productLine('lamp', 1, {
    factors: [1, 0],
    neighbours: [['bulb', 0.5]],
    rules: [{ if: ['lamp'], also: 'bulb', support: 0.1, confidence: 0.6, lift: 2 }],
  }),
  productLine('bulb', 0.5, { factors: [1, 1], neighbours: [['lamp', 0.5]], themes: [[0, 1]], rating: { bias: 0.5, factors: [1] } }),
  productLine('desk', 0.25, {
    factors: [0, 1],
    neighbours: [['bulb', 0.2]],
    themes: [
      [0, 0.6],
      [1, 0.8],
    ],
    rating: { bias: -0.5, factors: [2] },
  }),
  productLine('chair', 0.1, { rules: [{ if: ['chair', 'desk'], also: 'lamp', support: 0.05, confidence: 0.9, lift: 4 }] }),
  productLine('rug', 0),
];

export const textOf = (lines: readonly unknown[]): string => `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
