// Debian packages: installed where they are the system's own, or only unpacked where they come from a newer release.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { begin, deps, onPath, output, root, run, StepError } from './step.mjs';

const { debian: release } = JSON.parse(readFileSync(path.join(root, 'tools/versions.json'), 'utf8'));
const network = 'Check the connection to the Debian mirror, then run the command again.';

export const hasApt = () => onPath('apt-get') && onPath('dpkg');

/** Install those of `names` that are missing, with root or sudo. */
export async function installPackages(names) {
  if (names.length === 0) return;
  const list = names.join(' ');
  if (!hasApt())
    throw new StepError('Installing system packages', 'There is no apt here.', `Install these with your package manager: ${list}`);
  const asRoot = process.getuid() === 0 ? [] : ['sudo', '-n'];
  if (asRoot.length && output('sudo', ['-n', 'true']) === undefined) {
    throw new StepError(
      'Installing system packages',
      'Root or password-less sudo is needed.',
      `Run once: sudo apt-get install --no-install-recommends ${list}`,
    );
  }
  const done = begin(`Installing Debian packages: ${list}`);
  const apt = (...args) => {
    const [program, ...rest] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return run(`apt-get ${args[0]}`, network, program, rest);
  };
  await apt('update', '-q');
  await apt('install', '-q', '-y', '--no-install-recommends', ...names);
  done();
}

/** The mirror that this machine's own Debian release comes from. */
function mirror() {
  const folder = '/etc/apt/sources.list.d';
  const extra = existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [];
  for (const file of [...extra, '/etc/apt/sources.list'].filter((name) => existsSync(name))) {
    const text = readFileSync(file, 'utf8');
    if (file.endsWith('.sources')) {
      for (const stanza of text.split(/\n\s*\n/)) {
        const uri = stanza.match(/^URIs:\s*(\S+)/m)?.[1];
        if (uri && /\/debian\/?$/.test(uri)) return uri;
      }
    } else {
      const uri = text.match(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+\/debian\/?)\s/m)?.[1];
      if (uri) return uri;
    }
  }
  throw new StepError(
    'Finding the Debian mirror',
    'No source ending in /debian in /etc/apt.',
    'Add your Debian mirror to /etc/apt/sources.list.',
  );
}

/** apt options for a private list of another release: the machine's own sources stay as they are. */
async function privateSources(suite) {
  const folder = path.join(deps, suite === release ? 'apt' : `apt-${suite}`);
  const lists = path.join(folder, 'lists');
  const sources = path.join(folder, 'private.sources');
  mkdirSync(path.join(lists, 'partial'), { recursive: true });
  mkdirSync(path.join(folder, 'cache/archives/partial'), { recursive: true });
  writeFileSync(
    sources,
    `Types: deb deb-src\nURIs: ${mirror()}\nSuites: ${suite}\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n`,
  );
  const options = [
    `Dir::Etc::SourceList=${sources}`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${lists}`,
    `Dir::Cache=${path.join(folder, 'cache')}`,
    `APT::Sandbox::User=${output('id', ['-un'])}`,
    'Acquire::Languages=none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false',
  ].flatMap((option) => ['-o', option]);
  const fresh = readdirSync(lists).some((name) => name.endsWith('_Packages') || name.includes('_Packages.'));
  if (!fresh) await run(`Reading the package lists of Debian ${suite}`, network, 'apt-get', [...options, 'update', '-q']);
  return { folder, options };
}

/** Download packages of a release, the newer one by default, and unpack them into `target`, installing nothing. */
export async function unpackPackages(names, target, suite = release) {
  const { folder, options } = await privateSources(suite);
  const downloads = path.join(folder, 'debs');
  mkdirSync(downloads, { recursive: true });
  await run(`Downloading ${names.join(', ')}`, network, 'apt-get', [...options, 'download', '-q', ...names], { cwd: downloads });
  mkdirSync(target, { recursive: true });
  for (const name of names) {
    const file = readdirSync(downloads).find((entry) => entry.startsWith(`${name}_`));
    await run(`Unpacking ${name}`, 'Delete .deps/ and run the command again.', 'dpkg', ['-x', path.join(downloads, file), target]);
  }
}

/** Download the upstream source archive of a package; returns its path. */
export async function downloadSource(name, version) {
  const { folder, options } = await privateSources(release);
  await run(`Downloading the source of ${name}`, network, 'apt-get', [...options, 'source', '-q', '--download-only', name], {
    cwd: folder,
  });
  const archive = readdirSync(folder).find((entry) => entry.startsWith(`${name}_${version}.orig.tar.`));
  if (!archive)
    throw new StepError(
      `Downloading the source of ${name}`,
      `The mirror has no version ${version}.`,
      `Set another version in tools/versions.json.`,
    );
  return path.join(folder, archive);
}
