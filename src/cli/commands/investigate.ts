/** investigate: why a break is, how we know, and what would repair it. */
import { investigationHtml, investigationMarkdown } from '../../report/investigation-report.ts';
import { checkAll, documentOf } from '../../service/reconciling.ts';
import { unknownBreak } from '../../service/syncing.ts';
import { writeWhole } from '../../service/write-whole.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { refusedInput, usageError } from '../command-error.ts';
import { withReader } from '../open-book.ts';
import { verdictLine, viewOfCheck } from '../render/check-text.ts';
import { printDocument } from '../render/document.ts';
import { investigationLines } from '../render/investigate-text.ts';
import {
  type ComparingOptions,
  collect,
  comparedOf,
  reconcileOptions,
} from './reconcile-options.ts';

const text: CommandText = {
  usage: 'investigate [break]',
  summary: 'say why a break is, and how we know',
  description: `\
Shows each open break in depth: the lines that differ, the cause with its evidence and confidence,
what was ruled out, and the repair with its alternatives. Without --statement the newest one on
record is compared again. Nothing is written, not even to the book.`,
  examples: [
    ['trueup investigate', 'every open break'],
    ['trueup investigate BRK-7Q2M4A --statement broker.json', 'one break'],
    ['trueup investigate --report html --out breaks.html', 'a document to file'],
  ],
  exits: [
    [0, 'nothing is open'],
    [2, 'no such break, or the statement was refused'],
    [3, 'breaks are open'],
    [5, 'cannot say'],
  ],
};

interface Options extends ComparingOptions {
  readonly report?: string;
  readonly out?: string;
}

export function addInvestigate(registry: Registry): void {
  declare(registry, text, run)
    .option('--statement <file>', 'compare with this (default: the newest on record)', collect)
    .option('--report <form>', 'md or html')
    .option('--out <file>', 'write the report here (default: standard output)')
    .option('--tolerance <steps>', 'smallest steps of the venue that count as equal (default: 0)');
}

const writers: Readonly<Record<string, typeof investigationMarkdown>> = {
  md: investigationMarkdown,
  html: investigationHtml,
};

const run = (shell: Shell, options: Options, args: readonly string[]): Promise<number> =>
  withReader(shell, async (reader) => {
    const { report, out } = options;
    const write = report === undefined ? null : (writers[report] ?? null);
    if (report !== undefined && write === null) {
      throw usageError(
        'report-unknown',
        `there is no report "${report}"`,
        'md or html',
        '--report',
      );
    }
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
    if (write !== null) {
      const content = write(document.json);
      if (out === undefined) shell.terminal.print(content.trimEnd());
      else {
        writeWhole(out, content);
        shell.terminal.tell(`written ${out}`);
      }
    } else if (shell.globals.json) printDocument(shell, document.json);
    else {
      const parts = view.breaks.map((one) => investigationLines(shell.terminal, one).join('\n'));
      shell.terminal.print([...parts, verdictLine(shell.terminal, view)].join('\n\n'));
    }
    return document.exitCode;
  });
