/** The report that a device may give of its own cases, if its owner agrees: how little it tells, and what exactly would be sent. */
import { AftersenseError, openReports, type ReportsStatus, type TrendReport } from 'aftersense';
import { shopCases } from '../../app/cases.ts';
import { type Child, h } from '../../app/html.ts';
import { documentLanguage } from '../../app/language.ts';
import { say, sayId } from '../language.ts';
import { printJson } from '../policy/print.ts';

const reports = openReports();
const epsilons = [0.25, 0.5, 1, 2] as const;
const budget = { epsilon: 4, days: 28 } as const;
const weeksOffered = 4;
const dayMs = 86_400_000;

/** First days of the last complete weeks, newest first, by the device's clock. */
function lastWeeks(now: number): string[] {
  const today = new Date(now);
  const monday = Date.UTC(today.getFullYear(), today.getMonth(), today.getDate() - ((today.getDay() + 6) % 7));
  return Array.from({ length: weeksOffered }, (_, i) => new Date(monday - (i + 1) * 7 * dayMs).toISOString().slice(0, 10));
}

const dayName = (day: string): string =>
  new Date(`${day}T00:00:00Z`).toLocaleDateString(documentLanguage(), { dateStyle: 'medium', timeZone: 'UTC' });

/** At least this is left for a week: what was told of weeks that share a window of the budget's days with it is spent. */
function leftFor(start: string, { consent, told }: ReportsStatus): number {
  const near = told.filter((one) => Math.abs(Date.parse(one.start) - Date.parse(start)) < (consent?.days ?? 0) * dayMs);
  return Math.max(0, (consent?.epsilon ?? 0) - near.reduce((sum, { epsilon }) => sum + epsilon, 0));
}

function told({ told: list }: ReportsStatus): Child {
  if (list.length === 0) return h('p', { class: 'quiet' }, say('toldNothing'));
  return h(
    'ul',
    { class: 'tags' },
    list.map(({ start, epsilon }) => h('li', { class: 'chip' }, say('toldWeek', { week: dayName(start), epsilon }))),
  );
}

function select(id: string, label: string, options: readonly (readonly [string, string])[], chosen: string): HTMLElement {
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    h(
      'select',
      { id, name: id },
      options.map(([value, text]) => h('option', { value, selected: value === chosen }, text)),
    ),
  );
}

function preview(report: TrendReport): Child {
  return [
    h('h3', {}, say('reportPreview')),
    h('pre', { class: 'json', 'data-report': report.start, tabindex: '0' }, printJson(report)),
    h('p', { class: 'quiet' }, say('reportMeaning')),
  ];
}

interface Shown {
  readonly status: ReportsStatus;
  readonly report?: TrendReport;
  readonly problem?: string;
}

export function reportSection(signal: AbortSignal): HTMLElement {
  const weeks = lastWeeks(Date.now());
  const chosen = { week: weeks[0] ?? '', epsilon: '1' };
  const host = h('div', {});

  async function draw(more: Omit<Shown, 'status'> = {}): Promise<void> {
    const status = await reports.status();
    if (signal.aborted) return;
    const focused = host.contains(document.activeElement) ? document.activeElement?.id : undefined;
    host.replaceChildren(h('div', {}, content({ ...more, status })));
    if (focused) document.getElementById(focused)?.focus();
  }
  /** Runs what the ledger may refuse, and says why it did. */
  async function attempt(work: () => Promise<Omit<Shown, 'status'> | undefined>): Promise<void> {
    try {
      await draw(await work());
    } catch (error) {
      if (!(error instanceof AftersenseError)) throw error;
      await draw({ problem: sayId('refusal', error.code) }).catch(() => host.replaceChildren(h('p', { class: 'problem' }, error.message)));
    }
  }
  function consentSwitch({ consent }: ReportsStatus): HTMLElement {
    const change = () =>
      attempt(async () => {
        if (consent) await reports.revoke();
        else await reports.consent({ consent: true, ...budget });
        return undefined;
      });
    return h(
      'label',
      { class: 'switch' },
      h('input', { type: 'checkbox', role: 'switch', id: 'report-consent', checked: consent !== undefined, onchange: () => void change() }),
      h('span', {}, say('reportConsent', { epsilon: budget.epsilon, days: budget.days })),
    );
  }
  function content({ status, report, problem }: Shown): Child {
    const ask = (event: Event) => {
      event.preventDefault();
      const options = { epsilon: Number(chosen.epsilon), start: chosen.week };
      void attempt(async () => ({ report: await reports.report(await shopCases.list(), options) }));
    };
    const form = h(
      'form',
      { class: 'report-form', onsubmit: ask },
      select(
        'report-week',
        say('reportWeek'),
        weeks.map((week) => [week, dayName(week)] as const),
        chosen.week,
      ),
      select(
        'report-epsilon',
        say('reportEpsilon'),
        epsilons.map((each) => [String(each), sayId('epsilon', String(each))] as const),
        chosen.epsilon,
      ),
      h('p', { class: 'actions' }, h('button', { class: 'button', type: 'submit', id: 'report-make' }, say('reportMake'))),
    );
    form.addEventListener('change', () => {
      const data = new FormData(form);
      chosen.week = String(data.get('report-week'));
      chosen.epsilon = String(data.get('report-epsilon'));
      void draw();
    });
    return [
      consentSwitch(status),
      status.consent && [
        form,
        h('p', { class: 'budget' }, say('budgetLeft', { left: leftFor(chosen.week, status), of: status.consent.epsilon })),
      ],
      h('h3', {}, say('toldTitle')),
      told(status),
      h('div', { 'aria-live': 'polite' }, problem && h('p', { class: 'problem', role: 'alert' }, problem), report && preview(report)),
    ];
  }
  attempt(async () => undefined).catch(() => undefined);
  return h('section', { class: 'dp-report' }, h('h2', {}, say('reportTitle')), h('p', { class: 'lead' }, say('reportLead')), host);
}
