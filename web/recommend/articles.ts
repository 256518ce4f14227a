/** Articles as the catalogue keeps them: products of a catalogue of their own. */
import type { Article, Product } from '../types.ts';

export const articleOf = ({ id, title, description, category, tags, fits, language, image, url }: Product): Article => ({
  id,
  kind: category,
  title,
  description,
  language,
  about: fits,
  tags,
  image,
  url,
});
