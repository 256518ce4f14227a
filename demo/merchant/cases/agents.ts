/** The people at the desk, kept on this device: a table to edit, and who `assign` would give a case. */
import type { Agent, Hours, Weekday } from 'aftersense';
import { h } from '../../app/html.ts';
import { t } from '../../app/language.ts';
import { shopPolicy } from '../../app/shop-settings.ts';
import { say } from '../language.ts';
import { skillName } from '../policy/words.ts';

const storageKey = 'halfacre.agents';
const workdays: readonly Weekday[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'];
const allDays: readonly Weekday[] = [...workdays, 'Sat', 'Sun'];
const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

const hours = (days: readonly Weekday[], from: string, to: string): Hours => ({ timeZone, weekly: [{ days, from, to }] });

const firstAgents: readonly Agent[] = [
  { id: '林晚 Lin', skills: ['general', 'returns', 'logistics', 'product'], languages: ['zh', 'en'], load: 2, capacity: 8 },
  {
    id: 'Maya',
    skills: ['general', 'logistics', 'payments'],
    languages: ['en'],
    load: 1,
    capacity: 6,
    hours: hours(workdays, '09:00', '18:00'),
  },
  { id: '周师傅 Zhou', skills: ['repairs', 'product'], languages: ['zh'], load: 3, capacity: 4, hours: hours(allDays, '10:00', '19:00') },
  { id: 'Ines', skills: ['safety', 'legal', 'general'], languages: ['zh', 'en'], load: 0, capacity: 3 },
];

function restore(): readonly Agent[] {
  try {
    return (JSON.parse(localStorage.getItem(storageKey) ?? 'null') as readonly Agent[] | null) ?? firstAgents;
  } catch {
    return firstAgents;
  }
}

let agents = restore();

export const shopAgents = (): readonly Agent[] => agents;

export function changeAgents(next: readonly Agent[]): void {
  agents = next;
  try {
    localStorage.setItem(storageKey, JSON.stringify(next));
  } catch {
    // Refused or full: the copy in memory still serves this page.
  }
}

/** The agent takes one more case. */
export const giveTo = (id: string): void =>
  changeAgents(agents.map((agent) => (agent.id === id ? { ...agent, load: agent.load + 1 } : agent)));

type Edit = (change: Partial<Agent>) => void;

const box = (label: string, checked: boolean, onchange: () => void): HTMLElement =>
  h('label', { class: 'tick' }, h('input', { type: 'checkbox', checked, onchange }), h('span', {}, label));

const toggled = (list: readonly string[], one: string): string[] =>
  list.includes(one) ? list.filter((each) => each !== one) : [...list, one];

function skillsCell({ id, skills }: Agent, edit: Edit): HTMLElement {
  const policy = shopPolicy();
  const summary = h('summary', {}, say('skillCount', { count: skills.length }));
  let now = skills;
  return h(
    'details',
    {},
    summary,
    h(
      'div',
      { class: 'ticks', role: 'group', 'aria-label': `${say('agentSkills')}: ${id}` },
      Object.keys(policy.skills).map((skill) =>
        box(skillName(policy, skill), skills.includes(skill), () => {
          now = toggled(now, skill);
          summary.textContent = say('skillCount', { count: now.length });
          edit({ skills: now });
        }),
      ),
    ),
  );
}

function numberCell(label: string, value: number, change: (value: number) => void): HTMLElement {
  const input = h('input', { type: 'number', min: '0', step: '1', value, 'aria-label': label });
  input.addEventListener('change', () => {
    if (input.checkValidity() && input.value !== '') change(Number(input.value));
    else input.value = String(value);
  });
  return input;
}

/** Empty is always there. */
function hoursCell({ id, hours: now }: Agent, edit: (hours: Hours | undefined) => void): HTMLElement {
  const [first] = now?.weekly ?? [];
  const time = (label: string, value: string) => h('input', { type: 'time', value, 'aria-label': `${label}: ${id}` });
  const from = time(say('hoursFrom'), first?.from ?? '');
  const to = time(say('hoursTo'), first?.to ?? '');
  const days = h(
    'select',
    { 'aria-label': `${say('hoursDays')}: ${id}` },
    h('option', { value: 'all', selected: first?.days.length !== workdays.length }, say('daysAll')),
    h('option', { value: 'work', selected: first?.days.length === workdays.length }, say('daysWork')),
  );
  const change = () => edit(from.value && to.value ? hours(days.value === 'work' ? workdays : allDays, from.value, to.value) : undefined);
  for (const input of [from, to, days]) input.addEventListener('change', change);
  return h('div', { class: 'hours' }, days, from, h('span', { 'aria-hidden': 'true' }, '–'), to);
}

function agentRow(agent: Agent, at: number, changed: () => void, redraw: () => void): HTMLElement {
  const edit = (change: Partial<Agent>) => {
    changeAgents(agents.map((each, i) => (i === at ? { ...each, ...change } : each)));
    changed();
  };
  const editHours = (next: Hours | undefined) => {
    const { hours: _, ...rest } = agents[at] as Agent;
    changeAgents(agents.map((each, i) => (i === at ? (next ? { ...rest, hours: next } : rest) : each)));
    changed();
  };
  const remove = () => {
    changeAgents(agents.filter((_, i) => i !== at));
    redraw();
    changed();
  };
  const name = h('input', { type: 'text', value: agent.id, 'aria-label': say('agentName'), autocomplete: 'off' });
  name.addEventListener('change', () => {
    const taken = agents.some((each, i) => i !== at && each.id === name.value.trim());
    if (name.value.trim() === '' || taken) name.value = agents[at]?.id ?? '';
    else edit({ id: name.value.trim() });
  });
  const cell = (label: string, child: HTMLElement) => h('td', { 'data-label': label }, child);
  return h(
    'tr',
    { 'data-agent': agent.id },
    cell(say('agentName'), name),
    cell(say('agentSkills'), skillsCell(agent, edit)),
    cell(
      say('agentLanguages'),
      h(
        'div',
        { class: 'ticks', role: 'group', 'aria-label': `${say('agentLanguages')}: ${agent.id}` },
        ['zh', 'en'].map((each) =>
          box(say(each === 'zh' ? 'language_zh' : 'language_en'), agent.languages.includes(each), () =>
            edit({ languages: toggled((agents[at] as Agent).languages, each) }),
          ),
        ),
      ),
    ),
    cell(
      say('agentLoad'),
      numberCell(`${say('agentLoad')}: ${agent.id}`, agent.load, (load) => edit({ load })),
    ),
    cell(
      say('agentCapacity'),
      numberCell(`${say('agentCapacity')}: ${agent.id}`, agent.capacity, (capacity) => edit({ capacity })),
    ),
    cell(say('agentHours'), hoursCell(agent, editHours)),
    h(
      'td',
      {},
      h(
        'button',
        { class: 'link-button', type: 'button', 'aria-label': `${t('basketRemove')}: ${agent.id}`, onclick: remove },
        t('basketRemove'),
      ),
    ),
  );
}

/** A name that nobody has. */
function freshName(): string {
  let count = agents.length + 1;
  while (agents.some(({ id }) => id === `${say('agentNew')} ${count}`)) count += 1;
  return `${say('agentNew')} ${count}`;
}

/** `changed` is called after every change. */
export function agentTable(changed: () => void): HTMLElement {
  const body = h('tbody', {});
  const redraw = () => body.replaceChildren(...agents.map((agent, i) => agentRow(agent, i, changed, redraw)));
  const add = () => {
    changeAgents([...agents, { id: freshName(), skills: ['general'], languages: ['zh', 'en'], load: 0, capacity: 5 }]);
    redraw();
    changed();
    body.lastElementChild?.querySelector('input')?.focus();
  };
  redraw();
  const heads = ['agentName', 'agentSkills', 'agentLanguages', 'agentLoad', 'agentCapacity', 'agentHours'] as const;
  return h(
    'div',
    { class: 'agents' },
    h(
      'table',
      {},
      h('caption', { class: 'visually-hidden' }, say('agentsTitle')),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          heads.map((head) => h('th', { scope: 'col' }, say(head))),
          h('td', {}),
        ),
      ),
      body,
    ),
    h('p', {}, h('button', { class: 'button button-plain', type: 'button', onclick: add }, say('agentAdd'))),
  );
}
