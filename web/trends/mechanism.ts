/**
 * Randomised response by subsets (Wang, Wu and Hu 2016; Ye and Barg 2018): a device has one of d values and tells w of them. Each set
 * with its own value in it is `own` : `other` times as likely as each without, so that no telling changes anybody's belief about the device
 * by more than that ratio, which is at most e^ε. With w = 1 it is k-ary randomised response (Warner 1965; Kairouz et al. 2016).
 */
import type { Draw } from './random.ts';

export interface Mechanism {
  /** d ≥ 2. */
  readonly values: number;
  /** w, from 1 to d − 1. */
  readonly picks: number;
  /** The ratio, as integers. */
  readonly own: number;
  readonly other: number;
}

/** Steps in which e^ε is told. */
const other = 2 ** 16;

/** The largest ratio of integers over 2¹⁶ that is surely no more than e^ε: a step less where Math.exp, inexact, may have rounded up. */
export const ownWeight = (epsilon: number): number => Math.floor(Math.exp(epsilon) * other - 1e-3);

/** How likely a value is among the picks of a device that has it, and of one that has another. */
export function pickRates({ values, picks, own, other }: Mechanism): { readonly mine: number; readonly others: number } {
  const mine = (picks * own) / (picks * own + (values - picks) * other);
  return { mine, others: (mine * (picks - 1) + (1 - mine) * picks) / (values - 1) };
}

/** Variance of an estimated count that each device adds to it, where few devices have the value. */
export function varianceEach(mechanism: Mechanism): number {
  const { mine, others } = pickRates(mechanism);
  return (others * (1 - others)) / (mine - others) ** 2;
}

/** The number of picks with the least error. */
export function mechanismFor(epsilon: number, values: number): Mechanism {
  const all = Array.from({ length: values - 1 }, (_, i): Mechanism => ({ values, picks: i + 1, own: ownWeight(epsilon), other }));
  return all.reduce((best, one) => (varianceEach(one) < varianceEach(best) ? one : best));
}

/** What a device with `value` tells: distinct values, in ascending order. */
export function randomise({ values, picks, own, other }: Mechanism, value: number, draw: Draw): number[] {
  const truthful = draw(picks * own + (values - picks) * other) < picks * own;
  const rest = Array.from({ length: values - 1 }, (_, i) => (i < value ? i : i + 1));
  const wanted = truthful ? picks - 1 : picks;
  // Fisher and Yates, as far as needed: every subset of `wanted` others is as likely.
  for (let i = 0; i < wanted; i++) {
    const j = i + draw(rest.length - i);
    [rest[i], rest[j]] = [rest[j] as number, rest[i] as number];
  }
  return [...rest.slice(0, wanted), ...(truthful ? [value] : [])].sort((a, b) => a - b);
}
