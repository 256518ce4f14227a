/** The forms behind a complaint, a question and a call back. What is handed in becomes a case on this device. */
import type { Analysis, Aspect } from 'aftersense';
import { openCase } from '../app/cases.ts';
import { type Child, h } from '../app/html.ts';
import { t } from '../app/language.ts';
import { orderOf } from '../app/orders.ts';
import { links } from '../app/router.ts';
import { type CaseFields, draftOf, type FormKind, updateDraft } from '../app/session.ts';
import { aspectName, remedyName } from '../cases/words.ts';

const kinds = [
  'product_quality',
  'performance',
  'as_described',
  'packaging',
  'logistics',
  'customer_service',
  'refund_return',
  'other',
] as const satisfies readonly Aspect[];
const wishes = ['refund', 'exchange', 'reship', 'repair'] as const;
const descriptionLabels = { complaint: 'descriptionLabel', question: 'questionLabel', person: 'personLabel' } as const;

type FieldName = keyof CaseFields;
type Problems = Partial<Record<FieldName, string>>;

function problemsIn(type: FormKind, fields: CaseFields): Problems {
  const problems: Problems = {};
  if (type === 'complaint' && fields.kind === '') problems.kind = t('errorChoose');
  if (fields.description.trim() === '') problems.description = t('errorWrite');
  if (type === 'person' && fields.contact.trim() === '') problems.contact = t('errorContact');
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

function fieldsOf(type: FormKind, fields: CaseFields): Child {
  const description = textField('description', t(descriptionLabels[type]), fields.description);
  const order = textField('order', t('orderLabel'), fields.order, t('orderHint'));
  const contact = textField('contact', t('contactLabel'), fields.contact, type === 'person' ? '' : t('contactHint'));
  if (type !== 'complaint') return [description, contact, order];
  const named = (list: readonly string[], name: (id: string) => string) => list.map((id) => [id, name(id)] as const);
  return [
    choices('kind', t('kindLabel'), named(kinds, aspectName), fields.kind),
    description,
    choices('wish', t('wishLabel'), named(wishes, remedyName), fields.wish),
    order,
    contact,
  ];
}

function readForm(form: HTMLFormElement): CaseFields {
  const data = new FormData(form);
  const text = (name: FieldName) => String(data.get(name) ?? '');
  return { kind: text('kind'), description: text('description'), order: text('order'), wish: text('wish'), contact: text('contact') };
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

/** What base read is a suggestion to start from: what the text finds most fault with, and what it asks for. */
function suggested({ aspects = [], intent }: Partial<Analysis>): Pick<CaseFields, 'kind' | 'wish'> {
  const blamed = aspects.find(({ polarity }) => polarity === 'negative')?.aspect;
  const wanted = wishes.find((wish) => intent?.label === `request_${wish}`);
  const sure = intent !== undefined && intent.score >= 0.5;
  return { kind: kinds.find((kind) => kind === blamed) ?? '', wish: (sure && wanted) || '' };
}

/** The confirmation of the case that was opened last. */
export const keptNote = (id: string): HTMLElement =>
  h(
    'div',
    { class: 'kept', role: 'status', 'data-kept': id },
    h('p', {}, h('strong', {}, t('caseKept', { id }))),
    h('p', { class: 'quiet' }, t('caseKeptText')),
    h('p', { class: 'actions' }, h('a', { class: 'button', href: links.case(id) }, t('seeCase'))),
  );

/** A form that remembers what is typed into it and, once complete, opens a case. */
export function caseForm(type: FormKind, productId: string, reading: () => Analysis | undefined, onKept: () => void): HTMLElement {
  const draft = draftOf(productId);
  const fresh = { description: draft.text, order: orderOf(productId)?.number ?? '', contact: '', ...suggested(reading() ?? {}) };
  const form = h(
    'form',
    { class: 'case-form', novalidate: true, 'data-case': type },
    fieldsOf(type, draft.forms[type] ?? fresh),
    h(
      'p',
      { class: 'actions' },
      h('button', { class: 'button', type: 'submit' }, t('keepCase')),
      h('span', { class: 'quiet' }, t('privacyNote')),
    ),
  );
  form.addEventListener('input', () => updateDraft(productId, { forms: { ...draftOf(productId).forms, [type]: readForm(form) } }));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const filled = readForm(form);
    const problems = problemsIn(type, filled);
    showProblems(form, problems);
    const button = form.querySelector('button');
    if (Object.keys(problems).length > 0 || button?.disabled) return;
    if (button) button.disabled = true;
    const { id } = await openCase(filled, productId, draft.decision);
    const { [type]: _, ...otherForms } = draftOf(productId).forms;
    updateDraft(productId, { kept: id, forms: otherForms });
    onKept();
  });
  return form;
}
