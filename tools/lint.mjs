// `npm run lint`: every formatter, linter and type checker. `npm run lint -- --fix` applies what can be applied.
import path from 'node:path';
import { build } from './build.mjs';
import { venv } from './setup.mjs';
import { command, output, root, show } from './step.mjs';

const fix = process.argv.includes('--fix');
const tool = (name) => path.join(venv, 'bin', name);
const files = (...patterns) =>
  output('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns], { cwd: root })
    .split('\n')
    .filter(Boolean);

const checks = [
  [
    'clang-format',
    tool('clang-format'),
    [...(fix ? ['-i'] : ['--dry-run', '-Werror']), ...files('src/*.h', 'src/*.cpp', 'tests/*.h', 'tests/*.cpp')],
  ],
  ['biome', 'npx', ['--no-install', 'biome', 'check', '--error-on-warnings', ...(fix ? ['--write'] : [])]],
  ['tsc', 'npx', ['--no-install', 'tsc', '--noEmit']],
  ['tsc of the demo', 'npx', ['--no-install', 'tsc', '--noEmit', '-p', 'demo']],
  ['ruff check', tool('ruff'), ['check', ...(fix ? ['--fix'] : []), 'models', 'tests']],
  ['ruff format', tool('ruff'), ['format', ...(fix ? [] : ['--check']), 'models', 'tests']],
  ['mypy', tool('mypy'), ['--config-file', 'models/pyproject.toml', 'models', 'tests/models']],
  // By itself: both folders of tests have a conftest.py.
  ['mypy of the Spark tests', tool('mypy'), ['--config-file', 'models/pyproject.toml', 'tests/spark']],
];

await command(async () => {
  await build();
  let failed = 0;
  for (const [name, program, args] of checks) {
    process.stdout.write(`── ${name}\n`);
    if ((await show(program, args)) !== 0) {
      failed += 1;
      process.stdout.write(`✗ ${name}\n`);
    }
  }
  process.exitCode = failed ? 1 : 0;
});
