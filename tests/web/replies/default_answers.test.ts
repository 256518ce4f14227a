/** The default answers as they stand in the tree, searched by words: what ships with lite. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkAnswers, checkOpenings } from '../../../web/replies/check.ts';
import { AnswerSearch } from '../../../web/replies/search.ts';
import { defaultOpenings } from '../../../web/replies/tone.ts';
import type { Answer } from '../../../web/replies/types.ts';

const linesOf = (file: string) =>
  readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
const answers = checkAnswers(linesOf('web/replies/default_answers.jsonl').map((line) => JSON.parse(line)));
const asked = linesOf('models/data/reply_questions.jsonl').map(
  (line) => JSON.parse(line) as { lang: 'zh' | 'en'; text: string; answer_id: string },
);

describe('the default answers', () => {
  test('are 110, each with examples in both languages, no question in two of them', () => {
    expect(answers).toHaveLength(110);
    const questions = answers.flatMap(({ questions }) => [...(questions?.zh ?? []), ...(questions?.en ?? [])]);
    expect(new Set(questions).size).toBe(questions.length);
    for (const { questions } of answers) {
      expect(questions?.zh?.length).toBeGreaterThan(5);
      expect(questions?.en?.length).toBeGreaterThan(5);
    }
  });

  test('have apologies where their tone says so', () => {
    const apology = { zh: /抱歉|对不起|歉意/, en: /sorry|apologi|regret/i };
    for (const { id, tone, zh, en } of answers.filter(({ tone }) => tone === 'apologetic')) {
      expect([id, tone, apology.zh.test(zh), apology.en.test(en)]).toEqual([id, 'apologetic', true, true]);
    }
  });

  test('hold none of the questions that calibrate', () => {
    const known = new Set(answers.flatMap(({ questions }) => [...(questions?.zh ?? []), ...(questions?.en ?? [])]));
    expect(asked.filter(({ text }) => known.has(text))).toEqual([]);
  });

  test('are found by words for most plain questions', () => {
    const search = new AnswerSearch({ answers, openings: defaultOpenings, embedded: undefined });
    const rankOf = ({ text, answer_id }: { text: string; answer_id: string }) =>
      search.find(text).findIndex(({ answer }) => (answers[answer] as Answer).id === answer_id);
    const ranks = asked.map(rankOf);
    const share = (k: number) => ranks.filter((rank) => rank >= 0 && rank < k).length / ranks.length;
    expect(share(1)).toBeGreaterThan(0.75);
    expect(share(3)).toBeGreaterThan(0.88);
  });

  test('have openings in both languages', () => {
    expect(Object.keys(checkOpenings(defaultOpenings))).toEqual(['angry', 'anxious', 'disappointed', 'pleased']);
  });
});
