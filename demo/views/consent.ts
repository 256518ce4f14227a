/** Asks once, calmly, whether the shop may remember on this device what the shopper likes. */
import { h, icon } from '../app/html.ts';
import { t } from '../app/language.ts';
import { agree } from '../app/profile.ts';
import { links } from '../app/router.ts';
import { decline } from '../app/session.ts';

/** Without `onDeclined` the shopper has come to be asked, and need not be told where to read more. */
export function consentCard(onDeclined?: () => void): HTMLElement {
  const refuse = () => {
    decline();
    onDeclined?.();
  };
  return h(
    'section',
    { class: 'consent', 'aria-labelledby': 'consent-title' },
    icon('device'),
    h(
      'div',
      {},
      h('h2', { id: 'consent-title' }, t('consentTitle')),
      h('p', {}, t('consentText')),
      h(
        'p',
        { class: 'actions' },
        h('button', { class: 'button', type: 'button', 'data-consent': 'yes', onclick: () => void agree() }, t('consentYes')),
        onDeclined && [
          h('button', { class: 'button button-plain', type: 'button', 'data-consent': 'no', onclick: refuse }, t('consentNo')),
          h('a', { href: links.you }, t('consentMore')),
        ],
      ),
    ),
  );
}
