/** Equity over time as a person reads it. */
import type { BridgeDocument, PerformanceDocument } from '../../report/performance-document.ts';
import type { Terminal } from '../terminal.ts';
import { amountText, percentText, timeText } from './amount.ts';
import { paperMark } from './mode.ts';
import { type Cell, tableLines } from './table.ts';

const digits = 8;

export function performanceLines(
  terminal: Terminal,
  document: PerformanceDocument,
): readonly string[] {
  const { account, asOf, currency, equity, mode } = document;
  const title = `${terminal.style('bold', `performance ${account}`)}${paperMark(mode)}`;
  const total = amountText(equity.total, { digits });
  return [
    `${title} · as of ${timeText(asOf)} · equity ${total} ${currency}`,
    ...recordLines(terminal, document),
    '',
    ...bridgeLines(terminal, document.bridge),
    ...equity.unpriced.map(({ what, why }) => `  ? ${what}: ${why}`),
  ];
}

function recordLines(terminal: Terminal, { records, recorded }: PerformanceDocument) {
  if (records.length === 0) return ['', '  no records yet: --record appends one'];
  const rows = records.map((record, index): Cell[] => [
    (record.sequence === recorded?.sequence ? '+ ' : '  ') + timeText(record.time),
    { amount: record.totalValue, digits },
    index === 0 && record.change === null ? '' : { amount: record.change, digits, signed: true },
    record.changePercent === null ? '' : percentText(record.changePercent),
    record.restated === record.totalValue ? '' : { amount: record.restated, digits },
  ]);
  const headings = ['  RECORDED FOR', 'EQUITY', 'CHANGE', '', 'RESTATED'];
  return ['', ...tableLines(terminal, headings, rows)];
}

export function bridgeLines(terminal: Terminal, bridge: BridgeDocument): readonly string[] {
  const from = bridge.from === null ? 'the beginning' : timeText(bridge.from);
  const to = bridge.to === null ? 'now' : timeText(bridge.to);
  const signed = (amount: string | null): Cell => ({ amount, digits, signed: true });
  const moved = Object.entries(bridge.rows).filter(([, amount]) => amount !== '0');
  const rows: Cell[][] = [
    ['opening', { amount: bridge.opening, digits }],
    ...moved.map(([row, amount]): Cell[] => [row, signed(amount)]),
    ['unexplained', signed(bridge.unexplained)],
    ['closing', { amount: bridge.closing, digits }],
  ];
  const incomplete = bridge.incomplete.map(
    (row) => `  ? ${row}: moved coins whose cost is not known`,
  );
  return [...tableLines(terminal, [`${from} to ${to}`, bridge.currency], rows), ...incomplete];
}
