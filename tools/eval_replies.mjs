// What `npm run eval` measures of replies: the default answers in dist/ on questions of models/data.

import path from 'node:path';
import { readRecords } from './eval_sets.mjs';
import { foldsOf, heldOutFolds, questionFiles } from './folds.mjs';
import { root } from './step.mjs';

const shown = 3;

/** The questions of models/data that train nothing: `{ text, lang, answer_id }`, the last null where no answer fits. */
export function devQuestions() {
  const rows = questionFiles.flatMap((name) => readRecords(path.join(root, 'models/data', `${name}.jsonl`)));
  const folds = foldsOf(rows.map(({ text }) => text));
  return rows.filter((_, i) => folds[i] < heldOutFolds);
}

const share = (rows, holds) => rows.filter(holds).length / rows.length;

/**
 * recall1, recall3: of the questions with an answer, those whose answer is first, among the first three, whatever its probability. falseAnswers: of the others, those for
 * which an answer is suggested. answered: of the questions with an answer, those for which any is suggested; noAnswer: the mean of this and of 1 − falseAnswers.
 * calibrationError: how far the probability of the first answer is from being right, on average over ten equal groups. Rates of `questions`, by tier.
 */
export async function replyFigures(desk, questions, tier) {
  const rows = [];
  for (const { text, answer_id: right } of questions) {
    const all = await desk.reply(text, { tier, k: shown, minProbability: 0 });
    const { suggestions } = await desk.reply(text, { tier, k: 1 });
    const ids = all.suggestions.map(({ id }) => id);
    rows.push({ right, ids, probability: all.suggestions[0]?.probability ?? 0, isSuggested: suggestions.length > 0, method: all.method });
  }
  const withAnswer = rows.filter(({ right }) => right !== null);
  const without = rows.filter(({ right }) => right === null);
  const answered = share(withAnswer, ({ isSuggested }) => isSuggested);
  const falseAnswers = share(without, ({ isSuggested }) => isSuggested);
  return {
    task: 'replies',
    tier,
    method: rows[0]?.method,
    rows: withAnswer.length,
    unanswered: without.length,
    recall1: share(withAnswer, ({ ids, right }) => ids[0] === right),
    recall3: share(withAnswer, ({ ids, right }) => ids.includes(right)),
    answered,
    falseAnswers,
    noAnswer: (answered + 1 - falseAnswers) / 2,
    calibrationError: calibrationError(rows.map(({ probability, ids, right }) => ({ probability, isRight: ids[0] === right }))),
  };
}

function calibrationError(rows) {
  const sorted = [...rows].sort((a, b) => a.probability - b.probability);
  const groups = Array.from({ length: 10 }, (_, i) =>
    sorted.slice(Math.floor((i * sorted.length) / 10), Math.floor(((i + 1) * sorted.length) / 10)),
  );
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return mean(
    groups
      .filter((group) => group.length > 0)
      .map((group) => Math.abs(mean(group.map(({ probability, isRight }) => probability - Number(isRight))))),
  );
}
