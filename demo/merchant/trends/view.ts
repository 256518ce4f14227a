/** Kinds of complaints over time: what rises and falls in words, small charts, and a table that says the same. */
import { type Trend, type TrendBy, type TrendPeriod, type Trends, trends } from 'aftersense';
import { type Child, h } from '../../app/html.ts';
import { documentLanguage, t } from '../../app/language.ts';
import { findProduct, textOf } from '../../app/products.ts';
import { aspectName, remedyName } from '../../cases/words.ts';
import type { Listed } from '../cases/stores.ts';
import { say } from '../language.ts';
import { type Column, columnChart } from './chart.ts';

export interface Choice {
  readonly by: TrendBy;
  readonly period: TrendPeriod;
}

/** Shown in all; the last complete ones are compared with those before. */
const spans = { week: { recent: 1, earlier: 11 }, day: { recent: 7, earlier: 21 } } as const;
const chartsShown = 12;

function nameOf(name: string, by: TrendBy): string {
  if (by === 'kind') return aspectName(name);
  if (by === 'wish') return remedyName(name);
  const product = findProduct(name);
  return product ? textOf(product).title : name;
}

/** A calendar day, whatever the time zone. */
const dayName = (day: string): string =>
  new Date(`${day}T00:00:00Z`).toLocaleDateString(documentLanguage(), { month: 'short', day: 'numeric', timeZone: 'UTC' });

const number = (value: number, digits: number): string => value.toLocaleString(documentLanguage(), { maximumFractionDigits: digits });

/** p as a share that one can picture. */
function oddsText(p: number): string {
  if (p < 0.0001) return say('oddsTiny');
  const of = p < 0.001 ? 10_000 : p < 0.01 ? 1000 : 100;
  return say('odds', { count: Math.max(1, Math.round(p * of)), of: number(of, 0) });
}

function callout(trend: Trend, { compared, by, period, trends: all }: Trends): HTMLElement {
  const { name, verdict, recent, earlier, adjusted = 1 } = trend;
  const usual = (earlier / compared.earlier) * compared.recent;
  const tested = all.filter(({ p }) => p !== undefined).length;
  return h(
    'li',
    { class: `callout callout-${verdict}`, 'data-rising': verdict === 'rising' ? name : undefined },
    h('h3', {}, say(verdict === 'rising' ? 'risingTitle' : 'fallingTitle', { name: nameOf(name, by) })),
    h('p', {}, say(period === 'week' ? 'calloutWeek' : 'calloutDays', { recent, days: compared.recent, usual: number(usual, 1) })),
    h('p', { class: 'quiet' }, say('calloutChance', { odds: oddsText(adjusted), p: number(adjusted, adjusted < 0.001 ? 5 : 3), tested })),
  );
}

function callouts(found: Trends): HTMLElement {
  const telling = found.trends.filter(({ verdict }) => verdict === 'rising' || verdict === 'falling');
  const order = [...telling].sort((a, b) =>
    a.verdict === b.verdict ? (a.adjusted ?? 1) - (b.adjusted ?? 1) : a.verdict === 'rising' ? -1 : 1,
  );
  if (order.length === 0) return h('p', { class: 'empty' }, say('nothingMoves'));
  return h(
    'ul',
    { class: 'callouts' },
    order.map((trend) => callout(trend, found)),
  );
}

function columnsOf({ counts, running }: Trend, { periods, compared, running: now }: Trends): Column[] {
  const recentFrom = counts.length - compared.recent;
  return [
    ...counts.map((count, i) => ({
      label: dayName(periods[i] ?? ''),
      count,
      role: i >= recentFrom ? ('recent' as const) : ('earlier' as const),
    })),
    { label: dayName(now), count: running, role: 'running' },
  ];
}

const verdictChip = ({ verdict }: Trend): HTMLElement => h('span', { class: `chip verdict-${verdict}` }, say(`verdict_${verdict}`));

function charts(found: Trends): HTMLElement {
  const shown = found.trends.slice(0, chartsShown);
  const most = Math.max(1, ...shown.flatMap(({ counts, running }) => [...counts, running]));
  return h(
    'div',
    { class: 'charts' },
    shown.map((trend) =>
      h(
        'figure',
        { class: `figure-${trend.verdict}`, 'data-trend': trend.name },
        h('figcaption', {}, h('b', {}, nameOf(trend.name, found.by)), verdictChip(trend)),
        columnChart(columnsOf(trend, found), most),
      ),
    ),
  );
}

const legend = ({ period }: Trends): HTMLElement =>
  h(
    'p',
    { class: 'legend quiet' },
    (['earlier', 'recent', 'running'] as const).map((role) => [
      h('span', { class: `key key-${role}`, 'aria-hidden': 'true' }),
      say(`legend_${role}_${period}`),
    ]),
  );

function table(found: Trends): HTMLElement {
  const { periods, running, by } = found;
  return h(
    'details',
    { class: 'trend-table' },
    h('summary', {}, say('asTable')),
    h(
      'div',
      { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': say('asTable') },
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, say(`by_${by}`)),
            [...periods, running].map((day, i) =>
              h('th', { scope: 'col' }, i === periods.length ? say('soFar', { day: dayName(day) }) : dayName(day)),
            ),
            h('th', { scope: 'col' }, say('columnVerdict')),
            h('th', { scope: 'col' }, 'p'),
          ),
        ),
        h(
          'tbody',
          {},
          found.trends.map((trend) =>
            h(
              'tr',
              { 'data-row': trend.name },
              h('th', { scope: 'row' }, nameOf(trend.name, by)),
              [...trend.counts, trend.running].map((count) => h('td', {}, String(count))),
              h('td', {}, say(`verdict_${trend.verdict}`)),
              h('td', {}, trend.adjusted === undefined ? '–' : number(trend.adjusted, 4)),
            ),
          ),
        ),
      ),
    ),
  );
}

/** What there is to see of the cases; nothing of how they are chosen. */
export function trendsOf(listed: readonly Listed[], { by, period }: Choice, now: number): Child {
  if (listed.length === 0) return h('p', { class: 'empty' }, say('trendsNone'));
  const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const found = trends(
    listed.map(({ known }) => known),
    { by, period, now, timeZone, ...spans[period] },
  );
  return [
    h('h2', {}, say('calloutsTitle')),
    callouts(found),
    h('h2', {}, say('chartsTitle', { by: say(`by_${by}`).toLowerCase() })),
    legend(found),
    charts(found),
    table(found),
    h('p', { class: 'quiet' }, say('methodNote'), t('listComma') === ', ' ? ' ' : '', say('zoneNote', { zone: timeZone })),
  ];
}
