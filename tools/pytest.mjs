// Runs a folder of Python tests and counts them.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root, show } from './step.mjs';

/** How many of the tests of `folder` passed and failed. */
export async function pytest(python, folder, env = process.env) {
  const report = path.join(root, `build/reports/${path.basename(folder)}.xml`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  await show(python, ['-m', 'pytest', '-q', folder, `--junitxml=${report}`], { env });
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const [, errors, failures, skipped, tests] =
    readFileSync(report, 'utf8').match(/errors="(\d+)" failures="(\d+)" skipped="(\d+)" tests="(\d+)"/) ?? [];
  const failed = Number(errors ?? 1) + Number(failures ?? 0);
  return { passed: Number(tests ?? 0) - failed - Number(skipped ?? 0), failed };
}
