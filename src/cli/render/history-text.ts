/** The audit of a bot's history as a person reads it. */
import { visible } from '../../model/visible.ts';
import type { JsonObject } from '../../report/check-document.ts';
import type { Terminal } from '../terminal.ts';
import { amountText, countText } from './amount.ts';
import { tableLines } from './table.ts';

interface HistoryView {
  readonly source: { readonly location: string; readonly schema: string };
  readonly rows: number;
  readonly closed: number;
  readonly active: number;
  readonly unknown: number;
  readonly orders: number;
  readonly trades: number;
  readonly unproven: number;
  readonly flaws: readonly {
    readonly means: string;
    readonly count: number;
    readonly notional: string;
    readonly unvalued: number;
    readonly rows: readonly string[];
  }[];
}

export function historyLines(terminal: Terminal, document: JsonObject): readonly string[] {
  const view = document as unknown as HistoryView;
  const { source, rows, closed, active, unknown, orders, trades, unproven, flaws } = view;
  const found = flaws.filter(({ count }) => count > 0);
  const table = found.map(({ means, count, notional, unvalued, rows: first }) => [
    ...[means, countText(count), amountText(notional)],
    unvalued === 0 ? '' : `${countText(unvalued)} without`,
    visible(first.slice(0, rowsShown).join(', ') + (count > rowsShown ? ', …' : '')),
  ]);
  return [
    visible(`source ${source.location} (${source.schema})`),
    `  ${countText(rows)} positions: ${countText(closed)} closed, ${countText(active)} active, ` +
      `${countText(unknown)} unknown · ${countText(orders)} orders · ${countText(trades)} trades`,
    '',
    ...(table.length === 0
      ? []
      : [...tableLines(terminal, ['', 'ROWS', 'AT ENTRY', 'VALUE', 'SUCH AS'], table), '']),
    unproven === 0
      ? `${terminal.style('green', '✓ PROVEN')}  what every closed position came to is stored`
      : `${terminal.style('red', '✗ NOT PROVEN')}  ${countText(unproven)} of ` +
        `${countText(closed)} closed positions: what they came to, nobody can tell from here`,
  ];
}

const rowsShown = 5;
