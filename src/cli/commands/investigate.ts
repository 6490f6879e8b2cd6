/** investigate: why a break is, how we know, and what would repair it. */
import { investigationHtml, investigationMarkdown } from '../../report/investigation-report.ts';
import { checkAll, documentOf } from '../../service/reconciling.ts';
import { unknownBreak } from '../../service/syncing.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { refusedInput } from '../command-error.ts';
import { withReader } from '../open-book.ts';
import { verdictLine, viewOfCheck } from '../render/check-text.ts';
import { printDocument } from '../render/document.ts';
import { investigationLines } from '../render/investigate-text.ts';
import { giveReport, type ReportForm, reportForm } from '../report-form.ts';
import { type InvestigateSourceOptions, runInvestigateSource } from './investigate-source.ts';
import {
  type ComparingOptions,
  collect,
  comparedOf,
  reconcileOptions,
} from './reconcile-options.ts';
import { pricesOption, sourceOptions } from './source-options.ts';

const text: CommandText = {
  usage: 'investigate [break]',
  summary: 'say why a break is, and how we know',
  description: `\
Shows each open break in depth: the lines that differ, the cause with its evidence and confidence,
what was ruled out, and the repair with its alternatives. Without --statement the newest one on
record is compared again. With --source it is the stored total of a bot's database, split into what
moved it; --published holds figures that somebody published against it. Nothing is written, not even
to the book.`,
  examples: [
    ['trueup investigate', 'every open break'],
    ['trueup investigate BRK-7Q2M4A --statement broker.json', 'one break'],
    [
      'trueup investigate --source sqlite:paper_trading.db --report md --out a.md',
      'a document to file',
    ],
  ],
  exits: [
    [0, 'nothing is open'],
    [1, 'the database is damaged'],
    [2, 'no such break or database, or the statement was refused'],
    [3, 'breaks are open'],
    [4, 'the database refuses the credentials'],
    [5, 'cannot say'],
  ],
};

type Options = ComparingOptions & InvestigateSourceOptions;

export function addInvestigate(registry: Registry): void {
  const command = declare(registry, text, run)
    .option('--statement <file>', 'compare with this (default: the newest on record)', collect)
    .option('--report <form>', 'md or html')
    .option('--out <file>', 'write the report here (default: standard output)')
    .option('--tolerance <steps>', 'smallest steps of the venue that count as equal (default: 0)')
    .option('--published <figures>', 'hold these against it: cash=1.20,positions=3.40,total=4.60');
  pricesOption(sourceOptions(command));
}

const writers: Readonly<Record<ReportForm, typeof investigationMarkdown>> = {
  md: investigationMarkdown,
  html: investigationHtml,
};

const run = (shell: Shell, options: Options, args: readonly string[]): Promise<number> =>
  options.source === undefined
    ? runInvestigate(shell, options, args)
    : runInvestigateSource(shell, options, args[0] ?? null);

const runInvestigate = (shell: Shell, options: Options, args: readonly string[]) =>
  withReader(shell, async (reader) => {
    const form = reportForm(options);
    const write = form === null ? null : writers[form];
    const how = reconcileOptions(shell, options);
    const compared = comparedOf(shell, reader, options, true);
    const checked = await checkAll(reader, null, compared, how);
    const breakId = args[0] ?? null;
    const shown = { document: 'investigate', breakId, failAbove: null, hints: [] } as const;
    const document = documentOf(checked, compared, how, shown);
    const view = viewOfCheck(document);
    if (breakId !== null && view.breaks.length + view.accepted.length === 0) {
      throw refusedInput(unknownBreak(breakId));
    }
    if (write !== null) giveReport(shell, options, write(document.json));
    else if (shell.globals.json) printDocument(shell, document.json);
    else {
      const parts = view.breaks.map((one) => investigationLines(shell.terminal, one).join('\n'));
      shell.terminal.print([...parts, verdictLine(shell.terminal, view)].join('\n\n'));
    }
    return document.exitCode;
  });
