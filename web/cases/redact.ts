/** Takes personal data out of a text, where an analysis says that it stands. All offsets are UTF-16 units. */
import { AftersenseError } from '../errors.ts';
import type { Entity, EntityKind, Span } from '../types.ts';
import type { PersonalKind, Redaction } from './types.ts';

export const personalKinds = [
  'phone',
  'email',
  'order_id',
  'bank_card',
  'id_number',
  'address',
  'name',
  'url',
] as const satisfies readonly PersonalKind[];

/** A kind that we do not know is taken out too: only these are surely about the matter, not about a person. */
const harmless: ReadonlySet<EntityKind> = new Set(['product', 'amount', 'date']);

const splitsPair = (text: string, at: number): boolean =>
  /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(at));

/** Half a surrogate pair is no character: the span takes in both. */
function toWholeCharacters(text: string, { start, end }: Span): Span {
  return { start: splitsPair(text, start) ? start - 1 : start, end: splitsPair(text, end) ? end + 1 : end };
}

function checkSpan(text: string, { kind, start, end }: Entity): void {
  if (Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end && end <= text.length) return;
  const found = `a ${kind} from ${start} to ${end} in a text of ${text.length} characters`;
  throw new AftersenseError('redaction_unavailable', `The analysis speaks of ${found}: it belongs to another text. Analyse this one.`);
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/**
 * The spans to take out, in their order and apart from each other: those that overlap become one. A kind in `keep` stays, save where
 * another, which does not, covers it.
 */
export function redactionsOf(text: string, entities: readonly Entity[], keep: readonly PersonalKind[] = []): Redaction[] {
  const kept = new Set<EntityKind>([...harmless, ...keep]);
  const cuts = entities
    .filter(({ kind }) => !kept.has(kind))
    .map((entity) => {
      checkSpan(text, entity);
      return { kinds: [entity.kind as PersonalKind], ...toWholeCharacters(text, entity) };
    })
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: { start: number; end: number; kinds: PersonalKind[] }[] = [];
  for (const cut of cuts) {
    const last = merged.at(-1);
    if (!last || cut.start >= last.end) merged.push({ ...cut });
    else merged.splice(-1, 1, { start: last.start, end: Math.max(last.end, cut.end), kinds: distinct([...last.kinds, ...cut.kinds]) });
  }
  return merged.map((cut) => ({ ...cut, placeholder: `[${cut.kinds.join('/')}]` }));
}

/** The text, or the words of one span of it, with placeholders; a placeholder that the span touches stands there whole. */
export function redact(text: string, redactions: readonly Redaction[], span: Span = { start: 0, end: text.length }): string {
  const { start, end } = toWholeCharacters(text, span);
  let redacted = '';
  let at = start;
  for (const cut of redactions) {
    if (cut.end <= start || cut.start >= end) continue;
    redacted += text.slice(at, Math.max(at, cut.start)) + cut.placeholder;
    at = cut.end;
  }
  return redacted + text.slice(at, Math.max(at, end));
}
