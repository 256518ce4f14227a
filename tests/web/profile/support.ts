/** Events and a shelf that tests make up. */
import type { AftersenseError } from '../../../web/errors.ts';
import type { Change, Shelf, Stored } from '../../../web/profile/database.ts';
import { readNew } from '../../../web/profile/events.ts';
import type { NewProfileEvent, ProfileEvent } from '../../../web/profile/types.ts';
import type { ProductInput } from '../../../web/types.ts';

export const start = Date.UTC(2026, 0, 5);
export const dayMs = 86_400_000;

export const kettle: ProductInput = {
  id: 'gooseneck-kettle',
  title: 'Gooseneck pour-over kettle',
  category: 'Kitchen',
  brand: 'Ember & Rye',
  tags: ['kettle', 'coffee'],
  price: 239,
  currency: 'CNY',
  description: 'A slim spout.',
  image: 'kettle.svg',
};
export const teapot: ProductInput = {
  id: 'teapot',
  title: '玻璃茶壶',
  category: 'Kitchen',
  brand: '麦烬',
  tags: ['茶壶'],
  price: 99,
  currency: 'CNY',
};

let made = 0;
/** An event as it is kept, so many days before `start`. */
export const eventOf = (given: NewProfileEvent, daysAgo = 0): ProfileEvent =>
  readNew(given, { id: `e${made++}`, at: start - daysAgo * dayMs });

export const analysisOf = (label: 'negative' | 'neutral' | 'positive', aspects?: readonly (readonly [string, string, number])[]) => ({
  sentiment: { label, scores: { negative: 0.1, neutral: 0.1, positive: 0.8 }, confidence: 0.8 },
  ...(aspects && {
    aspects: aspects.map(([aspect, polarity, score]) => ({ aspect, polarity, score, evidence: [{ start: 0, end: 4 }] })),
  }),
});

/** Storage in memory. `fail` makes all of it reject; `keeps` makes it forget to forget. */
export class FakeShelf implements Shelf {
  readonly isAvailable = true;
  consent: unknown;
  readonly records = new Map<string, unknown>();
  fail: AftersenseError | undefined;
  keeps = false;

  async read(): Promise<Stored> {
    if (this.fail) throw this.fail;
    return structuredClone({ consent: this.consent, records: [...this.records.values()] });
  }

  async update(change: (stored: Stored) => Change): Promise<void> {
    const { consent, put = [], remove = [] } = change(await this.read());
    if (consent) {
      this.consent = consent;
      this.records.clear();
    }
    for (const id of remove) this.records.delete(id);
    for (const event of put) this.records.set(event.id, structuredClone(event));
  }

  async destroy(): Promise<void> {
    if (this.fail) throw this.fail;
    if (this.keeps) return;
    this.consent = undefined;
    this.records.clear();
  }

  close(): void {}
}
