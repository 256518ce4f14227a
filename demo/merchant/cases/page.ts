/** One case as the shop's people see it: what was written, what the policy makes of it, who should take it, and what can be done. */
import { AftersenseError, type Analysis, CaseError, type Decision, decide, type NewEvent } from 'aftersense';
import { analyze } from '../../app/desk.ts';
import { type Child, h } from '../../app/html.ts';
import { language, t } from '../../app/language.ts';
import { factsOf, orderOf } from '../../app/orders.ts';
import { findProduct, textOf } from '../../app/products.ts';
import { shopPolicy } from '../../app/shop-settings.ts';
import { progressRow, timeline } from '../../cases/timeline.ts';
import { aspectName, momentOf, remedyName, stateName } from '../../cases/words.ts';
import { say, sayId } from '../language.ts';
import { decisionReport } from '../policy/decision.ts';
import { skillName } from '../policy/words.ts';
import { giveTo } from './agents.ts';
import { assignmentSection } from './assignment.ts';
import { agentMoves, type Move } from './moves.ts';
import { findCase, type Listed, watchCases } from './stores.ts';

const fact = (label: string, value: Child): Child => (value ? h('div', {}, h('dt', {}, label), h('dd', {}, value)) : null);

function summary({ known, store }: Listed): HTMLElement {
  const product = findProduct(known.product ?? '');
  const due = store.deadline(known);
  return h(
    'dl',
    { class: 'facts' },
    fact(say('columnPriority'), `${known.priority} · ${t(`urgency_${known.priority}`)}`),
    fact(say('columnSkill'), known.skill && skillName(shopPolicy(), known.skill)),
    fact(say('columnKind'), aspectName(known.kind)),
    fact(
      say('columnDue'),
      due !== undefined && [momentOf(due), store.isOverdue(known) && [' ', h('span', { class: 'chip chip-late' }, say('overdue'))]],
    ),
    fact(say('shopperWishes'), known.wish && remedyName(known.wish)),
    fact(t('caseOrder'), known.order),
    fact(t('caseProduct'), product && textOf(product).title),
  );
}

/** What the policy makes of the case now. Its queue is the one it is in, whoever put it there. */
function decisionFor({ known }: Listed, analysis: Analysis): Decision {
  const order = orderOf(known.product ?? '');
  const decision = decide(analysis, shopPolicy(), { text: known.text, locale: language(), ...(order && { order: factsOf(order) }) });
  return { ...decision, skill: known.skill ?? decision.skill };
}

interface Shown {
  readonly listed: Listed;
  readonly analysis?: Analysis | undefined;
  readonly problem?: string | undefined;
}

interface Drawn {
  readonly children: Child;
  /** Shows a reading that came later; what is being typed stays. */
  read(analysis: Analysis): void;
}

function content({ listed, analysis, problem }: Shown, move: Move, give: (agent: string) => void): Drawn {
  const { known, isSample } = listed;
  const isOpen = known.state !== 'closed' && known.state !== 'withdrawn';
  const moves = h('div', {});
  const decided = h('div', {}, h('p', { class: 'quiet' }, say('readerComing')));
  const assignment = assignmentSection(isOpen, give);
  let isTouched = false;
  moves.addEventListener('pointerdown', () => (isTouched = true));
  moves.addEventListener('keydown', () => (isTouched = true));
  function read(next: Analysis): void {
    const decision = decisionFor(listed, next);
    decided.replaceChildren(decisionReport(known.text, shopPolicy(), decision));
    assignment.show(decision, skillName(shopPolicy(), decision.skill));
    if (!isTouched)
      moves.replaceChildren(
        agentMoves(
          known,
          decision.actions.map(({ kind }) => kind),
          move,
        ),
      );
  }
  moves.append(agentMoves(known, [], move));
  if (analysis) read(analysis);
  const title = [`${known.id} · ${stateName(known.state)}`, isSample && [' ', h('span', { class: 'chip chip-sample' }, say('sample'))]];
  const children = [
    h('p', {}, h('a', { href: '#cases' }, `← ${say('casesTitle')}`)),
    h('h1', { tabindex: '-1' }, title),
    progressRow(known),
    h('p', { class: 'problem', role: 'alert', hidden: problem === undefined }, problem ?? ''),
    h(
      'div',
      { class: 'case-columns' },
      h('div', {}, h('blockquote', { class: 'case-text' }, known.text), moves, assignment.ranking),
      h(
        'div',
        {},
        summary(listed),
        h('h2', {}, say('decisionTitle')),
        decided,
        timeline(known, (party) => sayId('party', party)),
      ),
    ),
    assignment.team,
  ];
  return { children, read };
}

/** Why the case did not move, in words. */
function refusal(error: unknown): string {
  if (!(error instanceof AftersenseError)) throw error;
  return sayId('refusal', error.code);
}

export function casePage(id: string, signal: AbortSignal): HTMLElement {
  const host = h('div', { class: 'case-page' });
  let shown: Shown | undefined;
  let drawn: Drawn | undefined;

  function draw(next: Shown): void {
    if (signal.aborted) return;
    const isInside = host.contains(document.activeElement);
    shown = next;
    drawn = content(next, (event) => void send(event), give);
    host.replaceChildren(h('div', {}, drawn.children));
    if (isInside) host.querySelector<HTMLElement>('.moves h2')?.focus({ preventScroll: true });
  }
  async function send(event: NewEvent): Promise<boolean> {
    if (!shown) return false;
    const { listed } = shown;
    try {
      const kept = await listed.store.advance(listed.known, event);
      draw({ ...shown, listed: { ...listed, known: kept.case }, problem: kept.kept === 'memory' ? t('caseInMemory') : undefined });
      return true;
    } catch (error) {
      const newer = error instanceof CaseError ? error.case : undefined;
      draw({ ...shown, listed: newer ? { ...listed, known: newer } : listed, problem: refusal(error) });
      return false;
    }
  }
  async function give(agent: string): Promise<void> {
    if (!(await send({ type: 'note', by: 'agent', text: say('given', { agent }) })) || !shown) return;
    giveTo(agent);
    draw(shown);
  }
  function take(analysis: Analysis): void {
    if (shown) shown = { ...shown, analysis };
    drawn?.read(analysis);
  }
  async function load(): Promise<void> {
    const listed = await findCase(id);
    if (!listed) {
      host.replaceChildren(h('h1', { tabindex: '-1' }, t('caseMissing')), h('p', {}, h('a', { href: '#cases' }, say('casesTitle'))));
      return;
    }
    const before = shown;
    if (listed.known.version === before?.listed.known.version) return;
    draw({ ...before, listed, problem: before && t('caseMovedOn') });
    if (before) return;
    analyze(listed.known.text, signal, take).then(take, (error: unknown) => {
      // The desk could not be loaded, which its badge says; or the page was left.
      if (!(error instanceof AftersenseError)) throw error;
    });
  }
  void load();
  watchCases(() => void load(), signal);
  return host;
}
