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
import { type CellPlace, type CellReader, cellReader } from '../cell-reading.ts';
import type { CellRow } from '../database.ts';
import { closedRows, heldQuantity } from './closed.ts';
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
    const owner = ownerOf(row, look);
    const list = owned.get(owner ?? '');
    const accountId = list === undefined ? null : owner;
    (list ?? unattributed).push(positionOf(row, accountId, look, cells));
  }
  const closed = closedRows(look.positions, shape, cells);
  const ordersPlace = { table: shape.orders?.table.name ?? '', key: 'newest' };
  return {
    identity: { ...identity, generation: shape.generation },
    takenAt,
    zone,
    totalStorage: shape.account.totalStorage,
    keepsPrices: shape.positions.price !== null,
    accounts: accounts.map((one) => ({ ...one, positions: sorted(owned.get(one.id) ?? []) })),
    unattributed: sorted(unattributed),
    ...(closed === null ? {} : { closed }),
    namelessRecords: look.namelessRecords,
    orders: {
      count: orders.count,
      upTo: orders.upTo,
      newestAt: cells.time(orders.newest, ordersPlace, shape.orders?.time ?? null),
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
  const place = { table: account.table.name, key: id, accountId: id };
  const records = look.records.get(id) ?? noRecords;
  return {
    id,
    cash: cells.number(row['cash'], place, account.cash, 'cash'),
    total: cells.number(row['total'], place, account.total, 'total'),
    updatedAt: cells.time(row['updated'], place, account.updated),
    ...(performance === null
      ? { performance: [], performanceCount: 0, performanceFirst: null }
      : historyOf(id, records, performance, cells)),
  };
}

function historyOf(
  accountId: string,
  { newest, first, count }: Records,
  shape: NonNullable<FalconShape['performance']>,
  cells: CellReader,
) {
  const of = (rows: readonly CellRow[]) => recordsOf(accountId, rows, shape, cells);
  const performance = of(newest);
  return {
    performance,
    performanceCount: count,
    // All records were shown already where there are few: their faults are noted once.
    performanceFirst:
      count <= newest.length
        ? (performance[0] ?? null)
        : (of(first === null ? [] : [first])[0] ?? null),
  };
}

/** Oldest first; a record without a time that can be read is a fault and no record. */
export function recordsOf(
  accountId: string,
  newestFirst: readonly CellRow[],
  shape: NonNullable<FalconShape['performance']>,
  cells: CellReader,
): readonly SourcePerformance[] {
  const table = shape.table.name;
  const records = newestFirst.flatMap((row): SourcePerformance[] => {
    const key = row['time'] ?? '';
    const place = { table, key, accountId };
    const time = cells.time(key, place, shape.time);
    const total = cells.number(row['total'], place, shape.total);
    const cash = cells.number(row['cash'], place, shape.cash);
    const positionsValue = cells.number(row['positionsvalue'], place, shape.positionsValue);
    const storage = shape.storage === null ? {} : { storage: shape.storage };
    return time === null ? [] : [{ time, total, cash, positionsValue, ...storage }];
  });
  return records.reverse().sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

function positionOf(
  row: CellRow,
  accountId: string | null,
  { shape, orders }: Look,
  cells: CellReader,
): SourcePosition {
  const { positions } = shape;
  const symbol = row['symbol'] ?? '';
  const place = { table: positions.table.name, key: symbol, accountId };
  if (row['symbol'] === null) {
    cells.note({ ...place, column: positions.symbol, value: 'NULL', why: 'is no symbol' });
  }
  const quantity = cells.number(row['quantity'], place, positions.quantity, 'quantity');
  return {
    symbol,
    quantity: heldQuantity(signed(quantity, row, place, shape, cells), row, place, shape, cells),
    entryPrice: cells.number(row['entryprice'], place, positions.entryPrice, 'entry'),
    price: cells.number(row['price'], place, positions.price, 'price'),
    updatedAt: cells.time(row['updated'], place, positions.updated),
    entryAt: cells.time(row['entryat'], place, positions.entryAt),
    traded: tradedOf(place, { shape, orders }, cells),
  };
}

function tradedOf(
  at: CellPlace,
  { shape, orders }: Pick<Look, 'shape' | 'orders'>,
  cells: CellReader,
): SourcePosition['traded'] {
  const traded = orders.traded.get(at.key);
  if (traded === undefined || shape.orders === null) return null;
  const { table, price: column, time } = shape.orders;
  const place = { ...at, table: table.name };
  const price = cells.number(traded.price, place, column, 'traded');
  return price === null ? null : { price, at: cells.time(traded.at, place, time) };
}

/** A table that names the side may leave the sign out; a word that is neither leaves it unknown. */
function signed(
  quantity: Decimal | null,
  row: CellRow,
  place: CellPlace,
  { positions }: FalconShape,
  cells: CellReader,
): Decimal | null {
  const word = row['side']?.trim().toLowerCase();
  if (positions.side === null || word === undefined || quantity === null) return quantity;
  if (word === 'long' || word === 'buy') return quantity;
  if (word === 'short' || word === 'sell')
    return isNegative(quantity) ? quantity : negate(quantity);
  const why = 'is neither long nor short';
  cells.note({ ...place, column: positions.side, value: word, why, role: 'quantity' });
  return null;
}

const sorted = (positions: readonly SourcePosition[]): readonly SourcePosition[] =>
  positions.toSorted((a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0));
