/** doctor: whether everything that a book needs is in order. */
import { doctorDocument } from '../../report/doctor-document.ts';
import { diagnose } from '../../service/diagnosing.ts';
import { diagnoseSource } from '../../service/source/preflight.ts';
import { systemClock } from '../../service/system-clock.ts';
import type { OpenVenue } from '../../service/venues/opening.ts';
import { diagnoseVenue } from '../../service/venues/preflight.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { printDocument } from '../render/document.ts';
import { paperMark } from '../render/mode.ts';
import { deskOptions, type SourceOptions, sourceOptions } from './source-options.ts';
import { withVenue } from './venue-options.ts';

const text: CommandText = {
  usage: 'doctor',
  summary: 'see whether everything is in order',
  description: `\
Looks at the program, the disk, the book, its newest batches, its writer and the clock, and says
what is wrong and what to do about it. It changes nothing. verify looks at every entry. With
--source it is a bot's database: its schema, its zone, and whether it may be read and written, tried
in a transaction that is rolled back. With --venue it is the connection to an exchange: its clock,
what the key may do, what is left of its rate, whether each part of the account can be read, and
whether the streams open.`,
  examples: [
    ['trueup doctor', 'the book ./trueup.db'],
    ['trueup doctor --venue main', 'an exchange of the settings'],
    ['trueup doctor --source sqlite:paper_trading.db', "a bot's database"],
  ],
  exits: [
    [0, 'in order; warnings are listed'],
    [1, 'a fault'],
    [2, 'there is no such book, database or venue, or it is none'],
    [4, 'the database or the venue refuses the credentials'],
  ],
  onlyNow: true,
};

interface Options extends SourceOptions {
  readonly venue?: string;
}

export function addDoctor(registry: Registry): void {
  const command = declare(registry, text, (shell, options: Options) => runDoctor(shell, options));
  sourceOptions(command).option('--venue <name>', 'a venue of the settings');
}

export async function runDoctor(shell: Shell, options: Options, open?: OpenVenue): Promise<number> {
  const { terminal, globals } = shell;
  const diagnosis = await diagnosed(shell, options, open);
  if (globals.json) {
    printDocument({ terminal }, doctorDocument(diagnosis));
    return diagnosis.exitCode;
  }
  const { venue, mode } = diagnosis;
  if (venue !== undefined && mode === 'paper') terminal.print(`${venue}${paperMark(mode)}`);
  const width = Math.max(...diagnosis.checks.map(({ name }) => name.length));
  for (const { name, status, found, hint } of diagnosis.checks) {
    terminal.print(`  ${marks[status]} ${name.padEnd(width)}  ${found}`);
    if (hint !== null) terminal.print(`    ${' '.repeat(width)}  ${terminal.style('dim', hint)}`);
  }
  return diagnosis.exitCode;
}

function diagnosed(shell: Shell, options: Options, open?: OpenVenue) {
  const { book } = shell.globals.configuration;
  const { venue, source } = options;
  if (venue !== undefined && source !== undefined) {
    const hint = 'look at one after the other';
    throw usageError('option-unfit', '--venue and --source exclude each other', hint, '--venue');
  }
  if (venue !== undefined) {
    return withVenue(shell, venue, (opened) => diagnoseVenue(opened.venue, book), open);
  }
  return source === undefined
    ? Promise.resolve(diagnose(book, systemClock))
    : diagnoseSource(deskOptions(shell, options));
}

const marks = { ok: '✓', warning: '!', fault: '✗' } as const;
