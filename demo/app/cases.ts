/** The shopper's cases: the module keeps them on this device, whether or not the desk has loaded. */
import { type Case, type Decision, openCases, type Remedy } from 'aftersense';
import { t } from './language.ts';
import type { CaseFields } from './session.ts';

export const shopCases = openCases();

/** Short enough to be said on the phone. */
const newId = (): string => `C-${Date.now().toString(36).slice(-6).toUpperCase()}`;

/** Opens a case with what was filled in, and hands it in where the shopper has told what would help. */
export async function openCase(fields: CaseFields, product: string, decision: Decision | undefined): Promise<Case> {
  const opened = await shopCases.open({
    id: newId(),
    text: fields.description,
    kind: fields.kind === '' ? 'other' : (fields.kind as Case['kind']),
    wish: fields.wish === '' ? 'other' : (fields.wish as Remedy),
    product,
    ...(fields.order === '' ? {} : { order: fields.order }),
    ...(decision ? { priority: decision.priority, skill: decision.skill } : {}),
  });
  let known = opened.case;
  if (fields.contact !== '') {
    const text = t('caseContact', { contact: fields.contact });
    known = (await shopCases.advance(known, { type: 'note', by: 'shopper', text })).case;
  }
  return (await shopCases.advance(known, { type: 'submit', by: 'shopper' })).case;
}
