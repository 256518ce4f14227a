// `node tools/fit_replies.mjs [--write]`: fits web/replies/calibration.json, the probability that a suggested answer fits and the threshold
// below which none is suggested, for the answers in dist/. Run it after `npm run build`, whenever the base model or the answers change.
//
// Rows: models/data/reply_questions.jsonl, one question a language and answer, which trains no model; of the questions of models/data that no
// answer fits those of the train part that the embedding has not seen; for words, where no model can have learnt them by heart, also the questions of the train part that are
// not in the answers file. Nothing of the dev part. Weights: a tenth of all questions has no answer, and each of the two sources of questions
// with an answer counts the same.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readRecords } from './eval_sets.mjs';
import { foldsOf, heldOutFolds, questionFiles, taughtRefusal } from './folds.mjs';
import { loadRepliesCode, unpackAnswers } from './replies_code.mjs';
import { command, root } from './step.mjs';

const calibrationFile = path.join(root, 'web/replies/calibration.json');
const data = (name) => path.join(root, 'models/data', name);
const unansweredShare = 0.1;
const ridge = 1e-3;
/** The share of questions without an answer that may get one. It alone sets the threshold: how hard a shop's questions are, no set of ours knows. */
const falseAnswers = 0.3;

/** Minimises the weighted log loss by Newton's method; features are standardised for it, and the weights told for them as they are. */
export function fitLogistic(rows) {
  const size = rows[0].features.length;
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const mean = moments((value) => value);
  const deviation = moments((value, i) => (value - mean[i]) ** 2).map((variance) => Math.sqrt(variance) || 1);
  const inputs = rows.map(({ features }) => [1, ...features.map((value, i) => (value - mean[i]) / deviation[i])]);
  let weights = new Array(size + 1).fill(0);
  for (let step = 0; step < 50; step++) {
    const gradient = weights.map((weight, i) => (i === 0 ? 0 : ridge * weight));
    const hessian = weights.map((_, i) => weights.map((_, j) => (i === j ? ridge : 0)));
    for (const [row, input] of inputs.entries()) {
      const { fits, weight } = rows[row];
      const guess = 1 / (1 + Math.exp(-input.reduce((sum, value, i) => sum + value * weights[i], 0)));
      for (const [i, value] of input.entries()) {
        gradient[i] += (weight / total) * (guess - fits) * value;
        for (const [j, other] of input.entries()) hessian[i][j] += (weight / total) * guess * (1 - guess) * value * other;
      }
    }
    const change = solve(hessian, gradient);
    weights = weights.map((weight, i) => weight - change[i]);
    if (Math.max(...change.map(Math.abs)) < 1e-9) break;
  }
  const scaled = weights.slice(1).map((weight, i) => weight / deviation[i]);
  return { bias: weights[0] - scaled.reduce((sum, weight, i) => sum + weight * mean[i], 0), weights: scaled };

  function moments(of) {
    return Array.from({ length: size }, (_, i) => rows.reduce((sum, { features, weight }) => sum + weight * of(features[i], i), 0) / total);
  }
}

/** Gauss–Jordan; the matrix is small and positive definite. */
function solve(matrix, right) {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  for (const [i, pivot] of rows.entries()) {
    const scale = pivot[i];
    for (let j = 0; j < pivot.length; j++) pivot[j] /= scale;
    for (const other of rows) {
      if (other === pivot) continue;
      const factor = other[i];
      for (let j = 0; j < other.length; j++) other[j] -= factor * pivot[j];
    }
  }
  return rows.map((row) => row.at(-1));
}

/** The probability that `falseAnswers` of the questions without an answer reach. */
function thresholdFor(best) {
  const sorted = [...best].sort((a, b) => b - a);
  return sorted[Math.floor(falseAnswers * sorted.length)];
}

/** Weights such that each group, a list of questions, has its share of the whole. */
const weighed = (groups) => groups.flatMap(({ share, rows }) => rows.map((row) => ({ ...row, weight: share / rows.length })));

/** The sharpness of the softmax under which the right answers are likeliest: a golden-section search, as the loss has one valley. */
function fitSharpness(method, cases, code) {
  const loss = (sharpness) =>
    cases.reduce((sum, { scores, right, weight }) => sum - weight * Math.log(code.shares(method, scores, sharpness)[right] + 1e-12), 0);
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [0, 200];
  while (high - low > 0.01) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)];
    if (loss(a) < loss(b)) high = b;
    else low = a;
  }
  return (low + high) / 2;
}

function fitMethod(method, questions, { search, code, ids }) {
  const found = questions.map(({ text, embedding }) => search.find(text, method === 'meaning' ? embedding : undefined));
  const rows = questions.flatMap(({ answer, weight }, i) =>
    found[i][0] ? [{ features: code.featuresOf(method, found[i][0]), fits: Number(answer !== null), weight }] : [],
  );
  const { bias, weights } = fitLogistic(rows);
  const logistic = (features) => 1 / (1 + Math.exp(-features.reduce((sum, value, i) => sum + value * weights[i], bias)));
  const best = found
    .filter((_, i) => questions[i].answer === null)
    .map(([first]) => (first ? logistic(code.featuresOf(method, first)) : 0));
  const cases = questions.flatMap(({ answer, weight }, i) => {
    const right = found[i].findIndex((candidate) => ids[candidate.answer] === answer);
    return right < 0 ? [] : [{ scores: found[i].map(({ score }) => score), right, weight }];
  });
  const round = (value) => Number(value.toFixed(4));
  const sharpness = round(fitSharpness(method, cases, code));
  return { bias: round(bias), weights: weights.map(round), sharpness, threshold: round(thresholdFor(best)) };
}

async function fit() {
  const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
  const code = await loadRepliesCode();
  const file = code.readFile(unpackAnswers(readFileSync(path.join(root, 'dist/aftersense-answers.asans'))));
  const { createAftersense } = await import('../dist/index.js');
  const search = new code.AnswerSearch(file);
  const known = new Set(file.answers.flatMap(code.questionsOf));
  const written = questionFiles.flatMap((name) => readRecords(data(`${name}.jsonl`)));
  const folds = foldsOf(written.map(({ text }) => text));
  const train = written.map((row, i) => ({ ...row, fold: folds[i] })).filter(({ text, fold }) => fold >= heldOutFolds && !known.has(text));
  const question = ({ text, answer_id: answer }) => ({ text, answer });
  const none = train.filter((row) => row.answer_id === null && !taughtRefusal(row.fold)).map(question);
  const hard = train.filter((row) => row.answer_id !== null).map(question);
  const plain = readRecords(data('reply_questions.jsonl')).map(question);
  const desk = await createAftersense({ model: 'base', worker: false });
  for (const rows of [none, plain]) {
    const vectors = await desk.embed(rows.map(({ text }) => text));
    for (const [i, row] of rows.entries()) row.embedding = vectors[i];
  }
  desk.dispose();
  const rest = 1 - unansweredShare;
  const parts = { search, code, ids: file.answers.map(({ id }) => id) };
  const unanswered = { share: unansweredShare, rows: none };
  const calibration = {
    meaning: fitMethod('meaning', weighed([unanswered, { share: rest, rows: plain }]), parts),
    words: fitMethod('words', weighed([unanswered, { share: rest / 2, rows: plain }, { share: rest / 2, rows: hard }]), parts),
  };
  const text = `${JSON.stringify(calibration, null, 2).replace(/\[\s+([^\]]+?)\s+\]/g, (_, list) => `[${list.replace(/\s+/g, ' ')}]`)}\n`;
  process.stdout.write(`${plain.length} + ${hard.length} questions with an answer, ${none.length} without\n${text}`);
  if (values.write) writeFileSync(calibrationFile, text);
}

await command(fit);
