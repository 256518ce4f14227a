/** The class of <aftersense-feedback>. Importing it registers nothing; index.ts does. */
import type { Decision, TriageOptions } from '../desk/types.ts';
import type { Aftersense, Analysis } from '../types.ts';
import { ElementBase, languageOf, openShadow, takeEarly } from './base.ts';
import { make } from './dom.ts';
import { feedbackStyles } from './styles.ts';
import { percent, say } from './words.ts';

/** What the element needs of a handle. */
export type FeedbackDesk = Pick<Aftersense, 'analyze' | 'triage'>;

/** `empty`: nothing is written, or there is no desk yet. */
export type FeedbackState = 'empty' | 'judging' | 'judged' | 'failed';

/** What a shopper has handed in. */
export interface FeedbackDetail {
  readonly text: string;
  readonly analysis: Analysis;
  readonly decision: Decision;
}

/** A pause in typing. */
const pauseMs = 150;

interface Parts {
  readonly form: HTMLFormElement;
  readonly label: HTMLLabelElement;
  readonly area: HTMLTextAreaElement;
  readonly verdict: HTMLElement;
  readonly submit: HTMLButtonElement;
}

function makeParts(): Parts {
  const label = make('label', { for: 'text', part: 'label' });
  const area = make('textarea', { id: 'text', part: 'text', rows: '4', 'aria-describedby': 'verdict' });
  const verdict = make('p', { id: 'verdict', part: 'verdict', role: 'status' });
  const submit = make('button', { type: 'submit', part: 'submit' });
  return { form: make('form', {}, label, area, verdict, submit), label, area, verdict, submit };
}

/**
 * A field for what a shopper has to say, judged on the device while it is typed. Handing it in fires an event: nothing is sent.
 *
 * ```js
 * element.desk = await createAftersense();
 * element.addEventListener('aftersense-feedback', ({ detail: { text, analysis, decision } }) => { … });
 * ```
 *
 * @attr label - what is asked
 * @attr lang - `zh…` or else English; default: the language of the nearest element that has one
 * @attr state - set by the element: `empty`, `judging`, `judged`, `failed`
 *
 * @fires aftersense-feedback - the shopper hands it in; `detail` is a `FeedbackDetail`
 *
 * @csspart label, text, verdict, submit
 * @cssproperty --aftersense-accent, --aftersense-text, --aftersense-soft, --aftersense-line, --aftersense-surface - colours
 * @cssproperty --aftersense-radius
 */
export class AftersenseFeedback extends ElementBase {
  static readonly observedAttributes = ['lang', 'label'];

  /** What the policy may ask about besides the text, as `desk.triage` takes it. */
  triageOptions: Omit<TriageOptions, 'text' | 'signal' | 'onUpdate'> = {};

  #desk: FeedbackDesk | undefined;
  #parts: Parts | undefined;
  #judged: { readonly text: string; readonly analysis: Analysis } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #judging: AbortController | undefined;

  /** What judges. Until it is set, what is typed waits. */
  get desk(): FeedbackDesk | undefined {
    return this.#desk;
  }
  set desk(desk: FeedbackDesk | undefined) {
    this.#desk = desk;
    this.#changed();
  }

  get value(): string {
    return this.#parts?.area.value ?? '';
  }
  set value(text: string) {
    if (this.#parts) this.#parts.area.value = text;
    this.#changed();
  }

  get state(): FeedbackState {
    return (this.getAttribute('state') as FeedbackState | null) ?? 'empty';
  }

  connectedCallback(): void {
    const root = openShadow(this, feedbackStyles);
    if (!this.#parts) {
      this.#parts = makeParts();
      this.#parts.area.addEventListener('input', () => this.#changed());
      this.#parts.form.addEventListener('submit', (event) => {
        event.preventDefault();
        void this.#handIn();
      });
      root.append(this.#parts.form);
    }
    takeEarly<'desk' | 'value'>(this, ['desk', 'value']);
    this.#tell();
    this.#changed();
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
    this.#judging?.abort();
  }

  attributeChangedCallback(): void {
    this.#tell();
  }

  /** A newer text supersedes an older one. */
  #changed(): void {
    clearTimeout(this.#timer);
    this.#judging?.abort();
    if (!this.isConnected) return;
    const isBlank = this.value.trim() === '';
    this.#show(isBlank || !this.#desk ? 'empty' : 'judging');
    if (!isBlank && this.#desk) this.#timer = setTimeout(() => void this.#judge(), pauseMs);
  }

  /** The analysis of the text as it stands; undefined where it was superseded, or could not be had. */
  async #judge(): Promise<Analysis | undefined> {
    const { value: text } = this;
    if (this.#judged?.text === text) {
      this.#show('judged');
      return this.#judged.analysis;
    }
    if (!this.#desk) return undefined;
    clearTimeout(this.#timer);
    this.#judging?.abort();
    this.#judging = new AbortController();
    const { signal } = this.#judging;
    const show = (analysis: Analysis) => {
      if (signal.aborted) return;
      this.#judged = { text, analysis };
      this.#show('judged');
    };
    try {
      const analysis = await this.#desk.analyze(text, { signal, onUpdate: show });
      show(analysis);
      return signal.aborted ? undefined : analysis;
    } catch {
      if (!signal.aborted) this.#show('failed');
      return undefined;
    }
  }

  async #handIn(): Promise<void> {
    const { value: text } = this;
    if (text.trim() === '') {
      this.#parts?.area.focus();
      return;
    }
    const analysis = await this.#judge();
    if (!analysis || !this.#desk) return;
    try {
      const decision = await this.#desk.triage(analysis, { ...this.triageOptions, text });
      const detail: FeedbackDetail = { text, analysis, decision };
      this.dispatchEvent(new CustomEvent('aftersense-feedback', { detail, bubbles: true, composed: true }));
    } catch {
      this.#show('failed');
    }
  }

  #show(state: FeedbackState): void {
    this.setAttribute('state', state);
    this.#tell();
  }

  #tell(): void {
    if (!this.#parts) return;
    const { label, verdict, submit, form } = this.#parts;
    const language = languageOf(this);
    form.lang = language;
    label.textContent = this.getAttribute('label') || say(language, 'ask');
    submit.textContent = say(language, 'handIn');
    const text = this.#verdictText();
    // A status that says the same again is not read out again.
    if (verdict.textContent !== text) verdict.textContent = text;
  }

  #verdictText(): string {
    const language = languageOf(this);
    const { state } = this;
    switch (state) {
      case 'empty':
        return '';
      case 'judging':
        return say(language, 'judging');
      case 'failed':
        return say(language, 'unread');
      case 'judged': {
        const { abstained, sentiment } = this.#judged?.analysis ?? { abstained: true };
        if (abstained || !sentiment) return say(language, 'abstained');
        return say(language, sentiment.label, { share: percent(language, sentiment.confidence) });
      }
      default:
        return state satisfies never;
    }
  }
}
