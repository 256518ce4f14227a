/** A shop's answers, checked before they are built into a file and when one is loaded: what is wrong, with line and code. */
import type { Locale } from '../desk/types.ts';
import { AftersenseError } from '../errors.ts';
import type { Answer, AnswerProblem, AnswerProblemCode, Mood, Openings, Tone } from './types.ts';

export const locales = ['zh', 'en'] as const satisfies Locale[];
const tones: readonly string[] = ['neutral', 'apologetic', 'warm'] satisfies Tone[];
export const moods = ['angry', 'anxious', 'disappointed', 'pleased'] as const satisfies Mood[];
const fields: readonly string[] = ['id', 'topic', 'intent', 'tone', 'zh', 'en', 'slots', 'questions'] satisfies (keyof Answer)[];

const maxAnswers = 5000;
const maxText = 2000;
const maxQuestions = 50;
const maxProblems = 100;

/** A slot in a text. */
export const slotPattern = /\{([a-z][a-z0-9_]*)\}/g;
const slotName = /^[a-z][a-z0-9_]{0,63}$/;
/** A tag, a comment, a character reference or an address that runs: no answer needs them, and none shall pass for one elsewhere. */
const markup = /<[a-z/!?]|&(?:#\w+|[a-z]\w*);|javascript:|vbscript:|data:text\/html/i;
/** Control characters but tab and line feed, and those that turn the direction of text. */
const control = /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/u;

/** Code `answers_invalid`, with all that was found wrong. */
export class AnswersError extends AftersenseError {
  readonly problems: readonly AnswerProblem[];

  constructor(problems: readonly AnswerProblem[]) {
    const [first, ...others] = problems;
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    const where = first && first.line > 0 ? `line ${first.line}: ` : '';
    super('answers_invalid', `The answers are not valid: ${where}${first?.message} [${first?.code}]${more}.`);
    this.problems = problems;
  }
}

class Check {
  readonly problems: AnswerProblem[] = [];
  readonly #ids = new Set<string>();

  row(line: number, value: unknown): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.#tell(line, undefined, 'not_an_answer', undefined, 'an answer must be an object');
      return;
    }
    const row = value as Record<string, unknown>;
    const id = typeof row.id === 'string' ? row.id : undefined;
    const tell = (code: AnswerProblemCode, field: string, message: string) => this.#tell(line, id, code, field, message);
    for (const field of Object.keys(row)) if (!fields.includes(field)) tell('unknown_field', field, `${field} is no field of an answer`);
    for (const field of ['id', 'topic', 'intent'] as const) this.#name(row[field], field, tell);
    if (id !== undefined && this.#ids.has(id)) tell('duplicate_id', 'id', `there is an answer ${id} already`);
    if (id !== undefined) this.#ids.add(id);
    if (row.tone === undefined) tell('missing_field', 'tone', 'tone is missing');
    else if (!tones.includes(row.tone as string)) tell('wrong_type', 'tone', `tone must be one of ${tones.join(', ')}`);
    this.#texts(row, tell);
    if (row.questions !== undefined) this.#questions(row.questions, tell);
  }

  #name(value: unknown, field: string, tell: Tell): void {
    if (value === undefined) tell('missing_field', field, `${field} is missing`);
    else if (typeof value !== 'string') tell('wrong_type', field, `${field} must be a string`);
    else if (!/^[\w.-]{1,64}$/.test(value)) tell('wrong_type', field, `${field} must be 1 to 64 letters, digits, "_", "-" or "."`);
  }

  #texts(row: Record<string, unknown>, tell: Tell): void {
    const declared = row.slots;
    if (!Array.isArray(declared) || !declared.every((slot) => typeof slot === 'string' && slotName.test(slot))) {
      tell('wrong_type', 'slots', 'slots must be an array of names: small letters, digits and "_"');
      return;
    }
    for (const language of locales) {
      const text = row[language];
      if (text === undefined) tell('missing_language', language, `the text in ${language} is missing`);
      else if (plainText(text, language, tell)) this.#slots(text, language, declared, tell);
    }
  }

  #slots(text: string, language: Locale, declared: readonly string[], tell: Tell): void {
    const used = slotsOf(text);
    for (const slot of used)
      if (!declared.includes(slot)) tell('undeclared_slot', language, `{${slot}} stands in ${language} and not in slots`);
    for (const slot of declared)
      if (!used.includes(slot)) tell('unused_slot', language, `slots has ${slot}, which does not stand in ${language}`);
    if (/[{}]/.test(text.replace(slotPattern, ''))) tell('stray_brace', language, `${language} has a brace that is no slot's`);
  }

  #questions(value: unknown, tell: Tell): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      tell('wrong_type', 'questions', 'questions must be { zh: […], en: […] }');
      return;
    }
    for (const [language, list] of Object.entries(value)) {
      const field = `questions.${language}`;
      if (!(locales as readonly string[]).includes(language)) tell('unknown_field', field, `${field}: the languages are zh and en`);
      else if (!Array.isArray(list)) tell('wrong_type', field, `${field} must be an array of texts`);
      else if (list.length > maxQuestions) tell('too_many', field, `${field} has more than ${maxQuestions} questions`);
      else for (const [i, text] of list.entries()) plainText(text, `${field}[${i}]`, tell);
    }
  }

  #tell(line: number, id: string | undefined, code: AnswerProblemCode, field: string | undefined, message: string): void {
    if (this.problems.length < maxProblems)
      this.problems.push({ code, line, ...(id === undefined ? {} : { id }), ...(field === undefined ? {} : { field }), message });
  }
}

type Tell = (code: AnswerProblemCode, field: string, message: string) => void;

function plainText(value: unknown, field: string, tell: Tell): value is string {
  if (typeof value !== 'string') tell('wrong_type', field, `${field} must be a string`);
  else if (value.trim() === '') tell('empty', field, `${field} is blank`);
  else if (value.length > maxText) tell('too_long', field, `${field} has more than ${maxText} characters`);
  else if (markup.test(value)) tell('markup', field, `${field} has markup or script; answers are plain text`);
  else if (control.test(value)) tell('control_character', field, `${field} has a control character`);
  else return true;
  return false;
}

/** The slots of a text, each once. */
export const slotsOf = (text: string): string[] => [...new Set(Array.from(text.matchAll(slotPattern), (match) => match[1] as string))];

const copyAnswer = ({ id, topic, intent, tone, zh, en, slots, questions }: Answer): Answer => ({
  id,
  topic,
  intent,
  tone,
  zh,
  en,
  slots: [...slots],
  questions: { zh: [...(questions?.zh ?? [])], en: [...(questions?.en ?? [])] },
});

/** Copies of the answers, or an `AnswersError` with all that is wrong. `lines`: where each stands in its file; default 1, 2, 3 … */
export function checkAnswers(rows: readonly unknown[], lines: readonly number[] = rows.map((_, i) => i + 1)): Answer[] {
  const whole = (code: AnswerProblemCode, message: string) => new AnswersError([{ code, line: 0, message }]);
  if (rows.length === 0) throw whole('empty', 'there are none');
  if (rows.length > maxAnswers) throw whole('too_many', `there are ${rows.length}, ${maxAnswers} are allowed`);
  const check = new Check();
  for (const [i, row] of rows.entries()) check.row(lines[i] ?? i + 1, row);
  if (check.problems.length > 0) throw new AnswersError(check.problems);
  return rows.map((row) => copyAnswer(row as Answer));
}

/** A copy of the openings, or an `AnswersError`. */
export function checkOpenings(value: unknown): Openings {
  const problems: AnswerProblem[] = [];
  const tell: Tell = (code, field, message) => problems.push({ code, line: 0, field, message });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) tell('wrong_type', 'openings', 'openings must be an object');
  for (const [mood, texts] of Object.entries(value ?? {})) {
    const field = `openings.${mood}`;
    if (!(moods as readonly string[]).includes(mood)) tell('unknown_field', field, `${field}: the moods are ${moods.join(', ')}`);
    for (const language of locales) {
      const text = (texts as Record<string, unknown> | null)?.[language];
      if (text === undefined) tell('missing_language', `${field}.${language}`, `${field}.${language} is missing`);
      else if (plainText(text, `${field}.${language}`, tell) && /[{}]/.test(text)) tell('stray_brace', field, `${field} can have no slots`);
    }
  }
  if (problems.length > 0) throw new AnswersError(problems);
  return structuredClone(value) as Openings;
}
