// What `npm run eval` knows of each test file: its rows as `{ text, …labels }` with this project's label ids.
//
// Labels of a row, each absent where the set has none: sentiment 0|1|2; emotions and aspects { id: 0|1 }, an id absent where the set
// leaves it open; polarity { aspect: [0|1|2, …] }; intent; detail (Bitext's 27); urgency; escalate.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root, StepError } from './step.mjs';

const maps = JSON.parse(readFileSync(path.join(root, 'tools/eval_labels.json'), 'utf8'));
const polarities = { negative: 0, neutral: 1, positive: 2 };

function readText(file) {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8').replace(/\n$/, '');
}

/** Rows as objects. TSV: a header line, then tab-separated values without quoting. */
export function readRecords(file) {
  if (/\.jsonl(\.gz)?$/.test(file)) return readText(file).split('\n').filter(Boolean).map(JSON.parse);
  const [header, ...lines] = readText(file).split('\n');
  const columns = header.split('\t');
  return lines.map((line, i) => {
    const cells = line.split('\t');
    if (cells.length !== columns.length)
      throw new StepError(`Reading ${file}`, `Line ${i + 2} has ${cells.length} cells.`, `It needs ${columns.length}.`);
    return Object.fromEntries(columns.map((name, column) => [name, cells[column]]));
  });
}

/** The set's labels were made from the emoticons, `[哈哈]`, which would give them away. */
export const withoutEmoticons = (text) => text.replace(/\[[^[\]\s]{1,8}\]/g, ' ');

/** A label that is in no table is an error, so that none is passed over by accident. */
function lookUp(table, label) {
  if (!(label in table)) throw new StepError('Reading labels', `The label ${label} is in no table.`, 'See tools/eval_labels.json.');
  return table[label];
}

/** `none` is true where every label says so, and false beside any felt emotion; as `emotion_truth` of models/base/labels.py. */
export function emotionTruth(marks) {
  const felt = new Set(marks.map((mark) => mark.true).filter((id) => id && id !== 'none'));
  const open = new Set(marks.flatMap((mark) => mark.open).filter((id) => !felt.has(id) && !(id === 'none' && felt.size > 0)));
  if (marks.every((mark) => mark.true === 'none')) felt.add('none');
  return Object.fromEntries(maps.emotionIds.filter((id) => !open.has(id)).map((id) => [id, Number(felt.has(id))]));
}

/** Of the ids that the set annotates, those that no label of the row leaves open; as `aspect_truth` of models/base/labels.py. */
export function aspectTruth(known, marks) {
  const spoken = new Set(marks.map((mark) => mark.true));
  const open = new Set(marks.flatMap((mark) => mark.open).filter((id) => !spoken.has(id)));
  return Object.fromEntries(known.filter((id) => !open.has(id)).map((id) => [id, Number(spoken.has(id))]));
}

/** Labels of opinions `{ mark, polarity }`; the sentiment of the whole where all agree. */
function opinionLabels(known, opinions) {
  const polarity = {};
  for (const { mark, polarity: value } of opinions) if (mark.true) polarity[mark.true] = [...(polarity[mark.true] ?? []), value];
  const all = [...new Set(opinions.map(({ polarity: value }) => value))];
  return {
    aspects: aspectTruth(
      known,
      opinions.map(({ mark }) => mark),
    ),
    polarity,
    ...(all.length === 1 ? { sentiment: all[0] } : {}),
  };
}

function acosMark(category) {
  const [entity, attribute] = category.split('#');
  return maps.acos.prices[attribute] ?? maps.acos.entities[entity] ?? lookUp(maps.acos.attributes, attribute);
}

const opinionsOf = (table, parts) => parts.map(({ category, polarity }) => ({ mark: lookUp(table, category), polarity: Number(polarity) }));

const singleEmotion = ({ text, labels }) => ({ text, emotions: emotionTruth([lookUp(maps.singleEmotions, labels)]) });

function message(row) {
  const marks = row.aspects.map(({ aspect }) => ({ true: aspect, open: [] }));
  const opinions = row.aspects.map(({ polarity }, i) => ({ mark: marks[i], polarity: polarities[polarity] }));
  const { aspects, polarity } = opinionLabels(maps.aspectIds, opinions);
  return {
    text: row.text,
    sentiment: polarities[row.sentiment],
    emotions: Object.fromEntries(maps.emotionIds.map((id) => [id, Number(row.emotions.includes(id))])),
    aspects,
    polarity,
    intent: row.intent,
    urgency: row.urgency,
    escalate: row.should_escalate_to_human,
  };
}

function sentimentRow({ text, label }) {
  if (!['0', '1', '2'].includes(label)) throw new StepError('Reading labels', `The label ${label} is no sentiment.`, 'It needs 0, 1 or 2.');
  return { text, sentiment: Number(label) };
}

/** By how a file's name begins; the first that fits. */
const sets = [
  [/^sent_zh_weibo_senti/, ({ text, label }) => sentimentRow({ text: withoutEmoticons(text), label })],
  [/^sent_/, sentimentRow],
  [
    /^emotion_en_goemotions/,
    ({ text, labels }) => ({
      text: text.replace(/\[(NAME|RELIGION)\]/g, 'it'),
      emotions: emotionTruth(labels.split(',').map((label) => lookUp(maps.goemotions, label))),
    }),
  ],
  [/^emotion_(en_dair_twitter|zh_smp2020|zh_nlpcc2013|zh_clue)/, singleEmotion],
  [
    /^aspect_zh_zhejianglab_cosmetics/,
    ({ text, opinions }) => ({ text, ...opinionLabels(maps.cosmetics.known, opinionsOf(maps.cosmetics.marks, opinions)) }),
  ],
  [/^aspect_zh_car/, ({ text, aspects }) => ({ text, ...opinionLabels(maps.car.known, opinionsOf(maps.car.marks, aspects)) })],
  [/^aspect_zh_asap/, ({ text, aspects }) => ({ text, ...opinionLabels(maps.asap.known, opinionsOf(maps.asap.marks, aspects)) })],
  [
    /^aspect_en_acos/,
    ({ text, domain, opinions }) => {
      const marked = opinions.map(({ category, polarity }) => ({ mark: acosMark(category), polarity: Number(polarity) }));
      return { text, ...opinionLabels(lookUp(maps.acos.known, domain), marked) };
    },
  ],
  [
    /^topic_en_ecommerce_complaints/,
    ({ text, topic }) => ({
      text,
      ...(topic in maps.topics.marks && { aspects: aspectTruth(maps.topics.known, [maps.topics.marks[topic]]) }),
    }),
  ],
  [/^intent_en_bitext/, ({ text, intent }) => ({ text, intent: lookUp(maps.bitext, intent), detail: intent })],
  [/^messages/, message],
];

/** How to read a row of this file, or undefined where its labels are none of ours. */
export const readerOf = (file) => sets.find(([name]) => name.test(file))?.[1];
