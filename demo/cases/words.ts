/** What the ids of cases are called. */
import type { CaseState, HistoryEntry, Party } from 'aftersense';
import { documentLanguage, t } from '../app/language.ts';
import { type StringKey, strings } from '../app/strings.ts';

/** The name of an id, or the id where it has none. */
function named(prefix: string, id: string): string {
  const key = `${prefix}_${id}`;
  return key in strings.en ? t(key as StringKey) : id;
}

export const aspectName = (aspect: string): string => named('aspect', aspect);
export const remedyName = (remedy: string): string => named('remedy', remedy);
export const stateName = (state: CaseState): string => named('state', state);
export const partyName = (party: Party): string => named('party', party);
export const eventName = ({ event }: HistoryEntry): string => named('event', event.type);
export const entityName = (kind: string): string => named('entity', kind);

export const momentOf = (time: number): string =>
  new Date(time).toLocaleString(documentLanguage(), { dateStyle: 'medium', timeStyle: 'short' });
