/** The command `aftersense`. Exit codes: 0 done, 1 something failed or was left out (told on standard error), 2 wrong usage. */
import { AftersenseError, version } from '../index.ts';
import { UsageError } from './command.ts';
import { commands } from './commands.ts';

const help = `aftersense ${version}: reads feedback in Chinese and English, and builds what a shop serves, on this machine alone

${commands.map((each) => each.help).join('\n\n')}

  aftersense --help | --version
`;

const asksForHelp = (args: readonly string[]): boolean => args.includes('--help') || args.includes('-h');

async function run(args: readonly string[]): Promise<number> {
  const found = commands.find(({ words }) => words.every((word, i) => args[i] === word));
  if (found && !asksForHelp(args)) return found.run(args.slice(found.words.length));
  if (!found && args.includes('--version')) process.stdout.write(`${version}\n`);
  else if (asksForHelp(args) || args.length === 0) process.stdout.write(found ? `${found.help}\n` : help);
  else {
    const words = args.filter((arg) => !arg.startsWith('-'));
    throw new UsageError(words.length > 0 ? `There is no command "${words.join(' ')}".` : 'Give a command first.');
  }
  return 0;
}

const isUsage = (error: unknown): error is Error =>
  error instanceof UsageError || String((error as { code?: unknown } | null)?.code ?? '').startsWith('ERR_PARSE_ARGS');

/** Run one command line; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  // A reader that has seen enough, like `head`, is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    return await run(args);
  } catch (error) {
    if (isUsage(error)) {
      process.stderr.write(`${error.message}\nTry: aftersense --help\n`);
      return 2;
    }
    const text =
      error instanceof AftersenseError ? `${error.message} [${error.code}]` : error instanceof Error ? error.message : String(error);
    process.stderr.write(`${text}\n`);
    return 1;
  }
}
