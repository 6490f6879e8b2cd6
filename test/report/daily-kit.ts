/** The report of a day, as tests ask for it. */
import type { DailyReportDocument } from '../../src/report/daily-report-document.ts';
import type { BookReader } from '../../src/service/reading.ts';
import { dailyReport } from '../../src/service/reporting.ts';

export const today = '2026-11-20';

export const reportOn = (
  reader: BookReader,
  date = today,
  { zone = 'UTC', knownAt = null }: { zone?: string; knownAt?: number | null } = {},
): DailyReportDocument => {
  const report = dailyReport(reader, { date, zone, accounts: null, knownAt });
  if (!report.ok) throw new Error(report.refusal.message);
  return report.value;
};
