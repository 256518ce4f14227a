// `npm test`: sets up, builds, and runs everything. The last line is "N passed, N failed".
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build, buildDemo } from './build.mjs';
import { pytest } from './pytest.mjs';
import { chromium, venv } from './setup.mjs';
import { begin, command, root, run, show } from './step.mjs';
import { runInChromium, runInNode } from './wasm_tests.mjs';

const reports = path.join(root, 'build/reports');

/** Cases that passed and failed according to a Catch2 XML report. */
function countCatch2(xml) {
  const [, passed, failed] = xml.match(/<OverallResultsCases successes="(\d+)" failures="(\d+)"/) ?? [];
  return { passed: Number(passed ?? 0), failed: Number(failed ?? 1) };
}

async function cppNative() {
  const done = begin('Building the C++ tests, natively with sanitizers');
  await run('Configuring native-debug', 'See the message above.', 'cmake', ['--preset', 'native-debug']);
  await run('Building native-debug', 'See the message above.', 'cmake', ['--build', '--preset', 'native-debug']);
  done();
  const report = path.join(reports, 'cpp-native.xml');
  await show(path.join(root, 'build/native-debug/bin/aftersense_tests'), ['--reporter', 'console', '--reporter', `xml::out=${report}`]);
  return existsSync(report) ? countCatch2(readFileSync(report, 'utf8')) : { passed: 0, failed: 1 };
}

const cppWasm = async (variant, runner) => countCatch2(await runner(path.join(root, `build/wasm-${variant}/bin/aftersense_tests.mjs`)));

async function vitest(project) {
  const report = path.join(reports, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const environment = { ...process.env, AFTERSENSE_CHROMIUM: chromium() };
  await show('npx', ['--no-install', 'vitest', 'run', '--project', project, ...reporters], { env: environment });
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numFailedTestSuites, success } = JSON.parse(readFileSync(report, 'utf8'));
  return { passed: numPassedTests, failed: success ? 0 : Math.max(1, numFailedTests || numFailedTestSuites) };
}

const suites = {
  'C++, native with sanitizers': cppNative,
  'C++, wasm simd128 in Node': () => cppWasm('simd128', runInNode),
  'C++, wasm relaxed in Chromium': () => cppWasm('relaxed', runInChromium),
  Python: () => pytest(path.join(venv, 'bin/python'), 'tests/models'),
  TypeScript: () => vitest('web'),
  Package: () => vitest('package'),
  Browser: () => vitest('browser'),
};

await command(async () => {
  await build({ tests: true });
  await buildDemo();
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const results = [];
  for (const [name, suite] of Object.entries(suites)) {
    process.stdout.write(`\n── ${name}\n`);
    try {
      results.push({ name, ...(await suite()) });
    } catch (error) {
      process.stdout.write(`${error.stack ?? error}\n`);
      results.push({ name, passed: 0, failed: 1 });
    }
  }
  process.stdout.write('\n');
  for (const { name, passed, failed } of results)
    process.stdout.write(`${failed ? '✗' : '✓'} ${name}: ${passed} passed, ${failed} failed\n`);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  process.exitCode = sum('failed') ? 1 : 0;
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
});
