/** The exchange format: JSON, versioned. README.md tells what each field means. */
import { AftersenseError } from '../errors.ts';
import { invalid, readList, readName, readObject, readTime } from './read.ts';
import type { Case, CaseFile, HistoryEntry } from './types.ts';
import { replay } from './workflow.ts';

const format = 'aftersense-cases';
const version = 1;
const maxCases = 100_000;
const maxHistory = 10_000;

export const caseFile = (cases: readonly Case[], now: number): CaseFile => ({
  format,
  version,
  exportedAt: new Date(now).toISOString(),
  cases,
});

/** Equal as JSON; the order of fields is of no account. */
function sameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [x, y] = [a, b].map((value) => Object.entries(value).filter(([, field]) => field !== undefined));
  const right = new Map(y);
  return Array.isArray(a) === Array.isArray(b) && x?.length === right.size && x.every(([name, value]) => sameJson(value, right.get(name)));
}

/** What of one history is the beginning of another, event by event. */
export const beginsWith = (longer: readonly HistoryEntry[], shorter: readonly HistoryEntry[]): boolean =>
  shorter.every((entry, i) => sameJson(entry, longer[i]));

/** A case is believed only where it is what its history leads to. */
function readCase(value: unknown, path: string): Case {
  const { id, history } = Object(value) as { readonly id?: unknown; readonly history?: unknown };
  const checked = readName(id, `${path}.id`);
  const entries = readList(
    history,
    `${path}.history`,
    (entry, place) => {
      readTime((Object(entry) as HistoryEntry).at, `${place}.at`);
      return entry as HistoryEntry;
    },
    maxHistory,
  );
  let found: Case;
  try {
    found = replay(checked, entries);
  } catch (cause) {
    throw new AftersenseError('case_file_invalid', `${path}.history: ${(cause as Error).message}`, { cause });
  }
  if (!sameJson(found, value)) throw invalid(`${path} is not what its history leads to.`);
  return found;
}

/** The cases of a file; `file` is what `JSON.parse` gave. Error: case_file_invalid, naming the path. */
export function readCaseFile(file: unknown): readonly Case[] {
  try {
    const given = readObject(file, 'file', ['format', 'version', 'exportedAt', 'cases']);
    if (given.format !== format) throw invalid(`file.format must be '${format}', not ${String(given.format)}.`);
    if (given.version !== version) throw invalid(`file.version is ${String(given.version)}; this module reads version ${version}.`);
    if (Array.isArray(given.cases) && given.cases.length === 0) return [];
    const cases = readList(given.cases, 'file.cases', readCase, maxCases);
    const ids = new Set<string>();
    for (const { id } of cases) {
      if (ids.has(id)) throw invalid(`file.cases has the case '${id}' twice.`);
      ids.add(id);
    }
    return cases;
  } catch (error) {
    if (error instanceof AftersenseError && error.code === 'invalid_argument')
      throw new AftersenseError('case_file_invalid', error.message, { cause: error });
    throw error;
  }
}
