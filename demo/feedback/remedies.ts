/** After a complaint: the part that repairs it, what could take its place, what completes it; never the faulty line. */
import { t } from '../app/language.ts';
import { recommendations } from '../views/parts.ts';

const shown = 4;

export function remedies(productId: string, headingLevel: number, signal: AbortSignal): HTMLElement {
  const element = recommendations('remedies', t('remediesTitle'), { for: 'complaint', id: productId, k: shown }, signal);
  element.setAttribute('heading-level', String(headingLevel));
  return element;
}
