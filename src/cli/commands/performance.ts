/** performance: equity over time, and why it changed. */
import {
  type PerformanceDocument,
  performanceDocument,
} from '../../report/performance-document.ts';
import { gapsBetween, performanceReport } from '../../report/performance-report.ts';
import {
  bridgeOfRange,
  performanceHistory,
  type RecordResult,
  recordPerformance,
} from '../../service/performing.ts';
import {
  type CommandText,
  countOption,
  declare,
  type Registry,
  type Shell,
  timeOption,
} from '../command.ts';
import { CommandError, usageError } from '../command-error.ts';
import { chosenAccount, withReader, withWriter } from '../open-book.ts';
import { printDocument } from '../render/document.ts';
import { performanceLines } from '../render/performance-text.ts';
import { giveReport, type ReportForm, reportForm, reportWriters } from '../report-form.ts';
import { type PerformanceSourceOptions, runPerformanceSource } from './performance-source.ts';
import { performanceMaxAgeOf, pricesOption, sourceOptions } from './source-options.ts';

const text: CommandText = {
  usage: 'performance',
  summary: 'show equity over time, and why it changed',
  description: `\
Shows the recorded equity with its changes, and the bridge from opening to closing equity: each
cause with the sign it enters with, exact to the last digit, and what nothing explains. A record
keeps equity as it was stated; "restated" is the same with the facts that are known now. --record
appends a record of the book as it is, once per instant. With --source it is the history of a bot's
database, with its gaps and its records that cannot be, and --record appends to it.`,
  examples: [
    ['trueup performance', 'records, and the bridge since the beginning'],
    [
      'trueup performance --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z',
      'the bridge of a month',
    ],
    ['trueup performance --record --json', 'append a record'],
    ['trueup performance --source sqlite:paper_trading.db', "the history of a bot's database"],
  ],
  exits: [
    [0, 'shown, and recorded if it was asked for'],
    [1, 'the database is damaged, or locked for who records; nothing was written'],
    [2, 'there is no such book or database, or it has several accounts and none was named'],
    [4, 'the database refuses the credentials'],
    [5, 'nothing recorded: a part of equity has no price; or the database does not answer'],
    [7, 'another writer holds the book and does not answer'],
  ],
};

export function addPerformance(registry: Registry): void {
  const command = declare(registry, text, run)
    .option('--from <time>', 'the bridge begins here (default: the beginning)')
    .option('--to <time>', 'the bridge ends before this (default: the book as it is)')
    .option('--limit <count>', 'show the newest so many records', '20')
    .option('--record', 'append a record')
    .option('--report <form>', 'md or html: the records with the line of equity')
    .option('--out <file>', 'write the report here (default: standard output)');
  pricesOption(sourceOptions(command));
}

const run = (shell: Shell, options: PerformanceSourceOptions): Promise<number> =>
  options.source === undefined ? runOwn(shell, options) : runPerformanceSource(shell, options);

const runOwn = (shell: Shell, options: PerformanceSourceOptions): Promise<number> =>
  withReader(shell, async (reader) => {
    const { asOf, knownAt, configuration, json } = shell.globals;
    if (knownAt !== null) {
      const hint = 'leave it out; "restated" shows what is known now beside what was recorded';
      throw usageError('only-now', 'performance takes no --known-at', hint, '--known-at');
    }
    const { markMaxAgeMs } = configuration;
    const from = timeOption('--from', options.from);
    const to = timeOption('--to', options.to);
    if (from !== null && to !== null && to < from) {
      throw usageError('range-reversed', '--to is before --from', 'ranges are [from, to)', '--to');
    }
    const limit = countOption('--limit', options.limit);
    const form = reportForm(options);
    const account = chosenAccount(shell, reader);
    const result =
      options.record === true
        ? await withWriter(shell, 'performance', (writer) =>
            recordPerformance(writer, reader, account, asOf, markMaxAgeMs),
          )
        : null;
    const recorded = result?.status === 'recorded' ? result : null;
    const document = performanceDocument({
      view: reader.look(account, { asOf, knownAt: null, markMaxAgeMs }).view,
      records: limit === 0 ? [] : performanceHistory(reader, account, { limit, ...always }),
      bridge: bridgeOfRange(reader, account, from, to, markMaxAgeMs),
      recorded,
    });
    if (result?.status === 'cannot-say') throw cannotSay(result, document);
    if (form !== null) giveReport(shell, options, ownReport(document, form, options));
    else if (json) printDocument(shell, document);
    else {
      shell.terminal.print(performanceLines(shell.terminal, document).join('\n'));
      if (result?.status === 'known') shell.terminal.tell('this instant is recorded already');
    }
    return 0;
  });

const always = { from: null, to: null };

/** Records that are further apart than one may be old are no one line. */
function ownReport(
  document: PerformanceDocument,
  form: ReportForm,
  options: PerformanceSourceOptions,
): string {
  const gaps = gapsBetween(document.records, performanceMaxAgeOf(options));
  return reportWriters[form](performanceReport(document, gaps));
}

function cannotSay({ view }: Extract<RecordResult, { status: 'cannot-say' }>, details: object) {
  const parts = view.equity.unpriced.map(({ what, why }) => `${what} (${why})`).join(', ');
  const refusal = {
    code: 'equity-unknown',
    message: `equity cannot be said, and nothing was recorded: ${parts}`,
    where: { field: 'equity' },
    rule: 'a recorded equity stands on a price for every part',
    hint: 'import a mark for each, or allow older ones with --mark-max-age',
  };
  return new CommandError(5, refusal, details);
}
