/** Cells of the schema as positions, orders and trades; what nobody can read is noted. */
import { type Decimal, isNegative } from '../../decimal/decimal.ts';
import type { StoredOrder, StoredPosition, StoredTrade } from '../../model/position-source.ts';
import type { SourceFault } from '../../model/source.ts';
import type { CellPlace, CellReader } from '../cell-reading.ts';
import type { CellRow, ColumnShape } from '../database.ts';
import type { TableOf } from './shape.ts';
import { directionOf, flagOf, isOverWord, sideOf, statusOf } from './words.ts';

/** Reads the cells of one row by field. */
interface RowReader {
  number(field: string, role?: SourceFault['role']): Decimal | null;
  time(field: string): ReturnType<CellReader['time']>;
  text(field: string): string | null;
  note(field: string, why: string, role?: SourceFault['role']): void;
}

function rowReader(
  row: CellRow,
  columns: Readonly<Record<string, ColumnShape | null>>,
  table: string,
  cells: CellReader,
): RowReader {
  const place: CellPlace = { table, key: row['id'] ?? '' };
  const nameOf = (field: string) => columns[field]?.name ?? null;
  return {
    number: (field, role) => cells.number(row[field], place, nameOf(field), role),
    time: (field) => cells.time(row[field], place, nameOf(field)),
    text: (field) => row[field] ?? null,
    note: (field, why, role) =>
      cells.note({
        ...place,
        column: nameOf(field) ?? '',
        value: row[field] ?? 'NULL',
        why,
        ...(role && { role }),
      }),
  };
}

export function storedPosition(
  row: CellRow,
  { table, columns }: TableOf<'positions'>,
  cells: CellReader,
): StoredPosition {
  const read = rowReader(row, columns, table.name, cells);
  const status = statusOf(row['status']);
  if (status === 'unknown') read.note('status', 'says neither active nor closed', 'status');
  const direction = directionOf(row['side']);
  if (direction === null) read.note('side', 'is neither long nor short', 'side');
  if (row['symbol'] === null) read.note('symbol', 'is no symbol');
  const pnl = read.number('pnl', 'pnl');
  const [realised, unrealised] = [read.number('realised', 'pnl'), read.number('unrealised', 'pnl')];
  return {
    id: read.text('id') ?? '',
    symbol: read.text('symbol') ?? '',
    exchange: read.text('exchange'),
    direction,
    quantity: unsigned(read),
    entryPrice: read.number('entryPrice', 'entry'),
    currentPrice: read.number('currentPrice', 'price'),
    exitPrice: read.number('exitPrice', 'price'),
    // `pnl` is what closing it made once it is closed, and what it would make until then.
    realisedPnl: status === 'closed' ? (realised ?? pnl) : realised,
    unrealisedPnl: columns.unrealised === null && status !== 'closed' ? pnl : unrealised,
    fees: read.number('fees', 'fees'),
    status,
    statusText: read.text('status'),
    openedAt: read.time('openedAt'),
    closedAt: read.time('closedAt'),
    createdAt: read.time('createdAt'),
    updatedAt: read.time('updatedAt'),
    exitReason: read.text('exitReason'),
    hasStopLoss: flagOf(row['hasStopLoss']),
    stopLossPrice: read.number('stopLossPrice', 'price'),
    trailingActivated: flagOf(row['trailingActivated']),
    leverage: read.number('leverage'),
  };
}

/** The side says which way it goes: a quantity that does so, too, may mean the opposite. */
function unsigned(read: RowReader): Decimal | null {
  const quantity = read.number('quantity', 'quantity');
  if (quantity === null || !isNegative(quantity)) return quantity;
  read.note('quantity', 'is negative, and the side says which way it goes', 'quantity');
  return null;
}

export function storedOrder(
  row: CellRow,
  { table, columns }: TableOf<'orders'>,
  cells: CellReader,
): StoredOrder {
  const read = rowReader(row, columns, table.name, cells);
  return {
    id: read.text('id') ?? '',
    positionId: read.text('positionId'),
    symbol: read.text('symbol') ?? '',
    exchange: read.text('exchange'),
    orderId: read.text('orderId'),
    clientOrderId: read.text('clientOrderId'),
    side: sideOf(row['side']),
    type: read.text('type'),
    quantity: read.number('quantity', 'quantity'),
    price: read.number('price', 'price'),
    filled: read.number('filled', 'quantity'),
    statusText: read.text('status'),
    isOver: isOverWord(row['status']),
    createdAt: read.time('createdAt'),
    updatedAt: read.time('updatedAt'),
  };
}

export function storedTrade(
  row: CellRow,
  { table, columns }: TableOf<'trades'>,
  cells: CellReader,
): StoredTrade {
  const read = rowReader(row, columns, table.name, cells);
  const tellsApart = columns.executed !== null;
  return {
    id: read.text('id') ?? '',
    symbol: read.text('symbol') ?? '',
    exchange: read.text('exchange'),
    orderId: namesVenueOrder(columns) ? read.text('orderId') : null,
    side: sideOf(row['side']),
    quantity: read.number(tellsApart ? 'executed' : 'quantity', 'quantity'),
    price: read.number('averagePrice', 'price') ?? read.number('price', 'price'),
    fee: read.number('fee', 'fees'),
    feeCurrency: read.text('feeCurrency'),
    at: read.time('at'),
  };
}

/** One generation points at its own table of orders instead, by the number of a row there. */
export const namesVenueOrder = ({ orderId }: TableOf<'trades'>['columns']): boolean =>
  orderId !== null && !/int|serial/.test(orderId.type);
