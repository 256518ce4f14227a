/** Builds and serves the storefront. The package is resolved through its own `exports`, as a shop's bundler would. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const packageJson = JSON.parse(readFileSync(at('../package.json'), 'utf8')) as {
  name: string;
  exports: Record<string, { default: string } | undefined>;
};
const entry = packageJson.exports['.'];
if (entry === undefined) throw new Error('package.json exports no "."');

/** The strictest policy that allows WebAssembly; `tests/browser` holds the page to it. */
const headers = { 'Content-Security-Policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'" };
const server = { host: '127.0.0.1', port: Number(process.env.PORT ?? 5173), strictPort: process.env.PORT !== undefined, headers };

export default defineConfig({
  root: at('.'),
  base: './',
  // Routes live in the fragment: an unknown path is missing, not the page again.
  appType: 'mpa',
  publicDir: at('../build/demo/public'),
  resolve: { alias: [{ find: new RegExp(`^${packageJson.name}$`), replacement: at(`../${entry.default}`) }] },
  optimizeDeps: { exclude: [packageJson.name] },
  server: { ...server, fs: { allow: [at('..')] } },
  preview: server,
  worker: { format: 'es' },
  build: {
    outDir: at('../build/demo/site'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: [at('index.html'), at('merchant/index.html')] },
  },
});
