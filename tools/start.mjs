// `npm start`: sets up what is missing, builds, and serves the demo storefront. PORT chooses the port.
import { build, buildDemo } from './build.mjs';
import { command, root } from './step.mjs';

await command(async () => {
  await build();
  await buildDemo();
  const { preview } = await import('vite');
  const server = await preview({ root: `${root}/demo`, configFile: `${root}/demo/vite.config.ts` });
  process.stdout.write(`\nThe demo storefront is at ${server.resolvedUrls.local[0]}  (Ctrl+C stops it)\n`);
});
