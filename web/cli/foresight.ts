/** `aftersense foresight train`: the risk of after-sales problems, fitted to a shop's own orders by models/shop/foresight.py. */
import { runShop } from './python.ts';

export interface ForesightSettings {
  readonly file: string;
  readonly out: string;
  /** A column, or a comparison such as `stars<=2`. */
  readonly label: string | undefined;
  /** Further columns, separated by commas. */
  readonly features: string | undefined;
  readonly python: string | undefined;
}

/** Returns the exit code: 1 where nothing could be learnt, or rows were left out. */
export function trainForesight({ file, out, label, features, python }: ForesightSettings): Promise<number> {
  const options = [
    `--output=${out}`,
    ...(label === undefined ? [] : [`--label=${label}`]),
    ...(features ? [`--features=${features}`] : []),
  ];
  return runShop('foresight', ['train', ...options, '--', file], python);
}
