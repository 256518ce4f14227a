/**
 * How probably any answer fits, logistic over what speaks for the best, and how probably it is this one, a softmax over all scores: that two
 * answers are alike is no reason to give neither. Fitted by `node tools/fit_replies.mjs --write`; figures in README.md.
 */
import calibration from './calibration.json' with { type: 'json' };
import type { Candidate } from './search.ts';
import type { Replies } from './types.ts';

export type Method = Replies['method'];

/** What the logistic weighs, in the order of the calibration's weights. */
export function featuresOf(method: Method, { cosine = 0, wordsPerTerm }: Candidate): readonly number[] {
  const words = Math.log(wordsPerTerm + 0.01);
  switch (method) {
    case 'meaning':
      return [cosine, words];
    case 'words':
      return [words];
    default:
      return method satisfies never;
  }
}

/** That any answer fits, by the best candidate. */
export function answeredProbability(method: Method, best: Candidate | undefined): number {
  if (!best) return 0;
  const { bias, weights } = calibration[method];
  const logit = featuresOf(method, best).reduce((sum, value, i) => sum + value * (weights[i] as number), bias);
  return 1 / (1 + Math.exp(-logit));
}

/** Which one it is, where one fits: they sum to 1. `sharpness`: the inverse of the softmax's temperature. */
export function shares(method: Method, scores: readonly number[], sharpness: number = calibration[method].sharpness): number[] {
  const best = Math.max(...scores);
  const parts = scores.map((score) => Math.exp(sharpness * (score - best)));
  const total = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / total);
}

/** Below it nothing is suggested. */
export const thresholdOf = (method: Method): number => calibration[method].threshold;
