// `npm run eval -- --data DIR [--model lite|base|both] [--limit N] [--held-out] [--out FILE]`: the shipped models, as the package runs
// them, on every test file in DIR whose labels are this project's or map onto them (tools/eval_sets.mjs); training files are left out.
// Prints a table and writes an array of { file, task, tier, engine, rows, …measures } as JSON. Files: *.tsv or *.jsonl, gzip-compressed
// or not. `--limit` takes the first rows of each file. `--held-out` takes, of the files written for this project (models/data), the rows
// that train nothing.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import {
  areaUnderCurve,
  dot,
  mean,
  measureChoice,
  measureFlag,
  measureMarks,
  measureSentiment,
  recallAt,
  retrievalRanks,
  spearman,
} from './eval_measures.mjs';
import { readerOf, readRecords } from './eval_sets.mjs';
import { command, root, StepError } from './step.mjs';

const tiers = { lite: ['lite'], base: ['base'], both: ['lite', 'base'] };
const usage = 'Run: npm run eval -- --data DIR [--model lite|base|both] [--limit N] [--held-out] [--out build/eval.json]';
/** The cleaned texts of models/data whose hash falls into these first hundredths are dev (models/prepare.py, `written_dev_folds`). */
const heldOutFolds = 10;
const cleaner = path.join(root, 'build/native-release/bin/aftersense_clean');

/** Of records of models/data, those that train nothing: the split is by a hash of the cleaned text. */
function heldOut(records, textOf) {
  if (!existsSync(cleaner)) {
    const how = 'Run: cmake --preset native-release && cmake --build --preset native-release --target aftersense_clean';
    throw new StepError('Splitting as training does', `${cleaner} is missing.`, how);
  }
  const input = records.map((record) => `${textOf(record).replace(/[\r\n\t]/g, ' ')}\n`).join('');
  const cleaned = execFileSync(cleaner, { input, encoding: 'utf8', maxBuffer: 2 ** 28 }).split('\n');
  const fold = (text) => createHash('sha1').update(text).digest().readUInt32BE(0) % 100;
  return records.filter((_, i) => fold(cleaned[i]) < heldOutFolds);
}

/** What the labels of a file's rows say of one tier's analyses, as [task, measures] pairs. */
export function judge(rows, analyses, tier) {
  const of = (label) => rows.flatMap((row, i) => (row[label] === undefined ? [] : [{ truth: row[label], analysis: analyses[i] }]));
  const results = [];
  const add = (task, label, measure) => {
    const cases = of(label);
    if (cases.length > 0) results.push([task, measure(cases)]);
  };
  const truths = (cases) => cases.map(({ truth }) => truth);
  const marks = (cases, guess) =>
    measureMarks(
      truths(cases),
      cases.map(({ analysis }) => new Set(guess(analysis))),
    );
  const choice = (cases, guess) =>
    measureChoice(
      truths(cases),
      cases.map(({ analysis }) => guess(analysis)),
    );
  add('sentiment', 'sentiment', (cases) =>
    measureSentiment(cases.map(({ truth, analysis }) => ({ label: truth, scores: analysis.sentiment.scores }))),
  );
  if (tier === 'lite') return results;
  add('emotions', 'emotions', (cases) => marks(cases, ({ emotions = [] }) => emotions.map(({ emotion }) => emotion)));
  add('aspects', 'aspects', (cases) => marks(cases, ({ aspects = [] }) => aspects.map(({ aspect }) => aspect)));
  const polarity = foundPolarities(of('polarity'));
  if (polarity.length > 0) results.push(['aspect_polarity', { rows: polarity.length, accuracy: mean(polarity) }]);
  add('intent', 'intent', (cases) => choice(cases, ({ intent }) => intent?.label));
  add('intent_detail', 'detail', (cases) => choice(cases, ({ intent }) => intent?.detail));
  add('urgency', 'urgency', (cases) => choice(cases, ({ urgency }) => urgency?.level));
  add('escalate', 'escalate', (cases) =>
    measureFlag(
      truths(cases),
      cases.map(({ analysis }) => analysis.escalate ?? 0),
    ),
  );
  return results;
}

/** For each aspect that is there and was found, whether its polarity is one that the text holds. */
function foundPolarities(cases) {
  const names = ['negative', 'neutral', 'positive'];
  return cases.flatMap(({ truth, analysis }) =>
    (analysis.aspects ?? [])
      .filter(({ aspect }) => aspect in truth)
      .map(({ aspect, polarity }) => Number(truth[aspect].includes(names.indexOf(polarity)))),
  );
}

/** Without those that a file of one class alone does not have. */
const known = (measures) => Object.fromEntries(Object.entries(measures).filter(([, value]) => Number.isFinite(value)));

async function evaluateAnalyses(desk, tier, file, rows) {
  const analyses = await desk.analyze(
    rows.map(({ text }) => text),
    { tier },
  );
  return judge(rows, analyses, tier).map(([task, measures]) => ({ file, task, tier, engine: desk.info.engine, ...known(measures) }));
}

/** Each question among the shop's answers in its language; an answer's slots are left blank. */
async function questionsToAnswers(desk, records, folder) {
  const answers = readRecords(path.join(folder, 'answers.jsonl'));
  const place = new Map(answers.map(({ id }, i) => [id, i]));
  const ranks = [];
  const nearest = [];
  for (const language of ['zh', 'en']) {
    const asked = records.filter(({ lang }) => lang === language);
    const bank = await desk.embed(answers.map((answer) => answer[language].replace(/\{\w+\}/g, '…')));
    const queries = await desk.embed(asked.map(({ text }) => text));
    const answered = asked.map(({ answer_id: id }, i) => [place.get(id), queries[i]]).filter(([right]) => right !== undefined);
    ranks.push(
      ...retrievalRanks(
        answered.map(([, query]) => query),
        bank,
        answered.map(([right]) => right),
      ),
    );
    for (const [i, query] of queries.entries())
      nearest.push({ likeness: Math.max(...bank.map((vector) => dot(query, vector))), isAnswered: place.has(asked[i].answer_id) });
  }
  const scores = nearest.map(({ likeness }) => likeness);
  const isAnswered = nearest.map((each) => each.isAnswered);
  const measures = { rows: ranks.length, recall1: recallAt(ranks, 1), recall3: recallAt(ranks, 3) };
  // How well the likeness of the nearest answer tells questions that none fits.
  if (isAnswered.includes(false)) measures.noAnswerAuc = areaUnderCurve(scores, isAnswered);
  return measures;
}

async function parallel(desk, records) {
  const zh = await desk.embed(records.map((record) => record.zh));
  const en = await desk.embed(records.map((record) => record.en));
  const own = records.map((_, i) => i);
  const [zhToEn, enToZh] = [recallAt(retrievalRanks(zh, en, own), 1), recallAt(retrievalRanks(en, zh, own), 1)];
  return { rows: records.length, accuracy: (zhToEn + enToZh) / 2, zhToEn, enToZh };
}

async function similar(desk, records) {
  const a = await desk.embed(records.map((record) => record.a));
  const b = await desk.embed(records.map((record) => record.b));
  const likeness = a.map((vector, i) => dot(vector, b[i]));
  return {
    rows: records.length,
    spearman: spearman(
      likeness,
      records.map(({ score }) => score),
    ),
  };
}

/** Tasks of the embedding, by how a file's name begins. */
const embeddingTasks = [
  { name: /^questions/, task: 'answers', textOf: ({ text }) => text, measure: questionsToAnswers },
  { name: /^parallel/, task: 'parallel', textOf: ({ zh }) => zh, measure: parallel },
  { name: /^similar/, task: 'similar', textOf: ({ a }) => a, measure: similar },
];

const embeddingTaskOf = (file) => embeddingTasks.find(({ name }) => name.test(file));

async function evaluateFile(desk, file, { folder, wanted, limit, heldOutOnly }) {
  const embedding = embeddingTaskOf(file);
  const isWritten = embedding !== undefined || file.startsWith('messages');
  const textOf = embedding?.textOf ?? (({ text }) => text);
  const all = readRecords(path.join(folder, file));
  const records = (heldOutOnly && isWritten ? heldOut(all, textOf) : all).slice(0, limit);
  if (records.length === 0) return [];
  if (embedding) {
    if (!wanted.includes('base')) return [];
    const measures = await embedding.measure(desk, records, folder);
    return [{ file, task: embedding.task, tier: 'base', engine: desk.info.engine, ...measures }];
  }
  const rows = records.map(readerOf(file));
  const results = [];
  for (const tier of wanted) results.push(...(await evaluateAnalyses(desk, tier, file, rows)));
  return results;
}

function printRow({ file, task, tier, engine: _, rows, ...measures }) {
  const numbers = Object.entries(measures).map(([name, value]) => `${name} ${(100 * value).toFixed(2)}`);
  process.stdout.write(`${file.padEnd(46)}${task.padEnd(17)}${tier}${String(rows).padStart(7)}   ${numbers.join('  ')}\n`);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      model: { type: 'string', default: 'both' },
      limit: { type: 'string' },
      'held-out': { type: 'boolean', default: false },
      out: { type: 'string', default: path.join(root, 'build/eval.json') },
    },
  });
  const refuse = (why) => {
    throw new StepError('Reading the arguments', why, usage);
  };
  if (!values.data) refuse('No --data.');
  if (!(values.model in tiers)) refuse(`--model ${values.model} is none.`);
  if (values.limit !== undefined && !(Number(values.limit) >= 1)) refuse(`--limit ${values.limit} is no number of rows.`);
  const limit = values.limit === undefined ? undefined : Number(values.limit);
  return { folder: path.resolve(values.data), wanted: tiers[values.model], limit, heldOutOnly: values['held-out'], out: values.out };
}

async function main() {
  const options = readOptions();
  const files = readdirSync(options.folder)
    .filter((name) => /\.(tsv|jsonl)(\.gz)?$/.test(name) && !name.includes('.train.'))
    .sort();
  const judged = files.filter((name) => readerOf(name) || embeddingTaskOf(name));
  if (judged.length === 0) throw new StepError('Looking for test files', `${options.folder} has none that is known.`, usage);
  const { build } = await import('./build.mjs');
  await build();
  const { createAftersense } = await import('../dist/index.js');
  const desk = await createAftersense({ worker: false, model: options.wanted.includes('base') ? 'base' : 'lite' });
  const results = [];
  for (const file of judged) {
    const ofFile = await evaluateFile(desk, file, options);
    for (const result of ofFile) printRow(result);
    results.push(...ofFile);
  }
  desk.dispose();
  const others = [...new Set(files.filter((name) => !judged.includes(name) && name !== 'answers.jsonl').map((name) => name.split('.')[0]))];
  if (others.length > 0) process.stdout.write(`Not judged, for their labels are none of ours: ${others.join(', ')}\n`);
  mkdirSync(path.dirname(options.out), { recursive: true });
  writeFileSync(options.out, `${JSON.stringify(results, null, 2)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await command(main);
