/** `aftersense analyze`: one JSON object a row, in input order. */
import { type Aftersense, AftersenseError, type Analysis, createAftersense, type Tier } from '../index.ts';
import { type BadRow, type Format, type Row, readRows } from './input.ts';
import { createMeter, writeLine } from './output.ts';

export interface AnalyzeSettings {
  readonly file: string;
  readonly column: string;
  readonly explain: boolean;
  readonly tier: Tier;
  readonly progress: boolean;
  readonly format: Format | undefined;
}

interface TextRow extends Row {
  readonly text: string;
}

/** Rows held at a time. */
const batchRows = 256;

function withText(row: Row, column: string): TextRow | BadRow {
  const text = row.fields[column];
  if (typeof text === 'string') return { ...row, text };
  const names = Object.keys(row.fields).join(', ');
  const problem =
    text === undefined ? `no field "${column}" (there are: ${names}); name it with --column` : `field "${column}" is not a string`;
  return { kind: 'bad', line: row.line, problem };
}

/** The analyses of a batch; where the batch is refused because of one of its texts, each row is tried alone. */
async function judge(desk: Aftersense, rows: readonly TextRow[], explain: boolean): Promise<(Analysis | AftersenseError)[]> {
  try {
    return await desk.analyze(
      rows.map(({ text }) => text),
      { explain },
    );
  } catch (error) {
    if (!(error instanceof AftersenseError) || error.code === 'internal') throw error;
    if (rows.length === 1) return [error];
    const alone: (Analysis | AftersenseError)[] = [];
    for (const row of rows) alone.push(...(await judge(desk, [row], explain)));
    return alone;
  }
}

/** Returns the exit code: 1 where rows were left out. */
export async function analyze(settings: AnalyzeSettings): Promise<number> {
  const { column, explain, tier } = settings;
  const desk = await createAftersense({ worker: false, model: tier });
  const meter = createMeter(settings.progress);
  let total = 0;
  let judged = 0;
  let bad = 0;
  const report = (line: number, problem: string) => {
    bad++;
    process.stderr.write(`line ${line}: ${problem}\n`);
  };
  const flush = async (rows: TextRow[]) => {
    const results = await judge(desk, rows, explain);
    for (const [i, { line, text, fields }] of rows.entries()) {
      const analysis = results[i];
      if (analysis instanceof AftersenseError) report(line, analysis.message);
      else {
        const { [column]: _, ...others } = fields;
        await writeLine(process.stdout, JSON.stringify(Object.assign({ text }, others, { text, analysis })));
      }
    }
    judged += rows.length;
    meter.tell(judged);
    rows.length = 0;
  };
  const batch: TextRow[] = [];
  for await (const row of readRows(settings.file, settings.format)) {
    total++;
    const item = row.kind === 'row' ? withText(row, column) : row;
    if (item.kind === 'bad') report(item.line, item.problem);
    else if (batch.push(item) === batchRows) await flush(batch);
  }
  await flush(batch);
  meter.end();
  desk.dispose();
  if (bad > 0) process.stderr.write(`${bad} of ${total} rows were left out.\n`);
  return bad > 0 ? 1 : 0;
}
