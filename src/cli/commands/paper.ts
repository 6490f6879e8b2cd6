/** paper: strategies on recorded data, through an exchange that is only simulated. */
import { instantText } from '../../model/instant.ts';
import { paperDocument } from '../../report/paper-document.ts';
import { type PaperRequest, paper } from '../../service/executing/paper.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { refusedInput } from '../command-error.ts';
import { Progress } from '../progress.ts';
import { countText, timeText } from '../render/amount.ts';
import { printDocument } from '../render/document.ts';
import { paperLines } from '../render/paper-text.ts';
import { version } from '../version.ts';

const text: CommandText = {
  usage: 'paper',
  summary: 'run strategies on recorded data, on paper',
  description: `\
Runs strategies on recorded bars or trades, through a simulated exchange: orders with latency, fees,
ticks and lots, partial fills, funding, liquidation. Every fill is booked at once, what strategies
hold is read from the book, and at the end the book is held against the exchange's own statement.
Same data, options and seed: same output, byte for byte. The run has a book of its own, which is
gone afterwards; with --book it stays, in a file that must not be there yet.
Strategies: ma-cross, rsi-reversion, bollinger-reversion, breakout, or a file with one exported
function; NAME=0.4 gives one a share of the capital, the others divide what is left.`,
  examples: [
    ['trueup paper --data bars.csv --strategy ma-cross', 'one strategy'],
    [
      'trueup paper --data bars.csv --strategy ma-cross=0.5 breakout=0.3 --json',
      'two, with shares',
    ],
    [
      'trueup --book run.db paper --data bars.csv --strategy mine.ts',
      'your own, and the book stays',
    ],
  ],
  exits: [
    [0, 'the book is true: it is what the exchange states'],
    [2, 'data, a strategy or an option was refused'],
    [3, 'breaks: the book differs from what the exchange states'],
    [5, 'cannot say'],
  ],
  onlyNow: true,
};

export function addPaper(registry: Registry): void {
  declare(registry, text, run)
    .requiredOption('--data <file...>', 'recorded bars or trades (CSV, NDJSON, also gzipped)')
    .requiredOption('--strategy <name...>', 'what to run, NAME or NAME=SHARE or FILE')
    .option('--parameter <value...>', 'such as ma-cross.fast=12')
    .option('--capital <amount>', 'what it begins with, in what the data settles in', '10000')
    .option('--instrument <name...>', 'of each file (default: as the file is named)')
    .option('--seed <number>', 'for everything that is drawn', '1')
    .option('--latency <ms>', 'how long an order is on its way, about', '50')
    .option('--fees <maker,taker>', 'shares of the value; below 0 is a rebate', '0.0002,0.00055')
    .option('--tick <price>', 'smallest step of prices', '0.00000001')
    .option('--lot <quantity>', 'smallest step of quantities', '0.00000001')
    .option('--min-notional <amount>', 'least value of an order')
    .option('--warm-up <bars>', 'bars that are only looked at', '0')
    .option('--position-limit <share>', 'most of an instrument, as a share of equity', '1')
    .option('--leverage <factor>', 'most that contracts may be of their margin', '5')
    .option('--bar <duration>', 'bars that trades are made into', '1m')
    .option('--funding <file>', 'dates and rates of funding, for the first instrument');
}

async function run(shell: Shell, options: PaperRequest): Promise<number> {
  const { configuration, json } = shell.globals;
  const named = configuration.settings.some(
    ({ name, origin }) => name === 'book' && origin === 'flag',
  );
  const progress = new Progress(shell.terminal);
  const ran = await paper(options, {
    book: named ? configuration.book : null,
    account: configuration.account ?? 'paper',
    markMaxAgeMs: configuration.markMaxAgeMs,
    programVersion: version(),
    onProgress({ at, events }) {
      progress.at(`PAPER ${countText(events)} events, ${timeText(instantText(at))}`);
    },
  });
  if (!ran.ok) throw refusedInput(ran.refusal);
  progress.end('PAPER the data has ended');
  const document = paperDocument(ran.value);
  if (json) printDocument(shell, document);
  else shell.terminal.print(paperLines(shell.terminal, document).join('\n'));
  return document.exitCode;
}
