/** What goes up and down among the cases of this device, and the report that a device may give. */
import type { TrendBy, TrendPeriod } from 'aftersense';
import { h } from '../../app/html.ts';
import { sampleButton } from '../cases/list.ts';
import { allCases, watchCases } from '../cases/stores.ts';
import { say } from '../language.ts';
import { reportSection } from './report.ts';
import { type Choice, trendsOf } from './view.ts';

const bys: readonly TrendBy[] = ['kind', 'product', 'wish'];
const periods: readonly TrendPeriod[] = ['week', 'day'];
/** What was chosen last. */
let choice: Choice = { by: 'kind', period: 'week' };

function radios<T extends string>(
  name: string,
  legend: string,
  options: readonly (readonly [T, string])[],
  chosen: T,
  pick: (value: T) => void,
) {
  return h(
    'fieldset',
    {},
    h('legend', {}, legend),
    h(
      'div',
      { class: 'choices' },
      options.map(([value, text]) =>
        h(
          'label',
          { class: 'choice' },
          h('input', { type: 'radio', name, value, checked: value === chosen, onchange: () => pick(value) }),
          h('span', {}, text),
        ),
      ),
    ),
  );
}

export function trendsPanel(_: string, signal: AbortSignal): HTMLElement {
  const shown = h('div', {});
  const samples = h('p', { class: 'actions' });
  async function draw(): Promise<void> {
    const listed = await allCases();
    if (signal.aborted) return;
    shown.replaceChildren(h('div', {}, trendsOf(listed, choice, Date.now())));
    const hasSamples = listed.some(({ isSample }) => isSample);
    const note = hasSamples ? [h('span', { class: 'quiet' }, say('samplesNote'))] : [];
    samples.replaceChildren(
      sampleButton(hasSamples, () => void draw()),
      ...note,
    );
  }
  const choose = (change: Partial<Choice>) => {
    choice = { ...choice, ...change };
    void draw();
  };
  void draw();
  watchCases(() => void draw(), signal);
  return h(
    'div',
    { class: 'trends' },
    h('h1', { tabindex: '-1' }, say('trendsTitle')),
    h('p', { class: 'lead' }, say('trendsLead')),
    h(
      'div',
      { class: 'filters' },
      radios(
        'by',
        say('byLegend'),
        bys.map((by) => [by, say(`by_${by}`)] as const),
        choice.by,
        (by) => choose({ by }),
      ),
      radios(
        'period',
        say('periodLegend'),
        periods.map((each) => [each, say(`period_${each}`)] as const),
        choice.period,
        (period) => choose({ period }),
      ),
    ),
    samples,
    shown,
    reportSection(signal),
  );
}
