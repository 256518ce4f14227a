// The default answers (web/replies/default_answers.jsonl) as dist/aftersense-answers.asans, by the command that shops use. Embedding takes
// some twenty seconds, so that the file is kept in build/ and made again when what it comes from has changed.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root, run } from './step.mjs';

const at = (...parts) => path.join(root, ...parts);
const name = 'aftersense-answers.asans';

/** What the file is made of: answers, openings, the model, and the code that checks and writes. Of the engine, golden files hold the numbers. */
const inputs = [
  ...['check.ts', 'file.ts', 'vectors.ts', 'default_answers.jsonl', 'openings.json'].map((file) => `web/replies/${file}`),
  'models/base/aftersense-base.aspack',
];

function hashOfInputs() {
  const hash = createHash('sha256');
  for (const file of inputs) hash.update(file).update(readFileSync(at(file)));
  return hash.digest('hex').slice(0, 16);
}

/** Needs the rest of dist/. */
export async function buildDefaultAnswers() {
  const folder = at('build/answers');
  const cached = path.join(folder, `${hashOfInputs()}.asans`);
  if (!existsSync(cached)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const command = [at('bin/aftersense.mjs'), 'answers', 'build', at('web/replies/default_answers.jsonl'), '-o', cached];
    await run('Embedding the default answers', 'See the message above.', process.execPath, command);
  }
  copyFileSync(cached, at('dist', name));
}
