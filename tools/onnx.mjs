// The base model as ONNX, for the tests of `engine: 'onnx'` and the bench: build/onnx/aftersense-base.exact.onnx, made anew where its sources changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { venv } from './setup.mjs';
import { begin, root, run } from './step.mjs';

const folder = path.join(root, 'build/onnx');
const sources = ['models/base/aftersense-base.aspack', 'models/base/onnx_graph.py', 'models/base/quantise.py', 'models/pack.py'];

/** Needs the Python code of the model pack, which the build generates. */
export async function exportOnnx(form = 'exact') {
  const file = path.join(folder, `aftersense-base.${form}.onnx`);
  const stamp = `${file}.stamp`;
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(path.join(root, source)));
  const key = hash.digest('hex');
  if (existsSync(file) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return file;
  const done = begin(`Writing the base model as ONNX, ${form}`);
  mkdirSync(folder, { recursive: true });
  const args = ['-m', 'base.onnx_graph', '--form', form, '--out', file];
  await run('Writing the base model as ONNX', 'See the message above.', path.join(venv, 'bin/python'), args, {
    cwd: path.join(root, 'models'),
  });
  writeFileSync(stamp, key);
  done();
  return file;
}
