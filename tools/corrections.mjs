// `node tools/corrections.mjs [--readings FILE]`: what corrections repair and what they break, on the written messages; the tables of
// web/corrections/README.md. Needs the build, and `python -m base.prepare` for the split; reading all messages takes minutes, so that
// FILE, where given, keeps what was read.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { root } from './step.mjs';

const { values: options } = parseArgs({ options: { readings: { type: 'string' } } });
const counts = [5, 20, 50];
const draws = 25;
/** A label takes part where at least so many messages of train, and of dev, were read otherwise. */
const minErrors = { train: 5, dev: 3 };
const sentiments = ['negative', 'neutral', 'positive'];

/** The pure part of the module, as the page has it. */
async function loadModule() {
  const file = path.join(root, 'build/corrections.mjs');
  const contents = "export * from './adapt.ts'; export * from './verdicts.ts'; export { aspects } from '../aspects.ts';";
  const stdin = { contents, resolveDir: path.join(root, 'web/corrections') };
  await build({ stdin, bundle: true, format: 'esm', outfile: file, logLevel: 'error' });
  const loaded = await import(pathToFileURL(file).href);
  rmSync(file);
  return loaded;
}

const records = (part) =>
  readFileSync(path.join(root, `models/work/base/${part}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"written_'))
    .map((line) => ({ part, ...JSON.parse(line) }))
    .filter(({ source }) => source.startsWith('written_'));

/** The same matter in slightly other words. */
const repeated = ({ language, text }) => (language === 'zh' ? `您好，${text}，谢谢` : `Hello! ${text} Thanks.`);

async function readAll() {
  const { createAftersense } = await import('../dist/index.js');
  const desk = await createAftersense({ model: 'base', worker: false, corrections: { enabled: false } });
  const dev = records('dev');
  const rows = [...dev, ...records('train'), ...dev.map((row) => ({ ...row, part: 'repeat', text: repeated(row) }))];
  const read = [];
  for (const row of rows) {
    const [analysis, vector] = [await desk.analyze(row.text), await desk.embed(row.text)];
    read.push({ ...row, analysis, vector: [...vector] });
  }
  desk.dispose();
  return read;
}

/** The label that the writer of a message gave; undefined where a message has several. */
function goldOf(row, verdict) {
  if (verdict === 'sentiment') return sentiments[row.sentiment];
  if (!verdict.startsWith('aspect.')) return row[verdict];
  const aspect = verdict.slice('aspect.'.length);
  if (!row.aspects[aspect]) return 'absent';
  const polarity = row.polarity[aspect] ?? [];
  return polarity.length === 1 ? sentiments[polarity[0]] : undefined;
}

/** Numbers in [0, 1) from a seed (mulberry32). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function draw(items, count, random) {
  const left = [...items];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(Math.floor(random() * left.length), 1)[0]);
}

const { Adaptation, readingOf, aspects } = await loadModule();
let rows = options.readings && existsSync(options.readings) ? JSON.parse(readFileSync(options.readings, 'utf8')) : await readAll();
if (options.readings && !existsSync(options.readings)) writeFileSync(options.readings, JSON.stringify(rows));
rows = rows.map((row) => ({ ...row, vector: Float32Array.from(row.vector) }));
const of = (part) => rows.filter(({ part: own, analysis }) => own === part && !analysis.abstained && analysis.intent);
const [train, dev] = [of('train'), of('dev')];
const repeats = rows.filter(({ part }) => part === 'repeat');
const repeatOf = new Map(rows.filter(({ part }) => part === 'dev').map((row, i) => [row, repeats[i]]));

const isRight = (row, verdict, analysis = row.analysis) => readingOf(analysis, verdict)?.label === goldOf(row, verdict);
const exampleOf = (row, verdict) => ({
  text: row.text,
  verdict,
  label: goldOf(row, verdict),
  read: readingOf(row.analysis, verdict).label,
  vector: row.vector,
});
const isError = (row, verdict) => goldOf(row, verdict) !== undefined && !isRight(row, verdict);

/** Corrections of one label, or of any; what they make of dev. */
function measure(verdict, label, count, seed) {
  const wanted = (row) => label === undefined || goldOf(row, verdict) === label;
  const pool = train.filter((row) => isError(row, verdict) && wanted(row));
  const adaptation = new Adaptation(draw(pool, count, generator(seed)).map((row) => exampleOf(row, verdict)));
  const found = { errors: 0, repaired: 0, right: 0, broken: 0, net: 0 };
  for (const row of dev) {
    if (goldOf(row, verdict) === undefined) continue;
    const before = isRight(row, verdict);
    const after = isRight(row, verdict, adaptation.adapt(row.analysis, row.vector));
    found.net += Number(after) - Number(before);
    if (!before && wanted(row)) {
      found.errors++;
      found.repaired += Number(after);
    }
    // Unrelated: of another label than the corrected one.
    if (before && (label === undefined || !wanted(row))) {
      found.right++;
      found.broken += Number(!after);
    }
  }
  return found;
}

const percent = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(2)} %` : '–');
function summary(results) {
  const sum = (field) => results.reduce((total, result) => total + result[field], 0);
  return `${percent(sum('repaired'), sum('errors'))} / ${percent(sum('broken'), sum('right'))} / ${(sum('net') / results.length).toFixed(1)}`;
}

/** Every draw takes the next label that has errors enough. */
function oneLabel(names, count) {
  const tasks = names.flatMap((verdict) => {
    const errors = (part, label) => part.filter((row) => isError(row, verdict) && goldOf(row, verdict) === label).length;
    const found = [...new Set(dev.map((row) => goldOf(row, verdict)).filter((label) => label !== undefined))];
    return found
      .filter((label) => errors(train, label) >= minErrors.train && errors(dev, label) >= minErrors.dev)
      .map((label) => [verdict, label]);
  });
  const rounds = Math.max(1, Math.ceil(draws / tasks.length));
  return tasks.flatMap(([verdict, label]) => Array.from({ length: rounds }, (_, seed) => measure(verdict, label, count, seed)));
}
const anyLabel = (names, count) =>
  names.flatMap((verdict) =>
    Array.from({ length: Math.ceil(draws / names.length) }, (_, seed) => measure(verdict, undefined, count, seed)),
  );

/** Of the errors of dev that the same words, said slightly otherwise, repeat: how many a correction of the first repairs. */
function onRepeat(names) {
  let errors = 0;
  let repaired = 0;
  for (const verdict of names) {
    for (const row of dev.filter((one) => isError(one, verdict))) {
      const again = repeatOf.get(row);
      if (!again.analysis.intent || isRight(again, verdict)) continue;
      errors++;
      repaired += Number(isRight(again, verdict, new Adaptation([exampleOf(row, verdict)]).adapt(again.analysis, again.vector)));
    }
  }
  return `${percent(repaired, errors)} of ${errors}`;
}

process.stdout.write(`${dev.length} messages of dev, ${train.length} of train\n`);
const kinds = { sentiment: ['sentiment'], intent: ['intent'], urgency: ['urgency'], aspects: aspects.map((aspect) => `aspect.${aspect}`) };
for (const [kind, names] of Object.entries(kinds)) {
  const wrong = names.map((verdict) => dev.filter((row) => isError(row, verdict)).length).reduce((a, b) => a + b);
  process.stdout.write(`${kind}: ${wrong} errors in dev; said again: ${onRepeat(names)}\n`);
  for (const count of counts) process.stdout.write(`  ${count} of one label  ${summary(oneLabel(names, count))}\n`);
  for (const count of [...counts, 200]) process.stdout.write(`  ${count} of any label  ${summary(anyLabel(names, count))}\n`);
}
