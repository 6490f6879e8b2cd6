/** doctor: whether everything that a book needs is in order. */
import { doctorDocument } from '../../report/doctor-document.ts';
import { diagnose } from '../../service/diagnosing.ts';
import { systemClock } from '../../service/system-clock.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { printDocument } from '../render/document.ts';

const text: CommandText = {
  usage: 'doctor',
  summary: 'see whether everything is in order',
  description: `\
Looks at the program, the disk, the book, its newest batches, its writer and the clock, and says
what is wrong and what to do about it. It changes nothing. verify looks at every entry.`,
  examples: [
    ['trueup doctor', 'the book ./trueup.db'],
    ['trueup --book monday.db doctor', 'another file'],
    ['trueup doctor --json', 'for a monitor'],
  ],
  exits: [
    [0, 'in order; warnings are listed'],
    [1, 'a fault'],
    [2, 'there is no such book, or it is none'],
  ],
  onlyNow: true,
};

export function addDoctor(registry: Registry): void {
  declare(registry, text, run);
}

async function run({ terminal, globals }: Shell): Promise<number> {
  const diagnosis = diagnose(globals.configuration.book, systemClock);
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
