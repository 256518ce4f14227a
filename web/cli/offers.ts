/** Rows of a list of offers, and of one of articles and videos. */
import type { ArticleInput, OfferInput } from '../index.ts';
import { type Cells, readCells, Wrong } from './cells.ts';
import { plainText } from './html.ts';
import type { BadRow, Row } from './input.ts';

const offerKinds = ['percent', 'amount', 'free_shipping', 'gift'] as const;

function needed<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Wrong(`no ${name}`, `no ${name}`);
  return value;
}

/** What title and description say. */
function readTexts(cells: Cells) {
  const [title, description] = [cells.text('title'), cells.text('description')];
  return {
    title: title && plainText(title),
    description: description && plainText(description),
    image: cells.text('image'),
    url: cells.text('url'),
  };
}

const given = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** An offer, or what is wrong with the row. An `ends` without a time counts that day in. */
export function toOffer(row: Row): OfferInput | BadRow {
  return readCells(row, (cells) => {
    const kind = needed(cells.word('kind', offerKinds), 'kind');
    const value = cells.number('value', 0, kind === 'percent' ? 100 : undefined);
    const [starts, ends] = [cells.instant('starts'), cells.lastInstant('ends')];
    if (kind === 'percent' || kind === 'amount') needed(value, 'value');
    if (starts !== undefined && ends !== undefined && ends <= starts) throw new Wrong('ends before it starts', 'it ends before it starts');
    return given({
      id: needed(cells.text('id')?.trim(), 'id'),
      kind,
      value,
      ...readTexts(cells),
      code: cells.text('code'),
      currency: cells.text('currency'),
      leastSpend: cells.number('least_spend', 0),
      starts,
      ends,
      products: cells.list('products'),
      categories: cells.list('categories'),
      brands: cells.list('brands'),
    }) as OfferInput;
  });
}

/** An article or a video, or what is wrong with the row. */
export function toArticle(row: Row): ArticleInput | BadRow {
  return readCells(
    row,
    (cells) =>
      given({
        id: needed(cells.text('id')?.trim(), 'id'),
        kind: cells.text('kind')?.trim().toLowerCase(),
        ...readTexts(cells),
        language: cells.text('language'),
        about: cells.list('about'),
        tags: cells.list('tags'),
      }) as ArticleInput,
  );
}
