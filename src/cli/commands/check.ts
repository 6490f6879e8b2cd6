/** check: is the book true? */
import { checkAll, documentOf } from '../../service/reconciling.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { withReader, withWriter } from '../open-book.ts';
import { checkLines, viewOfCheck } from '../render/check-text.ts';
import { printDocument } from '../render/document.ts';
import { type CheckSourceOptions, runCheckSource } from './check-source.ts';
import {
  amountOption,
  type ComparingOptions,
  collect,
  comparedOf,
  reconcileOptions,
  statementWords,
} from './reconcile-options.ts';
import { pricesOption, sourceOptions } from './source-options.ts';

const text: CommandText = {
  usage: 'check',
  summary: 'say whether the book is true',
  description: `\
Holds the book against a statement, or against itself where none is given, and says TRUE, BREAK or
CANNOT SAY. A section of the statement that is missing, incomplete or in error proves nothing. With
--source it holds the total that a bot's database stores against that database's own cash and
positions; --source without a value takes the setting, and without --source no setting is looked at.
What was said and what became of each break are noted in the book, unless --no-record is given;
nothing else is ever written to.`,
  examples: [
    ['trueup check --statement broker.json', 'against what somebody else says'],
    ['trueup check --source sqlite:paper_trading.db', "what a bot's database stores"],
    ['trueup check', 'conflicts, gaps, open breaks of the book'],
    ['trueup check --statement broker.json --fail-above 0.01 --json', 'for a script'],
  ],
  exits: [
    [0, 'true (or the difference is at most --fail-above and nothing is unknown)'],
    [1, 'the database is damaged'],
    [2, 'the statement was refused, or there is no such book, account or database'],
    [3, 'breaks'],
    [4, 'the database refuses the credentials'],
    [5, 'cannot say'],
    [7, 'another writer holds the book and does not answer'],
  ],
};

type Options = ComparingOptions & CheckSourceOptions;

export function addCheck(registry: Registry): void {
  const command = declare(registry, text, run)
    .option(
      '--statement <file>',
      'what somebody says of one account; may stand several times',
      collect,
    )
    .option('--venue <name>', 'not supported in this version')
    .option('--fail-above <amount>', 'exit 0 while the gross difference is at most this')
    .option('--tolerance <steps>', 'smallest steps of the venue that count as equal (default: 0)')
    .option('--no-record', 'note nothing in the book');
  pricesOption(sourceOptions(command));
}

const run = (shell: Shell, options: Options): Promise<number> =>
  options.source === undefined ? runCheck(shell, options) : runCheckSource(shell, options);

const runCheck = (shell: Shell, options: Options): Promise<number> =>
  withReader(shell, async (reader) => {
    const failAbove = amountOption('--fail-above', options.failAbove);
    const how = reconcileOptions(shell, options);
    const compared = comparedOf(shell, reader, options, false);
    const checked = options.record
      ? await withWriter(shell, 'check', (writer) => checkAll(reader, writer, compared, how))
      : await checkAll(reader, null, compared, how);
    const isBroken = checked.some(({ reconciled }) => reconciled.verdict === 'break');
    const which = statementWords(options);
    const next = [`next: trueup investigate${which}`, `then: trueup sync${which}`];
    const hints = isBroken ? next : [];
    const shown = { document: 'check', breakId: null, failAbove, hints } as const;
    const document = documentOf(checked, compared, how, shown);
    if (shell.globals.json) printDocument(shell, document.json);
    else shell.terminal.print(checkLines(shell.terminal, viewOfCheck(document)).join('\n'));
    return document.exitCode;
  });
