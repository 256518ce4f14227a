/** What corrections do to a verdict: pure functions over vectors. README.md has the method and what it was measured to do. */
import type { Analysis } from '../types.ts';
import type { Verdict } from './types.ts';
import { probabilitiesOf, readingOf, verdicts, withProbabilities } from './verdicts.ts';

/** A correction with what the shipped model made of its text. */
export interface Example {
  readonly text: string;
  readonly verdict: Verdict;
  readonly label: string;
  /** The label that the shipped model read. */
  readonly read: string;
  /** Of unit length. */
  readonly vector: Float32Array;
}

/** More than this, in log-odds, no label gains: enough for the text that was corrected itself, however sure the model was. */
const bound = 10;
const minProbability = 1e-4;
/** Texts less alike than this, by the cosine of their vectors, are not moved. */
const minLikeness = 0.5;
/** How the bound falls off: at a cosine of 0.95 to 0.43 of it, at 0.9 to 0.17, at 0.8 to 0.02. */
const steepness = 8;
/** What reaches further, in log-odds, and falls off by the square: as much as paid in the measurements of README.md. */
const strengths = { sentiment: 1.25, intent: 7, urgency: 0, aspect: 6 } as const;

const strengthOf = (verdict: Verdict): number => strengths[verdict.startsWith('aspect.') ? 'aspect' : (verdict as keyof typeof strengths)];

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** By how much a correction of one text speaks for its label in another. */
function voteOf(verdict: Verdict, corrected: Float32Array, vector: Float32Array): number {
  const nearness = Math.min(1, Math.max(0, (dot(corrected, vector) - minLikeness) / (1 - minLikeness)));
  return Math.max(bound * nearness ** steepness, strengthOf(verdict) * nearness ** 2);
}

/** Without those that contradict each other: of one text and verdict, two labels say nothing. */
function consistent(examples: readonly Example[]): Example[] {
  const first = new Map<string, string>();
  const disputed = new Set<string>();
  const keyOf = ({ verdict, text }: Example) => `${verdict} ${text}`;
  for (const example of examples) {
    const key = keyOf(example);
    if ((first.get(key) ?? example.label) !== example.label) disputed.add(key);
    first.set(key, example.label);
  }
  return examples.filter((example) => !disputed.has(keyOf(example)));
}

/** The corrected label with the most on its side, and by how much it leads before the next one, in log-odds; undefined where none leads. */
function leading(examples: readonly Example[], vector: Float32Array): { readonly label: string; readonly lead: number } | undefined {
  const votes = new Map<string, number>();
  for (const example of examples) {
    const vote = voteOf(example.verdict, example.vector, vector);
    if (vote > (votes.get(example.label) ?? 0)) votes.set(example.label, vote);
  }
  const [best, next] = [...votes].sort(([, a], [, b]) => b - a);
  return best && best[1] > (next?.[1] ?? 0) ? { label: best[0], lead: best[1] - (next?.[1] ?? 0) } : undefined;
}

/** The probabilities after one label has gained `lead` in log-odds over each other. */
function raised(probabilities: ReadonlyMap<string, number>, label: string, lead: number): Map<string, number> {
  const weights = [...probabilities].map(([choice, probability]): [string, number] => {
    const weight = Math.max(probability, minProbability);
    return [choice, choice === label ? weight * Math.exp(lead) : weight];
  });
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  return new Map(weights.map(([choice, weight]) => [choice, weight / total]));
}

/** What a list of corrections comes to. The order of the list is of no account. */
export class Adaptation {
  readonly #examples = new Map<Verdict, Example[]>();

  constructor(examples: readonly Example[]) {
    const kept = consistent(examples);
    for (const verdict of verdicts) {
      const own = kept.filter((example) => example.verdict === verdict);
      if (own.some(({ label, read }) => label !== read)) this.#examples.set(verdict, own);
    }
  }

  get isEmpty(): boolean {
    return this.#examples.size === 0;
  }

  /** The analysis as the corrections would have it; the very same object where they say nothing of this text. */
  adapt(analysis: Analysis, vector: Float32Array): Analysis {
    let adapted = analysis;
    for (const [verdict, examples] of this.#examples) {
      const read = readingOf(analysis, verdict)?.label;
      // A mistake is corrected where it is made again: a text that was read otherwise is not moved.
      const alike = examples.filter((example) => example.read === read);
      const { label, lead } = leading(alike, vector) ?? {};
      const probabilities = probabilitiesOf(analysis, verdict);
      if (label === undefined || lead === undefined || label === read || !probabilities) continue;
      adapted = withProbabilities(adapted, verdict, raised(probabilities, label, lead));
    }
    return adapted;
  }
}
