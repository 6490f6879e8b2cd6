/** A look as a snapshot: cells become numbers and times, rows find their account. */

import type { Decimal } from '../../decimal/decimal.ts';
import { isNegative, negate } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import type {
  SourceAccount,
  SourceIdentity,
  SourcePerformance,
  SourcePosition,
  SourceSnapshot,
  SourceZone,
} from '../../model/source.ts';
import { type CellReader, cellReader } from '../cell-reading.ts';
import type { CellRow } from '../database.ts';
import { type Look, noRecords, type Records } from './look.ts';
import type { FalconShape } from './shape.ts';

export function snapshotOf(
  look: Look,
  identity: SourceIdentity,
  zone: SourceZone,
  takenAt: Instant,
): SourceSnapshot {
  const { shape, orders } = look;
  const cells = cellReader(zone.name);
  const accounts = look.accounts.map((row) => accountOf(row, look, cells));
  const owned = new Map<string, SourcePosition[]>(accounts.map(({ id }) => [id, []]));
  const unattributed: SourcePosition[] = [];
  for (const row of look.positions) {
    const list = owned.get(ownerOf(row, look) ?? '') ?? unattributed;
    list.push(positionOf(row, look, cells));
  }
  const ordersTable = shape.orders?.table.name ?? '';
  return {
    identity: { ...identity, generation: shape.generation },
    takenAt,
    zone,
    totalStorage: shape.account.totalStorage,
    keepsPrices: shape.positions.price !== null,
    accounts: accounts.map((one) => ({ ...one, positions: sorted(owned.get(one.id) ?? []) })),
    unattributed: sorted(unattributed),
    orders: {
      count: orders.count,
      newestAt: cells.time(orders.newest, ordersTable, 'newest', shape.orders?.time ?? null),
    },
    guard: look.guard,
    lastWrite: look.lastWrite,
    totalWrites: look.totalWrites,
    faults: cells.faults,
  };
}

/** The account of a row; with one account and no column that tells, everything is its own. */
function ownerOf(row: CellRow, { shape, accounts }: Look): string | null {
  if (shape.positions.account !== null) return row['account'] ?? null;
  return accounts.length === 1 ? accounts[0]!['id']! : null;
}

function accountOf(row: CellRow, look: Look, cells: CellReader): Omit<SourceAccount, 'positions'> {
  const { account, performance } = look.shape;
  const id = row['id']!;
  const table = account.table.name;
  const records = look.records.get(id) ?? noRecords;
  return {
    id,
    cash: cells.number(row['cash'], table, id, account.cash),
    total: cells.number(row['total'], table, id, account.total),
    updatedAt: cells.time(row['updated'], table, id, account.updated),
    ...(performance === null
      ? { performance: [], performanceCount: 0, performanceFirst: null }
      : historyOf(records, performance, cells)),
  };
}

function historyOf(
  { newest, first, count }: Records,
  shape: NonNullable<FalconShape['performance']>,
  cells: CellReader,
) {
  const performance = recordsOf(newest, shape, cells);
  return {
    performance,
    performanceCount: count,
    // All records were shown already where there are few: their faults are noted once.
    performanceFirst:
      count <= newest.length
        ? (performance[0] ?? null)
        : (recordsOf(first === null ? [] : [first], shape, cells)[0] ?? null),
  };
}

/** Oldest first; a record without a time that can be read is a fault and no record. */
export function recordsOf(
  newestFirst: readonly CellRow[],
  shape: NonNullable<FalconShape['performance']>,
  cells: CellReader,
): readonly SourcePerformance[] {
  const table = shape.table.name;
  const records = newestFirst.flatMap((row): SourcePerformance[] => {
    const key = row['time'] ?? '';
    const time = cells.time(key, table, key, shape.time);
    const number = (name: string, column: string | null): Decimal | null =>
      cells.number(row[name], table, key, column);
    const total = number('total', shape.total);
    const cash = number('cash', shape.cash);
    const positionsValue = number('positionsvalue', shape.positionsValue);
    const storage = shape.storage === null ? {} : { storage: shape.storage };
    return time === null ? [] : [{ time, total, cash, positionsValue, ...storage }];
  });
  return records.reverse().sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

function positionOf(row: CellRow, { shape, orders }: Look, cells: CellReader): SourcePosition {
  const { positions } = shape;
  const symbol = row['symbol'] ?? '';
  const table = positions.table.name;
  if (row['symbol'] === null) {
    cells.note({ table, key: '', column: positions.symbol, value: 'NULL', why: 'is no symbol' });
  }
  const number = (name: string, column: string | null): Decimal | null =>
    cells.number(row[name], table, symbol, column);
  const traded = orders.traded.get(symbol);
  const ordersTable = shape.orders?.table.name ?? '';
  const tradedPrice =
    traded && cells.number(traded.price, ordersTable, symbol, shape.orders?.price ?? null);
  return {
    symbol,
    quantity: signed(number('quantity', positions.quantity), row, symbol, shape, cells),
    entryPrice: number('entryprice', positions.entryPrice),
    price: number('price', positions.price),
    updatedAt: cells.time(row['updated'], table, symbol, positions.updated),
    entryAt: cells.time(row['entryat'], table, symbol, positions.entryAt),
    traded:
      traded && tradedPrice
        ? {
            price: tradedPrice,
            at: cells.time(traded.at, ordersTable, symbol, shape.orders?.time ?? null),
          }
        : null,
  };
}

/** A table that names the side may leave the sign out; a word that is neither leaves it unknown. */
function signed(
  quantity: Decimal | null,
  row: CellRow,
  symbol: string,
  { positions }: FalconShape,
  cells: CellReader,
): Decimal | null {
  const word = row['side']?.trim().toLowerCase();
  if (positions.side === null || word === undefined || quantity === null) return quantity;
  if (word === 'long' || word === 'buy') return quantity;
  if (word === 'short' || word === 'sell')
    return isNegative(quantity) ? quantity : negate(quantity);
  cells.note({
    table: positions.table.name,
    key: symbol,
    column: positions.side,
    value: word,
    why: 'is neither long nor short',
  });
  return null;
}

const sorted = (positions: readonly SourcePosition[]): readonly SourcePosition[] =>
  positions.toSorted((a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0));
