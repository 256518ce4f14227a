/** Reading the cells of a row, however its columns are written: `item_group_id`, `item group id`, `itemGroupId`, `g:item_group_id`. */
import type { BadRow, Row } from './input.ts';

/** What is wrong with a row; `reason` is what such rows are counted under. */
export class Wrong extends Error {
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

const nameOf = new Map<string, string>();

function normalName(column: string): string {
  let name = nameOf.get(column);
  if (name === undefined) {
    name = column
      .trim()
      .replace(/^g:/i, '')
      .replace(/([a-z])([A-Z])/g, '$1_$2')
      .replace(/[\s-]+/g, '_')
      .toLowerCase();
    nameOf.set(column, name);
  }
  return name;
}

/** Product lists write ids, and some titles, as numbers. Blank and null are nothing. */
function toText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

export class Cells {
  readonly #values = new Map<string, unknown>();

  constructor({ fields }: Row) {
    for (const [column, value] of Object.entries(fields)) this.#values.set(normalName(column), value);
  }

  /** The first of the columns that is not blank; of a list its first item. */
  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = this.#values.get(name);
      const text = toText(Array.isArray(value) ? value[0] : value);
      if (text !== undefined) return text;
    }
    return undefined;
  }

  /** `a|b|c` or an array; undefined where there is nothing. */
  list(name: string): readonly string[] | undefined {
    const value = this.#values.get(name);
    const parts = Array.isArray(value) ? value : (toText(value)?.split('|') ?? []);
    const texts = parts.map((part) => toText(part)?.trim()).filter((text) => text !== undefined);
    return texts.length > 0 ? texts : undefined;
  }

  number(name: string, min: number, max = Number.MAX_VALUE): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value)) throw new Wrong(`${name} is not a number`, `${name} "${short(text)}" is not a number`);
    if (value < min || value > max) throw new Wrong(`${name} is out of range`, `${name} ${text} is not ${rangeText(min, max)}`);
    return value;
  }

  /** One of a few words, whose spaces, hyphens and case do not matter. */
  word<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    // Schema.org's values are addresses: https://schema.org/InStock.
    const word = normalName(text.trim().replace(/^https?:\/\/schema\.org\//i, ''));
    const found = allowed.find((each) => each === word);
    if (found === undefined) throw new Wrong(`${name} is not known`, `${name} "${short(text)}" is none of ${allowed.join(', ')}`);
    return found;
  }

  /** An instant, in milliseconds since 1970: ISO 8601, UTC where no offset is named. */
  instant(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : instantOf(text, name);
  }

  /** The first instant after a time; a date alone is all of that day. */
  lastInstant(name: string): number | undefined {
    const instant = this.instant(name);
    return instant !== undefined && this.text(name)?.trim().length === dateLength ? instant + dayMs : instant;
  }
}

const dateLength = 'YYYY-MM-DD'.length;
const dayMs = 86_400_000;
const isoDate = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(?:Z|([+-]\d\d):?(\d\d)?)?)?$/;

/** Google writes offsets as +0100. */
export function instantOf(text: string, name: string): number {
  const [, day = '', time = '00:00', hours, minutes = '00'] = isoDate.exec(text.trim()) ?? [];
  const instant = Date.parse(`${day}T${time}${hours ? `${hours}:${minutes}` : 'Z'}`);
  // Date.parse takes a 31st of any month.
  if (Number.isNaN(instant) || new Date(`${day}T00:00Z`).getUTCDate() !== Number(day.slice(-2)))
    throw new Wrong(`${name} is not a date`, `${name} "${short(text)}" is not a date such as 2026-11-27 or 2026-11-27T20:00+01:00`);
  return instant;
}

const rangeText = (min: number, max: number): string => (max === Number.MAX_VALUE ? `${min} or more` : `from ${min} to ${max}`);

/** For a message. */
export const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** What `read` makes of a row, or what is wrong with it. */
export function readCells<T>(row: Row, read: (cells: Cells) => T): T | BadRow {
  const cells = new Cells(row);
  try {
    return read(cells);
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { kind: 'bad', line: row.line, id: cells.text('id'), problem: error.message, reason: error.reason };
  }
}
