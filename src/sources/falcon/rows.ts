/** Rows of the schema, each by the key that it has in the log. */
import type { CellRow, Query } from '../database.ts';
import { imageOf, type NamedRow, valuesOf, whereSql } from '../named-rows.ts';
import { select } from '../sql.ts';
import { accountsSql, pricesSql } from './look.ts';
import type { FalconShape } from './shape.ts';

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
