/** How commands are declared: every one has examples, exit codes and the global options. */
import { Command } from 'commander';
import { type Instant, parseInstant } from '../model/instant.ts';
import { type Configuration, readConfiguration } from '../service/config.ts';
import { withLine } from '../service/config-file.ts';
import { parseDuration } from '../service/duration.ts';
import { CommandError, refusedInput, usageError } from './command-error.ts';
import type { Terminal } from './terminal.ts';

/** What every command is given. */
export interface Shell {
  readonly terminal: Terminal;
  readonly globals: Globals;
}

/** What the options before or behind a command's name say. */
export interface Globals {
  readonly configuration: Configuration;
  readonly json: boolean;
  readonly strict: boolean;
  readonly asOf: Instant | null;
  readonly knownAt: number | null;
}

export interface CommandText {
  /** Its name and arguments. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly description: string;
  /** Three command lines, each with what it is for. */
  readonly examples: readonly (readonly [line: string, purpose: string])[];
  readonly exits: readonly (readonly [code: number, meaning: string])[];
  /** Knows no other time than now: --as-of and --known-at are refused, not ignored. */
  readonly onlyNow?: true;
}

/** Runs a command: its exit code. */
export type Run<Options> = (
  shell: Shell,
  options: Options,
  args: readonly string[],
) => Promise<number>;

/** Where commands register themselves; `ended` takes the exit code of the one that ran. */
export interface Registry {
  readonly program: Command;
  readonly terminal: Terminal;
  readonly ended: (exitCode: number) => void;
}

/** Declares a command; options are added to what is returned. */
export function declare<Options>(
  { program, terminal, ended }: Registry,
  text: CommandText,
  run: Run<Options>,
  parent: Command = program,
): Command {
  const command = parent
    .command(text.usage)
    .summary(text.summary)
    .description(text.description)
    .addHelpText('after', helpTail(text));
  return command.action(async () => {
    const options = command.optsWithGlobals<GlobalOptions & Options>();
    const shell = { terminal, globals: globalsOf(options, terminal) };
    if (text.onlyNow === true) refuseOtherTimes(shell.globals, command.name());
    try {
      ended(await run(shell, options, command.args));
    } catch (error) {
      throw placed(error, shell.globals);
    }
  });
}

/** What is wrong in a settings file is told with its line, whichever command came upon it. */
const placed = (error: unknown, { configuration }: Globals): unknown =>
  error instanceof CommandError && error.refusal.where.line === undefined
    ? new CommandError(error.exitCode, withLine(error.refusal, configuration), error.details)
    : error;

function refuseOtherTimes({ asOf, knownAt }: Globals, name: string): void {
  if (asOf === null && knownAt === null) return;
  const option = asOf === null ? '--known-at' : '--as-of';
  const hint = 'leave it out; book and performance look back';
  throw usageError('only-now', `${name} takes no ${option}`, hint, option);
}

const alignedMax = 48;

function helpTail({ examples, exits }: CommandText): string {
  const lengths = examples.map(([line]) => line.length);
  // A long line goes its own way, or the others would leave the screen with it.
  const width = Math.max(0, ...lengths.filter((length) => length <= alignedMax));
  return [
    '',
    'Examples:',
    ...examples.map(([line, purpose]) => `  ${line.padEnd(width)}  # ${purpose}`),
    '',
    'Exit codes:',
    ...exits.map(([code, meaning]) => `  ${code}  ${meaning}`),
  ].join('\n');
}

interface GlobalOptions {
  readonly book?: string;
  readonly account?: string;
  readonly markMaxAge?: string;
  readonly json?: true;
  readonly strict?: true;
  readonly asOf?: string;
  readonly knownAt?: string;
}

export const newProgram = (): Command =>
  new Command('trueup')
    .option('--book <file>', 'the book (default: ./trueup.db, or TRUEUP_BOOK)')
    .option('--account <name>', 'the account (default: the only one, or all)')
    .option('--json', 'print one JSON document')
    .option('--as-of <time>', 'leave out what took effect later, such as 2026-11-20T00:00:00Z')
    .option('--known-at <sequence>', 'leave out entries after this one')
    .option('--strict', 'refuse what is otherwise only warned of')
    .option('--mark-max-age <duration>', 'how old a price may be to value with (default: 24h)')
    .option('--no-color', 'print without colours (as with NO_COLOR)');

function globalsOf(options: GlobalOptions, terminal: Terminal): Globals {
  const { book, account, markMaxAge } = options;
  const read = readConfiguration({
    ...(book === undefined ? {} : { book }),
    ...(account === undefined ? {} : { account }),
    ...(markMaxAge === undefined ? {} : { markMaxAge }),
  });
  if (!read.ok) throw refusedInput(read.refusal);
  for (const { message, hint } of read.value.warnings)
    terminal.tell(`warning: ${message}; ${hint}`);
  return {
    configuration: read.value,
    json: options.json === true,
    strict: options.strict === true,
    asOf: timeOption('--as-of', options.asOf),
    knownAt: options.knownAt === undefined ? null : sequenceOption('--known-at', options.knownAt),
  };
}

/** An instant as an option; null when the option is absent. */
export function timeOption(name: string, text: string | undefined): Instant | null {
  if (text === undefined) return null;
  const at = parseInstant(text);
  if (at !== null) return at;
  const hint = 'write a time with its offset, such as 2026-11-20T00:00:00Z';
  throw usageError('time-bad', `${name} ${JSON.stringify(text)} is no RFC 3339 time`, hint, name);
}

export function sequenceOption(name: string, text: string): number {
  if (/^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  const hint = 'write the number of an entry, which audit lists';
  throw usageError('sequence-bad', `${name} ${JSON.stringify(text)} is no sequence`, hint, name);
}

/** A duration as an option, in milliseconds. */
export function durationOption(name: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  const said = `${name} ${JSON.stringify(text)} is no duration`;
  throw usageError('duration-bad', said, 'write it like 30s, 5m or 24h', name);
}

/** A whole number as an option. */
export function countOption(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw usageError(
    'count-bad',
    `${name} ${JSON.stringify(text)} is no count`,
    'write digits',
    name,
  );
}
