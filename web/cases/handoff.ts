/** The packet for a human agent: what he needs to go on, with personal data taken out on the device. */
import { checkOneOf, checkText } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import type { Analysis, Span } from '../types.ts';
import { invalid } from './read.ts';
import { personalKinds, redact, redactionsOf } from './redact.ts';
import { deadline } from './terms.ts';
import type {
  Case,
  HandOff,
  HandOffEntry,
  HandOffOptions,
  HandOffPacket,
  HandOffReading,
  HistoryEntry,
  PersonalKind,
  Redaction,
} from './types.ts';

const maxQuotes = 5;

/** A text of the case, read, and what is taken out of it. */
interface Read {
  readonly text: string;
  readonly analysis: Analysis;
  readonly redactions: readonly Redaction[];
}

const hundredth = (score: number) => Math.round(score * 100) / 100;
const iso = (time: number) => new Date(time).toISOString();

/** Reasons and notes. What the shopper described is the text itself, which he may have edited since: it is not told twice. */
function remarkOf({ event }: HistoryEntry): string | undefined {
  return 'text' in event ? event.text : undefined;
}

/** Every text of a case that a person may have written; the shopper's own first. */
function textsOf({ product, steps, history }: Case, own: string): string[] {
  const others = [product, ...steps.map(({ title }) => title), ...history.map(remarkOf)];
  return [own, ...others.filter((text) => text !== undefined)];
}

async function readAll(texts: readonly string[], { analyze, keep = [] }: HandOffOptions): Promise<Read[]> {
  const analyses = await analyze(texts, { explain: true });
  return texts.map((text, i) => {
    const analysis = analyses[i];
    if (!analysis || !Array.isArray(analysis.entities))
      throw new AftersenseError('redaction_unavailable', 'The analysis has no entities: what is personal in the text is not known.');
    return { text, analysis, redactions: redactionsOf(text, analysis.entities, keep) };
  });
}

/** The words of some spans; a placeholder alone says nothing. */
function quotesOf(read: Read, spans: readonly Span[]): string[] {
  const quotes = spans.map((span) => redact(read.text, read.redactions, span).trim());
  const words = quotes.filter((quote) => quote !== '' && !read.redactions.some(({ placeholder }) => placeholder === quote));
  return [...new Set(words)].slice(0, maxQuotes);
}

function readings(read: Read): Pick<HandOffPacket, 'sentiment' | 'emotions' | 'aspects' | 'intent' | 'urgency'> {
  const { analysis } = read;
  const { sentiment, evidence = [], emotions = [], aspects = [], intent, urgency } = analysis;
  const speaksFor = evidence.filter(({ score }) => score > 0);
  const verdict = (): HandOffReading => ({
    label: sentiment.label,
    score: hundredth(sentiment.confidence),
    quotes: quotesOf(read, speaksFor),
  });
  return {
    sentiment: analysis.abstained ? null : verdict(),
    emotions: emotions.map(({ emotion, score }) => ({ label: emotion, score: hundredth(score) })),
    aspects: aspects.map(({ aspect, polarity, score, evidence: spans }) => ({
      label: aspect,
      polarity,
      score: hundredth(score),
      quotes: quotesOf(read, spans),
    })),
    intent: intent ? { label: intent.label, score: hundredth(intent.score) } : null,
    urgency: urgency ? { label: urgency.level, score: hundredth(urgency.score) } : null,
  };
}

function timelineEntry(entry: HistoryEntry, clean: (text: string) => string): HandOffEntry {
  const { sequence, at, to, event } = entry;
  const remark = remarkOf(entry);
  return {
    sequence,
    at: iso(at),
    by: event.by,
    type: event.type,
    state: to,
    ...(remark !== undefined && { text: clean(remark) }),
    ...(event.type === 'propose' && { remedies: event.remedies }),
  };
}

function countKinds(reads: readonly Read[], orderHidden: boolean): HandOffPacket['redacted'] {
  const counts: Partial<Record<PersonalKind, number>> = orderHidden ? { order_id: 1 } : {};
  for (const { redactions } of reads) for (const { kinds } of redactions) for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function checkOptions(known: Case, options: HandOffOptions): void {
  if (!Array.isArray((Object(known) as Partial<Case>).history)) throw invalid('handOff takes a case.');
  const { analyze, keep = [], text } = Object(options) as Partial<HandOffOptions>;
  if (typeof analyze !== 'function') throw invalid('options.analyze must be a function.');
  if (!Array.isArray(keep)) throw invalid('options.keep must be an array.');
  for (const [i, kind] of keep.entries()) checkOneOf(kind, `options.keep[${i}]`, personalKinds);
  if (text !== undefined) checkText(text, 'options.text');
}

/**
 * The packet of a case, and exactly the JSON that a shop would send: nothing is sent here. Every free text of the case is read anew by
 * `analyze`, so what the shopper edits is redacted as well. Where one cannot be read, there is no packet: `redaction_unavailable`.
 */
export async function handOff(known: Case, options: HandOffOptions): Promise<HandOff> {
  checkOptions(known, options);
  const { keep = [] } = options;
  const reads = await readAll(textsOf(known, options.text ?? known.text), options);
  const read = reads[0] as Read;
  const cleaned = new Map(reads.map(({ text, redactions }) => [text, redact(text, redactions)]));
  const clean = (text: string) => cleaned.get(text) as string;
  const orderHidden = known.order !== undefined && !keep.includes('order_id');
  const due = deadline(known);
  const packet: HandOffPacket = {
    format: 'aftersense-hand-off',
    version: 1,
    case: known.id,
    state: known.state,
    kind: known.kind,
    priority: known.priority,
    dueAt: due === undefined ? null : iso(due),
    skill: known.skill ?? null,
    wish: known.wish ?? null,
    order: orderHidden ? '[order_id]' : (known.order ?? null),
    product: known.product === undefined ? null : clean(known.product),
    language: read.analysis.language,
    text: clean(read.text),
    redacted: countKinds(reads, orderHidden),
    ...readings(read),
    proposal: known.proposal,
    steps: known.steps.map((step) => ({ ...step, title: clean(step.title) })),
    timeline: known.history.map((entry) => timelineEntry(entry, clean)),
  };
  return { packet, preview: JSON.stringify(packet, null, 2), redactions: read.redactions };
}
