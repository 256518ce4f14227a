/** `aftersense catalog interactions`: what goes with what, learnt from a shop's own orders by models/shop/recommend.py. */
import { recommending, runShop } from './python.ts';

export interface InteractionsSettings {
  readonly file: string;
  readonly out: string;
  readonly ratings: string | undefined;
  /** A product list; orders of others are left out. */
  readonly products: string | undefined;
  readonly python: string | undefined;
}

/** Returns the exit code: 1 where nothing could be learnt, or rows were left out. */
export function learnInteractions({ file, out, ratings, products, python }: InteractionsSettings): Promise<number> {
  const options = [
    `--output=${out}`,
    ...(ratings === undefined ? [] : [`--ratings=${ratings}`]),
    ...(products === undefined ? [] : [`--products=${products}`]),
  ];
  return runShop('recommend', [...options, '--', file], python, recommending);
}
