import { Channel } from '../storage/channel.ts';
import type { CaseChange } from './types.ts';

function isChange(value: unknown): value is CaseChange {
  const { kind, id, version } = Object(value) as Record<string, unknown>;
  if (kind === 'erased') return id === undefined || typeof id === 'string';
  return kind === 'changed' && typeof id === 'string' && Number.isInteger(version);
}

/** Tells other tabs of this origin what was changed, and hears from them. */
export class Announcer extends Channel<CaseChange> {
  constructor(name: string) {
    super(name, isChange);
  }
}
