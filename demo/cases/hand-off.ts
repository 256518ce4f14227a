/** What a person at the shop would be given: shown, edited and chosen by the shopper before anything leaves. */
import { type Case, type HandOff, handOff, type PersonalKind } from 'aftersense';
import { analyzeAll } from '../app/desk.ts';
import { downloadJson } from '../app/download.ts';
import { type Child, h, icon } from '../app/html.ts';
import { t } from '../app/language.ts';
import { entityName } from './words.ts';

const pauseMs = 300;

/** The text with what is taken out struck and named. */
function redactedText(text: string, { redactions }: HandOff): Child {
  let at = 0;
  const parts: Child[] = [];
  for (const { start, end, kinds } of redactions) {
    parts.push(text.slice(at, start), h('mark', { class: 'redacted' }, kinds.map(entityName).join(t('listComma'))));
    at = end;
  }
  return [...parts, text.slice(at)];
}

interface Draft {
  text: string;
  readonly keep: Set<PersonalKind>;
}

function keepChoices(kinds: readonly PersonalKind[], draft: Draft, changed: () => void): Child {
  if (kinds.length === 0) return h('p', { class: 'quiet' }, t('handOffNothing'));
  const toggle = (kind: PersonalKind) => {
    if (!draft.keep.delete(kind)) draft.keep.add(kind);
    changed();
  };
  return h(
    'fieldset',
    { class: 'field' },
    h('legend', {}, t('handOffKeep')),
    h(
      'div',
      { class: 'choices' },
      kinds.map((kind) =>
        h(
          'label',
          { class: 'choice' },
          h('input', { type: 'checkbox', name: kind, checked: draft.keep.has(kind), onchange: () => toggle(kind) }),
          h('span', {}, entityName(kind)),
        ),
      ),
    ),
  );
}

/** Reads the case anew after each change; a newer change supersedes an older one. */
export function handOffPanel(known: Case, signal: AbortSignal): HTMLElement {
  const draft: Draft = { text: known.text, keep: new Set() };
  const area = h('textarea', { id: 'hand-off-text', rows: '4' }, draft.text);
  const result = h('div', { class: 'hand-off-result', 'aria-live': 'polite' });
  const found = new Set<PersonalKind>();
  let run = 0;
  let timer = 0;

  function show(made: HandOff): void {
    for (const kind of Object.keys(made.packet.redacted)) found.add(kind as PersonalKind);
    const save = () => downloadJson(`${known.id}-hand-off.json`, made.packet);
    const json = h('details', {}, h('summary', {}, t('handOffJson')), h('pre', { class: 'json' }, made.preview));
    json.open = result.querySelector('details')?.open ?? false;
    result.replaceChildren(
      h('h4', {}, t('handOffReads')),
      h('p', { class: 'hand-off-text', 'data-redacted': String(made.redactions.length) }, redactedText(draft.text, made)),
      h('div', {}, keepChoices([...found], draft, update)),
      json,
      h('p', { class: 'actions' }, h('button', { class: 'button', type: 'button', onclick: save }, t('handOffSave'))),
      h('p', { class: 'privacy' }, icon('device'), t('handOffPrivacy')),
    );
  }
  async function update(): Promise<void> {
    run += 1;
    const own = run;
    try {
      const made = await handOff(known, { analyze: (texts) => analyzeAll(texts, signal), keep: [...draft.keep], text: draft.text });
      if (own === run) show(made);
    } catch {
      if (own === run && !signal.aborted) result.replaceChildren(h('p', {}, t('handOffFailed')));
    }
  }
  area.addEventListener('input', () => {
    draft.text = area.value;
    clearTimeout(timer);
    timer = window.setTimeout(() => void update(), pauseMs);
  });
  void update();
  return h(
    'section',
    { class: 'hand-off' },
    h('h2', {}, t('handOffTitle')),
    h('p', { class: 'lead' }, t('handOffText')),
    h('div', { class: 'field' }, h('label', { for: 'hand-off-text' }, t('handOffEdit')), area),
    result,
  );
}
