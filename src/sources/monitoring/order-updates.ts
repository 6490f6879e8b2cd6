/** What a change makes of the row of an order: its state in the bot's own word, what is filled. */
import { type Decimal, isNegative, subtract } from '../../decimal/decimal.ts';
import { toText, toTextOrNull } from '../../decimal/text.ts';
import type { OrderChange, PositionWrite } from '../../model/position-source.ts';
import { cellReader } from '../cell-reading.ts';
import type { Cell, CellRow, ColumnShape, Query, Written } from '../database.ts';
import { isSame } from '../named-rows.ts';
import { quoted } from '../sql.ts';
import { formFor, timeFor } from '../stamps.ts';
import { exactFor, styledLike, unsupported } from './fitting.ts';
import { type Look, rowsOfIds } from './look.ts';
import { storedOrder } from './rows.ts';
import type { TableOf } from './shape.ts';
import { cellOf, isEqual, moved, type Role, type RoleCell, type Terms } from './updates.ts';
import { orderWordIn, usualOrderWord } from './words.ts';

/** An order's row, and the cells that it gets. */
export interface OrderUpdate {
  readonly id: string;
  readonly cells: readonly RoleCell[];
  readonly fact: string | null;
}

/** Rows whose words show how this bot calls a state. */
const sampledRows = 200;

export async function orderUpdates(
  query: Query,
  { shape: { orders }, orders: shown }: Pick<Look, 'shape' | 'orders'>,
  { orderChanges = [], at }: PositionWrite,
  terms: Terms,
): Promise<readonly OrderUpdate[]> {
  if (orderChanges.length === 0) return [];
  if (orders === null) {
    throw unsupported('there is no table orders', 'leave its rows out; nothing was written');
  }
  const rows = new Map(shown.map((row) => [row['id']!, row]));
  const others = orderChanges.map(({ id }) => id).filter((id) => !rows.has(id));
  for (const row of await rowsOfIds(query, orders, others)) rows.set(row['id']!, row);
  const words = await wordsIn(query, orders);
  return orderChanges.flatMap((change) => {
    const row = rows.get(change.id);
    refuseMovedOrder(change, row, orders, terms);
    const cells = orderCells(change, row!, orders, words, terms).filter(
      ({ field, value }) => !isSame(cellOf(value), row![field]),
    );
    if (cells.length === 0) return [];
    const stamp = stampOf(at, row!, orders, terms);
    const all = [...cells.map(({ field, ...cell }) => cell), ...stamp];
    return [{ id: change.id, cells: all, fact: change.orderId }];
  });
}

function refuseMovedOrder(
  change: OrderChange,
  row: CellRow | undefined,
  orders: TableOf<'orders'>,
  { zone }: Terms,
): void {
  const { name } = orders.table;
  if (row === undefined) throw moved(`${name} has no row ${change.id} any more`);
  const now = storedOrder(row, orders, cellReader(zone));
  const { expected, symbol } = change;
  if (now.symbol !== symbol) {
    throw moved(`${name} ${change.id} is of ${now.symbol} now, and not of ${symbol}`);
  }
  if (now.statusText !== expected.statusText) {
    const [is, was] = [now.statusText, expected.statusText].map((one) => one ?? 'of no status');
    throw moved(`${name} ${change.id} is ${is} now, and not ${was}`);
  }
  if (isEqual(now.filled, expected.filled)) return;
  const [is, was] = [now.filled, expected.filled].map((one) => toTextOrNull(one) ?? 'unknown');
  throw moved(`${name} ${change.id} has ${is} filled now, and not ${was}`);
}

/** The words of the newest rows, the newest first. */
async function wordsIn(
  query: Query,
  { table, columns }: TableOf<'orders'>,
): Promise<readonly (Cell | undefined)[]> {
  if (columns.status === null) return [];
  const [word, id] = [columns.status.name, columns.id!.name].map(quoted);
  const sql = `SELECT ${word} AS w FROM ${table.sql} ORDER BY ${id} DESC LIMIT ${sampledRows}`;
  return (await query.rows(sql)).map(({ w }) => w);
}

interface FieldCell extends RoleCell {
  readonly field: string;
}

function orderCells(
  { status, filled }: OrderChange,
  row: CellRow,
  orders: TableOf<'orders'>,
  words: readonly (Cell | undefined)[],
  { engine, zone }: Terms,
): readonly FieldCell[] {
  const { table, columns } = orders;
  const cells: FieldCell[] = [];
  const add = (field: string, role: Role, column: ColumnShape | null, value: () => Written) => {
    if (column !== null) cells.push({ field, role, column, value: value() });
  };
  if (status !== undefined) {
    if (columns.status === null) throw noStatus(table.name);
    const word = orderWordIn(status, words);
    add('status', 'status', columns.status, () => {
      return word ?? styledLike(usualOrderWord(status), row['status'] ?? null);
    });
  }
  if (filled === undefined) return cells;
  const { quantity } = storedOrder(row, orders, cellReader(zone));
  const exact = (column: ColumnShape, value: NonNullable<typeof filled>) =>
    exactFor(table, column, value, engine);
  add('filled', 'filled', columns.filled, () => exact(columns.filled!, filled));
  if (quantity === null) return cells;
  const left = subtract(quantity, filled);
  if (isNegative(left)) throw moreThanAsked(table.name, row['id'] ?? '', filled, quantity);
  add('remaining', 'remaining', columns.remaining, () => exact(columns.remaining!, left));
  return cells;
}

function stampOf(
  at: bigint,
  row: CellRow,
  { table, columns }: TableOf<'orders'>,
  { times, zone }: Terms,
): readonly RoleCell[] {
  const { updatedAt } = columns;
  if (updatedAt === null) return [];
  const form = formFor(table, updatedAt.name, row['updatedAt'], [row['createdAt'], ...times]);
  const value = timeFor(table, updatedAt.name, at, form, zone);
  return [{ role: 'updated-at', column: updatedAt, value }];
}

const moreThanAsked = (name: string, id: string, filled: Decimal, quantity: Decimal) =>
  unsupported(
    `${name} ${id} asks for ${toText(quantity)}, and ${toText(filled)} would be filled of it`,
    'its size is in another unit, or was changed since: set the row right first',
  );

const noStatus = (name: string) =>
  unsupported(`${name} has no column for the status of an order`, 'leave it out');
