// How well the entities of `analyze` cover what a hand-off takes out, on tests/golden/redaction_*.jsonl.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './step.mjs';

/** As `personalKinds` of web/cases/redact.ts: what a hand-off takes out. */
const personal = new Set(['phone', 'email', 'order_id', 'bank_card', 'id_number', 'address', 'name', 'url']);
const languages = ['zh', 'en'];
const batchSize = 500;

const rowsOf = (language) =>
  readFileSync(path.join(root, `tests/golden/redaction_${language}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const ofPersons = (entities) => entities.filter(({ kind }) => personal.has(kind));

/** Whether spans together cover all of another. */
function covers(spans, { start, end }) {
  let covered = start;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) if (span.start <= covered) covered = Math.max(covered, span.end);
  return covered >= end;
}

const overlaps = (a, b) => a.start < b.end && b.start < a.end;

/** Counts over rows and what was found in each. */
function count(rows, found) {
  const totals = { labelled: 0, covered: 0, marked: 0, right: 0 };
  const faults = [];
  for (const [i, { text, entities }] of rows.entries()) {
    const [labels, marks] = [ofPersons(entities), ofPersons(found[i])];
    const missed = labels.filter((label) => !covers(marks, label));
    const wrong = marks.filter((mark) => !labels.some((label) => overlaps(mark, label)));
    totals.labelled += labels.length;
    totals.covered += labels.length - missed.length;
    totals.marked += marks.length;
    totals.right += marks.length - wrong.length;
    for (const { kind, start, end } of missed) faults.push(`missed ${kind} "${text.slice(start, end)}" in: ${text}`);
    for (const { kind, start, end } of wrong) faults.push(`wrong ${kind} "${text.slice(start, end)}" in: ${text}`);
  }
  return { rows: rows.length, recall: totals.covered / totals.labelled, precision: totals.right / totals.marked, faults };
}

/**
 * By language: `recall`, the share of labelled personal entities that are covered whole; `precision`, the share of marked ones that
 * touch a labelled one; `faults`, what went wrong, in words.
 */
export async function redactionFigures(desk) {
  const figures = {};
  for (const language of languages) {
    const rows = rowsOf(language);
    const found = [];
    for (let at = 0; at < rows.length; at += batchSize) {
      const texts = rows.slice(at, at + batchSize).map(({ text }) => text);
      for (const { entities } of await desk.analyze(texts, { tier: 'lite' })) found.push(entities);
    }
    figures[language] = count(rows, found);
  }
  return figures;
}
