/** Checked by the compiler alone, as types.ts. */
import type { ArticleRecommendation, OfferRecommendation, Recommendation } from 'aftersense';
import { useAftersense, useRecommendations } from 'aftersense/react';

export function useAll(): readonly string[] {
  const { status, desk, error } = useAftersense({ model: 'lite' });
  if (status === 'failed') return [error.message];
  const products: readonly Recommendation[] = useRecommendations(desk, { for: 'product', id: 'mug' }).items;
  const offers: readonly OfferRecommendation[] = useRecommendations(desk, { for: 'offer' }).items;
  const articles: readonly ArticleRecommendation[] = useRecommendations(desk, { for: 'content', id: 'mug' }).items;
  // @ts-expect-error A request without its product.
  useRecommendations(desk, { for: 'product' });
  return [
    ...products.map(({ product }) => product.id),
    ...offers.map(({ offer }) => offer.code),
    ...articles.map(({ article }) => article.id),
  ];
}
