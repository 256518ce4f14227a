import { readFileSync } from 'node:fs';
import type { ForesightBehaviour, ForesightModel, ForesightOrder, HistoryFeature, NumberFeature } from '../../../web/foresight/types.ts';

/** A row of orders.csv, as Python read it. */
export type CsvRow = Readonly<Record<string, string | number>>;

/** Written by tests/golden/foresight.py. */
export const golden: {
  readonly model: ForesightModel;
  readonly cases: readonly { readonly row: CsvRow; readonly risk: number; readonly contributions: Readonly<Record<string, number>> }[];
} = JSON.parse(readFileSync(new URL('../../golden/foresight.json', import.meta.url), 'utf8'));

/** The arguments of `foresee` that say what the row says. */
export function argumentsOf(row: CsvRow, more: readonly string[] = []): [ForesightOrder, ForesightBehaviour] {
  const pick = (columns: Readonly<Record<string, string>>, read: (value: string | number) => unknown) =>
    Object.fromEntries(
      Object.entries(columns)
        .filter(([column]) => (row[column] ?? '') !== '')
        .map(([column, field]) => [field, read(row[column] as string | number)]),
    );
  const texts = {
    product_id: 'productId',
    category: 'category',
    ordered_at: 'orderedAt',
    promised_at: 'promisedAt',
    delivered_at: 'deliveredAt',
  };
  const counts = { faq_visits: 'faqVisits', size_switches: 'sizeSwitches', past_orders: 'pastOrders', past_returns: 'pastReturns' };
  const own = Object.fromEntries(more.map((name) => [name, name]));
  return [
    { ...pick(texts, String), ...pick({ price: 'price' }, Number) },
    { ...pick(counts, Number), ...(more.length > 0 ? { more: pick(own, String) as Record<string, string> } : {}) },
  ];
}

export const category: HistoryFeature = { name: 'category', kind: 'history', parent: null, weight: 1, rates: { shoes: 0.4, books: 0.05 } };
export const product: HistoryFeature = { name: 'product_id', kind: 'history', parent: 'category', weight: 0.5, rates: { p1: 0.6 } };
export const visits: NumberFeature = { name: 'faq_visits', kind: 'number', edges: [1, 3], weights: [-0.2, 0.3, 0.9], missing: 0.1 };
export const late: NumberFeature = { name: 'days_late', kind: 'number', edges: [0, 2], weights: [-0.1, 0.1, 1], missing: 0 };

/** A model written by hand, whose base rate is a fifth. */
export const small: ForesightModel = {
  version: 1,
  trained: '2026-11-01',
  rows: 1000,
  problems: 200,
  base_rate: 0.2,
  intercept: Math.log(0.25),
  features: [category, product, visits, late],
  validation: {
    by: 'time',
    rows: 200,
    auc: 0.7,
    brier: 0.14,
    base_brier: 0.16,
    slope: 1,
    reliability: [{ said: 0.2, found: 0.2, rows: 200 }],
  },
};
