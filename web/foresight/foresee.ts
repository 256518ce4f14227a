/**
 * The risk of an after-sales problem, with what each feature adds to it. Pure: the same as `contributions` and `score` of
 * models/shop/foresight.py, which says how a model is fitted.
 */
import { AftersenseError } from '../errors.ts';
import { usableForesight } from './check.ts';
import { type Row, rowOf } from './row.ts';
import { historyText, numberText } from './texts.ts';
import type {
  Foresight,
  ForesightBehaviour,
  ForesightModel,
  ForesightOrder,
  ForesightReason,
  HistoryFeature,
  NumberFeature,
} from './types.ts';

const logit = (rate: number): number => Math.log(rate) - Math.log1p(-rate);

/** By how much the value's own rate moves the log-odds from those expected without it. Adds its rate to `rates`. */
function historyReason(feature: HistoryFeature, row: Row, rates: Map<string | null, number>): ForesightReason {
  const value = row.get(feature.name);
  const key = value === undefined ? '' : String(value);
  const expected = rates.get(feature.parent) as number;
  const own = Object.hasOwn(feature.rates, key) ? feature.rates[key] : undefined;
  const rate = own ?? expected;
  rates.set(feature.name, rate);
  const contribution = feature.weight * (logit(rate) - logit(expected));
  return { feature: feature.name, value, contribution, text: historyText(feature.name, key, own, expected, contribution) };
}

function numberReason({ name, edges, weights, missing }: NumberFeature, row: Row): ForesightReason {
  const value = row.get(name);
  if (typeof value === 'string') throw new AftersenseError('invalid_argument', `behaviour.more.${name} must be a number, not "${value}".`);
  const bin = value === undefined ? -1 : edges.filter((edge) => edge <= value).length;
  const contribution = bin < 0 ? missing : (weights[bin] as number);
  return { feature: name, value, contribution, text: numberText(name, value, contribution) };
}

/** A misspelt feature would count as missing, unseen. */
function checkNames(more: ForesightBehaviour['more'], features: ForesightModel['features']): void {
  const odd = Object.keys(more ?? {}).find((name) => !features.some((feature) => feature.name === name));
  if (odd !== undefined) throw new AftersenseError('invalid_argument', `behaviour.more.${odd} is no feature of the model.`);
}

/**
 * Throws `foresight_invalid` where the model is none, `invalid_argument` where order or behaviour are odd. A product that the history
 * does not know counts as its category does, and a category that it does not know as the average.
 */
export function foresee(model: ForesightModel, order: ForesightOrder, behaviour: ForesightBehaviour = {}): Foresight {
  const { base_rate: baseRate, intercept, features } = usableForesight(model);
  const row = rowOf(order, behaviour);
  checkNames(behaviour.more, features);
  const rates = new Map<string | null, number>([[null, baseRate]]);
  const reasons = features.map((feature) => (feature.kind === 'history' ? historyReason(feature, row, rates) : numberReason(feature, row)));
  const logOdds = intercept + reasons.reduce((sum, { contribution }) => sum + contribution, 0);
  const risk = 1 / (1 + Math.exp(-logOdds));
  return { risk, baseRate, intercept, reasons: reasons.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)) };
}
