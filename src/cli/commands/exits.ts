/** exits: positions that were held too long, and the orders that leave them. */

import { exitsDocument } from '../../report/exits-document.ts';
import type { ExitMode, ExitReport } from '../../service/exiting/desk.ts';
import { logTo } from '../../service/log.ts';
import { openForWriting } from '../../service/open-for-writing.ts';
import { readerOnce } from '../../service/reading.ts';
import { systemClock } from '../../service/system-clock.ts';
import { VenueDesk } from '../../service/venues/desk.ts';
import { venuesOfAccounts } from '../../service/venues/of-accounts.ts';
import type { OpenedVenue, OpenVenue } from '../../service/venues/opening.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { chosenAccounts, wanted, withReader } from '../open-book.ts';
import { Progress } from '../progress.ts';
import { printDocument } from '../render/document.ts';
import { exitsLines } from '../render/exits-text.ts';
import { version } from '../version.ts';
import { withVenues } from './venue-options.ts';

const text: CommandText = {
  usage: 'exits',
  summary: 'show positions that were held too long, and leave them',
  description: `\
Shows how old the positions of contracts are, the phase they are in, the price they would be left
at, and what has to be done about their orders; nothing is sent. The book says since when a position
is held, the venue what is left of it; one that no order of the bot is known to have opened is
foreign and left alone, unless "ownOrders" says otherwise. With --apply, where the settings of the
venue have "readOnly": false and "exits": {"enabled": true}, the book is brought up to date, the
gate is asked, and orders are amended, cancelled and placed; then the fills are booked and what is
left is compared. Every order reduces, and none is larger than what is left. docs/exits.md has the
rules.`,
  examples: [
    ['trueup exits --venue main', 'ages, phases, targets and the plan'],
    ['trueup exits --venue main --apply', 'carries it out, where it is configured'],
    ['trueup exits --json', 'every venue of the settings, for another program'],
  ],
  exits: [
    [0, 'nothing is due, or all of it was done'],
    [1, 'a venue refused an order'],
    [2, 'the venue or the account is not known'],
    [3, 'something is due, or the gate denies'],
    [4, 'a venue refuses the key'],
    [5, 'cannot say: an answer failed, something is not known, or the book is not equal after it'],
    [6, '--apply: the settings do not let orders be sent'],
    [7, 'another writer holds the book and does not answer'],
  ],
  onlyNow: true,
};

export interface ExitsOptions {
  readonly venue?: string;
  readonly apply?: true;
}

export function addExits(registry: Registry): void {
  declare(registry, text, (shell: Shell, options: ExitsOptions) => runExits(shell, options))
    .option('--venue <name>', 'of this venue (default: all that hold accounts of the book)')
    .option('--apply', 'send what is due');
}

export async function runExits(
  shell: Shell,
  options: ExitsOptions,
  open?: OpenVenue,
): Promise<number> {
  const names = options.venue === undefined ? await heldNames(shell) : [options.venue];
  const mode: ExitMode = options.apply === true ? 'apply' : 'plan';
  return withVenues(
    shell,
    names,
    async (opened) => {
      const reports: ExitReport[] = [];
      for (const one of opened) reports.push(await reportOf(shell, one, mode));
      const document = exitsDocument(reports);
      if (shell.globals.json) printDocument(shell, document);
      else shell.terminal.print(exitsLines(shell.terminal, document).join('\n'));
      return document.exitCode;
    },
    open,
  );
}

async function heldNames(shell: Shell): Promise<readonly string[]> {
  const { configuration } = shell.globals;
  const names = await withReader(shell, (reader) => {
    const accounts = chosenAccounts(shell, reader);
    return [...wanted(venuesOfAccounts(configuration, accounts)).values()];
  });
  if (names.length > 0) return names;
  const hint = 'name the venue of the settings with --venue, and pull it first: trueup update';
  throw usageError('venue-missing', 'no venue of the settings holds an account', hint, '--venue');
}

async function reportOf(shell: Shell, opened: OpenedVenue, mode: ExitMode): Promise<ExitReport> {
  const { terminal, globals } = shell;
  const { book, markMaxAgeMs } = globals.configuration;
  const { name } = opened.venue;
  const clock = systemClock;
  const holding = { clock, holder: 'trueup exits', programVersion: version(), markMaxAgeMs };
  const desk = new VenueDesk({
    ...{ name, opened, book, markMaxAgeMs, clock, programVersion: version() },
    reader: readerOnce(book, clock),
    openWriter: () => openForWriting(book, { ...holding, create: true }),
  });
  const progress = new Progress(terminal);
  progress.at(`asking ${name}`);
  // What is done is told at the end; what goes wrong meanwhile, at once.
  const log = { ...logTo((line) => terminal.tell(line.trimEnd()), clock), info: () => undefined };
  const report = await desk.exits(mode, log, new AbortController().signal);
  progress.end(`asked ${name}`);
  return report;
}
