// `npm run bench [-- --only NAME]… [--calls N] [--no-build]`: speed and size in Chromium, against peers on the same work, who take turns with ours
// call by call. Prints a table with the bars; writes build/bench.json, an array of { name, unit, ours, peer, ratio, … } and one
// { name: 'device', … }, and build/bench.svg. Sections: tests/bench/sections.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser } from '../tests/bench/browser.mjs';
import { toSvg } from '../tests/bench/plot.mjs';
import { prepare, readReviews } from '../tests/bench/prepare.mjs';
import { sections } from '../tests/bench/sections/index.mjs';
import { toTable } from '../tests/bench/table.mjs';
import { begin, command, deps, output, root, StepError } from './step.mjs';

const usage = `Run: npm run bench -- [--only ${Object.keys(sections).join('|')}]… [--calls 30] [--no-build]`;

function readArguments() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: Object.keys(sections) },
      calls: { type: 'string', default: '30' },
      'no-build': { type: 'boolean', default: false },
    },
  });
  const unknown = values.only.filter((name) => !(name in sections));
  if (unknown.length > 0) throw new StepError('Reading the arguments', `There is no section ${unknown.join(', ')}.`, usage);
  const calls = Number(values.calls);
  if (!Number.isInteger(calls) || calls < 1) throw new StepError('Reading the arguments', `--calls ${values.calls} is no number.`, usage);
  return { names: Object.keys(sections).filter((name) => values.only.includes(name)), calls, build: !values['no-build'] };
}

const versionOf = (name, ...folder) =>
  `${name} ${JSON.parse(readFileSync(path.join(...folder, 'node_modules', name, 'package.json'), 'utf8')).version}`;

/** The instruction sets that matter here; none where the system does not tell. */
function cpuFeatures() {
  const known = ['sse4_1', 'avx', 'avx2', 'avx_vnni', 'avx512_vnni', 'avx_vnni_int8', 'asimd', 'asimddp', 'i8mm'];
  const flags = output('sh', ['-c', 'grep -m 1 -iE "^(flags|features)" /proc/cpuinfo'])?.split(/\s+/) ?? [];
  return [process.arch, ...known.filter((name) => flags.includes(name))];
}

async function measure({ names, calls }) {
  const browser = await openBrowser();
  try {
    const { cores, ...device } = await browser.run('device', 'describe');
    const peers = {
      ort: versionOf('onnxruntime-web', root),
      transformers: versionOf('@huggingface/transformers', deps, 'bench'),
      hnswlib: versionOf('hnswlib-wasm', deps, 'bench'),
      orama: versionOf('@orama/orama', deps, 'bench'),
      minisearch: versionOf('minisearch', root),
    };
    const commit = output('git', ['describe', '--always', '--dirty'], { cwd: root });
    const rows = [{ name: 'device', browser: browser.version, cpu: cpuFeatures(), cores, ...device, calls, commit }];
    const context = { browser, calls, texts: readReviews(), ...device, ...peers };
    for (const name of names) {
      const done = begin(`${name}: ${sections[name].title}`);
      try {
        rows.push(...(await sections[name].run(context)));
        done();
      } catch (error) {
        // What the others measured is worth having.
        process.stderr.write(`failed\n${error.stack}\n`);
        process.exitCode = 1;
      }
    }
    return rows;
  } finally {
    await browser.close();
  }
}

await command(async () => {
  const options = readArguments();
  if (options.build) {
    const [{ setUp }, { build }] = await Promise.all([import('./setup.mjs'), import('./build.mjs')]);
    await setUp({ tests: true });
    await build();
    await prepare();
  }
  const rows = await measure(options);
  process.stdout.write(toTable(rows));
  mkdirSync(path.join(root, 'build'), { recursive: true });
  writeFileSync(path.join(root, 'build/bench.json'), `${JSON.stringify(rows, null, 2)}\n`);
  const measured = options.names.filter((name) => rows.some((row) => row.name.startsWith(`${name}.`)));
  const charts = measured.map((name) => sections[name].plot?.(rows)).filter(Boolean);
  if (charts.length > 0) writeFileSync(path.join(root, 'build/bench.svg'), toSvg(charts));
});
