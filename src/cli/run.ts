/** One run of the command line: from its words to an exit code. */
import { type Command, CommanderError } from 'commander';
import { newProgram, type Registry } from './command.ts';
import { report, usageError } from './command-error.ts';
import { type CommandName, commandNames, commands } from './commands.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { version } from './version.ts';

export async function run(words: readonly string[]): Promise<number> {
  const json = words.includes('--json');
  const terminal = processTerminal(!words.includes('--no-color'));
  let exitCode = 0;
  const ended = (code: number) => {
    exitCode = code;
  };
  try {
    const program = await programOf(terminal, ended, neededFor(words));
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return report(error, terminal, json);
    if (error.exitCode === 0) return 0;
    return report(usageOf(error, words), terminal, json);
  }
}

/** What is said of commands is said of all of them; one that is run needs no other. */
export function neededFor(words: readonly string[]): readonly CommandName[] {
  const name = operandOf(newProgram(), words);
  if (name === null) return words[0] === '--version' ? [] : commandNames;
  return commandNames.includes(name as CommandName) ? [name as CommandName] : commandNames;
}

/** The first word that is no global option or its value; null: something else comes first. */
function operandOf({ options }: Command, words: readonly string[]): string | null {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    if (!word.startsWith('-')) return word;
    const [flag, ...value] = word.split('=');
    const option = options.find(({ long, short }) => flag === long || flag === short);
    if (option === undefined) return null;
    if (option.required && value.length === 0) at += 1;
  }
  return null;
}

/** These commands, with what they print left to the terminal. */
export async function programOf(
  terminal: Terminal,
  ended: Registry['ended'],
  names: readonly CommandName[] = commandNames,
): Promise<Command> {
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
  const adds = await Promise.all(names.map((name) => commands[name]()));
  for (const add of adds) add({ program, terminal, ended });
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
