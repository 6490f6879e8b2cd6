/** check: is the book true? */
import type { CheckDocument, CheckedAccount } from '../../report/check-document.ts';
import { checkAll, documentOf } from '../../service/reconciling.ts';
import type { OpenVenue } from '../../service/venues/opening.ts';
import {
  type CommandText,
  declare,
  durationOption,
  type Registry,
  type Shell,
} from '../command.ts';
import { withReader, withWriter } from '../open-book.ts';
import { checkLines, viewOfCheck } from '../render/check-text.ts';
import { printDocument, printLine } from '../render/document.ts';
import { interrupted, watching } from '../watching.ts';
import { type CheckPositionsOptions, runCheckPositions } from './check-positions.ts';
import { type CheckSourceOptions, runCheckSource } from './check-source.ts';
import { withComparing } from './comparing.ts';
import { keepsPositions, positionsOptions, refuseRowsOptions } from './positions-options.ts';
import {
  amountOption,
  comparedWords,
  comparingOptions,
  reconcileOptions,
} from './reconcile-options.ts';
import { pricesOption, sourceOptions } from './source-options.ts';

const text: CommandText = {
  usage: 'check',
  summary: 'say whether the book is true',
  description: `\
Asks the venues that the settings name for the accounts of the book, or reads a statement, and says
TRUE, BREAK or CANNOT SAY; an account without either is held against itself. What failed, is too old
or says suspiciously little proves nothing. A difference that is younger than --settle, or that two
snapshots do not both show, is not a break yet. With --watch it goes on until it is stopped. With
--source it holds what a bot's database stores against what knows better: a total against that
database's own cash and positions, stored positions against the book, and the venue or statement
that is named. --source without a value takes the setting; without --source no setting is looked at.
What was said and what became of each break are noted in the book, unless --no-record is given;
nothing else is ever written to.`,
  examples: [
    ['trueup check --venue main --watch 30s', 'ask an exchange, again and again'],
    ['trueup check --statement broker.json', 'against what somebody else says'],
    ['trueup check --source sqlite:paper_trading.db', "what a bot's database stores"],
    ['trueup check --source sqlite:bot.db --venue main', 'its positions, by the exchange'],
    ['trueup check', 'conflicts, gaps, open breaks of the book'],
    ['trueup check --statement broker.json --fail-above 0.01 --json', 'for a script'],
  ],
  exits: [
    [0, 'true (or the difference is at most --fail-above and nothing is unknown)'],
    [1, 'the database is damaged'],
    [2, 'the statement was refused, or there is no such book, account or database'],
    [3, 'breaks'],
    [4, 'a venue or the database refuses the credentials'],
    [5, 'cannot say'],
    [7, 'another writer holds the book and does not answer'],
    [130, 'watching was interrupted before its first round had ended'],
  ],
};

interface Options extends CheckPositionsOptions, CheckSourceOptions {
  readonly watch?: string;
}

export function addCheck(registry: Registry): void {
  const statement = 'what somebody says of one account; may stand several times';
  const command = comparingOptions(declare(registry, text, run), statement)
    .option(
      '--watch <interval>',
      'again after so long, until it is stopped; with --json one a line',
    )
    .option('--fail-above <amount>', 'exit 0 while the gross difference is at most this')
    .option('--no-record', 'note nothing in the book');
  positionsOptions(pricesOption(sourceOptions(command)));
}

async function run(shell: Shell, options: Options): Promise<number> {
  if (options.source === undefined) {
    refuseRowsOptions(options);
    return runCheck(shell, options);
  }
  const isRows = await keepsPositions(shell, options);
  return isRows ? runCheckPositions(shell, options) : runCheckSource(shell, options);
}

export const runCheck = (shell: Shell, options: Options, open?: OpenVenue): Promise<number> =>
  withReader(shell, async (reader) => {
    const failAbove = amountOption('--fail-above', options.failAbove);
    const how = await reconcileOptions(shell, options);
    const { watch } = options;
    const everyMs = watch === undefined ? null : durationOption('--watch', watch);
    const stopping = new AbortController();
    const request = { reader, options, how, recorded: false, signal: stopping.signal };
    const asking = { ...request, ...(open === undefined ? {} : { open }) };
    return withComparing(shell, asking, (comparing) => {
      const round = async (): Promise<number | null> => {
        const { compared, credentials } = await comparing.compare();
        if (stopping.signal.aborted) return null;
        const checked = options.record
          ? await withWriter(shell, 'check', (writer) => checkAll(reader, writer, compared, how))
          : await checkAll(reader, null, compared, how);
        const hints = hintsOf(checked, comparedWords(options));
        const shown = { document: 'check', breakId: null, failAbove, hints, credentials } as const;
        const document = documentOf(checked, compared, how, shown);
        show(shell, document, everyMs !== null);
        return document.exitCode;
      };
      return everyMs === null
        ? round().then((code) => code ?? interrupted)
        : watching(shell, { everyMs, stopping, round });
    });
  });

function hintsOf(checked: readonly CheckedAccount[], which: string): readonly string[] {
  const isBroken = checked.some(({ reconciled }) => reconciled.verdict === 'break');
  return isBroken ? [`next: trueup investigate${which}`, `then: trueup sync${which}`] : [];
}

function show(shell: Shell, document: CheckDocument, isOneOfMany: boolean): void {
  const { terminal, globals } = shell;
  if (globals.json) (isOneOfMany ? printLine : printDocument)(shell, document.json);
  else {
    const lines = checkLines(terminal, viewOfCheck(document));
    terminal.print([...lines, ...(isOneOfMany ? [''] : [])].join('\n'));
  }
}
