/** `aftersense answers build`: a file of the shop's own answers, checked, and embedded by the base model. */
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { type Answer, AnswersError, checkAnswers, createAftersense, type Openings, type Tier } from '../index.ts';
import { readRows } from './input.ts';
import { createMeter, writeWhole } from './output.ts';

export interface AnswersSettings {
  readonly file: string;
  readonly out: string;
  /** A JSON file. */
  readonly openings: string | undefined;
  /** `lite`: for words alone. */
  readonly tier: Tier;
}

/** The rows with their lines; a line that cannot be read is a problem as any other. */
async function readAnswers(file: string): Promise<Answer[]> {
  const rows: unknown[] = [];
  const lines: number[] = [];
  for await (const row of readRows(file, 'jsonl')) {
    if (row.kind === 'bad') throw new AnswersError([{ code: 'not_an_answer', line: row.line, message: row.problem }]);
    rows.push(row.fields);
    lines.push(row.line);
  }
  return checkAnswers(rows, lines);
}

async function readOpenings(file: string): Promise<Openings> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AnswersError([
      { code: 'wrong_type', line: 0, field: 'openings', message: `${file} is not JSON: ${(error as Error).message}` },
    ]);
  }
}

function tellProblems({ problems }: AnswersError): void {
  for (const { line, id, code, message } of problems) {
    const where = [line > 0 ? `line ${line}` : '', id ?? ''].filter(Boolean).join(', ');
    process.stderr.write(`${where ? `${where}: ` : ''}${message} [${code}]\n`);
  }
}

/** Nothing is written where anything is wrong: every problem is told, with its line and code. */
export async function buildAnswers({ file, out, openings, tier }: AnswersSettings): Promise<number> {
  try {
    const answers = await readAnswers(file);
    const chosen = openings === undefined ? {} : { openings: await readOpenings(openings) };
    const desk = await createAftersense({ model: tier, worker: false });
    const meter = createMeter(false);
    try {
      const onProgress = (step: { readonly stage: string; readonly done?: number }) => step.stage === 'embed' && meter.tell(step.done ?? 0);
      const { bytes, info } = await desk.answers.build(answers, { ...chosen, tier, onProgress });
      const packed = gzipSync(bytes, { level: 9 });
      await writeWhole(out, packed);
      const by = info.model ? `embedded by ${info.model.name} ${info.model.version}` : 'for words alone';
      process.stdout.write(
        `${out}: ${info.answers} answers, ${info.questions} questions, ${by}, ${(packed.length / 1000).toFixed(1)} kB\n`,
      );
    } finally {
      meter.end();
      desk.dispose();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof AnswersError)) throw error;
    tellProblems(error);
    return 1;
  }
}
