// `npm run eval -- --data DIR [--model lite|base|both] [--limit N] [--held-out] [--out FILE]`: the shipped models, as the package runs
// them, on every test file in DIR whose labels are this project's or map onto them (tools/eval_sets.mjs); training files are left out.
// Then the desk: replies to the questions of models/data that train nothing, and redaction on tests/golden/redaction_*.jsonl.
// Prints a table and writes an array of { file, task, tier, engine, rows, …measures } as JSON. Files: *.tsv or *.jsonl, gzip-compressed
// or not. `--limit` takes the first rows of each file. `--held-out` takes, of the files written for this project (models/data), the rows
// that train nothing.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
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
import { redactionFigures } from './eval_redaction.mjs';
import { devQuestions, replyFigures } from './eval_replies.mjs';
import { readerOf, readRecords } from './eval_sets.mjs';
import { foldsOf, heldOutFolds } from './folds.mjs';
import { command, root, StepError } from './step.mjs';

const tiers = { lite: ['lite'], base: ['base'], both: ['lite', 'base'] };
const usage = 'Run: npm run eval -- --data DIR [--model lite|base|both] [--limit N] [--held-out] [--out build/eval.json]';
/** Of records of models/data, those that train nothing: the split is by a hash of the cleaned text. */
function heldOut(records, textOf) {
  const folds = foldsOf(records.map(textOf));
  return records.filter((_, i) => folds[i] < heldOutFolds);
}

/** What the labels of a file's rows say of analyses, as [task, measures] pairs. */
export function judge(rows, analyses) {
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

/** How well the default policy's decisions agree with what people would do: the priority, and whether a human takes over. */
export function judgeDecisions(rows, decisions) {
  const labelled = rows
    .map((row, i) => ({ ...row, decision: decisions[i] }))
    .filter(({ urgency, escalate }) => urgency && escalate !== undefined);
  if (labelled.length === 0) return [];
  const truths = (label) => labelled.map((row) => row[label]);
  const toHuman = labelled.map(({ decision }) => Number(decision.route === 'human'));
  return [
    [
      'priority',
      measureChoice(
        truths('urgency'),
        labelled.map(({ decision }) => decision.priority),
      ),
    ],
    ['to_human', measureFlag(truths('escalate'), toHuman)],
  ];
}

async function evaluateAnalyses(desk, tier, file, rows) {
  const { decide, defaultPolicy } = await import('../dist/index.js');
  const texts = rows.map(({ text }) => text);
  const analyses = await desk.analyze(texts, { tier });
  const decisions = analyses.map((analysis, i) => decide(analysis, defaultPolicy, { text: texts[i] }));
  const measured = [...judge(rows, analyses), ...judgeDecisions(rows, decisions)];
  return measured.map(([task, measures]) => ({ file, task, tier, engine: desk.info.engine, ...known(measures) }));
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

/** What the repository's own sets say of the desk: the shop's answers to questions, and what a hand-off takes out. */
async function evaluateDesk(desk, wanted) {
  const engine = desk.info.engine;
  const results = [];
  for (const tier of wanted) results.push({ file: 'models/data/questions*', engine, ...(await replyFigures(desk, devQuestions(), tier)) });
  for (const [language, { faults: _, ...measures }] of Object.entries(await redactionFigures(desk)))
    results.push({ file: `tests/golden/redaction_${language}.jsonl`, task: 'redaction', tier: 'lite', engine, ...measures });
  for (const { method: _, ...result } of results) printRow(result);
  return results;
}

function printRow({ file, task, tier, engine: _, rows, ...measures }) {
  const shown = ([name, value]) => `${name} ${Number.isInteger(value) && value > 1 ? value : (100 * value).toFixed(2)}`;
  const numbers = Object.entries(measures).map(shown);
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
  results.push(...(await evaluateDesk(desk, options.wanted)));
  desk.dispose();
  const others = [...new Set(files.filter((name) => !judged.includes(name) && name !== 'answers.jsonl').map((name) => name.split('.')[0]))];
  if (others.length > 0) process.stdout.write(`Not judged, for their labels are none of ours: ${others.join(', ')}\n`);
  mkdirSync(path.dirname(options.out), { recursive: true });
  writeFileSync(options.out, `${JSON.stringify(results, null, 2)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await command(main);
