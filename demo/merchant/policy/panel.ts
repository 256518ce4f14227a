/** The policy: rules to read beside JSON to edit, what is wrong with it, and a message to try it on. */
import { defaultPolicy, type Policy } from 'aftersense';
import { downloadJson } from '../../app/download.ts';
import { h } from '../../app/html.ts';
import { language } from '../../app/language.ts';
import { onSettingsChange, resetPolicy, savePolicy, shopPolicy } from '../../app/shop-settings.ts';
import { say, sayId } from '../language.ts';
import { type Problem, placeOf, type Reading, readPolicy } from './check.ts';
import { createJsonEditor, type JsonEditor } from './editor.ts';
import { printJson } from './print.ts';
import { ruleList } from './rules.ts';
import { tryIt } from './try.ts';

const pauseMs = 200;

/** What is being typed and not saved; it stays while one looks at other tabs. */
let draft: string | undefined;

function problemItem(problem: Problem, editor: JsonEditor): HTMLElement {
  const { kind, code, path, message } = problem;
  const own = sayId('problem', code);
  return h(
    'li',
    { 'data-code': code, 'data-path': path, class: kind },
    h(
      'button',
      { class: 'problem-place', type: 'button', onclick: () => editor.show(problem) },
      h('code', {}, path === '' ? say('wholePolicy') : path),
    ),
    h('span', {}, language() === 'en' ? message : [own, ' ', h('span', { class: 'quiet', lang: 'en' }, message)]),
  );
}

interface Parts {
  readonly editor: JsonEditor;
  readonly rules: HTMLElement;
  readonly problems: HTMLElement;
  readonly status: HTMLElement;
  readonly save: HTMLButtonElement;
}

function statusText({ policy, problems }: Reading, changed: boolean): string {
  if (!policy) return say('policyInvalid', { count: problems.length });
  return say(changed ? 'policyUnsaved' : 'policySaved');
}

/** Shows a reading of the text; the rules stay those that could last be read. */
function showReading({ editor, rules, problems, status, save }: Parts, reading: Reading, changed: boolean): void {
  editor.mark(reading.problems);
  editor.area.setAttribute('aria-invalid', String(!reading.policy));
  problems.replaceChildren(...reading.problems.map((problem) => problemItem(problem, editor)));
  status.textContent = statusText(reading, changed);
  status.dataset.state = reading.policy ? (changed ? 'changed' : 'saved') : 'invalid';
  save.disabled = !reading.policy || !changed;
  rules.toggleAttribute('data-stale', !reading.policy);
  if (!reading.policy) return;
  const scroll = rules.scrollTop;
  rules.replaceChildren(ruleList(reading.policy, (pointer) => editor.show(placeOf(editor.area.value, pointer))));
  rules.scrollTop = scroll;
}

function buildParts(): Parts {
  return {
    editor: createJsonEditor(say('policyJson')),
    rules: h('div', { class: 'rules-box', tabindex: '0', role: 'region', 'aria-label': say('rulesTitle') }),
    problems: h('ul', { class: 'problems' }),
    status: h('p', { class: 'policy-status', id: 'policy-status', role: 'status' }),
    save: h('button', { class: 'button', type: 'button', 'data-save': true }, say('savePolicy')),
  };
}

const printed = (policy: Policy): string => printJson(policy);

export function policyPanel(_: string, signal: AbortSignal): HTMLElement {
  const parts = buildParts();
  const { editor, status, save } = parts;
  const trial = tryIt(shopPolicy(), signal);
  let timer = 0;

  function check(): void {
    const text = editor.area.value;
    const changed = text !== printed(shopPolicy());
    draft = changed ? text : undefined;
    const reading = readPolicy(text);
    showReading(parts, reading, changed);
    if (reading.policy) trial.use(reading.policy);
  }
  function load(text: string): void {
    editor.setText(text);
    check();
  }
  save.addEventListener('click', () => {
    const { policy } = readPolicy(editor.area.value);
    if (!policy) return check();
    try {
      savePolicy(policy);
      load(printed(policy));
      editor.area.focus();
    } catch {
      status.textContent = say('policyNotKept');
    }
  });
  editor.area.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(check, pauseMs);
  });
  const reset = () => {
    resetPolicy();
    load(printed(defaultPolicy));
  };
  const discard = () => load(printed(shopPolicy()));
  const keep = () => downloadJson('policy.json', JSON.parse(printed(shopPolicy())));
  // Another tab saved a policy: it shows, unless something is being typed here.
  onSettingsChange(() => (draft === undefined ? load(printed(shopPolicy())) : check()), signal);
  load(draft ?? printed(shopPolicy()));
  return h(
    'div',
    { class: 'policy' },
    h('h1', { tabindex: '-1' }, say('policyTitle')),
    h('p', { class: 'lead' }, say('policyLead')),
    h(
      'div',
      { class: 'policy-columns' },
      h('section', {}, h('h2', {}, say('rulesTitle')), parts.rules),
      h(
        'section',
        {},
        h('h2', {}, say('policyJson')),
        editor.element,
        status,
        parts.problems,
        h(
          'p',
          { class: 'actions' },
          save,
          h('button', { class: 'button button-plain', type: 'button', 'data-discard': true, onclick: discard }, say('discardPolicy')),
          h('button', { class: 'link-button', type: 'button', 'data-reset': true, onclick: reset }, say('resetPolicy')),
          h('button', { class: 'link-button', type: 'button', onclick: keep }, say('downloadPolicy')),
        ),
      ),
    ),
    trial.element,
  );
}
