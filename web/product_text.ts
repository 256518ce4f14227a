/** What a product is embedded by. */
import type { ProductInput } from './types.ts';

/** Units of the description that count: what follows them says little more, and costs base time. */
const descriptionUnits = 300;

/** Title, brand, category, tags and the beginning of the description, as sentences. */
export function productText({ title, brand, category, tags = [], description = '' }: ProductInput): string {
  return [title, brand, category, tags.join(' '), description.slice(0, descriptionUnits)].filter(Boolean).join('. ');
}
