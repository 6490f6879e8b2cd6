/** adopt: the history that a bot's database keeps, into our book. */
import { parseDecimal } from '../../decimal/text.ts';
import { parseInstant } from '../../model/instant.ts';
import { adoptDocument, adoptExitCode } from '../../report/adopt-document.ts';
import { adopt } from '../../service/adopting.ts';
import type { StatedOpening } from '../../service/adopting-opening.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { Progress } from '../progress.ts';
import { adoptLines } from '../render/adopt-text.ts';
import { countText } from '../render/amount.ts';
import { printDocument } from '../render/document.ts';
import { deskOptions, type SourceOptions, sourceOptions, withDesk } from './source-options.ts';

const text: CommandText = {
  usage: 'adopt',
  summary: "book the history that a bot's database keeps",
  description: `\
Books what another program's database keeps: the opening, every order as one provisional fill, the
prices and the performance records. Done again, what is booked is recognised and later orders are
added. Nothing is written to the database. The opening is what --opening says, else the database's
first performance record where that is all cash and before every order, else what is left of the
cash when the orders are taken away, and then it is marked as derived. What the database's own
figures do not confirm is listed: quantities and cash that the orders do not explain, orders that
cannot be booked, fees that are not known.`,
  examples: [
    ['trueup adopt --source sqlite:paper_trading.db', 'into the account falcon of ./trueup.db'],
    ['trueup adopt --source sqlite:paper_trading.db --dry-run', 'what it would book'],
    ['trueup adopt --opening 10000@2025-11-25T21:05:00Z', 'what the account began with'],
  ],
  exits: [
    [0, 'booked, and the orders explain the cash and every position'],
    [1, 'the database is locked or damaged; the next run completes what was booked'],
    [2, 'there is no such database, or it is of no schema that is known'],
    [3, 'booked, but cash or positions are not what the orders lead to, or there are conflicts'],
    [4, 'the database refuses the credentials'],
    [5, 'booked, but the database does not say its cash or a quantity'],
    [7, 'another writer holds the book and does not answer'],
  ],
  onlyNow: true,
};

interface Options extends SourceOptions {
  readonly opening?: string;
  readonly dryRun?: true;
}

export function addAdopt(registry: Registry): void {
  sourceOptions(declare(registry, text, run))
    .option('--opening <amount@time>', 'what the account began with, and when')
    .option('--dry-run', 'say what would be booked, and write nothing');
}

const run = (shell: Shell, options: Options): Promise<number> =>
  withDesk(shell, options, async ({ source }) => {
    const { terminal, globals } = shell;
    const { book: path, ...desk } = deskOptions(shell, options);
    const opening = options.opening === undefined ? null : statedOpening(options.opening);
    const progress = new Progress(terminal);
    const adoption = await adopt(source, {
      ...desk,
      path,
      opening,
      dryRun: options.dryRun === true,
      onProgress(orders) {
        if (orders % progressOrders === 0) progress.at(`read ${countText(orders)} orders`);
      },
    });
    progress.end('read the orders');
    const document = adoptDocument(adoption);
    if (globals.json) printDocument(shell, document);
    else terminal.print(adoptLines(terminal, document).join('\n'));
    if (adoption.dryRun && !globals.json) terminal.tell('dry run: nothing was written');
    return adoptExitCode(adoption);
  });

const progressOrders = 10_000;

function statedOpening(said: string): StatedOpening {
  const [amount = '', time = ''] = said.split(/@(.*)/s);
  const parsed = parseDecimal(amount);
  const at = parseInstant(time);
  if (parsed.ok && at !== null) return { amount: parsed.value, time: at };
  const hint = 'write amount and time, such as 10000@2025-11-25T21:05:00Z';
  throw usageError('opening-bad', `--opening ${JSON.stringify(said)} is none`, hint, '--opening');
}
