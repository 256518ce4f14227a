/** A question, and which answers the desk would suggest, filled with what is known of an order. */
import { AftersenseError, type Replies, type ReplyOptions, type Suggestion } from 'aftersense';
import { answerDesk, onAnswersChange, setState } from '../../app/answers.ts';
import { type Child, h } from '../../app/html.ts';
import { percent, t } from '../../app/language.ts';
import { orderOf } from '../../app/orders.ts';
import { products, textOf } from '../../app/products.ts';
import { say } from '../language.ts';
import { slottedText } from './card.ts';

const pauseMs = 350;
const suggested = 3;
/** Less likely ones are shown only where they come first. */
const minShown = 0.05;
const dayMs = 86_400_000;
/** What was typed last; it stays while one looks at other tabs. */
const typed = { text: '', withOrder: true };
/** What stands in slots that no fact fills, by `answer_id.slot`. */
const values: Record<string, string> = {};

/** The order of the first product, as if it were on its way. */
function exampleOrder(): ReplyOptions['order'] {
  const [product] = products;
  const order = product && orderOf(product.id);
  if (!product || !order) return {};
  const { number, carrier, tracking, value } = order;
  const facts = {
    id: number,
    carrier,
    trackingNo: tracking,
    value,
    currency: 'CNY',
    refundAmount: value,
    expectedAt: Date.now() + 2 * dayMs,
  };
  return { ...facts, product: textOf(product).title };
}

function missingFields({ id, missing }: Suggestion, again: () => void): Child {
  if (missing.length === 0) return null;
  return h(
    'div',
    { class: 'missing' },
    h('p', { class: 'quiet' }, say('slotsMissing')),
    missing.map((slot) => {
      const name = `${id}.${slot}`;
      const input = h('input', { id: name, type: 'text', autocomplete: 'off', value: values[name] ?? '' });
      input.addEventListener('change', () => {
        values[name] = input.value;
        again();
      });
      return h('div', { class: 'field' }, h('label', { for: name }, h('code', {}, slot)), input);
    }),
  );
}

function suggestionItem(suggestion: Suggestion, again: () => void): HTMLElement {
  const { id, intent, text, sendable, missing, probability, reason } = suggestion;
  const words = reason.words.slice(0, 5).join(t('listComma'));
  return h(
    'li',
    { class: 'suggestion', 'data-suggestion': id, 'data-sendable': String(sendable) },
    h(
      'p',
      { class: 'answer-foot' },
      h('b', {}, `${percent(probability)}%`),
      h('code', {}, intent),
      h('span', { class: sendable ? 'chip verdict-falling' : 'chip chip-late' }, say(sendable ? 'sendable' : 'notSendable')),
    ),
    h('p', { class: 'suggestion-text' }, slottedText(text, missing)),
    missingFields(suggestion, again),
    h(
      'p',
      { class: 'quiet' },
      say(reason.kind === 'question' ? 'likeQuestion' : 'likeAnswer'),
      reason.kind === 'question' && [' ', h('q', {}, reason.text)],
      words !== '' && say('likeWords', { words }),
    ),
  );
}

function suggestions({ suggestions: found, method, probability }: Replies, again: () => void): Child {
  return [
    found.length > 0
      ? h(
          'ol',
          { class: 'suggestions' },
          found.filter(({ probability: own }, i) => i === 0 || own >= minShown).map((each) => suggestionItem(each, again)),
        )
      : h('p', { class: 'abstained' }, say('noAnswer', { percent: percent(probability) })),
    h('p', { class: 'quiet' }, say(method === 'meaning' ? 'methodMeaning' : 'methodWords')),
  ];
}

export function tryAnswers(signal: AbortSignal): HTMLElement {
  const area = h('textarea', { id: 'try-question', rows: '3' }, typed.text || say('questionExample'));
  const withOrder = h('input', { type: 'checkbox', checked: typed.withOrder });
  const result = h('div', { class: 'try-result', 'aria-live': 'polite' }, h('p', { class: 'quiet' }, say('tryWaiting')));
  let asking = new AbortController();
  let timer = 0;

  async function ask(): Promise<void> {
    const desk = answerDesk();
    const text = area.value.trim();
    if (!desk) return;
    if (text === '') return result.replaceChildren(h('p', { class: 'quiet' }, say('tryEmpty')));
    asking.abort();
    asking = new AbortController();
    const { signal: own } = asking;
    const show = (replies: Replies) => {
      if (!own.aborted && !signal.aborted)
        result.replaceChildren(
          h(
            'div',
            {},
            suggestions(replies, () => void ask()),
          ),
        );
    };
    const order = withOrder.checked ? exampleOrder() : undefined;
    try {
      show(await desk.reply(text, { k: suggested, values, signal: own, onUpdate: show, ...(order && { order }) }));
    } catch (error) {
      if (!(error instanceof AftersenseError)) throw error;
      if (!own.aborted)
        result.replaceChildren(h('p', { class: 'problem' }, say('readerMissing'), ' ', h('span', { lang: 'en' }, error.message)));
    }
  }
  area.addEventListener('input', () => {
    typed.text = area.value;
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), pauseMs);
  });
  withOrder.addEventListener('change', () => {
    typed.withOrder = withOrder.checked;
    void ask();
  });
  signal.addEventListener('abort', () => asking.abort());
  onAnswersChange(() => {
    if (setState().status === 'ready') void ask();
  }, signal);
  if (setState().status === 'ready') void ask();
  const number = products[0] ? orderOf(products[0].id)?.number : '';
  return h(
    'section',
    { class: 'try try-first' },
    h('h2', {}, say('tryTitle')),
    h(
      'div',
      { class: 'try-columns' },
      h(
        'div',
        {},
        h('div', { class: 'field' }, h('label', { for: 'try-question' }, say('tryMessage')), area),
        h('label', { class: 'tick' }, withOrder, h('span', {}, say('withOrder', { order: number ?? '' }))),
      ),
      result,
    ),
  );
}
