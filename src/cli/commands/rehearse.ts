/** rehearse: an incident, from its planted fault to TRUE. */
import {
  endedTrue,
  type RehearsedStep,
  rehearsalDocument,
} from '../../report/rehearsal-document.ts';
import { surroundings } from '../../service/config.ts';
import type { RehearsalTools } from '../../service/rehearsal/exchange-port.ts';
import { postgresVariable } from '../../service/rehearsal/mismatch-database.ts';
import { type Rehearsal, rehearsals } from '../../service/rehearsal/rehearsals.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { printDocument } from '../render/document.ts';
import { lastLine, stepLines } from '../render/rehearse-text.ts';

const text: CommandText = {
  usage: 'rehearse <incident>',
  summary: 'play an incident from its planted fault to TRUE',
  description: `\
Builds the database of an incident in a folder of its own, sets the clock to its day, and goes
through it with the services behind the commands. Every figure is printed beside what it should be;
the first that is wrong ends it. Nothing is left behind: --keep leaves the database in a folder as
it was at the beginning, to try the commands on; the exchange of quantity-mismatch ends with
the rehearsal, so that serve has nothing to hold its database against: try audit source on it.
Incidents: falcon-balance, a bot whose stored balance stopped being true; quantity-mismatch, a bot
whose stored positions drifted from an exchange, which is emulated on this machine. Its database is
a SQLite twin, or one of its own on the server that TRUEUP_REHEARSAL_POSTGRES names.`,
  examples: [
    ['trueup rehearse falcon-balance', 'every step and figure'],
    ['trueup rehearse falcon-balance --keep incident', 'and incident/paper_trading.db to try on'],
    ['trueup rehearse quantity-mismatch', 'positions, executions and exits, in seconds'],
    ['trueup rehearse falcon-balance --json', 'the same as one document'],
  ],
  exits: [
    [0, 'it ended TRUE, with every figure as it should be'],
    [1, 'a figure was wrong, and is named; or the server that was named cannot be used'],
    [2, 'there is no such incident, or the folder has such a database already'],
  ],
  onlyNow: true,
};

interface Options {
  readonly keep?: string;
}

export function addRehearse(registry: Registry): void {
  declare(registry, text, run).option('--keep <folder>', 'leave its database there');
}

async function run(shell: Shell, { keep }: Options, [name]: readonly string[]): Promise<number> {
  const rehearsal = rehearsalNamed(name ?? '');
  const kept = keep === undefined ? null : rehearsal.keep(keep);
  return playRehearsal(shell, rehearsal, kept);
}

function rehearsalNamed(name: string): Rehearsal {
  const found = rehearsals.find((one) => one.name === name);
  if (found !== undefined) return found;
  const hint = `choose ${rehearsals.map((one) => one.name).join(' or ')}`;
  throw usageError('incident-unknown', `there is no incident ${name}`, hint, 'incident');
}

/** The emulator is loaded where an exchange is asked for. */
const tools = (): RehearsalTools => ({
  async openExchange(options) {
    const { openEmulator } = await import('../../../emulator/emulator.ts');
    return openEmulator(options);
  },
  postgres: surroundings().environment[postgresVariable] || null,
});

/** Plays and prints it; the exit code. */
export async function playRehearsal(
  shell: Shell,
  rehearsal: Rehearsal,
  kept: string | null,
): Promise<number> {
  const { terminal } = shell;
  const { json } = shell.globals;
  if (!json) terminal.print(`rehearse ${rehearsal.name}: ${rehearsal.about}`);
  let number = 0;
  const told = (step: RehearsedStep): void => {
    number += 1;
    if (!json) terminal.print(`\n${stepLines(terminal, number, step).join('\n')}`);
  };
  const result = await rehearsal.play(told, tools());
  const document = rehearsalDocument(result, kept);
  if (json) printDocument(shell, document);
  else {
    if (kept !== null) terminal.print(`\nthe database as it was at the beginning: ${kept}`);
    terminal.print(`\n${lastLine(document)}`);
  }
  return endedTrue(result) ? 0 : 1;
}
