/**
 * Rows of a product list as products: in the columns of `ProductInput`, or in the attributes of Google's product data specification,
 * of which a column of the same meaning goes before.
 */
import type { ProductInput } from '../index.ts';
import { type Cells, instantOf, readCells, short, Wrong } from './cells.ts';
import { plainText } from './html.ts';
import type { BadRow, Row } from './input.ts';

/** UTF-8 bytes. */
const maxIdBytes = 1024;

const availabilities = ['in_stock', 'out_of_stock', 'preorder', 'backorder'] as const;
const roles = ['product', 'spare_part', 'accessory'] as const;
/** What parts the variants of a product, and how worn it is. */
const tagColumns = ['color', 'size', 'material', 'pattern', 'condition', 'mpn'] as const;

interface Money {
  readonly amount: number;
  readonly currency: string | undefined;
}

/** `15.00`, or `15.00 USD` as Google has it. */
function readMoney(cells: Cells, name: string): Money | undefined {
  const text = cells.text(name)?.trim();
  if (text === undefined) return undefined;
  const [, number = text, currency] = /^(.*\S)\s*\b([A-Za-z]{3})$/.exec(text) ?? [];
  const amount = Number(number);
  if (!Number.isFinite(amount)) throw new Wrong(`${name} is not a number`, `${name} "${short(text)}" is not a number`);
  if (amount < 0) throw new Wrong(`${name} is out of range`, `${name} ${text} is below 0`);
  return { amount, currency: currency?.toUpperCase() };
}

/** Whether a sale is on: `2026-11-20T00:00+0100/2026-11-30T23:59+0100`; without dates it is. */
function isOn(dates: string | undefined, now: number): boolean {
  if (dates === undefined) return true;
  const name = 'sale_price_effective_date';
  const [start = '', end = ''] = dates.split('/');
  return instantOf(start, name) <= now && now <= instantOf(end, name);
}

/** What it costs, and what it costs now where that is less. */
function readPrices(cells: Cells, now: number): Partial<ProductInput> {
  const price = readMoney(cells, 'price');
  const sale = readMoney(cells, 'sale_price');
  const currency = price?.currency ?? cells.text('currency');
  const prices = { ...(price ? { price: price.amount } : {}), ...(currency ? { currency } : {}) };
  if (!sale || !isOn(cells.text('sale_price_effective_date'), now)) return prices;
  if (sale.currency !== undefined && currency !== undefined && sale.currency !== currency)
    throw new Wrong('sale_price is not in the currency of price', `sale_price is in ${sale.currency}, price in ${currency}`);
  if (!price || sale.amount > price.amount)
    throw new Wrong(
      'sale_price is above price',
      `sale_price ${sale.amount} is ${price ? `above price ${price.amount}` : 'there without price'}`,
    );
  return sale.amount < price.amount ? { ...prices, salePrice: sale.amount } : prices;
}

/** A path of words; a bare number of Google's taxonomy says nothing to a shopper. */
function readCategory(cells: Cells): string | undefined {
  const category = cells.text('category', 'product_type');
  const google = cells.text('google_product_category');
  return category ?? (google && !/^\s*\d+\s*$/.test(google) ? google : undefined);
}

function readDescription(cells: Cells): string | undefined {
  const parts = [cells.text('description', 'summary', 'content'), ...(cells.list('product_highlight') ?? [])];
  return (
    parts
      .map((part) => part && plainText(part))
      .filter(Boolean)
      .join('\n') || undefined
  );
}

function readTags(cells: Cells): readonly string[] | undefined {
  const more = tagColumns.flatMap((name) => cells.list(name) ?? []).filter((tag) => tag.toLowerCase() !== 'new');
  const tags = [...new Set([...(cells.list('tags') ?? []), ...more])];
  return tags.length > 0 ? tags : undefined;
}

function readId(cells: Cells): string {
  const id = cells.text('id')?.trim();
  if (id === undefined) throw new Wrong('no id', 'no id');
  const bytes = Buffer.byteLength(id);
  if (bytes > maxIdBytes) throw new Wrong('id is too long', `id "${short(id)}" has ${bytes} bytes; ${maxIdBytes} are the most`);
  return id;
}

function readTitle(cells: Cells): string | undefined {
  const title = cells.text('title');
  return title === undefined ? undefined : plainText(title);
}

/** A product out of a row, or what is wrong with it. `now`, in milliseconds since 1970, tells which sale prices hold. */
export function toProduct(row: Row, now: number): ProductInput | BadRow {
  return readCells(row, (cells) => {
    const fields: { readonly [name in keyof ProductInput]: ProductInput[name] | undefined } = {
      id: readId(cells),
      title: readTitle(cells),
      description: readDescription(cells),
      category: readCategory(cells),
      brand: cells.text('brand'),
      tags: readTags(cells),
      image: cells.text('image', 'image_link', 'additional_image_link'),
      url: cells.text('url', 'link'),
      availability: cells.word('availability', availabilities),
      group: cells.text('group', 'item_group_id')?.trim(),
      seller: cells.text('seller', 'external_seller_id'),
      role: cells.word('role', roles),
      fits: cells.list('fits'),
      lastsDays: cells.number('lasts_days', 1e-3, 1e6),
      ...readPrices(cells, now),
    };
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as unknown as ProductInput;
  });
}
