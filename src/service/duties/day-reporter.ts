/** The daily report as the duty writes it: every account of the book, in every form. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dayOf } from '../../report/daily-report-day.ts';
import { BookReader } from '../reading.ts';
import { reportForms, writeDailyReport } from '../reporting.ts';
import type { WaitingClock } from '../system-clock.ts';
import type { DayReporter } from './duty.ts';

export interface ReporterOptions {
  readonly book: string;
  readonly clock: WaitingClock;
  readonly zone: string;
  readonly folder: string;
}

export function dayReporter({ book, clock, zone, folder }: ReporterOptions): DayReporter {
  const reading = async <T>(work: (reader: BookReader) => T | Promise<T>): Promise<T> => {
    const reader = new BookReader(book, clock);
    try {
      return await work(reader);
    } finally {
      reader.close();
    }
  };
  // A report of paper accounts alone has it in its name.
  const isWritten = (day: string) =>
    ['', 'PAPER-'].some((mark) =>
      reportForms.every((form) => existsSync(join(folder, `${mark}report-${day}.${form}`))),
    );
  const begins = (day: string) =>
    reading(({ file }) => {
      const end = dayOf(day, zone)!.to;
      return file.accounts().some((account) => {
        for (const { recordedAt } of file.batches(account.account)) return recordedAt < end;
        return false;
      });
    });
  return {
    async stateOf(day) {
      if (isWritten(day)) return 'written';
      return (await begins(day)) ? 'missing' : 'before-book';
    },
    write: (day) =>
      reading(async (reader) => {
        const request = { date: day, zone, accounts: null, knownAt: null };
        const files = await writeDailyReport({ ...request, reader, folder, formats: reportForms });
        if (!files.ok) throw new RangeError(files.refusal.message);
        return files.value;
      }),
  };
}
