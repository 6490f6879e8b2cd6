/**
 * Orders and executions that the tables of orders and trades lack. What is there already, by its
 * id, stays as it is: of the bot's own rows nothing is doubled and nothing is changed.
 */

import { subtract } from '../../decimal/decimal.ts';
import type { OrderAddition, PositionWrite, TradeAddition } from '../../model/position-source.ts';
import { executionsAdded } from '../audit-log.ts';
import type { CellRow, ColumnShape, Query, TableShape } from '../database.ts';
import { quoted, select } from '../sql.ts';
import { type AddingTerms, type Addition, RowFilling } from './adding.ts';
import { unsupported } from './fitting.ts';
import { namesVenueOrder } from './rows.ts';
import { namesOf, type TableOf } from './shape.ts';

type Terms = Omit<AddingTerms, 'sample'>;

/** Ids that one statement asks for. */
const askedIds = 500;

export async function orderAdditions(
  query: Query,
  orders: TableOf<'orders'> | null,
  { orders: wanted, at }: PositionWrite,
  terms: Terms,
): Promise<readonly Addition[]> {
  if (wanted.length === 0) return [];
  if (orders === null) throw noTable('orders');
  const { orderId, clientOrderId } = orders.columns;
  if (orderId === null) throw noPlace(orders.table);
  const known = await valuesIn(
    query,
    orders.table,
    orderId,
    wanted.map((one) => one.orderId),
  );
  const clients = wanted.flatMap((one) => one.clientOrderId ?? []);
  const named = clientOrderId && (await valuesIn(query, orders.table, clientOrderId, clients));
  const sample = await newestRow(query, orders);
  const missing = wanted.filter(
    (one) => !known.has(one.orderId) && !named?.has(one.clientOrderId ?? ''),
  );
  return unique(missing, (one) => one.orderId).map((one) =>
    orderRow(orders, one, at, { ...terms, sample }),
  );
}

function orderRow(
  { table, columns }: TableOf<'orders'>,
  one: OrderAddition,
  at: bigint,
  terms: AddingTerms,
): Addition {
  const row = new RowFilling(table, terms);
  row.name('order-id', columns.orderId, one.orderId);
  row.name('client-order-id', columns.clientOrderId, one.clientOrderId);
  row.name('position', columns.positionId, one.positionId);
  row.name('symbol', columns.symbol, one.symbol);
  row.name('exchange', columns.exchange, one.exchange);
  row.word('side', columns.side, one.side, 'side');
  row.word('type', columns.type, one.type, 'type');
  row.exact('quantity', columns.quantity, one.quantity);
  row.exact('price', columns.price, one.price);
  row.exact('filled', columns.filled, one.filled);
  row.exact('remaining', columns.remaining, subtract(one.quantity, one.filled));
  row.word('status', columns.status, one.statusText, 'status');
  row.nearest('fee', columns.fee, one.fee);
  row.name('fee-currency', columns.feeCurrency, one.feeCurrency);
  row.time('created-at', columns.createdAt, one.createdAt ?? at, 'createdAt');
  row.time('updated-at', columns.updatedAt, at, 'updatedAt');
  return row.done('order', columns.id!, [one.orderId]);
}

export async function tradeAdditions(
  query: Query,
  trades: TableOf<'trades'> | null,
  wanted: PositionWrite,
  auditTable: TableShape | null,
  terms: Terms,
): Promise<readonly Addition[]> {
  if (wanted.trades.length === 0) return [];
  if (trades === null) throw noTable('trades');
  const all = unique(wanted.trades, (one) => one.executionId);
  const missing = await missingTrades(query, trades, all, auditTable);
  const sample = await newestRow(query, trades);
  const types = new Map(wanted.orders.map(({ orderId, type }) => [orderId, type]));
  return missing.map((one) =>
    tradeRow(trades, one, types.get(one.orderId ?? '') ?? null, { ...terms, sample }),
  );
}

async function missingTrades(
  query: Query,
  trades: TableOf<'trades'>,
  all: readonly TradeAddition[],
  auditTable: TableShape | null,
): Promise<readonly TradeAddition[]> {
  const { table, columns } = trades;
  const { executionId, orderId } = columns;
  if (executionId !== null) {
    const known = await valuesIn(
      query,
      table,
      executionId,
      all.map((one) => one.executionId),
    );
    return all.filter((one) => !known.has(one.executionId));
  }
  if (orderId === null || !namesVenueOrder(columns)) throw noPlace(table);
  // No column tells executions of one order apart: our own log does, of the rows that are ours. An
  // order of which the bot keeps a row has been noted, in whatever parts.
  const orders = all.flatMap((one) => one.orderId ?? []);
  const rows = await rowsOfOrders(query, trades, orders);
  const noted = new Set(rows.map(({ orderId: name }) => name));
  const ours = new Map<string, string>();
  if (auditTable !== null && rows.length > 0) {
    for (const name of noted) {
      for (const [fact, key] of await executionsAdded(query, auditTable, table.name, name ?? '')) {
        ours.set(fact, key);
      }
    }
  }
  const ourRows = new Set(ours.values());
  const there = new Set(rows.map(({ id }) => id));
  const theirs = new Set(rows.flatMap(({ id, orderId: name }) => (ourRows.has(id!) ? [] : [name])));
  return all.filter((one) => {
    if (one.orderId === null) throw noOrderId(table, one);
    return !theirs.has(one.orderId) && !there.has(ours.get(one.executionId) ?? '');
  });
}

function tradeRow(
  { table, columns }: TableOf<'trades'>,
  one: TradeAddition,
  type: string | null,
  terms: AddingTerms,
): Addition {
  const row = new RowFilling(table, terms);
  row.name('execution-id', columns.executionId, one.executionId);
  if (namesVenueOrder(columns)) row.name('order-id', columns.orderId, one.orderId);
  row.name('client-order-id', columns.clientOrderId, one.clientOrderId);
  row.name('position', columns.positionId, one.positionId);
  row.name('symbol', columns.symbol, one.symbol);
  row.name('exchange', columns.exchange, one.exchange);
  row.word('side', columns.side, one.side, 'side');
  if (type !== null) row.word('type', columns.type, type, 'type');
  row.exact('asked', columns.quantity, one.quantity);
  row.exact('quantity', columns.executed ?? columns.quantity, one.quantity);
  row.exact('limit', columns.price, one.price);
  row.exact('price', columns.averagePrice ?? columns.price, one.price);
  row.word('status', columns.status, 'filled', 'status');
  row.nearest('fee', columns.fee, one.fee);
  row.name('fee-currency', columns.feeCurrency, one.feeCurrency);
  row.time('time', columns.at, one.at, 'at');
  row.time('created-at', columns.createdAt, one.at, 'createdAt');
  return row.done('trade', columns.id!, [one.executionId]);
}

/** Of several that are the same, the first. */
function unique<T>(all: readonly T[], nameOf: (one: T) => string): readonly T[] {
  const seen = new Set<string>();
  return all.filter((one) => seen.size < seen.add(nameOf(one)).size);
}

/** Those of the values that a column holds already. */
async function valuesIn(
  query: Query,
  { sql }: TableShape,
  column: ColumnShape,
  values: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const name = quoted(column.name);
  for (let from = 0; from < values.length; from += askedIds) {
    const asked = values.slice(from, from + askedIds);
    const marks = asked.map(() => '?').join(', ');
    const rows = await query.rows(
      `SELECT ${name} AS v FROM ${sql} WHERE ${name} IN (${marks})`,
      asked,
    );
    for (const { v } of rows) found.add(v!);
  }
  return found;
}

async function rowsOfOrders(
  query: Query,
  trades: TableOf<'trades'>,
  orders: readonly string[],
): Promise<readonly CellRow[]> {
  const names = [...new Set(orders)];
  const { id, orderId } = namesOf(trades);
  const rows: CellRow[] = [];
  for (let from = 0; from < names.length; from += askedIds) {
    const asked = names.slice(from, from + askedIds);
    const where = `${quoted(orderId!)} IN (${asked.map(() => '?').join(', ')})`;
    const sql = `${select(trades.table, { id, orderId })} WHERE ${where}`;
    for (const row of await query.rows(sql, asked)) rows.push(row);
  }
  return rows;
}

async function newestRow(
  query: Query,
  table: TableOf<'orders'> | TableOf<'trades'>,
): Promise<CellRow | undefined> {
  const names: Readonly<Record<string, string | null>> = namesOf(table as TableOf<'orders'>);
  const sql = `${select(table.table, names)} ORDER BY ${quoted(names['id']!)} DESC LIMIT 1`;
  return (await query.rows(sql))[0];
}

const noTable = (name: string) =>
  unsupported(`there is no table ${name}`, 'leave its rows out; nothing was written');

const noPlace = ({ name }: TableShape) =>
  unsupported(
    `${name} has no column for an id of the venue: nothing could tell its rows apart`,
    'leave its rows out; nothing was written',
  );

const noOrderId = ({ name }: TableShape, one: TradeAddition) =>
  unsupported(
    `${name} tells executions by their order alone, and execution ${one.executionId} names none`,
    'leave it out; nothing was written',
  );
