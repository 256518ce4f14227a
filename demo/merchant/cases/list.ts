/** All cases, the most pressing first. */
import type { Case } from 'aftersense';
import { type Child, h } from '../../app/html.ts';
import { language } from '../../app/language.ts';
import { shopPolicy } from '../../app/shop-settings.ts';
import { aspectName, momentOf, stateName } from '../../cases/words.ts';
import { say } from '../language.ts';
import { skillName } from '../policy/words.ts';
import { sampleFile } from '../samples.ts';
import { allCases, type Listed, putSamples, sampleCases, watchCases } from './stores.ts';

type Shown = 'open' | 'ended' | 'all';
const shownKinds: readonly Shown[] = ['open', 'ended', 'all'];
/** What was chosen last; it stays while one looks at a case. */
const filter = { shown: 'open' as Shown, skill: '' };

const isOpen = ({ state }: Case): boolean => state !== 'closed' && state !== 'withdrawn';

/** Overdue ones first, then by priority, then by deadline. */
function byUrgency(a: Listed, b: Listed): number {
  const late = (each: Listed) => Number(each.store.isOverdue(each.known));
  const due = ({ store, known }: Listed) => store.deadline(known) ?? Number.MAX_SAFE_INTEGER;
  return late(b) - late(a) || (a.known.priority < b.known.priority ? -1 : a.known.priority > b.known.priority ? 1 : due(a) - due(b));
}

function caseRow({ known, store, isSample }: Listed): HTMLElement {
  const due = store.deadline(known);
  const late = store.isOverdue(known);
  const cell = (label: string, ...children: Child[]) => h('td', { 'data-label': label }, children);
  return h(
    'tr',
    { 'data-case-id': known.id },
    cell(say('columnPriority'), h('span', { class: `priority priority-${known.priority}` }, known.priority)),
    h(
      'th',
      { scope: 'row' },
      h('a', { href: `#cases/${encodeURIComponent(known.id)}` }, known.id),
      isSample && h('span', { class: 'chip chip-sample' }, say('sample')),
      h('span', { class: 'case-excerpt' }, known.text),
    ),
    cell(say('columnKind'), aspectName(known.kind)),
    cell(say('columnState'), h('span', { class: 'chip' }, stateName(known.state))),
    cell(say('columnDue'), due === undefined ? '–' : momentOf(due), late && [' ', h('span', { class: 'chip chip-late' }, say('overdue'))]),
    cell(say('columnSkill'), known.skill ? skillName(shopPolicy(), known.skill) : '–'),
  );
}

function caseTable(listed: readonly Listed[]): HTMLElement {
  const heads = ['columnPriority', 'columnCase', 'columnKind', 'columnState', 'columnDue', 'columnSkill'] as const;
  return h(
    'table',
    { class: 'case-table' },
    h('caption', { class: 'visually-hidden' }, say('casesTitle')),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        heads.map((head) => h('th', { scope: 'col' }, say(head))),
      ),
    ),
    h('tbody', {}, [...listed].sort(byUrgency).map(caseRow)),
  );
}

function filters(all: readonly Listed[], redraw: () => void): HTMLElement {
  const policy = shopPolicy();
  const skills = [...new Set(all.flatMap(({ known }) => known.skill ?? []))].sort((a, b) =>
    skillName(policy, a).localeCompare(skillName(policy, b), language()),
  );
  const choose = (shown: Shown) => () => {
    filter.shown = shown;
    redraw();
  };
  const select = h(
    'select',
    { id: 'filter-skill' },
    h('option', { value: '' }, say('allSkills')),
    skills.map((skill) => h('option', { value: skill, selected: skill === filter.skill }, skillName(policy, skill))),
  );
  select.addEventListener('change', () => {
    filter.skill = select.value;
    redraw();
  });
  const counts = { open: all.filter(({ known }) => isOpen(known)).length, all: all.length };
  const count = (shown: Shown) => (shown === 'ended' ? counts.all - counts.open : counts[shown]);
  return h(
    'div',
    { class: 'filters' },
    h(
      'fieldset',
      {},
      h('legend', { class: 'visually-hidden' }, say('filterState')),
      h(
        'div',
        { class: 'choices' },
        shownKinds.map((shown) =>
          h(
            'label',
            { class: 'choice' },
            h('input', { type: 'radio', name: 'shown', value: shown, checked: shown === filter.shown, onchange: choose(shown) }),
            h('span', {}, `${say(`shown_${shown}`)} (${count(shown)})`),
          ),
        ),
      ),
    ),
    h('div', { class: 'field' }, h('label', { for: 'filter-skill' }, say('columnSkill')), select),
  );
}

/** What a newcomer sees: samples to fill the page with, or to take away again. */
export function sampleButton(hasSamples: boolean, changed: () => void): HTMLElement {
  const label = h('span', {}, say(hasSamples ? 'samplesRemove' : 'samplesFill'));
  const button = h('button', { class: 'button button-plain', type: 'button', 'data-samples': hasSamples ? 'remove' : 'fill' }, label);
  button.addEventListener('click', async () => {
    button.disabled = true;
    if (hasSamples) await sampleCases.erase();
    else await putSamples(sampleFile(Date.now()));
    changed();
  });
  return button;
}

function content(all: readonly Listed[], refresh: () => void, redraw: () => void): Child {
  const shown = all.filter(
    ({ known }) =>
      (filter.shown === 'all' || isOpen(known) === (filter.shown === 'open')) && (filter.skill === '' || known.skill === filter.skill),
  );
  const hasSamples = all.some(({ isSample }) => isSample);
  return [
    all.length > 0 && filters(all, redraw),
    shown.length > 0 ? caseTable(shown) : h('p', { class: 'empty' }, all.length === 0 ? say('casesNone') : say('casesNoneShown')),
    h('p', { class: 'actions' }, sampleButton(hasSamples, refresh), hasSamples && h('span', { class: 'quiet' }, say('samplesNote'))),
  ];
}

export function caseList(signal: AbortSignal): HTMLElement {
  const host = h('div', { class: 'case-list' });
  let all: readonly Listed[] = [];
  const redraw = () => {
    const focused = host.contains(document.activeElement) ? (document.activeElement as HTMLInputElement) : undefined;
    host.replaceChildren(
      h(
        'div',
        {},
        content(all, () => void refresh(), redraw),
      ),
    );
    const again =
      focused &&
      [...host.querySelectorAll<HTMLInputElement>('input, select')].find((each) =>
        focused.id ? each.id === focused.id : each.value === focused.value,
      );
    again?.focus();
  };
  const refresh = async () => {
    all = await allCases();
    if (!signal.aborted) redraw();
  };
  void refresh();
  watchCases(() => void refresh(), signal);
  return host;
}
