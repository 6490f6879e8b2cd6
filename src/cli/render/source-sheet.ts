/** The balance sheet of a source's account as a person reads it. */
import { toTextOrNull } from '../../decimal/text.ts';
import { ageText } from '../../model/age.ts';
import { type Instant, instantText, millisecondsBetween } from '../../model/instant.ts';
import { percentOf } from '../../model/percent.ts';
import type { SourcePosition } from '../../model/source.ts';
import { visible } from '../../model/visible.ts';
import type { SourceCheck } from '../../service/source/desk.ts';
import type { Terminal } from '../terminal.ts';
import { type Amount, counted, moneyText, percentText, timeText } from './amount.ts';
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

/** What times of a source are shown beside. */
export interface Moments extends Pick<Checked, 'asOf' | 'agesAt'> {
  /** When it was looked at. */
  readonly takenAt: Instant;
  /** Performance records that name no account. */
  readonly nameless: number;
}

type Checked = NonNullable<SourceCheck['checked']>;

const priceAge = (at: Instant | null, { agesAt, takenAt }: Moments): string => {
  if (at === null) return '?';
  return at > takenAt ? 'in the future' : ageText(millisecondsBetween(at, agesAt));
};

export function positionLines(
  terminal: Terminal,
  { rows }: Sheet,
  moments: Moments,
): readonly string[] {
  if (rows.length === 0) return ['  no open positions'];
  const cells = rows.map((row): Cell[] => [
    row.symbol,
    { amount: toTextOrNull(row.quantity) },
    money(row.entryPrice),
    money(row.price),
    row.priceFrom ?? '-',
    row.price === null ? '-' : priceAge(row.priceAt, moments),
    money(row.value),
    money(row.unrealisedPnl, true),
  ]);
  const headings = ['SYMBOL', 'QUANTITY', 'ENTRY', 'PRICE', 'FROM', 'AGE', 'VALUE', 'UNREALISED'];
  return [...tableLines(terminal, headings, cells), ...rows.flatMap(whyLine)];
}

const whyLine = ({ symbol, why }: Row): readonly string[] =>
  why === null ? [] : [`  ? ${visible(symbol)}: ${visible(why)}`];

/** Positions that may be anybody's. */
export function unattributedLines(
  terminal: Terminal,
  positions: readonly SourcePosition[],
): readonly string[] {
  const cells = positions.map(({ symbol, quantity, entryPrice, price }): Cell[] => [
    ...[symbol, { amount: toTextOrNull(quantity) }, money(entryPrice), money(price)],
  ]);
  if (cells.length === 0) return [];
  const title = `  ${terminal.style('bold', 'of no account that can be told')}`;
  return ['', title, ...tableLines(terminal, ['SYMBOL', 'QUANTITY', 'ENTRY', 'PRICE'], cells)];
}

/** Parts, their sum, what is stored, and what the two are apart. */
export function sumLines(terminal: Terminal, sheet: Sheet, moments: Moments): readonly string[] {
  const { cash, positionsValue, rows, calculated, known } = sheet;
  const sum =
    calculated === null
      ? `cannot be said; what is known is ${moneyText(known)}`
      : 'cash + positions';
  const lines: Cell[][] = [
    ['cash', money(cash), ''],
    ['positions', money(positionsValue), `${counted(rows.length, 'position')}${pnlText(sheet)}`],
    ['calculated', money(calculated), sum],
    ...storedLines(sheet, moments),
  ];
  return tableLines(terminal, ['', '', ''], lines).slice(1);
}

function pnlText({ unrealisedPnl, costBasis }: Sheet): string {
  if (unrealisedPnl === null) return '';
  const pnl = `, unrealised ${moneyText(unrealisedPnl, { signed: true })}`;
  const percent = percentOf(unrealisedPnl, costBasis);
  return percent === null ? pnl : `${pnl} (${percentText(percent)} of cost)`;
}

function storedLines(sheet: Sheet, moments: Moments): readonly Cell[][] {
  const { stored, storedAt, storedWhy, difference, match, recordAt } = sheet;
  const { nameless } = moments;
  const none = nameless === 0 ? 'there is none' : 'none that names its account';
  const recorded = recordAt === null ? none : writtenText(recordAt, moments);
  const records: Cell[] = ['last record', '', recorded];
  if (match === 'not-stored') return [['stored', '-', 'this database keeps no total'], records];
  return [
    ['stored', money(stored), visible(storedWhy ?? writtenText(storedAt, moments))],
    ['difference', money(difference, true), differenceText(sheet)],
    records,
  ];
}

function writtenText(at: Instant | null, { asOf, takenAt }: Moments): string {
  if (at === null) return 'when is not kept';
  const time = timeText(instantText(at));
  if (at > takenAt) return `${time}, in the future`;
  return at > asOf
    ? `${time}, ${ageText(millisecondsBetween(asOf, at))} after`
    : `${time}, ${ageText(millisecondsBetween(at, asOf))} before`;
}

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
      return `${percentText(percent)} of the stored total`;
    default:
      return '';
  }
}
