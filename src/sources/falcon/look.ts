/**
 * One look at the tables, as cells: everything in it was read in one transaction, but for the
 * orders, which may be too many for one.
 */
import type { Instant } from '../../model/instant.ts';
import type { SourceAuditRow, SourceGuard } from '../../model/source.ts';
import { lastWriteOf, touchedAt, writesTo } from '../audit-log.ts';
import type { CellRow, Query, TableShape } from '../database.ts';
import { quoted, select } from '../sql.ts';
import type { OrderFacts } from './orders.ts';
import type { FalconShape } from './shape.ts';

export interface Records {
  /** The newest, newest first. */
  readonly newest: readonly CellRow[];
  readonly first: CellRow | null;
  readonly count: number;
}

export interface Look {
  readonly shape: FalconShape;
  readonly accounts: readonly CellRow[];
  readonly positions: readonly CellRow[];
  /** By account; none for accounts whose records cannot be told apart. */
  readonly records: ReadonlyMap<string, Records>;
  /** Records of no account that can be told. */
  readonly namelessRecords: number;
  readonly orders: OrderFacts;
  readonly guard: SourceGuard;
  readonly lastWrite: SourceAuditRow | null;
  readonly totalWrites: readonly SourceAuditRow[];
  /** When we wrote anything last; null: never. */
  readonly touchedAt: Instant | null;
}

/** As many records as a look shows: a day at one every quarter of an hour. */
const recordsMax = 100;

export const noRecords: Records = { newest: [], first: null, count: 0 };

export type GuardReader = (query: Query) => Promise<SourceGuard>;

export interface Looking {
  readonly shape: FalconShape;
  /** Our log in the source; null: there is none. */
  readonly auditTable: TableShape | null;
  /** Every table of ours. */
  readonly ours: readonly TableShape[];
  readonly guard: GuardReader;
}

/** What a write may touch, parents before children: what is copied before the first of a day. */
export const copiedTables = ({ shape, ours }: Looking): readonly TableShape[] =>
  [shape.account.table, shape.positions.table, shape.performance?.table, ...ours].filter(
    (table) => table !== undefined,
  );

export async function look(
  query: Query,
  { shape, auditTable, guard }: Looking,
  orders: OrderFacts,
): Promise<Look> {
  const accounts = await query.rows(accountsSql(shape));
  const ids = accounts.map(({ id }) => id!);
  const lastWrite = auditTable === null ? null : await lastWriteOf(query, auditTable);
  const { name } = shape.account.table;
  return {
    shape,
    accounts,
    positions: await query.rows(positionsSql(shape)),
    records: await recordsOf(query, shape, ids),
    namelessRecords: await namelessRecords(query, shape, ids),
    orders,
    guard: await guard(query),
    lastWrite,
    totalWrites: auditTable === null ? [] : await writesTo(query, auditTable, name, ids, lastWrite),
    touchedAt: auditTable === null ? null : await touchedAt(query, auditTable),
  };
}

export const accountsSql = ({ account }: FalconShape): string =>
  `${select(account.table, {
    id: account.id,
    cash: account.cash,
    total: account.total,
    updated: account.updated,
  })} ORDER BY 1`;

export const positionsSql = ({ positions }: FalconShape): string =>
  select(positions.table, {
    symbol: positions.symbol,
    quantity: positions.quantity,
    side: positions.side,
    entryprice: positions.entryPrice,
    price: positions.price,
    updated: positions.updated,
    entryat: positions.entryAt,
    status: positions.status,
    isopen: positions.isOpen,
    closed: positions.closed,
    account: positions.account,
  });

/** What a write changes of them, and by what they are told apart. */
export const pricesSql = ({ positions }: FalconShape): string =>
  select(positions.table, {
    symbol: positions.symbol,
    price: positions.price,
    updated: positions.updated,
    account: positions.account,
  });

/** Where the newest trade may have to serve as the price. */
export async function unpricedSymbols(query: Query, { positions }: FalconShape) {
  const sql = select(positions.table, { symbol: positions.symbol });
  const where = positions.price === null ? '' : ` WHERE ${quoted(positions.price)} IS NULL`;
  const rows = await query.rows(sql + where);
  return [...new Set(rows.flatMap(({ symbol }) => symbol ?? []))];
}

async function recordsOf(
  query: Query,
  shape: FalconShape,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Records>> {
  const found = new Map<string, Records>();
  const told = shape.performance?.account !== null || ids.length === 1;
  if (shape.performance === null || !told) return found;
  for (const id of ids) {
    found.set(id, {
      newest: await newestRecords(query, shape, id, recordsMax),
      ...(await firstRecord(query, shape, id)),
    });
  }
  return found;
}

async function namelessRecords(
  query: Query,
  { performance }: FalconShape,
  ids: readonly string[],
): Promise<number> {
  if (performance === null || (performance.account === null && ids.length === 1)) return 0;
  const { table, time, account } = performance;
  const known = `SELECT count(*) AS n FROM ${table.sql} WHERE ${quoted(time)} IS NOT NULL`;
  const owners = ids.map(() => '?').join(', ');
  const nobody =
    account === null || ids.length === 0
      ? ''
      : ` AND (${quoted(account)} IS NULL OR ${quoted(account)} NOT IN (${owners}))`;
  const [counted] = await query.rows(known + nobody, nobody === '' ? [] : ids);
  return Number(counted!['n']);
}

/** Newest first; a row without a time is none. */
export async function newestRecords(
  query: Query,
  shape: FalconShape,
  accountId: string,
  limit: number,
): Promise<readonly CellRow[]> {
  const { sql, values } = recordsSql(shape, accountId);
  return query.rows(`${sql} ORDER BY 1 DESC LIMIT ${limit}`, values);
}

async function firstRecord(query: Query, shape: FalconShape, accountId: string) {
  const { sql, values } = recordsSql(shape, accountId);
  const first = await query.rows(`${sql} ORDER BY 1 LIMIT 1`, values);
  const counted = await query.rows(`SELECT count(*) AS n FROM (${sql}) AS records`, values);
  return { first: first[0] ?? null, count: Number(counted[0]!['n']) };
}

function recordsSql({ performance }: FalconShape, accountId: string) {
  const { table, time, total, cash, positionsValue, account } = performance!;
  const columns = { time, total, cash, positionsvalue: positionsValue };
  const known = `${select(table, columns)} WHERE ${quoted(time)} IS NOT NULL`;
  return account === null
    ? { sql: known, values: [] }
    : { sql: `${known} AND ${quoted(account)} = ?`, values: [accountId] };
}
