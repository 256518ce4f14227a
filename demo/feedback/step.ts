/** The part of the flow that opens below the feedback: thanks, a choice, or a form; and the way to another one. */
import type { Analysis, Decision } from 'aftersense';
import { type Child, h } from '../app/html.ts';
import { t } from '../app/language.ts';
import type { ShopProduct } from '../app/products.ts';
import { draftOf, type Step, updateDraft } from '../app/session.ts';
import type { StringKey } from '../app/strings.ts';
import { answerList } from './answers.ts';
import { caseForm, keptNote } from './case-form.ts';
import { decisionCard } from './decision.ts';
import { pleasedContent } from './pleased.ts';
import { remedies } from './remedies.ts';

type OpenStep = Exclude<Step, 'none'>;

const titles: Readonly<Record<OpenStep, readonly [StringKey, StringKey]>> = {
  pleased: ['thanksTitle', 'thanksText'],
  unsure: ['unsureTitle', 'unsureText'],
  complaint: ['complaintTitle', 'complaintText'],
  question: ['questionTitle', 'questionText'],
  person: ['personTitle', 'personText'],
};

const choices: readonly (readonly [OpenStep, StringKey])[] = [
  ['question', 'insteadQuestion'],
  ['complaint', 'insteadProblem'],
  ['pleased', 'insteadPraise'],
  ['person', 'insteadPerson'],
];

interface StepContext {
  readonly product: ShopProduct;
  /** The latest reading of the feedback; a restored step is drawn before there is one. */
  analysis(): Analysis | undefined;
  readonly signal: AbortSignal;
  open(step: OpenStep): void;
  /** Show the same step again, after a note was kept. */
  redraw(): void;
}

function otherWays(step: OpenStep, context: StepContext): HTMLElement {
  const style = step === 'unsure' ? 'button button-plain' : 'link-button';
  return h(
    'div',
    { class: step === 'unsure' ? 'ways ways-large' : 'ways' },
    step !== 'unsure' && h('span', { class: 'quiet' }, t('readWrong')),
    choices
      .filter(([other]) => other !== step)
      .map(([other, label]) =>
        h('button', { class: style, type: 'button', 'data-open': other, onclick: () => context.open(other) }, t(label)),
      ),
  );
}

function body(step: OpenStep, context: StepContext): Child {
  const { product, analysis, signal } = context;
  switch (step) {
    case 'pleased':
      return pleasedContent(product, signal);
    case 'unsure':
      return null;
    case 'question':
      return [answerList(draftOf(product.id).text, product.id, signal), caseForm(step, product.id, analysis, context.redraw)];
    case 'complaint':
      return [caseForm(step, product.id, analysis, context.redraw), remedies(product.id, 4, signal)];
    case 'person':
      return caseForm(step, product.id, analysis, context.redraw);
    default:
      return step satisfies never;
  }
}

function stepPanel(step: OpenStep, context: StepContext): HTMLElement {
  const [title, text] = titles[step];
  const { kept, decision, decidedText = '' } = draftOf(context.product.id);
  return h(
    'section',
    { class: `step step-${step}`, 'data-step': step },
    h('h3', { tabindex: '-1', class: 'step-title' }, t(title)),
    kept === ''
      ? [h('p', { class: 'lead' }, t(text)), decision && step !== 'unsure' && decisionCard(decidedText, decision), body(step, context)]
      : keptNote(kept),
    otherWays(step, context),
  );
}

export interface StepHost {
  readonly element: HTMLElement;
  /** Opens a step, remembers it and what led to it, and moves the focus to its title. */
  open(step: OpenStep, decision?: Decision): void;
}

/** The place below the form; it starts with the step that was open when the page was last left. */
export function createStepHost(product: ShopProduct, analysis: () => Analysis | undefined, viewSignal: AbortSignal): StepHost {
  const element = h('div', {});
  let shown = new AbortController();
  viewSignal.addEventListener('abort', () => shown.abort());

  function draw(step: OpenStep): void {
    shown.abort();
    shown = new AbortController();
    const context = { product, analysis, signal: shown.signal, open, redraw: () => show(step) };
    element.replaceChildren(stepPanel(step, context));
  }
  function show(step: OpenStep): void {
    draw(step);
    const title = element.querySelector<HTMLElement>('.step-title');
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    title?.focus({ preventScroll: true });
    title?.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' });
  }
  function open(step: OpenStep, decision?: Decision): void {
    updateDraft(product.id, { step, decision, decidedText: draftOf(product.id).text, kept: '' });
    show(step);
  }

  const { step } = draftOf(product.id);
  if (step !== 'none') draw(step);
  return { element, open };
}
