/** Who should take a case, and why the others should not. */
import { AftersenseError, type AgentAssessment, assign, type Decision } from 'aftersense';
import { type Child, h } from '../../app/html.ts';
import { language, t } from '../../app/language.ts';
import { say } from '../language.ts';
import { agentTable, shopAgents } from './agents.ts';

const assessed = ({ id, reasons }: AgentAssessment, place: Child, button: Child): HTMLElement =>
  h(
    'li',
    { 'data-ranked': id },
    place,
    h('div', {}, h('b', {}, id), h('p', { class: 'quiet' }, reasons.map(({ text }) => text).join(t('listComma')))),
    button,
  );

function ranking(decision: Decision, queue: string, give: (agent: string) => void): Child {
  try {
    const result = assign(decision, shopAgents(), Date.now(), { locale: language() });
    const button = (id: string) =>
      h(
        'button',
        { class: 'button button-plain', type: 'button', onclick: () => give(id), 'aria-label': say('giveToLabel', { agent: id }) },
        say('giveTo'),
      );
    return [
      result.status === 'queued' && h('p', { class: 'abstained' }, say('queued', { skill: queue })),
      h(
        'ol',
        { class: 'ranking' },
        result.ranked.map((each, i) => assessed(each, h('span', { class: 'rule-number' }, String(i + 1)), button(each.id))),
      ),
      result.refused.length > 0 && [
        h('h4', {}, say('refusedTitle')),
        h(
          'ul',
          { class: 'ranking ranking-refused' },
          result.refused.map((each) => assessed(each, null, null)),
        ),
      ],
    ];
  } catch (error) {
    if (!(error instanceof AftersenseError)) throw error;
    return h('p', { class: 'problem' }, error.message);
  }
}

export interface AssignmentSection {
  readonly ranking: HTMLElement;
  /** Wider: the table of all agents. */
  readonly team: HTMLElement;
  /** Ranks anew; `decision` is absent while the desk loads. */
  show(decision: Decision | undefined, queue: string): void;
}

/** A case that has ended needs nobody: its ranking is hidden. */
export function assignmentSection(isOpen: boolean, give: (agent: string) => void): AssignmentSection {
  const host = h('div', {});
  let shown: readonly [Decision | undefined, string] = [undefined, ''];
  const redraw = () => {
    const [decision, queue] = shown;
    host.replaceChildren(h('div', {}, decision ? ranking(decision, queue, give) : h('p', { class: 'quiet' }, say('readerComing'))));
  };
  const team = h(
    'details',
    { class: 'team' },
    h('summary', {}, say('agentsTitle')),
    h('p', { class: 'quiet' }, say('agentsNote')),
    agentTable(redraw),
  );
  redraw();
  return {
    ranking: h('section', { class: 'assignment', hidden: !isOpen }, h('h2', {}, say('assignTitle')), host),
    team,
    show(decision, queue) {
      shown = [decision, queue];
      redraw();
    },
  };
}
