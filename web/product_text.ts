/** What a product, or an article, is embedded by. */
import type { ProductInput } from './types.ts';

/** Units of the description that count: what follows them says little more, and costs base time. */
const descriptionUnits = 300;

/** Title, brand, category, tags and the beginning of the description, as sentences. */
export function productText({ title, brand, category, tags = [], description = '' }: Omit<ProductInput, 'id'>): string {
  return [title, brand, category, tags.join(' '), description.slice(0, descriptionUnits)].filter(Boolean).join('. ');
}

const encoder = new TextEncoder();

/** FNV-1a of 64 bits over the UTF-8 of `productText`: whether a vector is still of the product's text (draft-eastlake-fnv). */
export function textHash(product: Omit<ProductInput, 'id'>): bigint {
  // hash = high · 2³² + low. The prime is 2⁴⁰ + 435, so that hash · prime mod 2⁶⁴ is made of numbers below 2⁵³.
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of encoder.encode(productText(product))) {
    low = (low ^ byte) >>> 0;
    const scaled = low * 435;
    high = (high * 435 + Math.floor(scaled / 2 ** 32) + ((low << 8) >>> 0)) % 2 ** 32;
    low = scaled % 2 ** 32;
  }
  return (BigInt(high) << 32n) | BigInt(low);
}
