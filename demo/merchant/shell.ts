/** The frame of the merchant's page: header, four tabs whose addresses are fragments, and what happens when one is chosen. */
import { deskBadge } from '../app/badge.ts';
import { h } from '../app/html.ts';
import { documentLanguage, language, setLanguage, t } from '../app/language.ts';
import { answersPanel } from './answers/panel.ts';
import { casesPanel } from './cases/panel.ts';
import { say } from './language.ts';
import { policyPanel } from './policy/panel.ts';
import { trendsPanel } from './trends/panel.ts';

/** Builds the content of a tab; `rest` is what the address says after the tab's name, `signal` aborts when it is replaced. */
type Panel = (rest: string, signal: AbortSignal) => HTMLElement;

const panels = { cases: casesPanel, policy: policyPanel, answers: answersPanel, trends: trendsPanel } satisfies Record<string, Panel>;
type Tab = keyof typeof panels;
const tabs = Object.keys(panels) as Tab[];

function route(): { readonly tab: Tab; readonly rest: string } {
  const [head = '', rest = ''] = location.hash.slice(1).split('/', 2);
  return { tab: tabs.find((tab) => tab === head) ?? 'cases', rest: decodeURIComponent(rest) };
}

function languageButton(onLanguage: () => void): HTMLElement {
  const other = language() === 'zh' ? 'en' : 'zh-CN';
  const label = t('switchLanguageLabel');
  return h(
    'button',
    { class: 'tool tool-text', id: 'language', type: 'button', lang: other, 'aria-label': label, onclick: onLanguage },
    t('switchLanguage'),
  );
}

function header(signal: AbortSignal, onLanguage: () => void): HTMLElement {
  const mark = h('span', { class: 'logo-mark', 'aria-hidden': 'true' });
  const logo = h('a', { class: 'logo', href: '#cases' }, mark, t('shopName'), h('span', { class: 'logo-side' }, say('title')));
  const shop = h('a', { class: 'tool tool-text to-shop', href: '../' }, say('toShop'));
  return h(
    'header',
    { class: 'header' },
    h(
      'div',
      { class: 'header-row' },
      logo,
      h('div', { class: 'tools merchant-tools' }, shop, deskBadge(signal), languageButton(onLanguage)),
    ),
  );
}

/** One of them is in the order of the Tab key; arrows, Home and End move among them and choose at once. */
function tabList(): HTMLElement {
  const buttons = tabs.map((tab) => {
    const choose = () => {
      location.hash = tab;
    };
    return h('button', { type: 'button', role: 'tab', id: `tab-${tab}`, 'aria-controls': 'content', onclick: choose }, say(`tab_${tab}`));
  });
  const move = (event: KeyboardEvent) => {
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = buttons[to % buttons.length];
    next?.focus();
    next?.click();
  };
  return h('div', { class: 'merchant-tabs', role: 'tablist', 'aria-label': say('title'), onkeydown: move }, buttons);
}

function select(list: HTMLElement, chosen: Tab): void {
  for (const button of list.children) {
    const selected = button.id === `tab-${chosen}`;
    button.setAttribute('aria-selected', String(selected));
    button.setAttribute('tabindex', selected ? '0' : '-1');
  }
}

export function mountShell(root: HTMLElement): void {
  const panel = h('div', { class: 'page merchant-page', id: 'content', role: 'tabpanel', tabindex: '-1' });
  let list = tabList();
  let frame = new AbortController();
  let view = new AbortController();

  function showPanel(): void {
    view.abort();
    view = new AbortController();
    const { tab, rest } = route();
    select(list, tab);
    panel.setAttribute('aria-labelledby', `tab-${tab}`);
    document.title = `${say(`tab_${tab}`)} · ${t('shopName')} · ${say('title')}`;
    panel.replaceChildren(panels[tab](rest, view.signal));
  }

  function skipLink(): HTMLElement {
    const skip = (event: Event) => {
      event.preventDefault();
      panel.focus();
    };
    return h('a', { class: 'skip', href: '#content', onclick: skip }, t('skip'));
  }

  function draw(): void {
    frame.abort();
    frame = new AbortController();
    document.documentElement.lang = documentLanguage();
    list = tabList();
    const footer = h('footer', { class: 'footer' }, h('span', { class: 'logo' }, t('shopName')), h('p', {}, say('footer')));
    root.replaceChildren(skipLink(), header(frame.signal, switchLanguage), list, h('main', {}, panel), footer);
    showPanel();
  }

  function switchLanguage(): void {
    setLanguage(language() === 'zh' ? 'en' : 'zh');
    draw();
    document.getElementById('language')?.focus({ preventScroll: true });
  }

  draw();
  window.addEventListener('hashchange', () => {
    showPanel();
    window.scrollTo({ top: 0, behavior: 'instant' });
    if (!list.contains(document.activeElement)) panel.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  });
}
