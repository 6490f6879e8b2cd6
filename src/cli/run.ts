/** One run of the command line: from its words to an exit code. */
import { CommanderError } from 'commander';
import { newProgram, type Registry } from './command.ts';
import { report, usageError } from './command-error.ts';
import { commands } from './commands.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { version } from './version.ts';

export async function run(words: readonly string[]): Promise<number> {
  const json = words.includes('--json');
  const terminal = processTerminal(!words.includes('--no-color'));
  endWithReader();
  let exitCode = 0;
  const program = programOf(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return report(error, terminal, json);
    if (error.exitCode === 0) return 0;
    return report(usageOf(error, words), terminal, json);
  }
}

/** All commands, with what they print left to the terminal. */
export function programOf(terminal: Terminal, ended: Registry['ended']) {
  const program = newProgram()
    .description('The book of record for trading bots.')
    .version(version(), '--version', 'print the version')
    .configureHelp({ showGlobalOptions: true, helpWidth: 100 })
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      // Errors come as exceptions and are told once, in our own words.
      writeErr: () => undefined,
    })
    .exitOverride();
  for (const add of commands) add({ program, terminal, ended });
  return program;
}

function usageOf(error: CommanderError, words: readonly string[]) {
  if (error.code === 'commander.help') {
    const hint = 'trueup --help lists the commands';
    return usageError('no-command', `no command in "${['trueup', ...words].join(' ')}"`, hint);
  }
  const [message = '', hint] = error.message.replace(/^error: /, '').split('\n');
  const code = error.code.replace('commander.', '').replace(/[A-Z]/g, (at) => `-${at}`);
  const meant = hint?.replace(/^\(|\)$/g, '').toLowerCase();
  return usageError(code.toLowerCase(), message, meant ?? 'see trueup --help');
}

/** Whoever reads only the first lines of a result has seen enough. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
