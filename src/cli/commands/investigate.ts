/** investigate: why a break is, how we know, and what would repair it. */
import { investigationHtml, investigationMarkdown } from '../../report/investigation-report.ts';
import { checkAll, documentOf } from '../../service/reconciling.ts';
import { unknownBreak } from '../../service/syncing.ts';
import type { OpenVenue } from '../../service/venues/opening.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { refusedInput } from '../command-error.ts';
import { withReader } from '../open-book.ts';
import { verdictLine, viewOfCheck } from '../render/check-text.ts';
import { printDocument } from '../render/document.ts';
import { investigationLines } from '../render/investigate-text.ts';
import { giveReport, type ReportForm, reportForm } from '../report-form.ts';
import { type InvestigatePositionsOptions, runInvestigatePositions } from './check-positions.ts';
import { withComparing } from './comparing.ts';
import { type InvestigateSourceOptions, runInvestigateSource } from './investigate-source.ts';
import { keepsPositions, positionsOptions, refuseRowsOptions } from './positions-options.ts';
import { comparingOptions, reconcileOptions } from './reconcile-options.ts';
import { pricesOption, sourceOptions } from './source-options.ts';

const text: CommandText = {
  usage: 'investigate [break]',
  summary: 'say why a break is, and how we know',
  description: `\
Shows each open break in depth: the lines that differ, the cause with its evidence and confidence,
what was ruled out, and the repair with its alternatives. The venues that the settings name are
asked now; without one, the newest statement on record is compared again. With --source it is the
stored total of a bot's database, split into what moved it; --published holds figures that somebody
published against it. Nothing is written, not even to the book.`,
  examples: [
    ['trueup investigate', 'every open break'],
    ['trueup investigate BRK-7Q2M4A --statement broker.json', 'one break'],
    ['trueup investigate --venue main', 'with what an exchange says now'],
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
    [4, 'a venue or the database refuses the credentials'],
    [5, 'cannot say'],
  ],
};

type Options = InvestigatePositionsOptions & InvestigateSourceOptions;

export function addInvestigate(registry: Registry): void {
  const statement = 'compare with this (default: the newest on record)';
  const command = comparingOptions(declare(registry, text, run), statement)
    .option('--report <form>', 'md or html')
    .option('--out <file>', 'write the report here (default: standard output)')
    .option('--published <figures>', 'hold these against it: cash=1.20,positions=3.40,total=4.60');
  positionsOptions(pricesOption(sourceOptions(command)));
}

const writers: Readonly<Record<ReportForm, typeof investigationMarkdown>> = {
  md: investigationMarkdown,
  html: investigationHtml,
};

async function run(
  shell: Shell,
  options: Options,
  [breakId = null]: readonly (string | null)[],
): Promise<number> {
  if (options.source === undefined) {
    refuseRowsOptions(options);
    return runInvestigate(shell, options, breakId === null ? [] : [breakId]);
  }
  const isRows = await keepsPositions(shell, options);
  const work = isRows ? runInvestigatePositions : runInvestigateSource;
  return work(shell, options, breakId);
}

export const runInvestigate = (
  shell: Shell,
  options: Options,
  args: readonly string[],
  open?: OpenVenue,
): Promise<number> =>
  withReader(shell, async (reader) => {
    const form = reportForm(options);
    const write = form === null ? null : writers[form];
    const how = await reconcileOptions(shell, options);
    const { signal } = new AbortController();
    const request = { reader, options, how, recorded: true, signal };
    const asking = { ...request, ...(open === undefined ? {} : { open }) };
    const asked = await withComparing(shell, asking, (comparing) => comparing.compare());
    const { compared, credentials } = asked;
    const checked = await checkAll(reader, null, compared, how);
    const breakId = args[0] ?? null;
    const shown = { document: 'investigate', breakId, failAbove: null, hints: [] } as const;
    const document = documentOf(checked, compared, how, { ...shown, credentials });
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
