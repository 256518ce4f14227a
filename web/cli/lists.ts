/** Lists of products, offers and articles, row by row: what cannot be used is left out and told, and of one id the first stands. */
import { checkArticle, checkOffer, checkProduct } from '../checks.ts';
import type { AftersenseError, ArticleInput, OfferInput, ProductInput } from '../index.ts';
import { type BadRow, type Format, listFormats, type Row, readRows } from './input.ts';
import type { LeftOut } from './left_out.ts';
import { toArticle, toOffer } from './offers.ts';
import { toProduct } from './products.ts';

export interface Listed<T> {
  readonly line: number;
  readonly item: T;
}

interface Kind<T> {
  read(row: Row): T | BadRow;
  /** Throws `invalid_argument`. */
  check(item: T, name: string): void;
}

const isBad = (item: object): item is BadRow => 'kind' in item && item.kind === 'bad';

function checked<T extends { readonly id: string }>(row: Row, { read, check }: Kind<T>): T | BadRow {
  const item = read(row);
  if (isBad(item)) return item;
  try {
    check(item, 'it');
    return item;
  } catch (error) {
    // errors.ts is bundled twice, here and in index.js: the code tells what the class cannot.
    const { code, message } = error as AftersenseError;
    if (code === undefined || code === 'internal') throw error;
    return { kind: 'bad', line: row.line, id: item.id, problem: message, reason: code.replaceAll('_', ' ') };
  }
}

async function* readList<T extends { readonly id: string }>(
  file: string,
  format: Format | undefined,
  leftOut: LeftOut,
  kind: Kind<T>,
): AsyncGenerator<Listed<T>> {
  const ids = new Set<string>();
  for await (const row of readRows(file, format, listFormats)) {
    const item = row.kind === 'row' ? checked(row, kind) : row;
    if (isBad(item)) leftOut.add(file, item);
    else if (ids.has(item.id))
      leftOut.add(file, { line: row.line, id: item.id, problem: 'its id was there before', reason: 'repeated id' });
    else {
      ids.add(item.id);
      yield { line: row.line, item };
    }
  }
}

/** A stream, for lists that do not fit into memory. Sale prices are those of the time when it begins. */
export function readProducts(file: string, format: Format | undefined, leftOut: LeftOut): AsyncGenerator<Listed<ProductInput>> {
  const now = Date.now();
  return readList(file, format, leftOut, { read: (row) => toProduct(row, now), check: checkProduct });
}

export const readOffers = (file: string, leftOut: LeftOut): AsyncGenerator<Listed<OfferInput>> =>
  readList<OfferInput>(file, undefined, leftOut, { read: toOffer, check: checkOffer });

export const readArticles = (file: string, leftOut: LeftOut): AsyncGenerator<Listed<ArticleInput>> =>
  readList<ArticleInput>(file, undefined, leftOut, { read: toArticle, check: checkArticle });
