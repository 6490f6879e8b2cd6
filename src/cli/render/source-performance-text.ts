/** The history of a source as a person reads it: what changed, and what is wrong with it. */
import { ageText } from '../../model/age.ts';
import { visibleIn } from '../../model/visible.ts';
import type { JsonObject } from '../../report/check-document.ts';
import type { Terminal } from '../terminal.ts';
import { counted, moneyText, percentText, timeText } from './amount.ts';
import { tableLines } from './table.ts';

interface HistoryView {
  readonly account: string;
  readonly ageSeconds: number | null;
  readonly stale: boolean;
  readonly nameless: number;
  readonly gaps: readonly {
    readonly from: string;
    readonly to: string;
    readonly seconds: number;
  }[];
  readonly records: readonly RecordView[];
}

interface RecordView {
  readonly time: string;
  readonly total: string | null;
  readonly cash: string | null;
  readonly positionsValue: string | null;
  readonly change: string | null;
  readonly changePercent: string | null;
  readonly faults: readonly FaultView[];
}

interface FaultView {
  readonly kind: string;
  readonly stored: string | null;
  readonly truth: string | null;
}

export function sourcePerformanceLines(
  terminal: Terminal,
  document: JsonObject,
): readonly string[] {
  const { source, accounts } = visibleIn(document) as unknown as {
    readonly source: string;
    readonly accounts: readonly HistoryView[];
  };
  const title = `${terminal.style('bold', 'performance')} ${source}`;
  return [title, ...accounts.flatMap((one) => ['', ...historyLines(terminal, one)])];
}

function historyLines(terminal: Terminal, one: HistoryView): readonly string[] {
  const name = `  ${terminal.style('bold', one.account)}`;
  if (one.records.length === 0) return [name, nothingLine(one)];
  const rows = one.records.map((record) => [
    timeText(record.time),
    moneyText(record.total),
    moneyText(record.cash),
    moneyText(record.positionsValue),
    record.change === null ? '' : moneyText(record.change, { signed: true }),
    record.changePercent === null ? '' : percentText(record.changePercent),
  ]);
  const headings = ['RECORDED', 'TOTAL', 'CASH', 'POSITIONS', 'CHANGE', ''];
  return [
    name,
    ...tableLines(terminal, headings, rows),
    ...one.records.flatMap(faultLines),
    ...one.gaps.map(gapLine),
    ageLine(one),
  ];
}

const nothingLine = ({ nameless }: HistoryView): string =>
  nameless === 0
    ? '  no records: --record appends one'
    : `  ${counted(nameless, 'record')} that ${nameless === 1 ? 'names' : 'name'} no account: ` +
      'a column account_id would tell whose';

function gapLine({ from, to, seconds }: HistoryView['gaps'][number]): string {
  const between = `${timeText(from)} to ${timeText(to)}`;
  return `  ! nothing was recorded for ${ageText(seconds * 1000)}: ${between}`;
}

const faultLines = ({ time, faults }: RecordView): readonly string[] =>
  faults.map((fault) => `  ✗ ${timeText(time)} ${(faultTexts[fault.kind] ?? unknownFault)(fault)}`);

const faultTexts: Readonly<Record<string, (fault: FaultView) => string>> = {
  sum: ({ stored, truth }) =>
    `says ${moneyText(stored)}, and its own parts give ${moneyText(truth)}`,
  rounded: ({ stored, truth }) =>
    `says ${moneyText(stored)}: its parts give ${moneyText(truth)}, rounded before they were added`,
  future: () => 'is of a time that has not come',
  twice: ({ stored, truth }) =>
    `says ${moneyText(stored)}, another one of that time ${moneyText(truth)}`,
};

const unknownFault = ({ kind }: FaultView): string => `is wrong: ${kind}`;

const lastAge = (seconds: number): string =>
  seconds < 0
    ? `of a time that comes in ${ageText(-seconds * 1000)}`
    : `${ageText(seconds * 1000)} old`;

function ageLine({ ageSeconds, stale, records }: HistoryView): string {
  const age = ageSeconds === null ? '' : `, the last one ${lastAge(ageSeconds)}`;
  const shown = `  ${counted(records.length, 'record')}${age}`;
  return stale ? `${shown}: out of date, --record appends one` : shown;
}
