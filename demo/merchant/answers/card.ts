/** One answer in both languages: to read, and to edit. */
import { type Answer, type AnswerProblem, AnswersError, checkAnswers } from 'aftersense';
import { answers, isChanged, restoreAnswer, saveAnswer } from '../../app/answers.ts';
import { type Child, h } from '../../app/html.ts';
import { language } from '../../app/language.ts';
import { say, sayId } from '../language.ts';

const languages = ['zh', 'en'] as const;
const tones = ['neutral', 'apologetic', 'warm'] as const;

/** A text with its slots marked; those of `missing` as such. */
export function slottedText(text: string, missing?: readonly string[]): Child {
  return text.split(/(\{[a-z][a-z0-9_]*\})/).map((part, i) => {
    if (i % 2 === 0) return part;
    const isMissing = missing?.includes(part.slice(1, -1));
    return h('mark', { class: isMissing ? 'slot slot-missing' : 'slot' }, part);
  });
}

const problemText = ({ code, message }: AnswerProblem): Child =>
  language() === 'en' ? message : [sayId('answer_problem', code), ' ', h('span', { class: 'quiet', lang: 'en' }, message)];

function showProblems(form: HTMLFormElement, problems: readonly AnswerProblem[]): void {
  for (const line of form.querySelectorAll<HTMLElement>('.problem')) {
    const own = problems.filter(({ field }) => field === line.dataset.of);
    line.hidden = own.length === 0;
    line.replaceChildren(...own.map((problem) => h('span', { 'data-code': problem.code }, problemText(problem))));
    form.querySelector(`[name="${line.dataset.of}"]`)?.setAttribute('aria-invalid', String(own.length > 0));
  }
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}

function field(answer: Answer, name: 'zh' | 'en' | 'slots', label: string, control: HTMLElement): HTMLElement {
  const id = `${answer.id}-${name}`;
  control.id = id;
  control.setAttribute('name', name);
  control.setAttribute('aria-describedby', `${id}-problem`);
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    control,
    h('p', { class: 'problem', id: `${id}-problem`, 'data-of': name, hidden: true }),
  );
}

/** What the form says, unchecked. */
function readForm(answer: Answer, form: HTMLFormElement): Answer {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? '').trim();
  const slots = text('slots')
    .split(/[\s,，、]+/)
    .filter(Boolean);
  return { ...answer, zh: text('zh'), en: text('en'), slots, tone: text('tone') as Answer['tone'] };
}

function editForm(answer: Answer, done: () => void): HTMLElement {
  const submit = (event: Event) => {
    event.preventDefault();
    try {
      const [checked] = checkAnswers([readForm(answer, form)]);
      if (checked) saveAnswer(checked);
      done();
    } catch (error) {
      if (!(error instanceof AnswersError)) throw error;
      showProblems(form, error.problems);
    }
  };
  const restore = () => {
    restoreAnswer(answer.id);
    done();
  };
  const form = h(
    'form',
    { class: 'answer-form', novalidate: true, onsubmit: submit },
    h(
      'div',
      { class: 'answer-texts' },
      languages.map((each) => field(answer, each, say(`language_${each}`), h('textarea', { rows: '5', lang: each }, answer[each]))),
    ),
    field(answer, 'slots', say('answerSlots'), h('input', { type: 'text', value: answer.slots.join(', '), autocomplete: 'off' })),
    h(
      'div',
      { class: 'field' },
      h('label', { for: `${answer.id}-tone` }, say('answerTone')),
      h(
        'select',
        { id: `${answer.id}-tone`, name: 'tone' },
        tones.map((tone) => h('option', { value: tone, selected: tone === answer.tone }, say(`tone_${tone}`))),
      ),
    ),
    h(
      'p',
      { class: 'actions' },
      h('button', { class: 'button', type: 'submit' }, say('moveSave')),
      h('button', { class: 'button button-plain', type: 'button', onclick: done }, say('answerCancel')),
      isChanged(answer.id) && h('button', { class: 'link-button', type: 'button', onclick: restore }, say('answerRestore')),
    ),
  );
  return form;
}

function reading(answer: Answer, edit: () => void): Child {
  return h(
    'div',
    { class: 'answer-texts' },
    languages.map((each) => h('p', { lang: each === 'zh' ? 'zh-CN' : 'en' }, slottedText(answer[each]))),
    h(
      'p',
      { class: 'answer-foot' },
      h('code', {}, answer.intent),
      h('span', { class: 'chip' }, say(`tone_${answer.tone}`)),
      isChanged(answer.id) && h('span', { class: 'chip chip-then' }, say('answerChanged')),
      h(
        'button',
        { class: 'link-button', type: 'button', 'data-edit': true, 'aria-label': `${say('answerEdit')}: ${answer.intent}`, onclick: edit },
        say('answerEdit'),
      ),
    ),
  );
}

export function answerCard({ id }: Answer): HTMLElement {
  const card = h('li', { class: 'answer', 'data-answer': id });
  const now = () => answers().find((answer) => answer.id === id) as Answer;
  const edit = () => {
    card.replaceChildren(editForm(now(), read));
    card.querySelector('textarea')?.focus();
  };
  const show = () => card.replaceChildren(h('div', {}, reading(now(), edit)));
  const read = () => {
    show();
    card.querySelector<HTMLElement>('[data-edit]')?.focus();
  };
  show();
  return card;
}
