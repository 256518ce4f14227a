/** `aftersense trends sum`: what many devices reported, as estimates with their errors. */
import type { AftersenseError } from '../index.ts';
import { readReport } from '../trends/report.ts';
import { ReportSum } from '../trends/sum.ts';
import { readRows } from './input.ts';
import { writeLine, writeWhole } from './output.ts';

export interface TrendsSettings {
  readonly file: string;
  readonly out: string | undefined;
}

/** One JSON object a period and a group of reports asked alike. Returns the exit code: 1 where lines were left out. */
export async function sumTrends({ file, out }: TrendsSettings): Promise<number> {
  const sum = new ReportSum();
  let [bad, rows] = [0, 0];
  const leaveOut = (line: number, problem: string) => {
    bad++;
    process.stderr.write(`line ${line}: ${problem}\n`);
  };
  for await (const row of readRows(file, 'jsonl')) {
    rows++;
    if (row.kind === 'bad') leaveOut(row.line, row.problem);
    else {
      try {
        if (!sum.add(readReport(row.fields))) leaveOut(row.line, `the report ${row.fields.id} was there before`);
      } catch (error) {
        // errors.ts is bundled twice, here and in index.js: the code tells what the class cannot.
        if ((error as AftersenseError).code !== 'invalid_argument') throw error;
        leaveOut(row.line, (error as Error).message);
      }
    }
  }
  const lines = sum.estimates().map((estimate) => JSON.stringify(estimate));
  if (out === undefined) for (const line of lines) await writeLine(process.stdout, line);
  else {
    await writeWhole(out, lines.map((line) => `${line}\n`).join(''));
    process.stderr.write(`${out}: ${rows - bad} reports in ${lines.length} groups\n`);
  }
  if (bad > 0) process.stderr.write(`${bad} of ${rows} lines were left out.\n`);
  return bad > 0 ? 1 : 0;
}
