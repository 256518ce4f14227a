// `npm run test:spark`: models/shop/spark on this machine's cores. Not in `npm test`: pyspark is 300 MB. The last line is "N passed, N failed".
import path from 'node:path';
import { build } from './build.mjs';
import { setUpJava } from './java.mjs';
import { pytest } from './pytest.mjs';
import { digest, once } from './setup.mjs';
import { command, deps, run } from './step.mjs';

const venv = path.join(deps, 'venv-spark');
const requirements = ['tests/spark/requirements.txt', 'models/shop/spark/requirements.txt', 'models/shop/requirements-recommend.txt'];

async function setUpSpark() {
  await once('spark', digest(...requirements), 'Installing Spark', async () => {
    await run('Creating .deps/venv-spark', 'Install Python 3.11 with its venv module (Debian: python3-venv).', 'python3', [
      '-m',
      'venv',
      '--clear',
      venv,
    ]);
    const pip = ['install', '-q', '--disable-pip-version-check', '-r', requirements[0]];
    await run('pip install', 'Check the connection to PyPI, then run the command again.', path.join(venv, 'bin/pip'), pip);
  });
}

await command(async () => {
  await build(); // the command, which Spark pipes products through
  const JAVA_HOME = await setUpJava();
  await setUpSpark();
  const { passed, failed } = await pytest(path.join(venv, 'bin/python'), 'tests/spark', { ...process.env, JAVA_HOME });
  process.exitCode = failed ? 1 : 0;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
});
