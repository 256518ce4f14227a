/** What may not be returned, for what the profile says. */
import type { Suppressed } from '../profile/types.ts';
import type { Product } from '../types.ts';
import type { RecommenderDesk } from './desk.ts';
import type { Shopper } from './shopper.ts';

type Reason = Suppressed['reason'];

/** What of the profile's suppression each kind of surface leaves out. */
const reasons = {
  browsing: ['disappointed', 'bought', 'viewed', 'shown_often'],
  // What was looked at is what an offer is welcome for.
  offer: ['disappointed', 'bought', 'shown_often'],
  // What was bought is what is bought again.
  replenishment: ['disappointed', 'shown_often'],
  complaint: ['disappointed'],
} satisfies Record<string, readonly Reason[]>;

export interface Barred {
  readonly ids: readonly string[];
  /** Of products that disappointed: their variants share what was wrong. */
  readonly groups: ReadonlySet<string>;
}
export const nothingBarred: Barred = { ids: [], groups: new Set() };

export const isBarred = ({ ids, groups }: Barred, { id, group }: Product): boolean =>
  ids.includes(id) || (group !== '' && groups.has(group));

export interface BarredOptions {
  /** `false`: nothing but what disappointed. */
  readonly suppress?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export async function readBarred(
  desk: RecommenderDesk,
  { suppressed }: Shopper,
  surface: keyof typeof reasons,
  { suppress, signal }: BarredOptions,
): Promise<Barred> {
  const counting: readonly Reason[] = reasons[suppress === false ? 'complaint' : surface];
  const left = suppressed.filter(({ reason }) => counting.includes(reason));
  const disappointed = left.filter(({ reason }) => reason === 'disappointed').map(({ id }) => id);
  const known = await desk.lookUp(disappointed, signal);
  return { ids: left.map(({ id }) => id), groups: new Set(known.flatMap(({ product }) => product?.group || [])) };
}
