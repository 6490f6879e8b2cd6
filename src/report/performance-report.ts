/** The performance history as a document to file: the line, and the table it is drawn from. */
import { ageText } from '../model/age.ts';
import { counted, moneyText, percentText } from '../model/amount.ts';
import { instant, instantText, millisecondsBetween } from '../model/instant.ts';
import { gapsOf } from '../reconcile/source/records.ts';
import type { JsonObject } from './check-document.ts';
import { equityChart } from './equity-chart.ts';
import type { PerformanceDocument } from './performance-document.ts';
import { type Block, list, type Report, type Section, section, table, text } from './sections.ts';

interface Recorded {
  readonly time: string;
  readonly total: string | null;
  readonly cash: string | null;
  readonly positionsValue: string | null;
  readonly change: string | null;
  readonly changePercent: string | null;
}

interface Gap {
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
}

interface SourceHistoryView {
  readonly account: string;
  readonly gaps: readonly Gap[];
  readonly records: readonly Recorded[];
}

/** Of a document of `performance --source`. */
export function sourcePerformanceReport(document: JsonObject): Report {
  const { source, accounts } = document as unknown as {
    readonly source: string;
    readonly accounts: readonly SourceHistoryView[];
  };
  return {
    title: `Performance in ${source}`,
    sections: accounts.map(({ account, ...history }) => historySection(account, '', history)),
  };
}

/** Of our own book; `gaps`: neighbours that are too far apart to be one line. */
export function performanceReport(document: PerformanceDocument, gaps: readonly Gap[]): Report {
  const { account, currency, mode } = document;
  const name = `${mode === 'paper' ? 'PAPER ' : ''}${account}`;
  const records = document.records.map(({ totalValue, ...one }) => ({ ...one, total: totalValue }));
  return {
    title: `Performance of ${name}`,
    sections: [historySection(name, ` in ${currency}`, { records, gaps })],
  };
}

/** Of records of our own book, whose document names no gaps. */
export const gapsBetween = (
  records: PerformanceDocument['records'],
  maxAgeMs: number,
): readonly Gap[] =>
  gapsOf(
    records.map(({ time }) => ({ time: instant(time) })),
    maxAgeMs,
  ).map(({ from, to }) => ({
    ...{ from: instantText(from), to: instantText(to) },
    seconds: Math.floor(millisecondsBetween(from, to) / 1000),
  }));

function historySection(
  account: string,
  unit: string,
  { records, gaps }: Pick<SourceHistoryView, 'records' | 'gaps'>,
): Section {
  const title = `${account}: ${counted(records.length, 'record')}`;
  if (records.length === 0) return section(title, [text('Nothing is recorded.')]);
  const chart = equityChart(`Equity of ${account}${unit}`, { records, gaps });
  return section(title, [
    ...(chart === null ? [] : [chart]),
    recordsTable(unit, records),
    ...(gaps.length === 0 ? [] : [list(gaps.map(gapText))]),
  ]);
}

const gapText = ({ from, to, seconds }: Gap): string =>
  `Nothing was recorded for ${ageText(seconds * 1000)}: ${from} to ${to}.`;

const recordsTable = (unit: string, records: readonly Recorded[]): Block =>
  table([
    ['recorded', `total${unit}`, 'cash', 'positions', 'change', 'of what was before'],
    ...records.map(({ time, total, cash, positionsValue, change, changePercent }) => [
      ...[time, moneyText(total), moneyText(cash), moneyText(positionsValue)],
      change === null ? '' : moneyText(change, { signed: true }),
      changePercent === null ? '' : percentText(changePercent),
    ]),
  ]);
