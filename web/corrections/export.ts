/** Corrections as rows for retraining, in the form of models/data: README.md has the fields. */
import { redact, redactionsOf } from '../cases/redact.ts';
import { AftersenseError } from '../errors.ts';
import type { Correction, CorrectionsExportOptions } from './types.ts';

const format = 'aftersense-corrections';
const version = 1;

async function cleaned(texts: readonly string[], options: CorrectionsExportOptions): Promise<readonly string[]> {
  const { raw, redact: analyze } = Object(options) as { readonly raw?: unknown } & Partial<
    Extract<CorrectionsExportOptions, { redact: unknown }>
  >;
  if (raw === true) return texts;
  if (typeof analyze !== 'function')
    throw new AftersenseError('redaction_unavailable', 'Give `redact`, an analysis that marks personal data, or `raw: true`.');
  const analyses = texts.length > 0 ? await analyze(texts) : [];
  return texts.map((text, i) => {
    const entities = analyses[i]?.entities;
    if (!Array.isArray(entities))
      throw new AftersenseError('redaction_unavailable', 'The analysis has no entities: what is personal in the text is not known.');
    return redact(text, redactionsOf(text, entities));
  });
}

/** The labels of a text, by verdict, that nobody disputes. */
function agreed(corrections: readonly Correction[]): ReadonlyMap<string, string> {
  const found = new Map<string, Set<string>>();
  for (const { verdict, label } of corrections) found.set(verdict, (found.get(verdict) ?? new Set()).add(label));
  return new Map([...found].filter(([, labels]) => labels.size === 1).map(([verdict, labels]) => [verdict, [...labels][0] as string]));
}

function rowOf(text: string, corrections: readonly Correction[], isRedacted: boolean) {
  const labels = agreed(corrections);
  const simple = ['sentiment', 'intent', 'urgency'].flatMap((verdict) => (labels.has(verdict) ? [[verdict, labels.get(verdict)]] : []));
  const aspects = [...labels]
    .filter(([verdict, label]) => verdict.startsWith('aspect.') && label !== 'absent')
    .map(([verdict, polarity]) => ({ aspect: verdict.slice('aspect.'.length), polarity, evidence: null }));
  return {
    format,
    version,
    id: corrections[0]?.id,
    text,
    ...Object.fromEntries(simple),
    ...(aspects.length > 0 && { aspects }),
    ...(isRedacted && { pii: [] }),
    tags: ['correction'],
    corrections: corrections.map(({ verdict, label, by, at, read }) => ({ verdict, label, by, at: new Date(at).toISOString(), read })),
  };
}

/** A line a text, in the order of the corrections, oldest first; the id is that of the first. Error: redaction_unavailable. */
export async function exportLines(corrections: readonly Correction[], options: CorrectionsExportOptions): Promise<string> {
  const byText = new Map<string, Correction[]>();
  for (const correction of corrections) byText.set(correction.text, [...(byText.get(correction.text) ?? []), correction]);
  const texts = await cleaned([...byText.keys()], options);
  return [...byText.values()].map((own, i) => `${JSON.stringify(rowOf(texts[i] as string, own, Object(options).raw !== true))}\n`).join('');
}
