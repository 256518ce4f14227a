// `npm run eval -- --data DIR [--model lite|base|both] [--out FILE]`: the shipped models, as the package runs them, on every
// sentiment test file in DIR (sent_*.tsv.gz, training files left out). Prints a table and writes an array of { file, task, tier, engine, rows, accuracy,
// macroF1, auc, binaryAccuracy } as JSON.
// Files: a header line, then tab-separated values without quoting; columns text and label (0 negative, 1 neutral, 2 positive).
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { command, root, StepError } from './step.mjs';

const labels = ['negative', 'neutral', 'positive'];
const tiers = { lite: ['lite'], base: ['base'], both: ['lite', 'base'] };
const usage = 'Run: npm run eval -- --data DIR [--model lite|base|both] [--out build/eval.json]';

/** Rows `{ text, label }` of a test file. */
export function readRows(file) {
  const [header, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').replace(/\n$/, '').split('\n');
  const columns = header.split('\t');
  const [textAt, labelAt] = ['text', 'label'].map((name) => columns.indexOf(name));
  if (textAt < 0 || labelAt < 0)
    throw new StepError(`Reading ${file}`, `Its columns are ${columns.join(', ')}.`, 'It needs text and label.');
  return lines.map((line, i) => {
    const cells = line.split('\t');
    const label = Number(cells[labelAt]);
    if (cells.length !== columns.length || !(label in labels)) throw new StepError(`Reading ${file}`, `Line ${i + 2} is not a row.`, usage);
    return { text: cells[textAt], label };
  });
}

/** The set's labels were made from the emoticons, `[哈哈]`, which would give them away. */
export const withoutEmoticons = (text) => text.replace(/\[[^[\]\s]{1,8}\]/g, ' ');

/** The share of pairs (positive row, negative row) that the scores put in order; ties count half (Mann and Whitney 1947). */
export function areaUnderCurve(scores, isPositive) {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a] - scores[b]);
  const ranks = new Float64Array(scores.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && scores[order[end]] === scores[order[start]]) end++;
    for (let i = start; i < end; i++) ranks[order[i]] = (start + end + 1) / 2;
    start = end;
  }
  const positives = isPositive.filter(Boolean).length;
  const negatives = scores.length - positives;
  const rankSum = isPositive.reduce((sum, positive, i) => sum + (positive ? ranks[i] : 0), 0);
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** The mean F1 over the classes that the truth has. */
export function macroF1(truth, guesses) {
  const classes = [...new Set(truth)];
  const f1 = classes.map((label) => {
    const hits = truth.filter((value, i) => value === label && guesses[i] === label).length;
    const sizes = truth.filter((value) => value === label).length + guesses.filter((value) => value === label).length;
    return (2 * hits) / sizes;
  });
  return f1.reduce((sum, value) => sum + value, 0) / classes.length;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Measures over rows `{ label, scores }`. A set without neutral rows is judged between negative and positive only. `auc` and
 * `binaryAccuracy` leave neutral rows out: they tell how well the other two are kept apart.
 */
export function measure(rows) {
  const binary = rows.every(({ label }) => label !== 1);
  const polar = ({ negative, positive }) => (positive > negative ? 2 : 0);
  const argmax = (scores) => labels.reduce((best, name, i) => (scores[name] > scores[labels[best]] ? i : best), 0);
  const truth = rows.map(({ label }) => label);
  const guesses = rows.map(({ scores }) => (binary ? polar(scores) : argmax(scores)));
  const clear = rows.filter(({ label }) => label !== 1);
  return {
    rows: rows.length,
    accuracy: mean(truth.map((label, i) => Number(label === guesses[i]))),
    macroF1: macroF1(truth, guesses),
    auc: areaUnderCurve(
      clear.map(({ scores }) => scores.positive / (scores.positive + scores.negative || 1)),
      clear.map(({ label }) => label === 2),
    ),
    binaryAccuracy: mean(clear.map(({ label, scores }) => Number(label === polar(scores)))),
  };
}

async function evaluate(desk, tier, folder, file) {
  const rows = readRows(path.join(folder, file));
  const clean = file.includes('weibo_senti') ? withoutEmoticons : (text) => text;
  const analyses = await desk.analyze(
    rows.map(({ text }) => clean(text)),
    { tier },
  );
  const { engine } = analyses[0];
  return {
    file,
    task: 'sentiment',
    tier,
    engine,
    ...measure(rows.map(({ label }, i) => ({ label, scores: analyses[i].sentiment.scores }))),
  };
}

function printTable(results) {
  const percent = (value) => (100 * value).toFixed(2).padStart(10);
  const head = ['rows', 'accuracy', 'macro-F1', 'AUC', 'neg/pos'].map((name) => name.padStart(10)).join('');
  process.stdout.write(`${'file'.padEnd(46)}tier${head}\n`);
  for (const { file, tier, rows, accuracy, macroF1: f1, auc, binaryAccuracy } of results) {
    process.stdout.write(
      `${file.padEnd(46)}${tier}${String(rows).padStart(10)}${[accuracy, f1, auc, binaryAccuracy].map(percent).join('')}\n`,
    );
  }
}

async function main() {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      model: { type: 'string', default: 'both' },
      out: { type: 'string', default: path.join(root, 'build/eval.json') },
    },
  });
  if (!values.data) throw new StepError('Reading the arguments', 'No --data.', usage);
  if (!(values.model in tiers)) throw new StepError('Reading the arguments', `--model ${values.model} is none.`, usage);
  const folder = path.resolve(values.data);
  const files = readdirSync(folder)
    .filter((name) => /\.(tsv|jsonl)\.gz$/.test(name) && !name.includes('.train.'))
    .sort();
  const wanted = files.filter((name) => /^sent_.*\.tsv\.gz$/.test(name));
  if (wanted.length === 0) throw new StepError('Looking for test files', `${folder} has no sent_*.tsv.gz.`, usage);
  const { build } = await import('./build.mjs');
  await build();
  const { createAftersense } = await import('../dist/index.js');
  const desk = await createAftersense({ worker: false, model: values.model === 'lite' ? 'lite' : 'base' });
  const results = [];
  for (const file of wanted) {
    for (const tier of tiers[values.model]) results.push(await evaluate(desk, tier, folder, file));
  }
  desk.dispose();
  printTable(results);
  const others = [...new Set(files.filter((name) => !wanted.includes(name)).map((name) => name.split('_')[0]))];
  if (others.length > 0) process.stdout.write(`Skipped, for this model has no such task: ${others.join(', ')}\n`);
  mkdirSync(path.dirname(values.out), { recursive: true });
  writeFileSync(values.out, `${JSON.stringify(results, null, 2)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await command(main);
