// The policy's schema (web/desk/policy.schema.json) as code: a validator that needs no `eval`, so that it runs under a strict CSP.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './step.mjs';

const declaration = `export interface SchemaError {
  keyword: string;
  instancePath: string;
  propertyName?: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): boolean; errors?: SchemaError[] | null };
export default validate;
`;

/** Writes build/generated/policy_validator.js. */
export async function generateValidator(esbuild) {
  const { default: Ajv } = await import('ajv/dist/2020.js');
  const { default: standaloneCode } = await import('ajv/dist/standalone/index.js');
  const schema = JSON.parse(readFileSync(path.join(root, 'web/desk/policy.schema.json'), 'utf8'));
  const ajv = new Ajv.default({ allErrors: true, inlineRefs: false, strictTypes: false, code: { source: true, esm: true } });
  const contents = standaloneCode.default(ajv, ajv.compile(schema));
  const outfile = path.join(root, 'build/generated/policy_validator.js');
  // ajv's code requires two functions of ajv's own.
  await esbuild.build({ stdin: { contents, resolveDir: root }, outfile, bundle: true, format: 'esm', target: 'es2022', logLevel: 'error' });
  writeFileSync(outfile.replace(/\.js$/, '.d.ts'), declaration);
}
