/** A message and what is known of it, decided on by the policy that is being edited. */
import { AftersenseError, type Analysis, type Customer, decide, type Order, type Policy } from 'aftersense';
import { analyze } from '../../app/desk.ts';
import { h } from '../../app/html.ts';
import { language } from '../../app/language.ts';
import { say } from '../language.ts';
import { decisionReport } from './decision.ts';

const pauseMs = 350;
const statuses = ['shipped', 'delivered', 'lost'] as const;
type NumberName = 'value' | 'daysSinceDelivery' | 'warrantyDaysLeft' | 'pastContacts' | 'pastReturns';

/** What was typed last; it stays while one looks at other tabs. */
const typed: Record<string, string> = {};

export interface TryIt {
  readonly element: HTMLElement;
  /** Decides again, by another policy. */
  use(policy: Policy): void;
}

function numberField(name: NumberName): HTMLElement {
  const id = `try-${name}`;
  const label = name.startsWith('past') ? say(`fact_customer.${name as 'pastContacts'}`) : say(`fact_order.${name as 'value'}`);
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    h('input', {
      id,
      name,
      type: 'number',
      inputmode: 'decimal',
      value: typed[name] ?? '',
      min: name === 'warrantyDaysLeft' ? undefined : '0',
    }),
  );
}

function statusField(): HTMLElement {
  return h(
    'div',
    { class: 'field' },
    h('label', { for: 'try-status' }, say('fact_order.status')),
    h(
      'select',
      { id: 'try-status', name: 'status' },
      h('option', { value: '' }, say('notKnown')),
      statuses.map((each) => h('option', { value: each, selected: each === typed.status }, say(`status_${each}`))),
    ),
  );
}

/** The facts of the form; what was left empty is not known. */
function factsOf(form: HTMLFormElement): { readonly order: Order; readonly customer: Customer } {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? '').trim();
  const known = <N extends NumberName>(...names: N[]) =>
    Object.fromEntries(names.filter((name) => text(name) !== '').map((name) => [name, Number(text(name))])) as { [K in N]?: number };
  const status = text('status');
  const tier = text('tier');
  return {
    order: {
      ...known('value', 'daysSinceDelivery', 'warrantyDaysLeft'),
      ...(text('value') && { currency: 'CNY' }),
      ...(status && { status }),
    },
    customer: { ...known('pastContacts', 'pastReturns'), ...(tier && { tier }) },
  };
}

function tryForm(): HTMLFormElement {
  return h(
    'form',
    { class: 'try-form' },
    h(
      'div',
      { class: 'field' },
      h('label', { for: 'try-text' }, say('tryMessage')),
      h('textarea', { id: 'try-text', name: 'text', rows: '4' }, typed.text ?? say('tryExample')),
    ),
    h(
      'div',
      { class: 'try-facts' },
      numberField('value'),
      statusField(),
      numberField('daysSinceDelivery'),
      numberField('warrantyDaysLeft'),
      h(
        'div',
        { class: 'field' },
        h('label', { for: 'try-tier' }, say('fact_customer.tier')),
        h('input', { id: 'try-tier', name: 'tier', type: 'text', autocomplete: 'off', value: typed.tier ?? '' }),
      ),
      numberField('pastContacts'),
      numberField('pastReturns'),
    ),
  );
}

export function tryIt(first: Policy, signal: AbortSignal): TryIt {
  let policy = first;
  let read: { readonly text: string; readonly analysis: Analysis } | undefined;
  let reading = new AbortController();
  let timer = 0;
  const form = tryForm();
  const result = h('div', { class: 'try-result', 'aria-live': 'polite' }, h('p', { class: 'quiet' }, say('tryWaiting')));

  function show(): void {
    if (!read || signal.aborted) return;
    const { text, analysis } = read;
    try {
      const decision = decide(analysis, policy, { ...factsOf(form), text, locale: language() });
      result.replaceChildren(decisionReport(text, policy, decision));
    } catch (error) {
      if (!(error instanceof AftersenseError)) throw error;
      result.replaceChildren(h('p', { class: 'problem' }, say('factsRefused'), ' ', h('span', { lang: 'en' }, error.message)));
    }
  }
  async function readText(): Promise<void> {
    reading.abort();
    reading = new AbortController();
    const { signal: own } = reading;
    const text = String(new FormData(form).get('text') ?? '').trim();
    if (text === '') return result.replaceChildren(h('p', { class: 'quiet' }, say('tryEmpty')));
    const take = (analysis: Analysis) => {
      if (own.aborted) return;
      read = { text, analysis };
      show();
    };
    await analyze(text, own, take).then(take, (error: unknown) => {
      if (!own.aborted && !signal.aborted) result.replaceChildren(h('p', { class: 'problem' }, say('readerMissing')));
      if (!(error instanceof Error)) throw error;
    });
  }
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    for (const [name, value] of new FormData(form)) typed[name] = String(value);
    if (target.id !== 'try-text') return show();
    clearTimeout(timer);
    timer = window.setTimeout(() => void readText(), pauseMs);
  });
  signal.addEventListener('abort', () => reading.abort());
  void readText();
  return {
    element: h(
      'section',
      { class: 'try' },
      h('h2', {}, say('tryTitle')),
      h('p', { class: 'lead' }, say('tryLead')),
      h('div', { class: 'try-columns' }, form, result),
    ),
    use(next) {
      policy = next;
      show();
    },
  };
}
