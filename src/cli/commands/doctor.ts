/** doctor: whether everything that a book needs is in order. */
import { doctorDocument } from '../../report/doctor-document.ts';
import { diagnose } from '../../service/diagnosing.ts';
import { diagnoseSource } from '../../service/source/preflight.ts';
import { systemClock } from '../../service/system-clock.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { printDocument } from '../render/document.ts';
import { deskOptions, type SourceOptions, sourceOptions } from './source-options.ts';

const text: CommandText = {
  usage: 'doctor',
  summary: 'see whether everything is in order',
  description: `\
Looks at the program, the disk, the book, its newest batches, its writer and the clock, and says
what is wrong and what to do about it. It changes nothing. verify looks at every entry. With
--source it is a bot's database: its schema, its zone, and whether it may be read and written, tried
in a transaction that is rolled back.`,
  examples: [
    ['trueup doctor', 'the book ./trueup.db'],
    ['trueup --book monday.db doctor', 'another file'],
    ['trueup doctor --source sqlite:paper_trading.db', "a bot's database"],
  ],
  exits: [
    [0, 'in order; warnings are listed'],
    [1, 'a fault'],
    [2, 'there is no such book or database, or it is none'],
    [4, 'the database refuses the credentials'],
  ],
  onlyNow: true,
};

export function addDoctor(registry: Registry): void {
  sourceOptions(declare(registry, text, run));
}

async function run(shell: Shell, options: SourceOptions): Promise<number> {
  const { terminal, globals } = shell;
  const diagnosis =
    options.source === undefined
      ? diagnose(globals.configuration.book, systemClock)
      : await diagnoseSource(deskOptions(shell, options));
  if (globals.json) {
    printDocument({ terminal }, doctorDocument(diagnosis));
    return diagnosis.exitCode;
  }
  const width = Math.max(...diagnosis.checks.map(({ name }) => name.length));
  for (const { name, status, found, hint } of diagnosis.checks) {
    terminal.print(`  ${marks[status]} ${name.padEnd(width)}  ${found}`);
    if (hint !== null) terminal.print(`    ${' '.repeat(width)}  ${terminal.style('dim', hint)}`);
  }
  return diagnosis.exitCode;
}

const marks = { ok: '✓', warning: '!', fault: '✗' } as const;
