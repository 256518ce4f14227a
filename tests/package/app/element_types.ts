/** Checked by the compiler alone, as types.ts. */
import type { Aftersense } from 'aftersense';
import type { AftersenseRecommendations } from 'aftersense/element';

export function show(desk: Aftersense, place: HTMLElement): AftersenseRecommendations {
  const element = document.createElement('aftersense-recommendations');
  element.desk = desk;
  element.request = { for: 'product', id: 'mug' };
  // @ts-expect-error No such surface.
  element.request = { for: 'surprise' };
  element.picture = (item) => ('product' in item ? new Image() : undefined);
  const state: 'idle' | 'loading' | 'ready' | 'empty' | 'error' = element.state;
  place.append(element, state);
  return element;
}
