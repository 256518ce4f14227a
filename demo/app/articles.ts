/** The shop's care guides. */
import source from '../articles.jsonl?raw';
import { language, type ShopLanguage } from './language.ts';

interface ArticleText {
  readonly title: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly steps: readonly string[];
}

export interface ShopArticle extends Readonly<Record<ShopLanguage, ArticleText>> {
  readonly id: string;
  /** Product whose drawing stands for it. */
  readonly picture: string;
  /** To read it. */
  readonly minutes: number;
  /** Ids of products. */
  readonly about: readonly string[];
}

export const articles: readonly ShopArticle[] = source
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as ShopArticle);

export const findArticle = (id: string): ShopArticle | undefined => articles.find((article) => article.id === id);

export const articleText = (article: ShopArticle): ArticleText => article[language()];
