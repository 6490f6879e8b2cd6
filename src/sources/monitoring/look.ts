/** One look at the tables, as cells: everything in it was read in one transaction. */
import type { SourceAuditRow } from '../../model/source.ts';
import { newestWrites, touchedAt } from '../audit-log.ts';
import type { CellRow, Condition, Database, Query, TableShape } from '../database.ts';
import type { PieceColumns } from '../pieces.ts';
import { quoted, select } from '../sql.ts';
import { newestNaiveOf, type ZoneSigns } from '../zone-keeper.ts';
import { type Census, noCensus, rowsOfCensus, takeCensus } from './census.ts';
import { type MonitoringShape, namesOf, type TableOf } from './shape.ts';
import { closedWords, overWords } from './words.ts';

export interface Looking {
  readonly shape: MonitoringShape;
  /** Our log in the source; null: there is none. */
  readonly auditTable: TableShape | null;
  /** Every table of ours. */
  readonly ours: readonly TableShape[];
}

/** What a write may touch, parents before children: what is copied before the first of a day. */
export const copiedTables = ({ shape, ours }: Looking): readonly TableShape[] =>
  [shape.positions.table, shape.orders?.table, shape.trades?.table, ...ours].filter(
    (table) => table !== undefined,
  );

export interface Look extends Looking {
  /** Rows that are not closed. */
  readonly positions: readonly CellRow[];
  /** Rows that our newest writes changed, as they are now. */
  readonly written: readonly CellRow[];
  readonly orders: readonly CellRow[];
  readonly counts: {
    readonly positions: number;
    readonly orders: number;
    readonly trades: number;
  };
  readonly writes: readonly SourceAuditRow[];
  readonly zone: ZoneSigns;
}

/** Of each table what is known of its rows; null where the engine lets nobody wait for a look. */
export interface Censuses {
  readonly positions: Census;
  readonly orders: Census;
  readonly trades: Census;
}

export const noCensuses: Censuses = { positions: noCensus, orders: noCensus, trades: noCensus };

/** Orders that nobody says are over: a bot that never says so would have all of them shown. */
export const ordersShown = 10_000;
/** Of our writes: those of the last days, or of the last hours of a mirror. */
const writesShown = 500;

const listed = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');

/** A column of an enumerated type has to become text before it is compared. */
const wordIn = (column: string): string => `lower(trim(CAST(${quoted(column)} AS TEXT)))`;

/** Rows whose status does not say that they are over. */
function wantedBy(column: string | null, over: readonly string[]): Condition {
  if (column === null) return { sql: '1 = 1', values: [] };
  const word = `coalesce(${wordIn(column)}, '')`;
  return { sql: `${word} NOT IN (${listed(over)})`, values: [] };
}

const nothing: Condition = { sql: '1 = 0', values: [] };

const wantedPositions = ({ positions }: MonitoringShape): Condition =>
  wantedBy(namesOf(positions).status, closedWords);

function wantedOrders(orders: TableOf<'orders'>, ids: readonly string[]): Condition {
  const { status, positionId } = namesOf(orders);
  const open = wantedBy(status, overWords);
  if (positionId === null || ids.length === 0) return open;
  const ofThem = `CAST(${quoted(positionId)} AS TEXT) IN (${ids.map(() => '?').join(', ')})`;
  return { sql: `${open.sql} OR ${ofThem}`, values: ids };
}

const marksOf = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** Closed rows of these symbols. */
export function closedOfSymbols(
  { columns }: TableOf<'positions'>,
  symbols: readonly string[],
): Condition {
  const closed = `${wordIn(columns.status!.name)} IN (${listed(closedWords)})`;
  const named = `CAST(${quoted(columns.symbol!.name)} AS TEXT) IN (${marksOf(symbols)})`;
  return { sql: `${named} AND ${closed}`, values: symbols };
}

/** Rows that carry one of the ids in one of the columns; of no column, none. */
export function ofIds(columns: readonly (string | null)[], ids: readonly string[]): Condition {
  const present = columns.filter((column) => column !== null);
  if (present.length === 0) return nothing;
  // Ids are letters, whatever type a generation gives their column.
  const parts = present.map((one) => `CAST(${quoted(one)} AS TEXT) IN (${marksOf(ids)})`);
  return { sql: parts.join(' OR '), values: present.flatMap(() => ids) };
}

/** In pieces, on from what is known, where whoever writes would have to wait otherwise. */
export async function censusesOf(
  database: Database,
  { shape }: Looking,
  known: Censuses,
): Promise<Censuses | null> {
  if (database.engine !== 'sqlite') return null;
  const { positions, orders, trades } = shape;
  const count = (one: { table: TableShape } | null, wanted: Condition, from: Census) =>
    one === null ? noCensus : takeCensus(database, one.table, wanted, from);
  const held = wantedPositions(shape);
  const census = await count(positions, held, known.positions);
  const ids = await database.read((query) => idsOf(query, positions, held, census));
  const open = orders === null ? nothing : wantedOrders(orders, ids);
  return {
    positions: census,
    orders: await count(orders, open, known.orders),
    trades: await count(trades, nothing, known.trades),
  };
}

async function idsOf(
  query: Query,
  { table, columns }: TableOf<'positions'>,
  wanted: Condition,
  census: Census,
): Promise<readonly string[]> {
  const id = { id: columns.id!.name };
  const { rows } = await rowsOfCensus(query, table, id, wanted, { census, newest: null });
  return rows.flatMap((row) => row['id'] ?? []);
}

export async function look(
  query: Query,
  looking: Looking,
  censuses: Censuses | null,
): Promise<Look> {
  const { shape, auditTable } = looking;
  const { positions, orders, trades } = shape;
  const wanted = wantedPositions(shape);
  const held = await rowsOfCensus(query, positions.table, namesOf(positions), wanted, {
    census: censuses?.positions ?? null,
    newest: null,
  });
  const sorted = held.rows.sort(byId);
  const ids = sorted.flatMap(({ id }) => id ?? []);
  const open = orders && (await ordersOf(query, orders, ids, censuses?.orders ?? null));
  const traded =
    trades &&
    (await rowsOfCensus(query, trades.table, { id: namesOf(trades).id }, nothing, {
      census: censuses?.trades ?? null,
      newest: null,
    }));
  const writes: SourceAuditRow[] = [];
  for (const table of auditTable === null ? [] : [positions.table, orders?.table]) {
    if (table === undefined) continue;
    const known = new Set(writes.map(({ id }) => id));
    const found = await newestWrites(query, auditTable!, table.name, writesShown);
    writes.push(...found.filter(({ id }) => !known.has(id)));
  }
  writes.sort((a, b) => b.id - a.id);
  return {
    ...looking,
    positions: sorted,
    written: await writtenRows(query, positions, writes),
    orders: open?.rows ?? [],
    counts: { positions: held.count, orders: open?.count ?? 0, trades: traded?.count ?? 0 },
    writes,
    zone: {
      newestNaive: await newestNaive(query, positions, sorted, writes),
      touchedAt: auditTable === null ? null : await touchedAt(query, auditTable),
    },
  };
}

/** Those that are not over, the newest of them where there are too many, and of open positions. */
async function ordersOf(
  query: Query,
  orders: TableOf<'orders'>,
  ids: readonly string[],
  census: Census | null,
) {
  const wanted = wantedOrders(orders, ids);
  const how = { census, newest: ordersShown };
  const found = await rowsOfCensus(query, orders.table, namesOf(orders), wanted, how);
  return { rows: found.rows.sort(byId).slice(-ordersShown), count: found.count };
}

async function writtenRows(
  query: Query,
  positions: TableOf<'positions'>,
  writes: readonly SourceAuditRow[],
): Promise<readonly CellRow[]> {
  const { name } = positions.table;
  const changes = writes.flatMap((write) => write.changes).filter(({ table }) => table === name);
  return rowsOfIds(query, positions, [...new Set(changes.map(({ key }) => key))]);
}

/** Keys that one statement asks for. */
const askedIds = 500;

/** Of a key that is not there, nothing. */
export async function rowsOfIds<K extends 'positions' | 'orders'>(
  query: Query,
  of: TableOf<K>,
  ids: readonly string[],
): Promise<readonly CellRow[]> {
  const rows: CellRow[] = [];
  const names: PieceColumns = namesOf(of);
  const all = select(of.table, names);
  for (let from = 0; from < ids.length; from += askedIds) {
    const asked = ids.slice(from, from + askedIds);
    const sql = `${all} WHERE ${quoted(names['id']!)} IN (${marksOf(asked)})`;
    for (const row of await query.rows(sql, asked)) rows.push(row);
  }
  return rows.sort(byId);
}

/** Numbers by their size, other keys by their bytes. */
export function byId({ id: a }: CellRow, { id: b }: CellRow): number {
  const [x, y] = [a ?? '', b ?? ''];
  const areNumbers = /^\d+$/.test(x) && /^\d+$/.test(y);
  if (areNumbers && x.length !== y.length) return x.length - y.length;
  return x < y ? -1 : x > y ? 1 : 0;
}

async function newestNaive(
  query: Query,
  positions: TableOf<'positions'>,
  rows: readonly CellRow[],
  writes: readonly SourceAuditRow[],
): Promise<string | null> {
  const ours = new Set(
    writes.flatMap(({ changes }) => changes.flatMap(({ after }) => Object.values(after ?? {}))),
  );
  const times = rows.flatMap((row) => [
    row['updatedAt'],
    row['openedAt'],
    row['createdAt'],
    row['closedAt'],
  ]);
  if (rows.length > 0) return newestNaiveOf(times, ours);
  const { createdAt, id } = namesOf(positions);
  if (createdAt === null) return null;
  // Without a row that is held, the newest row tells.
  const sql = `SELECT ${quoted(createdAt)} AS at FROM ${positions.table.sql}
    ORDER BY ${quoted(id!)} DESC LIMIT 1`;
  const [newest] = await query.rows(sql);
  return newestNaiveOf([newest?.['at']], ours);
}
