/** What the shop can do with a case now, as forms. The workflow itself refuses what does not fit. */
import type { Case, NewEvent, Remedy, UrgencyLevel } from 'aftersense';
import { type Child, h } from '../../app/html.ts';
import { t } from '../../app/language.ts';
import { shopPolicy } from '../../app/shop-settings.ts';
import { remedyName } from '../../cases/words.ts';
import { say } from '../language.ts';
import { skillName } from '../policy/words.ts';
import type { MerchantKey } from '../strings.ts';

export type Move = (event: NewEvent) => void;

const remedies = ['refund', 'exchange', 'reship', 'repair', 'coupon', 'apology', 'call_back', 'other'] as const satisfies readonly Remedy[];
const priorities = ['P1', 'P2', 'P3', 'P4'] as const satisfies readonly UrgencyLevel[];

const submitButton = (label: MerchantKey, style = 'button'): HTMLElement =>
  h('p', { class: 'actions' }, h('button', { class: style, type: 'submit' }, say(label)));

function moveForm(name: string, send: (data: FormData) => void, ...children: Child[]): HTMLElement {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send(new FormData(event.currentTarget as HTMLFormElement));
  };
  return h('form', { class: 'move-form', novalidate: true, 'data-move': name, onsubmit: submit }, children);
}

const textOf = (data: FormData, name: string): string => String(data.get(name) ?? '').trim();

const plainMove = (name: string, label: MerchantKey, event: NewEvent, move: Move): HTMLElement =>
  moveForm(name, () => move(event), submitButton(label));

/** A move with a text, behind a disclosure. */
function worded(type: 'fail' | 'note' | 'reopen', move: Move): HTMLElement {
  const id = `move-${type}`;
  return h(
    'details',
    { class: 'move' },
    h('summary', {}, say(`move_${type}`)),
    moveForm(
      type,
      (data) => move({ type, by: 'agent', text: textOf(data, 'text') }),
      h('label', { for: id }, say(`moveText_${type}`)),
      h('textarea', { id, name: 'text', rows: '3' }),
      submitButton('moveSave'),
    ),
  );
}

/** `suggested`: what the policy proposes, ticked beforehand where no offer stands. */
function propose({ proposal }: Case, suggested: readonly Remedy[], move: Move): HTMLElement {
  const ticked = proposal.length > 0 ? proposal : suggested;
  return moveForm(
    'propose',
    (data) => {
      const text = textOf(data, 'text');
      move({ type: 'propose', by: 'agent', remedies: data.getAll('remedy') as Remedy[], ...(text && { text }) });
    },
    h(
      'fieldset',
      { class: 'field' },
      h('legend', {}, say('proposeWhat')),
      h(
        'div',
        { class: 'choices' },
        remedies.map((each) =>
          h(
            'label',
            { class: 'choice' },
            h('input', { type: 'checkbox', name: 'remedy', value: each, checked: ticked.includes(each) }),
            h('span', {}, remedyName(each)),
          ),
        ),
      ),
    ),
    h('label', { for: 'propose-text' }, say('proposeText')),
    h('textarea', { id: 'propose-text', name: 'text', rows: '2' }),
    proposal.length > 0 ? submitButton('proposeAgain', 'button button-plain') : submitButton('move_propose'),
  );
}

/** One step a line; numbered on from those there are, so that no two have one id. */
function schedule({ steps, proposal, version }: Case, move: Move): HTMLElement {
  const lines = steps.length > 0 ? steps.map(({ title }) => title) : proposal.map(remedyName);
  return moveForm(
    'schedule',
    (data) => {
      const titles = textOf(data, 'steps')
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean);
      move({ type: 'schedule', by: 'agent', steps: titles.map((title, i) => ({ id: `${version}-${i + 1}`, title })) });
    },
    h('label', { for: 'schedule-steps' }, say('scheduleSteps')),
    h('textarea', { id: 'schedule-steps', name: 'steps', rows: '4' }, lines.join('\n')),
    submitButton('move_schedule', steps.length > 0 ? 'button button-plain' : 'button'),
  );
}

function stepList({ steps, state }: Case, move: Move): Child {
  if (steps.length === 0) return null;
  return h(
    'ul',
    { class: 'plan' },
    steps.map(({ id, title, done }) =>
      h(
        'li',
        { class: done ? 'done' : undefined },
        h('span', {}, title),
        state === 'execute' &&
          !done &&
          h(
            'button',
            {
              class: 'link-button',
              type: 'button',
              'data-step': id,
              'aria-label': `${say('move_finish_step')}: ${title}`,
              onclick: () => move({ type: 'finish_step', by: 'agent', step: id }),
            },
            say('move_finish_step'),
          ),
      ),
    ),
  );
}

function main(known: Case, suggested: readonly Remedy[], move: Move): Child {
  const { state, proposal } = known;
  switch (state) {
    case 'collect':
      return [h('p', {}, say('now_collect')), plainMove('submit', 'move_submit', { type: 'submit', by: 'agent' }, move)];
    case 'mediate':
      return [
        h(
          'p',
          {},
          proposal.length > 0 ? say('now_offered', { remedies: proposal.map(remedyName).join(t('listComma')) }) : say('now_mediate'),
        ),
        propose(known, suggested, move),
      ];
    case 'plan':
      return [
        h('p', {}, say('now_plan', { remedies: proposal.map(remedyName).join(t('listComma')) })),
        schedule(known, move),
        stepList(known, move),
        plainMove('start', 'move_start', { type: 'start', by: 'agent' }, move),
      ];
    case 'execute':
      return [
        h('p', {}, say('now_execute')),
        stepList(known, move),
        plainMove('complete', 'move_complete', { type: 'complete', by: 'agent' }, move),
        worded('fail', move),
      ];
    case 'follow_up':
      return [h('p', {}, say('now_follow_up')), plainMove('confirm', 'move_confirm', { type: 'confirm', by: 'system' }, move)];
    case 'closed':
    case 'withdrawn':
      return [h('p', {}, say(`now_${state}`)), worded('reopen', move)];
    default:
      return state satisfies never;
  }
}

function sortOut({ priority, skill }: Case, move: Move): HTMLElement {
  const policy = shopPolicy();
  const chosen = (data: FormData, name: string, now: string | undefined) => {
    const value = textOf(data, name);
    return value !== '' && value !== now ? value : undefined;
  };
  return h(
    'details',
    { class: 'move' },
    h('summary', {}, say('move_assign')),
    moveForm(
      'assign',
      (data) => {
        const [level, queue] = [chosen(data, 'priority', priority), chosen(data, 'skill', skill)];
        move({ type: 'assign', by: 'agent', ...(level && { priority: level as UrgencyLevel }), ...(queue && { skill: queue }) });
      },
      h('label', { for: 'assign-priority' }, say('columnPriority')),
      h(
        'select',
        { id: 'assign-priority', name: 'priority' },
        priorities.map((each) => h('option', { value: each, selected: each === priority }, `${each} · ${t(`urgency_${each}`)}`)),
      ),
      h('label', { for: 'assign-skill' }, say('columnSkill')),
      h(
        'select',
        { id: 'assign-skill', name: 'skill' },
        !skill && h('option', { value: '' }, say('noSkill')),
        Object.keys(policy.skills).map((each) => h('option', { value: each, selected: each === skill }, skillName(policy, each))),
      ),
      submitButton('moveSave'),
    ),
  );
}

export function agentMoves(known: Case, suggested: readonly Remedy[], move: Move): HTMLElement {
  const open = known.state !== 'closed' && known.state !== 'withdrawn';
  return h(
    'section',
    { class: 'moves' },
    h('h2', { tabindex: '-1' }, say('movesTitle')),
    main(known, suggested, move),
    open && [worded('note', move), sortOut(known, move)],
  );
}
