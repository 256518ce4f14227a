/** “Tell us how it went”: the text, judged as it is typed, and the step that follows. */
import type { Analysis } from 'aftersense';
import { type DeskState, decideOn, deskState, onDeskChange } from '../app/desk.ts';
import { h, icon } from '../app/html.ts';
import { t } from '../app/language.ts';
import { type ShopProduct, textOf } from '../app/products.ts';
import { rememberFeedback } from '../app/profile.ts';
import { draftOf, updateDraft } from '../app/session.ts';
import type { StringKey } from '../app/strings.ts';
import { createEditor, type Editor } from './editor.ts';
import { stepOf } from './flow.ts';
import { marksOf, stillValid } from './highlight.ts';
import { createJudge } from './judge.ts';
import { createStepHost } from './step.ts';
import { verdictBox } from './verdict.ts';

const examples: readonly (readonly [StringKey, StringKey])[] = [
  ['exampleNamePleased', 'examplePleased'],
  ['exampleNameDispleased', 'exampleDispleased'],
  ['exampleNameQuestion', 'exampleQuestion'],
];

interface LiveReading {
  /** The verdict beside the text. */
  readonly element: HTMLElement;
  /** What the last judged text was found to be. */
  analysis(): Analysis | undefined;
  /** Judges the text as it stands, now; undefined when superseded by a newer text. */
  read(): Promise<Analysis | undefined>;
  /** The text has changed. */
  changed(): void;
}

/** Keeps the verdict and the marks in step with the text and with the state of the desk. */
function readLive(editor: Editor, signal: AbortSignal): LiveReading {
  const verdict = verdictBox(signal);
  let judgedText = '';
  let analysis: Analysis | undefined;
  const marks = () => (analysis ? marksOf(judgedText, analysis) : []);
  const label = () => analysis?.sentiment.label ?? 'none';

  const onVerdict = (text: string, result: Analysis) => {
    judgedText = text;
    analysis = result;
    verdict.show({ kind: 'judged', text, analysis: result });
    editor.paint(stillValid(marks(), text, editor.area.value), label());
  };
  const onFailure = () => verdict.show({ kind: 'failed' });
  const judge = createJudge(onVerdict, onFailure, signal);

  const judgeOrWait = () => {
    const state = deskState();
    if (state.status === 'failed') onFailure();
    else if (state.status === 'ready' && !(editor.isBlank() && analysis === undefined)) judge.later(editor.area.value);
    else if (state.status === 'loading' && !editor.isBlank()) verdict.show({ kind: 'loading', progress: state.progress });
    else verdict.show({ kind: 'waiting' });
  };
  let seen: DeskState['status'] | undefined;
  onDeskChange(({ status }) => {
    // What is told of base while the desk is ready changes no text.
    if (status === 'ready' && seen === 'ready') return;
    seen = status;
    judgeOrWait();
  }, signal);

  return {
    element: verdict.element,
    analysis: () => analysis,
    read: () => judge.now(editor.area.value),
    changed() {
      editor.paint(stillValid(marks(), judgedText, editor.area.value), label());
      judgeOrWait();
    },
  };
}

function exampleLinks(use: (text: StringKey) => void): HTMLElement {
  const links = examples.map(([name, text]) => h('button', { class: 'link-button', type: 'button', onclick: () => use(text) }, t(name)));
  return h('p', { class: 'examples' }, h('span', { class: 'quiet' }, t('feedbackExamples')), links);
}

function continueRow(): readonly HTMLElement[] {
  const button = h('button', { class: 'button', type: 'submit' }, t('continue'));
  return [
    h('p', { class: 'actions' }, button, h('kbd', { class: 'quiet' }, t('continueHint'))),
    h('p', { class: 'privacy' }, icon('device'), t('privacyNote')),
  ];
}

export function feedbackPanel(product: ShopProduct, signal: AbortSignal): HTMLElement {
  const editor = createEditor(textOf(product).title, draftOf(product.id).text);
  const reading = readLive(editor, signal);
  const steps = createStepHost(product, reading.analysis, signal);

  const onInput = () => {
    updateDraft(product.id, { text: editor.area.value });
    reading.changed();
  };
  const useExample = (text: StringKey) => {
    editor.area.value = t(text);
    onInput();
    editor.area.focus();
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (editor.isBlank()) {
      editor.area.focus();
      return;
    }
    try {
      const text = editor.area.value;
      const analysis = await reading.read();
      if (!analysis) return;
      void rememberFeedback(product, analysis);
      const decision = decideOn(analysis, text, product.id);
      steps.open(stepOf(decision), decision);
    } catch {
      // Without a verdict the shopper can still choose the way.
      steps.open('unsure');
    }
  };
  editor.area.addEventListener('input', onInput);
  editor.area.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event);
  });

  return h(
    'section',
    { class: 'feedback', 'aria-labelledby': 'feedback-title' },
    h('h2', { id: 'feedback-title' }, t('feedbackTitle')),
    h('p', { class: 'lead', id: 'feedback-intro' }, t('feedbackIntro')),
    h(
      'form',
      { class: 'feedback-form', onsubmit: submit },
      h('div', {}, editor.element, exampleLinks(useExample), continueRow()),
      reading.element,
    ),
    steps.element,
  );
}
