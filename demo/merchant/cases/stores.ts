/** All cases of this device: the shopper's own, and samples, which have a database to themselves so that all of them can go at once. */
import { type Case, type CaseFile, type Cases, openCases } from 'aftersense';
import { shopCases } from '../../app/cases.ts';

export const sampleCases = openCases({ database: 'halfacre-sample-cases' });

export interface Listed {
  readonly known: Case;
  readonly store: Cases;
  readonly isSample: boolean;
}

async function listOf(store: Cases): Promise<Listed[]> {
  return (await store.list()).map((known) => ({ known, store, isSample: store === sampleCases }));
}

export async function allCases(): Promise<readonly Listed[]> {
  return (await Promise.all([listOf(shopCases), listOf(sampleCases)])).flat();
}

export async function findCase(id: string): Promise<Listed | undefined> {
  for (const store of [shopCases, sampleCases]) {
    const known = await store.get(id);
    if (known) return { known, store, isSample: store === sampleCases };
  }
  return undefined;
}

/** Calls `listener` after another tab changed any case, until `signal` aborts. */
export function watchCases(listener: () => void, signal: AbortSignal): void {
  for (const store of [shopCases, sampleCases]) store.watch(listener, { signal });
}

/** In place of the samples there are. */
export async function putSamples(file: CaseFile): Promise<void> {
  await sampleCases.erase();
  await sampleCases.import(file);
}
