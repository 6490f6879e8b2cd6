/** Rows of the schema by the key they have in the log, and what the log keeps of them. */
import type { SourceChange } from '../../model/source.ts';
import type { Cell, CellRow, Query, TableShape } from '../database.ts';
import { plainNumber } from '../plain-number.ts';
import { quoted, select } from '../sql.ts';
import { accountsSql, pricesSql } from './look.ts';
import type { FalconShape } from './shape.ts';

export type Image = Readonly<Record<string, string | null>>;

/** A row that a write names: where it is, and how it stood when it was looked at. */
export interface NamedRow {
  readonly table: TableShape;
  readonly key: string;
  readonly role: NonNullable<SourceChange['role']>;
  /** Null: no account's in particular. */
  readonly accountId: string | null;
  /** The column of its number; a record has several, of which this is the total. */
  readonly column: string | null;
  /** Column and value; null is asked for as such. */
  readonly where: readonly (readonly [column: string, value: Cell])[];
  readonly image: Image;
}

export async function accountRows(query: Query, shape: FalconShape): Promise<NamedRow[]> {
  return accountRowsOf(await query.rows(accountsSql(shape)), shape);
}

export const accountRowsOf = (rows: readonly CellRow[], { account }: FalconShape): NamedRow[] =>
  rows.map((row) => ({
    table: account.table,
    key: row['id']!,
    role: 'total',
    accountId: row['id']!,
    column: account.total,
    where: [[account.id, row['id']!]],
    image: imageOf([
      [account.total, row['total']],
      [account.updated, row['updated']],
    ]),
  }));

export async function positionRows(query: Query, shape: FalconShape): Promise<NamedRow[]> {
  return positionRowsOf(await query.rows(pricesSql(shape)), shape);
}

export const positionRowsOf = (rows: readonly CellRow[], { positions }: FalconShape): NamedRow[] =>
  rows.map((row) => {
    const symbol = row['symbol'] ?? '';
    const owner = row['account'] ?? null;
    return {
      table: positions.table,
      key: positionKey(positions.account === null ? null : owner, symbol),
      role: 'price',
      accountId: owner,
      column: positions.price,
      where: [
        [positions.symbol, symbol],
        ...(positions.account === null ? [] : [[positions.account, owner] as const]),
      ],
      image: imageOf([
        [positions.price, row['price']],
        [positions.updated, row['updated']],
      ]),
    };
  });

export const positionKey = (owner: string | null, symbol: string): string =>
  owner === null ? symbol : `${owner}/${symbol}`;

/** The record of that time; null where there is none. */
export async function recordRow(
  query: Query,
  { performance }: FalconShape,
  time: string,
  owner: string | null,
): Promise<NamedRow | null> {
  const { table, account, ...columns } = performance!;
  const where: NamedRow['where'] = [
    [columns.time, time],
    ...(account === null || owner === null ? [] : [[account, owner] as const]),
  ];
  const { total, cash, positionsValue } = columns;
  const sql = select(table, { time: columns.time, total, cash, positionsvalue: positionsValue });
  const [row] = await query.rows(`${sql} ${whereSql(where)}`, valuesOf(where));
  if (row === undefined) return null;
  const image = imageOf([
    [columns.time, row['time']],
    [total, row['total']],
    [cash, row['cash']],
    [positionsValue, row['positionsvalue']],
  ]);
  const key = positionKey(owner, row['time'] ?? time);
  return { table, key, role: 'record', accountId: owner, column: total, where, image };
}

/** Built cell by cell: a write of ten thousand prices makes them under its lock. */
function imageOf(cells: readonly (readonly [string | null, Cell | undefined])[]): Image {
  const image: Record<string, string | null> = {};
  for (const [column, cell] of cells) if (column !== null) image[column] = cell ?? null;
  return image;
}

export const whereSql = (where: NamedRow['where']): string =>
  `WHERE ${where
    .map(([column, value]) => `${quoted(column)} ${value === null ? 'IS NULL' : '= ?'}`)
    .join(' AND ')}`;

export const valuesOf = (where: NamedRow['where']): Cell[] =>
  where.flatMap(([, value]) => (value === null ? [] : [value]));

/** The same as stored: 10 and 10.00 are. */
export function isSame(a: Cell | undefined, b: Cell | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'string' || typeof b !== 'string') return (a ?? null) === (b ?? null);
  const x = plainNumber(a);
  return x !== null && x === plainNumber(b);
}

/** By key; of rows that share one none is meant. */
export function byKey(rows: readonly NamedRow[]): ReadonlyMap<string, NamedRow> {
  const found = new Map<string, NamedRow>();
  const twice = new Set<string>();
  for (const row of rows) {
    if (found.has(row.key)) twice.add(row.key);
    found.set(row.key, row);
  }
  for (const key of twice) found.delete(key);
  return found;
}

/** What was changed of rows as they were before. */
export const changesOf = (
  before: ReadonlyMap<string, NamedRow>,
  after: readonly NamedRow[],
): readonly SourceChange[] =>
  after.flatMap((row) => {
    const was = before.get(row.key);
    const change = was === undefined ? null : changeOf(was, row);
    return change === null ? [] : [change];
  });

/** Null where nothing changed. */
export function changeOf(before: NamedRow, after: NamedRow): SourceChange | null {
  const columns = Object.keys(after.image);
  if (columns.every((column) => isSame(before.image[column], after.image[column]))) return null;
  return { ...namedIn(after), before: before.image, after: after.image };
}

/** What the log says of a row beside its images. */
export const namedIn = ({ table, key, role, accountId, column }: NamedRow) => ({
  ...{ table: table.name, key, role, accountId },
  ...(column === null ? {} : { column }),
});
