/** Analyses, vectors and a shelf that tests make up. */
import type { Shelf } from '../../../web/corrections/database.ts';
import type { Row } from '../../../web/corrections/rows.ts';
import type { Reader, Shipped } from '../../../web/corrections/store.ts';
import { AftersenseError } from '../../../web/errors.ts';
import type { Analysis } from '../../../web/types.ts';

export const analysisOf = (fields: Partial<Analysis> = {}): Analysis => ({
  language: 'en',
  sentiment: { label: 'neutral', scores: { negative: 0.3, neutral: 0.5, positive: 0.2 }, confidence: 0.5 },
  keywords: [],
  sentences: [],
  entities: [],
  fingerprint: '0'.repeat(16),
  truncated: false,
  abstained: false,
  tier: 'base',
  engine: 'native',
  emotions: [],
  aspects: [{ aspect: 'logistics', polarity: 'neutral', score: 0.6, evidence: [{ start: 0, end: 3 }] }],
  intent: { label: 'question', score: 0.4, detail: 'delivery_period' },
  urgency: { level: 'P3', score: 0.7, reasons: [] },
  escalate: 0.1,
  ...fields,
});

/** A vector of unit length, at this cosine to `vector(1)`. */
export const vector = (cosine: number): Float32Array<ArrayBuffer> => Float32Array.of(cosine, Math.sqrt(1 - cosine * cosine));

/** Storage in memory. `fail` makes all of it reject. */
export class FakeShelf implements Shelf {
  readonly isAvailable = true;
  readonly records = new Map<string, unknown>();
  fail: AftersenseError | undefined;
  /** How often all was read. */
  reads = 0;

  async readAll(): Promise<readonly unknown[]> {
    this.reads++;
    if (this.fail) throw this.fail;
    return structuredClone([...this.records.values()]);
  }

  async change(put: readonly Row[], remove: readonly string[]): Promise<void> {
    if (this.fail) throw this.fail;
    for (const row of put) this.records.set(row.id, structuredClone(row));
    for (const id of remove) this.records.delete(id);
  }

  async clear(): Promise<void> {
    if (this.fail) throw this.fail;
    this.records.clear();
  }

  close(): void {}
}

/** Models that read every text alike, unless a test says otherwise. */
export class FakeReader implements Reader {
  base: string | undefined = 'base 1';
  readonly texts: string[] = [];
  analysis: Analysis = analysisOf();

  async read(texts: readonly string[]): Promise<readonly Shipped[]> {
    this.texts.push(...texts);
    const { base } = this;
    if (base !== undefined) return texts.map(() => ({ analysis: this.analysis, vector: vector(1), model: base }));
    const { emotions: _, aspects: __, intent: ___, urgency: ____, escalate: _____, ...rest } = this.analysis;
    return texts.map(() => ({ analysis: { ...rest, tier: 'lite' }, vector: null, model: 'lite 1' }));
  }
}

export const full = new AftersenseError('storage_full', 'No room.');
export const blocked = new AftersenseError('storage_unavailable', 'Refused.');
