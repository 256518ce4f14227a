// Java, which only Spark needs: the machine's own where it is of the right version, else unpacked into .deps/java.
import { existsSync, lstatSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { hasApt, unpackPackages } from './debian.mjs';
import { once, versions } from './setup.mjs';
import { deps, output, StepError } from './step.mjs';

const { version, debian } = versions.java;
const unpacked = path.join(deps, 'java');

/** The home of the Java that `program` starts, where it is of the version wanted. */
function homeOf(program) {
  if (!new RegExp(`^\\w+ ${version}\\b`).test(output(program, ['--version']) ?? '')) return undefined;
  return path.resolve(output('sh', ['-c', 'readlink -f "$(command -v "$1")"', 'sh', program]), '../..');
}

/** Debian's Java reads its settings by links into /etc: here they lead into the folder it is unpacked to. */
function relink(folder) {
  for (const { name, parentPath } of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(parentPath, name);
    if (!lstatSync(file).isSymbolicLink()) continue;
    const inside = path.join(unpacked, readlinkSync(file));
    if (!path.isAbsolute(readlinkSync(file)) || !existsSync(inside)) continue;
    rmSync(file);
    symlinkSync(path.relative(parentPath, inside), file);
  }
}

async function unpack() {
  const remedy = `Install Java ${version}, or set JAVA_HOME to it.`;
  if (!hasApt()) throw new StepError(`Looking for Java ${version}`, 'There is none, and there is no apt here.', remedy);
  await once('java', `${version} ${debian}`, `Fetching Java ${version}`, async () => {
    rmSync(unpacked, { recursive: true, force: true });
    await unpackPackages([`openjdk-${version}-jre-headless`], unpacked, debian);
    relink(unpacked);
  });
  const folder = path.join(unpacked, 'usr/lib/jvm');
  const home = readdirSync(folder).map((name) => homeOf(path.join(folder, name, 'bin/java')));
  const found = home.find(Boolean);
  if (!found) throw new StepError(`Starting Java ${version}`, 'The one of Debian does not start here.', remedy);
  return found;
}

/** Where Java is, for JAVA_HOME. */
export async function setUpJava() {
  const { JAVA_HOME } = process.env;
  return (JAVA_HOME && homeOf(path.join(JAVA_HOME, 'bin/java'))) || homeOf('java') || (await unpack());
}
