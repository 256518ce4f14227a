import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

/** One project a folder of tests/; `npm test` builds first and runs them one after the other. */
const project = (name: string, testTimeout: number) => ({
  define: { AFTERSENSE_VERSION: JSON.stringify(version) },
  test: { name, include: [`tests/${name}/**/*.test.ts`], testTimeout, hookTimeout: 120_000, pool: 'forks' as const },
});

export default defineConfig({
  test: { projects: [project('web', 60_000), project('package', 300_000), project('browser', 120_000), project('scale', 600_000)] },
});
