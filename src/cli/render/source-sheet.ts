/** The balance sheet of a source's account as a person reads it. */
import { toText, toTextOrNull } from '../../decimal/text.ts';
import { type Instant, instantText, millisecondsBetween } from '../../model/instant.ts';
import type { SourceCheck } from '../../service/source/desk.ts';
import type { Terminal } from '../terminal.ts';
import { type Amount, amountText, counted, moneyText, timeText } from './amount.ts';
import { durationText } from './check-text.ts';
import { type Cell, tableLines } from './table.ts';

export type Sheet = SourceCheck['sheets'][number];
type Row = Sheet['rows'][number];

/** With the two digits that money has, and as many more as there are. */
const money = (amount: Sheet['cash'], signed = false): Amount => {
  const text = toTextOrNull(amount);
  if (text === null) return { amount: null };
  const [whole, fraction = ''] = text.split('.');
  return { amount: `${whole}.${fraction.padEnd(2, '0')}`, signed: signed && text !== '0' };
};

const ageText = (at: Instant | null, asOf: Instant): string =>
  at === null ? '?' : durationText(Math.max(0, Math.floor(millisecondsBetween(at, asOf) / 1000)));

export function positionLines(
  terminal: Terminal,
  { rows }: Sheet,
  asOf: Instant,
): readonly string[] {
  if (rows.length === 0) return ['  no open positions'];
  const cells = rows.map((row): Cell[] => [
    row.symbol,
    { amount: toTextOrNull(row.quantity) },
    money(row.entryPrice),
    money(row.price),
    row.priceFrom ?? '-',
    row.price === null ? '-' : ageText(row.priceAt, asOf),
    money(row.value),
    money(row.unrealisedPnl, true),
  ]);
  const headings = ['SYMBOL', 'QUANTITY', 'ENTRY', 'PRICE', 'FROM', 'AGE', 'VALUE', 'UNREALISED'];
  return [...tableLines(terminal, headings, cells), ...rows.flatMap(whyLine)];
}

const whyLine = ({ symbol, why }: Row): readonly string[] =>
  why === null ? [] : [`  ? ${symbol}: ${why}`];

/** Parts, their sum, what is stored, and what the two are apart. */
export function sumLines(terminal: Terminal, sheet: Sheet, asOf: Instant): readonly string[] {
  const { cash, positionsValue, rows, unrealisedPnl, calculated, known } = sheet;
  const pnl =
    unrealisedPnl === null ? '' : `, unrealised ${moneyText(unrealisedPnl, { signed: true })}`;
  const sum =
    calculated === null
      ? `cannot be said; what is known is ${moneyText(known)}`
      : 'cash + positions';
  const lines: Cell[][] = [
    ['cash', money(cash), ''],
    ['positions', money(positionsValue), `${counted(rows.length, 'position')}${pnl}`],
    ['calculated', money(calculated), sum],
    ...storedLines(sheet, asOf),
  ];
  return tableLines(terminal, ['', '', ''], lines).slice(1);
}

function storedLines(sheet: Sheet, asOf: Instant): readonly Cell[][] {
  const { stored, storedAt, difference, match, recordAt } = sheet;
  const records: Cell[] = ['last record', '', writtenText(recordAt, asOf)];
  if (match === 'not-stored') return [['stored', '-', 'this database keeps no total'], records];
  return [
    ['stored', money(stored), writtenText(storedAt, asOf)],
    ['difference', money(difference, true), differenceText(sheet)],
    records,
  ];
}

const writtenText = (at: Instant | null, asOf: Instant): string =>
  at === null ? 'nobody knows when' : `${timeText(instantText(at))}, ${ageText(at, asOf)} before`;

export function differenceText({ match, percent, stored }: Sheet): string {
  switch (match) {
    case 'exact':
      return 'equal to the last digit';
    case 'nearest':
      return 'stored is the nearest number the column can hold';
    case 'guarded':
      return 'within the bound of the triggers that keep it';
    case 'different':
      if (percent === null) return stored === null ? '' : 'of a stored total of nothing';
      return `${amountText(toText(percent), { signed: true })} % of the stored total`;
    default:
      return '';
  }
}
