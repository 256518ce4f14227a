/** What the shopper can do with a case now. The workflow itself refuses what does not fit. */
import type { Case, NewEvent } from 'aftersense';
import { type Child, h } from '../app/html.ts';
import { t } from '../app/language.ts';
import type { StringKey } from '../app/strings.ts';
import { remedyName } from './words.ts';

type Move = (event: NewEvent) => void;
type Worded = 'decline' | 'dispute' | 'note' | 'reopen';

const button = (label: StringKey, style: string, onclick: () => void): HTMLElement =>
  h('button', { class: style, type: 'button', onclick }, t(label));

/** An event that needs a few words, behind a disclosure. */
function withWords(type: Worded, move: Move): HTMLElement {
  const id = `move-${type}`;
  const area = h('textarea', { id, rows: '3', required: true });
  const submit = (event: Event) => {
    event.preventDefault();
    if (area.value.trim() === '') area.focus();
    else move({ type, by: 'shopper', text: area.value.trim() });
  };
  return h(
    'details',
    { class: 'move', 'data-move': type },
    h('summary', {}, t(`move_${type}`)),
    h(
      'form',
      { onsubmit: submit },
      h('label', { for: id }, t(`moveWhy_${type}`)),
      area,
      h('p', { class: 'actions' }, h('button', { class: 'button', type: 'submit' }, t('moveSend'))),
    ),
  );
}

function main({ state, proposal }: Case, move: Move): Child {
  switch (state) {
    case 'mediate':
      if (proposal.length === 0) return h('p', { class: 'lead' }, t('mediateWaiting'));
      return [
        h('p', { class: 'lead' }, t('mediateOffer', { remedies: proposal.map(remedyName).join(t('listComma')) })),
        h(
          'p',
          { class: 'actions' },
          button('move_agree', 'button', () => move({ type: 'agree', by: 'shopper' })),
        ),
        withWords('decline', move),
      ];
    case 'follow_up':
      return [
        h('p', { class: 'lead' }, t('followUpAsk')),
        h(
          'p',
          { class: 'actions' },
          button('move_confirm', 'button', () => move({ type: 'confirm', by: 'shopper' })),
        ),
        withWords('dispute', move),
      ];
    case 'collect':
      return [
        h('p', { class: 'lead' }, t('collectWaiting')),
        h(
          'p',
          { class: 'actions' },
          button('move_submit', 'button', () => move({ type: 'submit', by: 'shopper' })),
        ),
      ];
    case 'plan':
    case 'execute':
      return h('p', { class: 'lead' }, t(`${state}Waiting`));
    case 'closed':
    case 'withdrawn':
      return [h('p', { class: 'lead' }, t(`${state}Text`)), withWords('reopen', move)];
    default:
      return state satisfies never;
  }
}

/** The steps of the plan, ticked as they are done. */
const plan = ({ steps }: Case): Child =>
  steps.length > 0 &&
  h(
    'ul',
    { class: 'plan' },
    steps.map(({ title, done }) => h('li', { class: done ? 'done' : undefined }, title)),
  );

export function moves(known: Case, move: Move): HTMLElement {
  const open = known.state !== 'closed' && known.state !== 'withdrawn';
  return h(
    'section',
    { class: 'moves' },
    h('h2', {}, t('movesTitle')),
    main(known, move),
    plan(known),
    open && [
      withWords('note', move),
      h(
        'p',
        {},
        button('move_withdraw', 'link-button', () => move({ type: 'withdraw', by: 'shopper' })),
      ),
    ],
  );
}
