/** The forms behind a complaint, a question and a call back. What is kept stays in this tab. */
import type { Analysis } from 'aftersense';
import { downloadJson } from '../app/download.ts';
import { type Child, h } from '../app/html.ts';
import { t } from '../app/language.ts';
import { links } from '../app/router.ts';
import { type CaseFields, type CaseKind, cases, draftOf, keepCase, updateDraft } from '../app/session.ts';

const kinds = ['quality', 'described', 'damaged', 'delivery', 'service', 'refund', 'other'] as const;
const wishes = ['refund', 'exchange', 'reship', 'repair'] as const;
const caseNames = { complaint: 'caseComplaint', question: 'caseQuestion', person: 'casePerson' } as const;
const descriptionLabels = { complaint: 'descriptionLabel', question: 'questionLabel', person: 'personLabel' } as const;
const answers = ['Delivery', 'Return', 'Care', 'Invoice'] as const;

const isOneOf = <T extends string>(list: readonly T[], value: string): value is T => (list as readonly string[]).includes(value);

export const kindName = (kind: string): string => (isOneOf(kinds, kind) ? t(`kind_${kind}`) : '');
export const wishName = (wish: string): string => (isOneOf(wishes, wish) ? t(`wish_${wish}`) : '');
export const caseKindName = (kind: CaseKind): string => t(caseNames[kind]);

type FieldName = keyof CaseFields;
type Problems = Partial<Record<FieldName, string>>;

function problemsIn(type: CaseKind, fields: CaseFields): Problems {
  const problems: Problems = {};
  if (type === 'complaint' && fields.kind === '') problems.kind = t('errorChoose');
  if (fields.description.trim() === '') problems.description = t('errorWrite');
  if ((type === 'person' || fields.person) && fields.contact.trim() === '') problems.contact = t('errorContact');
  return problems;
}

function choices(name: 'kind' | 'wish', label: string, options: readonly (readonly [string, string])[], chosen: string): HTMLElement {
  return h(
    'fieldset',
    { class: 'field', 'data-field': name },
    h('legend', {}, label),
    h(
      'div',
      { class: 'choices' },
      options.map(([value, text]) =>
        h('label', { class: 'choice' }, h('input', { type: 'radio', name, value, checked: value === chosen }), h('span', {}, text)),
      ),
    ),
    h('p', { class: 'problem', id: `${name}-problem`, hidden: true }),
  );
}

function textField(name: 'description' | 'order' | 'contact', label: string, value: string, hint = ''): HTMLElement {
  const described = [hint && `${name}-hint`, `${name}-problem`].filter(Boolean).join(' ');
  const attributes = { id: `case-${name}`, name, 'aria-describedby': described };
  return h(
    'div',
    { class: 'field', 'data-field': name },
    h('label', { for: `case-${name}` }, label),
    name === 'description'
      ? h('textarea', { ...attributes, rows: '4' }, value)
      : h('input', { ...attributes, type: 'text', autocomplete: name === 'contact' ? 'email' : 'off', value }),
    hint && h('p', { class: 'quiet', id: `${name}-hint` }, hint),
    h('p', { class: 'problem', id: `${name}-problem`, hidden: true }),
  );
}

function answerList(): HTMLElement {
  return h(
    'div',
    { class: 'answers' },
    h('h4', {}, t('answersTitle')),
    answers.map((name) => h('details', {}, h('summary', {}, t(`answer${name}Q`)), h('p', {}, t(`answer${name}A`)))),
  );
}

function fieldsOf(type: CaseKind, fields: CaseFields): Child {
  const description = textField('description', t(descriptionLabels[type]), fields.description);
  const order = textField('order', t('orderLabel'), fields.order, t('orderHint'));
  const contact = textField('contact', t('contactLabel'), fields.contact, type === 'person' ? '' : t('contactHint'));
  if (type !== 'complaint') return [description, contact, order];
  return [
    choices(
      'kind',
      t('kindLabel'),
      kinds.map((kind) => [kind, kindName(kind)]),
      fields.kind,
    ),
    description,
    choices(
      'wish',
      t('wishLabel'),
      wishes.map((wish) => [wish, wishName(wish)]),
      fields.wish,
    ),
    order,
    h(
      'label',
      { class: 'choice choice-wide' },
      h('input', { type: 'checkbox', name: 'person', checked: fields.person }),
      h('span', {}, t('personOption')),
    ),
    contact,
  ];
}

function readForm(form: HTMLFormElement): CaseFields {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? '');
  return {
    kind: text('kind'),
    description: text('description'),
    order: text('order'),
    wish: text('wish'),
    person: data.has('person'),
    contact: text('contact'),
  };
}

function showProblems(form: HTMLFormElement, problems: Problems): void {
  for (const field of form.querySelectorAll<HTMLElement>('[data-field]')) {
    const message = problems[field.dataset.field as FieldName];
    const line = field.querySelector<HTMLElement>('.problem');
    if (line) {
      line.hidden = message === undefined;
      line.textContent = message ?? '';
    }
    for (const control of field.querySelectorAll('input, textarea')) control.setAttribute('aria-invalid', String(message !== undefined));
  }
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}

/** The confirmation of note `number`, or nothing when it has been deleted. */
export function keptNote(number: string): HTMLElement | undefined {
  const record = cases().find((kept) => kept.number === number);
  return (
    record &&
    h(
      'div',
      { class: 'kept', role: 'status', 'data-kept': number },
      h('p', {}, h('strong', {}, t('caseKept', { number }))),
      h('p', { class: 'quiet' }, t('caseKeptText')),
      h(
        'p',
        { class: 'actions' },
        h('button', { class: 'button', type: 'button', onclick: () => downloadJson(`${number}.json`, record) }, t('download')),
        h('a', { class: 'button button-plain', href: links.cases }, t('seeCases')),
      ),
    )
  );
}

/** A form that remembers what is typed into it and, once complete, keeps it as a note. */
export function caseForm(type: CaseKind, productId: string, reading: () => Analysis | undefined, onKept: () => void): HTMLElement {
  const draft = draftOf(productId);
  const fields = draft.forms[type] ?? { kind: '', description: draft.text, order: '', wish: '', person: false, contact: '' };
  const form = h(
    'form',
    { class: 'case-form', novalidate: true, 'data-case': type },
    type === 'question' && answerList(),
    fieldsOf(type, fields),
    h(
      'p',
      { class: 'actions' },
      h('button', { class: 'button', type: 'submit' }, t('keepCase')),
      h('span', { class: 'quiet' }, t('privacyNote')),
    ),
  );
  form.addEventListener('input', () => updateDraft(productId, { forms: { ...draftOf(productId).forms, [type]: readForm(form) } }));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const filled = readForm(form);
    const problems = problemsIn(type, filled);
    showProblems(form, problems);
    if (Object.keys(problems).length > 0) return;
    const analysis = reading();
    const sentiment =
      analysis && !analysis.abstained ? { label: analysis.sentiment.label, confidence: analysis.sentiment.confidence } : null;
    const record = keepCase({ ...filled, type, product: productId, sentiment });
    const { [type]: _, ...otherForms } = draftOf(productId).forms;
    updateDraft(productId, { kept: record.number, forms: otherForms });
    onKept();
  });
  return form;
}
