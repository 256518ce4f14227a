/** From a text, or what was read of it, to a decision: what a handle's `triage` does. */

import type { Analysis, AnalyzeOptions } from '../types.ts';
import { decide } from './decide.ts';
import type { Decision, Policy, Readings, TriageOptions } from './types.ts';

type Analyze = (text: string, options: AnalyzeOptions<Analysis>) => Promise<Analysis>;

export async function triage(analyze: Analyze, input: string | Readings, policy: Policy, options: TriageOptions = {}): Promise<Decision> {
  const { tier, signal, onUpdate, policy: another = policy, ...facts } = options;
  if (typeof input !== 'string') return decide(input, another, facts);
  const decideOn = (analysis: Analysis) => decide(analysis, another, { ...facts, text: input });
  const analysis = await analyze(input, {
    explain: true,
    ...(tier ? { tier } : {}),
    ...(signal ? { signal } : {}),
    ...(onUpdate ? { onUpdate: (better: Analysis) => onUpdate(decideOn(better)) } : {}),
  });
  return decideOn(analysis);
}
