import { describe, expect, test } from 'vitest';
import { AnswersError, checkAnswers, checkOpenings } from '../../../web/replies/check.ts';
import { readFile, writeFile } from '../../../web/replies/file.ts';
import type { AnswerProblem } from '../../../web/replies/types.ts';
import { answerOf, openings, refund } from './support.ts';

function problemsOf(check: () => unknown): readonly AnswerProblem[] {
  try {
    check();
  } catch (error) {
    if (error instanceof AnswersError) return error.problems;
    throw error;
  }
  return [];
}

describe('checkAnswers', () => {
  test('gives copies: what is done to the originals later changes nothing', () => {
    const original = { ...answerOf(), slots: ['order_id', 'carrier'] };
    const [copy] = checkAnswers([original]);
    original.slots.push('more');
    expect(copy?.slots).toEqual(['order_id', 'carrier']);
  });

  test.each([
    ['no object', 'text', 'not_an_answer'],
    ['no id', { ...answerOf(), id: undefined }, 'missing_field'],
    ['a field that is none', { ...answerOf(), reply: 'x' }, 'unknown_field'],
    ['an unknown tone', { ...answerOf(), tone: 'angry' }, 'wrong_type'],
    ['a missing language', { ...answerOf(), zh: undefined }, 'missing_language'],
    ['a blank text', { ...answerOf(), zh: '  ', slots: [] }, 'empty'],
    ['a slot not declared', answerOf({ slots: ['order_id'] }), 'undeclared_slot'],
    ['a slot in one language only', answerOf({ en: 'Order {order_id}.' }), 'unused_slot'],
    ['a brace of no slot', answerOf({ en: '{order_id} {carrier} {Name}' }), 'stray_brace'],
    ['a tag', answerOf({ en: '<b>{order_id}</b> {carrier}' }), 'markup'],
    ['a script', answerOf({ en: '{order_id} {carrier} <script>alert(1)</script>' }), 'markup'],
    ['an image with a handler', answerOf({ zh: '{order_id}{carrier}<img src=x onerror=alert(1)>' }), 'markup'],
    ['an address that runs', answerOf({ en: '{order_id} {carrier} JavaScript:alert(1)' }), 'markup'],
    ['a character reference', answerOf({ en: '{order_id} {carrier} &#60;b' }), 'markup'],
    ['markup in a question', answerOf({ questions: { en: ['<a href=x>'] } }), 'markup'],
    ['a control character', answerOf({ en: '{order_id} {carrier}\u0007' }), 'control_character'],
    ['text that runs backwards', answerOf({ en: '{order_id} {carrier} \u202egnp.exe' }), 'control_character'],
    ['a text too long', answerOf({ en: `{order_id} {carrier} ${'x'.repeat(2000)}` }), 'too_long'],
    ['questions of another language', { ...answerOf(), questions: { fr: [] } }, 'unknown_field'],
  ])('refuses %s', (_, answer, code) => {
    expect(problemsOf(() => checkAnswers([refund, answer], [3, 7]))).toContainEqual(expect.objectContaining({ code, line: 7 }));
  });

  test('plain comparisons and ampersands are no markup', () => {
    expect(checkAnswers([answerOf({ en: '{order_id} {carrier}: if size < 5 or A & B' })])).toHaveLength(1);
  });

  test('names the line and the answer of an id that is there twice, and tells every problem', () => {
    const problems = problemsOf(() => checkAnswers([refund, refund, answerOf({ slots: [] })], [1, 2, 5]));
    expect(problems[0]).toMatchObject({ code: 'duplicate_id', line: 2, id: 'refund' });
    expect(problems.filter(({ line }) => line === 5)).toHaveLength(4);
  });

  test('refuses an empty list', () => expect(problemsOf(() => checkAnswers([]))).toMatchObject([{ code: 'empty' }]));

  test('is quick on a long hostile text', () => {
    const start = performance.now();
    problemsOf(() => checkAnswers([answerOf({ en: '{'.repeat(2_000_000) }), answerOf({ id: 'b', en: '&a'.repeat(999) })]));
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('checkOpenings', () => {
  test('takes some moods, refuses others, markup and slots', () => {
    expect(checkOpenings(openings)).toEqual(openings);
    expect(problemsOf(() => checkOpenings({ bored: { zh: '好', en: 'Well.' } }))).toMatchObject([{ code: 'unknown_field' }]);
    expect(problemsOf(() => checkOpenings({ angry: { zh: '<b>', en: 'Sorry {name}' } })).map(({ code }) => code)).toEqual([
      'markup',
      'stray_brace',
    ]);
  });
});

describe('a file', () => {
  const embedded = { model: { name: 'base', version: '1' }, vectors: new Int8Array(3 * 128 + 128).fill(-5) };
  const file = { answers: checkAnswers([answerOf()]), openings, embedded };

  test('reads as it was written', () => expect(readFile(writeFile(file))).toEqual(file));

  test.each([
    ['no JSON', () => new TextEncoder().encode('{'), 'answers_invalid'],
    ['another JSON', () => new TextEncoder().encode('[]'), 'answers_invalid'],
    ['of another version', () => altered('"version":1', '"version":2'), 'pack_wrong_version'],
    ['with a vector too few', () => writeFile({ ...file, embedded: { ...embedded, vectors: new Int8Array(128) } }), 'answers_invalid'],
    ['with vectors that are no base64', () => altered('"vectors":"', '"vectors":"%%'), 'answers_invalid'],
    ['with markup put in later', () => altered('Order {order_id}', '<i>Order {order_id}'), 'answers_invalid'],
  ])('%s is refused', (_, bytes, code) => expect(() => readFile(bytes())).toThrow(expect.objectContaining({ code })));

  function altered(from: string, to: string): Uint8Array {
    const text = new TextDecoder().decode(writeFile(file));
    expect(text).toContain(from);
    return new TextEncoder().encode(text.replace(from, to));
  }
});
