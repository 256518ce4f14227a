// `npm run fuzz -- --seconds N`: libFuzzer on every parser for N seconds in all (60 by default), beginning with the golden files. What it learns
// stays in build/fuzz/corpus for the next time; an input that fails lands in build/fuzz/failures, named in the output.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { hasApt, installPackages } from './debian.mjs';
import { setUp, versions } from './setup.mjs';
import { begin, command, onPath, output, root, run, StepError, show } from './step.mjs';

const folder = path.join(root, 'build/fuzz');
const corpus = (name) => path.join(folder, 'corpus', name);
const program = (name) => path.join(folder, 'bin', name);
const parsers = ['catalog', 'messages', 'pack', 'text', 'tokenizer'];
const maxTexts = 100;

function readSeconds() {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
  const seconds = Number(values.seconds);
  if (Number.isFinite(seconds) && seconds >= parsers.length) return seconds;
  throw new StepError(
    'Reading --seconds',
    `"${values.seconds}" is not enough.`,
    `Give each of the ${parsers.length} parsers a second at least.`,
  );
}

/** Clang with libFuzzer: Debian's own, or whatever is on the PATH as that. */
async function setUpClang() {
  const { clang } = versions;
  const packages = [`clang-${clang}`, `libclang-rt-${clang}-dev`];
  if (hasApt()) await installPackages(packages.filter((name) => output('dpkg', ['-s', name]) === undefined));
  if (!onPath(`clang++-${clang}`))
    throw new StepError(
      'Finding Clang',
      `There is no clang++-${clang} here.`,
      `Put Clang ${clang} with compiler-rt on the PATH under that name.`,
    );
}

async function build() {
  const done = begin('Building the fuzzers');
  await run('Configuring fuzz', 'See the message above.', 'cmake', ['--preset', 'fuzz']);
  await run('Building fuzz', 'See the message above.', 'cmake', ['--build', '--preset', 'fuzz']);
  done();
}

/** The first column of a golden file's rows. */
function readTexts(file, first) {
  const lines = readFileSync(path.join(root, 'tests/golden', file), 'utf8').split('\n');
  return lines.slice(first, first + maxTexts).flatMap((line) => (line.startsWith('#') ? [] : [line.split('\t')[0]]));
}

async function writeSeeds() {
  for (const name of parsers) mkdirSync(corpus(name), { recursive: true });
  mkdirSync(path.join(folder, 'failures'), { recursive: true });
  await run('Writing seeds', 'See the message above.', program('fuzz_seeds'), [root, path.join(folder, 'corpus')]);
  const golden = (file) => path.join(root, 'tests/golden', file);
  copyFileSync(golden('tiny_encoder.aspack'), path.join(corpus('pack'), 'encoder'));
  copyFileSync(golden('tiny_tokenizer.spm.fb'), path.join(corpus('tokenizer'), 'tiny'));
  const texts = [...readTexts('lite.tsv', 1), ...readTexts('base.tsv', 0)];
  for (const [i, text] of texts.entries()) writeFileSync(path.join(corpus('text'), `golden-${i}`), text);
}

/** Whether the parser stood it. */
async function fuzz(name, seconds) {
  process.stdout.write(`── ${name}\n`);
  const options = [`-max_total_time=${seconds}`, '-timeout=10', '-rss_limit_mb=2048', '-print_final_stats=1', '-verbosity=1'];
  const artifacts = `-artifact_prefix=${path.join(folder, 'failures', name)}-`;
  return (await show(program(`fuzz_${name}`), [...options, artifacts, corpus(name)])) === 0;
}

await command(async () => {
  const seconds = Math.floor(readSeconds() / parsers.length);
  await setUp();
  await setUpClang();
  await build();
  await writeSeeds();
  const failed = [];
  for (const name of parsers) if (!(await fuzz(name, seconds))) failed.push(name);
  process.stdout.write(
    failed.length ? `✗ ${failed.join(', ')}: inputs in build/fuzz/failures\n` : `✓ ${parsers.length} parsers, ${seconds} s each\n`,
  );
  process.exitCode = failed.length ? 1 : 0;
});
