// The module's own search for answers (web/replies), for the tools that fit and measure it.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { root } from './step.mjs';

/** `{ AnswerSearch, readFile, featuresOf, probabilityOf, thresholdOf }` */
export async function loadRepliesCode() {
  const esbuild = await import('esbuild');
  const outfile = path.join(root, 'build/replies/code.mjs');
  mkdirSync(path.dirname(outfile), { recursive: true });
  const contents = ['search', 'file', 'probability'].map((name) => `export * from './${name}.ts';`).join('\n');
  const stdin = { contents, resolveDir: path.join(root, 'web/replies'), loader: 'ts' };
  await esbuild.build({ stdin, outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'error' });
  return import(pathToFileURL(outfile).href);
}

/** The JSON in an answers file. */
export const unpackAnswers = (bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes);
