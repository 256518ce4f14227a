/** How far a case has come, and everything that happened to it. */
import type { Case, CaseState, HistoryEntry, OpenState, Party } from 'aftersense';
import { type Child, h } from '../app/html.ts';
import { t } from '../app/language.ts';
import { eventName, momentOf, partyName, remedyName, stateName } from './words.ts';

const order: readonly OpenState[] = ['collect', 'mediate', 'plan', 'execute', 'follow_up'];

/** The five states as a row; those behind are ticked, the present one is current. */
export function progressRow({ state }: Case): HTMLElement {
  const ended = state === 'closed' || state === 'withdrawn';
  const reached = state === 'closed' ? order.length : (order as readonly CaseState[]).indexOf(state);
  return h(
    'ol',
    { class: 'case-steps', 'data-state': state },
    order.map((each, i) =>
      h('li', { class: i < reached ? 'done' : undefined, 'aria-current': !ended && i === reached ? 'step' : undefined }, stateName(each)),
    ),
  );
}

function detail({ event }: HistoryEntry): Child {
  if (event.type === 'propose' || event.type === 'schedule') {
    const items = event.type === 'propose' ? event.remedies.map(remedyName) : event.steps.map(({ title }) => title);
    const said = event.type === 'propose' ? event.text : undefined;
    return [
      h(
        'ul',
        { class: 'tags' },
        items.map((item) => h('li', { class: 'chip' }, item)),
      ),
      said && h('p', {}, said),
    ];
  }
  if (event.type === 'open' || !('text' in event) || !event.text) return null;
  return h('p', {}, event.text);
}

function entryLine(entry: HistoryEntry, nameOf: (party: Party) => string): HTMLElement {
  const { at, from, to } = entry;
  return h(
    'li',
    { class: `entry entry-${entry.event.by}`, 'data-event': entry.event.type },
    h('p', { class: 'entry-head' }, h('b', {}, eventName(entry)), h('span', { class: 'quiet' }, ` · ${nameOf(entry.event.by)}`)),
    h('time', { class: 'quiet', datetime: new Date(at).toISOString() }, momentOf(at)),
    detail(entry),
    from !== undefined && from !== to && h('p', { class: 'entry-move' }, h('span', { class: 'chip' }, stateName(to))),
  );
}

/** `nameOf` says who the parties are to the reader; by default, to the shopper. */
export function timeline({ history }: Case, nameOf: (party: Party) => string = partyName): HTMLElement {
  const lines = [...history].reverse().map((entry) => entryLine(entry, nameOf));
  return h('section', { class: 'timeline' }, h('h2', {}, t('timelineTitle')), h('ol', {}, lines));
}
