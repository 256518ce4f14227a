import { describe, expect, test } from 'vitest';
import { InteractionsError, readInteractions } from '../../../web/recommend/read.ts';
import { golden, learnt, smallLines, textOf } from './support.ts';

/** The small file with something else at a path of a line. */
function changed(line: number, path: string, value: unknown): string {
  const lines = structuredClone(smallLines) as Record<string, unknown>[];
  const keys = path.split('/');
  const last = keys.pop() as string;
  const parent = keys.reduce<Record<string, unknown>>(
    (at, key) => at[key] as Record<string, unknown>,
    lines[line - 1] as Record<string, unknown>,
  );
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return textOf(lines);
}

function errorOf(text: string): InteractionsError {
  try {
    readInteractions(text);
  } catch (error) {
    if (error instanceof InteractionsError) return error;
    throw error;
  }
  throw new Error('It was taken for a file.');
}

describe('a file of interactions', () => {
  test('as Python writes it is read whole', () => {
    expect(learnt.products.length).toBe(golden.lines.length - 1);
    expect(learnt.products.map((product) => product)).toEqual(golden.lines.slice(1).map((line) => JSON.parse(line)));
    expect(learnt.at.get(learnt.products[7]?.id ?? '')).toBe(7);
  });

  test('written before repeats and content counted has none', () => {
    const [lamp] = readInteractions(textOf(smallLines)).products;
    expect([lamp?.repeat_days, readInteractions(textOf(smallLines)).ranker.weights.content]).toEqual([null, 0]);
    const now = changed(2, 'repeat_days', 30);
    expect(readInteractions(now).products[0]?.repeat_days).toBe(30);
  });

  test.each([
    [1, 'version', 2],
    [1, 'kind', 'other'],
    [1, 'factors/size', 65],
    [1, 'factors/size', 1.5],
    [1, 'factors/gram', [1]],
    [1, 'factors/regularisation', 0],
    [1, 'factors/gram/0', 'x'],
    [1, 'ranker/weights/rules', -1],
    [1, 'ranker/sharpness', -1],
    [1, 'ranker/weights/factors', undefined],
    [1, 'ratings/mean', 9],
    [1, 'ratings', null],
    [2, 'id', 7],
    [2, 'id', 'x'.repeat(201)],
    [2, 'popularity', 1.5],
    [2, 'factors', [1]],
    [2, 'factors', [1, null]],
    [2, 'neighbours/0', ['bulb']],
    [2, 'neighbours/0/1', 2],
    [2, 'neighbours/0/0', 'nobody'],
    [2, 'rules/0/confidence', 1.2],
    [2, 'rules/0/also', 'nobody'],
    [2, 'rules/0/if', 'lamp'],
    [3, 'themes/0/0', 2],
    [3, 'rating/factors', []],
    [3, 'repeat_days', 0],
    [3, 'repeat_days', 'x'],
    [1, 'ranker/weights/content', -1],
    [3, 'id', 'lamp'],
    [3, '', undefined],
  ])('with line %i %s as %j is none', (line, path, value) => {
    if (path === '') {
      const lines = textOf(smallLines).split('\n');
      lines[line - 1] = '{';
      expect(errorOf(lines.join('\n'))).toMatchObject({ code: 'interactions_invalid', line });
      return;
    }
    const error = errorOf(changed(line, path, value));
    expect(error.code).toBe('interactions_invalid');
    // Ratings of products are checked against the header, so theirs is the line that is wrong.
    expect(error.line).toBe(path === 'ratings' ? 3 : line);
  });

  test.each(['', '\n', 'null', '[]', '<!doctype html>', '{"kind":"aftersense-interactions"}'])('%j is none', (text) => {
    expect(errorOf(text).line).toBe(1);
  });
});
