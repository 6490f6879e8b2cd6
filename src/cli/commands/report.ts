/** report: the daily reconciliation report. */
import { existsSync, statSync } from 'node:fs';
import type { DailyReportDocument } from '../../report/daily-report-document.ts';
import {
  dailyReport,
  isReportForm,
  type ReportForm,
  reportForms,
  reportText,
  writeReport,
} from '../../service/reporting.ts';
import { writeWhole } from '../../service/write-whole.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { chosenAccounts, wanted, withReader } from '../open-book.ts';

const text: CommandText = {
  usage: 'report',
  summary: 'the reconciliation report of a day',
  description: `\
Says of each account what was true when the day ended, which checks were noted, which breaks opened
and closed, what was repaired or written, and how equity moved. It is made of the journal alone, so
that the same book gives the same bytes; --known-at makes it as it was known then. Where nothing was
noted it says so: that is never TRUE.`,
  examples: [
    ['trueup report --date 2026-11-19', 'as Markdown'],
    ['trueup report --date 2026-11-19 --format html --out report.html', 'as a page to file'],
    ['trueup report --date 2026-11-19 --format md,html,json --out reports/', 'every form'],
    ['trueup report --date 2026-11-19 --zone Europe/Berlin --json', 'of a day elsewhere'],
  ],
  exits: [
    [0, 'printed or written'],
    [2, 'there is no such day, zone, form, book or account'],
  ],
};

interface Options {
  readonly date: string;
  readonly zone: string;
  readonly format?: string;
  readonly out?: string;
}

export function addReport(registry: Registry): void {
  declare(registry, text, run)
    .requiredOption('--date <day>', 'the day, such as 2026-11-19')
    .option('--zone <zone>', 'whose midnight ends the day: an IANA name or an offset', 'UTC')
    .option('--format <forms>', 'md, html or json; several with --out FOLDER/ (default: md)')
    .option('--out <path>', 'write it to this file, or into this folder');
}

const run = (shell: Shell, options: Options): Promise<number> =>
  withReader(shell, (reader) => {
    const { asOf, knownAt } = shell.globals;
    if (asOf !== null) {
      const hint = 'name the day with --date; --known-at looks back';
      throw usageError('no-as-of', 'report takes no --as-of', hint, '--as-of');
    }
    const forms = formsOf(shell, options);
    const { date, zone, out } = options;
    const accounts = chosenAccounts(shell, reader);
    const document = wanted(dailyReport(reader, { date, zone, accounts, knownAt }));
    if (out === undefined) shell.terminal.print(reportText(document, forms[0]!).trimEnd());
    else for (const path of written(document, out, forms)) shell.terminal.tell(`written ${path}`);
    return 0;
  });

function written(
  document: DailyReportDocument,
  out: string,
  forms: readonly ReportForm[],
): readonly string[] {
  if (isFolder(out)) return writeReport(document, out, forms);
  writeWhole(out, reportText(document, forms[0]!));
  return [out];
}

const isFolder = (path: string): boolean =>
  path.endsWith('/') || (existsSync(path) && statSync(path).isDirectory());

function formsOf({ globals }: Shell, { format, out }: Options): readonly ReportForm[] {
  const names = [...new Set((format ?? (globals.json ? 'json' : 'md')).split(','))];
  const bad = names.find((name) => !isReportForm(name));
  if (bad !== undefined) {
    const hint = `the forms are ${reportForms.join(', ')}`;
    throw usageError('form-unknown', `there is no form "${bad}"`, hint, '--format');
  }
  if (names.length > 1 && (out === undefined || !isFolder(out))) {
    const hint = 'add --out with a folder, such as --out reports/';
    throw usageError('forms-several', 'several forms go into a folder', hint, '--out');
  }
  if (globals.json && names.some((name) => name !== 'json')) {
    const hint = 'leave one of the two out';
    throw usageError('form-json', '--json prints JSON and no other form', hint, '--format');
  }
  return names.filter(isReportForm);
}
