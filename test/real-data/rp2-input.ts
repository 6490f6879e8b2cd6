import { csvRows } from './csv.ts';
import { readData } from './data-folder.ts';
import { add, divide, multiply, plain } from './exact.ts';

// The rows that a user gives to rp2, one file per asset: tables IN, OUT and INTRA, whose columns
// are found by their headings (the ini files beside them give the same positions).

const QUOTIENT_DECIMALS = 18;

/** Coins that come in: bought, or earned at the spot price. */
export interface InRow {
  readonly table: 'IN';
  readonly time: string;
  readonly holding: string;
  readonly type: string;
  readonly quantity: string;
  readonly spotPrice: string;
  /** What was paid a unit, before the fee. It contradicts spotPrice in some rows. */
  readonly paidPrice: string;
  readonly fee: string;
  readonly cost: string;
}

/** Coins that leave: sold, given, donated. The fee is in the coin, on top of the quantity. */
export interface OutRow {
  readonly table: 'OUT';
  readonly time: string;
  readonly holding: string;
  readonly type: string;
  readonly quantity: string;
  readonly spotPrice: string;
  readonly coinFee: string;
}

/** Coins moved between one's own holdings; what does not arrive is the network's fee. */
export interface IntraRow {
  readonly table: 'INTRA';
  readonly time: string;
  readonly from: string;
  readonly to: string;
  readonly sent: string;
  readonly received: string;
}

export type InputRow = InRow | OutRow | IntraRow;

export const readInput = (input: string, asset: string): readonly InputRow[] => {
  const rows = csvRows(readData(`lots-rp2/input/${input}/${asset}.csv`));
  return [
    ...tableOf(rows, 'IN').map(inRow),
    ...tableOf(rows, 'OUT').map(outRow),
    ...tableOf(rows, 'INTRA').map(intraRow),
  ].toSorted((a, b) => (a.time < b.time ? -1 : 1));
};

/** 2020-02-01T11:18Z, 2015-01-01 01:01:01+00:00, ...14.342000+00:00 -> RFC 3339 in UTC. */
export const instant = (text: string): string => {
  const utc = text
    .trim()
    .replace(' ', 'T')
    .replace(/(?:Z|\+00:00)$/, '');
  const full = /T\d\d:\d\d$/.test(utc) ? `${utc}:00` : utc;
  return `${full.replace(/\.0*$|(\.\d*?)0+$/, '$1')}Z`;
};

/** The name of one holder's holding at one exchange. */
export const holdingOf = (exchange: string, holder: string): string =>
  `${exchange}-${holder}`.toLowerCase().replaceAll(' ', '-');

type Cells = (heading: string) => string;

const tableOf = (rows: readonly (readonly string[])[], name: string): readonly Cells[] => {
  const start = rows.findIndex((row) => row[0] === name);
  if (start < 0) return [];
  const [headings = [], ...rest] = rows.slice(start + 1);
  const end = rest.findIndex((row) => row[0] === 'TABLE END');
  return rest.slice(0, end).map((row) => (heading) => row[headings.indexOf(heading)] ?? '');
};

const orElse = (text: string, fallback: string): string => plain(text === '' ? fallback : text);

const inRow = (cell: Cells): InRow => {
  const quantity = plain(cell('Crypto In'));
  const spotPrice = plain(cell('Spot Price'));
  const fee = orElse(cell('USD Fee'), '0');
  const paid = orElse(cell('USD In (No Fee)'), multiply(quantity, spotPrice));
  return {
    table: 'IN',
    time: instant(cell('Timestamp')),
    holding: holdingOf(cell('Exchange'), cell('Owner')),
    type: cell('Transaction Type').toUpperCase(),
    quantity,
    spotPrice,
    paidPrice: divide(paid, quantity, QUOTIENT_DECIMALS),
    fee,
    cost: orElse(cell('USD In (With Fee)'), add(paid, fee)),
  };
};

const outRow = (cell: Cells): OutRow => ({
  table: 'OUT',
  time: instant(cell('Timestamp')),
  holding: holdingOf(cell('Exchange'), cell('Holder')),
  type: cell('Transaction Type').toUpperCase(),
  quantity: plain(cell('Crypto Out')),
  spotPrice: plain(cell('Spot Price')),
  coinFee: orElse(cell('Crypto Fee'), '0'),
});

const intraRow = (cell: Cells): IntraRow => ({
  table: 'INTRA',
  time: instant(cell('Timestamp')),
  from: holdingOf(cell('From Exchange'), cell('From Holder')),
  to: holdingOf(cell('To Exchange'), cell('To Holder')),
  sent: plain(cell('Crypto Sent')),
  received: plain(cell('Crypto Received')),
});
