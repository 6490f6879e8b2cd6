/** The reconciliation report of a day: computed from the journal, and written to files. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { accepted, type Result, refused } from '../model/result.ts';
import { jsonText } from '../model/visible.ts';
import { dailyReportHtml, dailyReportMarkdown } from '../report/daily-report.ts';
import { type Day, dayOf } from '../report/daily-report-day.ts';
import {
  type DailyReportDocument,
  type DayAccount,
  dailyReportDocument,
} from '../report/daily-report-document.ts';
import type { Account } from '../store/accounts.ts';
import { StoreError } from '../store/store-error.ts';
import { readFault } from './read-faults.ts';
import type { BookReader } from './reading.ts';
import {
  adjustmentsOf,
  breaksOf,
  checksOf,
  dayStreamOf,
  performanceOf,
  repairsOf,
  sourceOf,
} from './reporting-entries.ts';
import { equityOf } from './reporting-equity.ts';
import { writeWhole } from './write-whole.ts';

export interface DayRequest {
  /** `2026-11-19`. */
  readonly date: string;
  /** An IANA name, or an offset such as +04:00. */
  readonly zone: string;
  /** Null: every account of the book. */
  readonly accounts: readonly Account[] | null;
  /** Entries after this one are left out; null: none are. */
  readonly knownAt: number | null;
}

/** The same book, at the same sequence, gives the same document, whoever makes it and when. */
export function dailyReport(reader: BookReader, request: DayRequest): Result<DailyReportDocument> {
  const day = dayOf(request.date, request.zone);
  if (day === null) return refused(dayRefusal(request));
  try {
    return accepted(
      reader.file.read(() => {
        const accounts = request.accounts ?? reader.file.accounts();
        const sorted = accounts.toSorted((a, b) => (a.name < b.name ? -1 : 1));
        return dailyReportDocument({
          day,
          accounts: sorted.map((one) => accountOn(reader, one, day, request.knownAt)),
        });
      }),
    );
  } catch (error) {
    throw readFault(error, reader.file);
  }
}

function accountOn(
  reader: BookReader,
  account: Account,
  day: Day,
  knownAt: number | null,
): DayAccount {
  const head = headAt(reader, account, knownAt);
  const known = Math.min(knownAt ?? head.sequence, head.sequence);
  const stream = dayStreamOf(reader.file, account, day, known);
  const { name, venue, currency, mode } = account;
  return {
    ...{ account: name, venue, currency, mode, head, knownAt: known },
    checks: checksOf(stream),
    breaks: breaksOf(stream),
    repairs: repairsOf(stream),
    adjustments: adjustmentsOf(stream),
    performance: performanceOf(stream),
    equity: equityOf(reader, stream),
    source: sourceOf(stream),
  };
}

/** The batch that seals the last entry that is looked at: its hash can be verified. */
function headAt({ file }: BookReader, { account }: Account, knownAt: number | null) {
  if (knownAt !== null) {
    for (const { lastSequence, hash, recordedAt } of file.batches(account, knownAt - 1)) {
      return { sequence: lastSequence, hash, at: recordedAt };
    }
  }
  const { sequence, hash, recordedAt } = file.head(account);
  return { sequence, hash, at: recordedAt };
}

export const reportForms = ['md', 'html', 'json'] as const;
export type ReportForm = (typeof reportForms)[number];

export const isReportForm = (name: string): name is ReportForm =>
  (reportForms as readonly string[]).includes(name);

const writers: Readonly<Record<ReportForm, (document: DailyReportDocument) => string>> = {
  md: dailyReportMarkdown,
  html: dailyReportHtml,
  json: (document) => `${jsonText(document)}\n`,
};

export const reportText = (document: DailyReportDocument, form: ReportForm): string =>
  writers[form](document);

/** `report-2026-11-19.md`; whoever has paper accounts alone sees it in the name. */
export function reportName({ date, accounts }: DailyReportDocument, form: ReportForm): string {
  const isPaper = accounts.length > 0 && accounts.every(({ mode }) => mode === 'paper');
  return `${isPaper ? 'PAPER-' : ''}report-${date}.${form}`;
}

export interface WriteRequest extends DayRequest {
  readonly reader: BookReader;
  /** Made where there is none. */
  readonly folder: string;
  readonly formats: readonly ReportForm[];
}

/** Paths of the files. Written again they are the same, unless the book knows more by now. */
export async function writeDailyReport(request: WriteRequest): Promise<Result<readonly string[]>> {
  const { reader, folder, formats } = request;
  const report = dailyReport(reader, request);
  return report.ok ? accepted(writeReport(report.value, folder, formats)) : report;
}

export function writeReport(
  document: DailyReportDocument,
  folder: string,
  forms: readonly ReportForm[],
): readonly string[] {
  makeFolder(folder);
  return forms.map((form) => {
    const path = join(folder, reportName(document, form));
    writeWhole(path, reportText(document, form));
    return path;
  });
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `the folder ${folder} cannot be made: ${why}`;
    throw new StoreError('io-error', message, 'name one that you may write', error);
  }
}

const dayRefusal = ({ date, zone }: DayRequest) => ({
  code: 'day-bad',
  message: `there is no day ${JSON.stringify(date)} in the zone ${JSON.stringify(zone)}`,
  where: { field: 'date', value: date },
  rule: 'a day is a date of the calendar, and a zone an IANA name or an offset',
  hint: 'write them like 2026-11-19, Europe/Berlin or +04:00',
});
