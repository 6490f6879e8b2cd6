/**
 * Rows for queries: positions, balances, orders and performance as they are after the last
 * batch. Each is written at most once per batch, in the batch's transaction.
 */
import type { Instant } from '../model/instant.ts';
import type { InstrumentType } from '../model/instrument.ts';
import type { Driver, Row } from './driver.ts';

export interface PositionRow {
  readonly pool: string;
  readonly type: InstrumentType;
  /** The pair that values it; null for a coin without one. */
  readonly instrument: string | null;
  /** The coin of a spot pool. */
  readonly asset: string | null;
  readonly leg: string;
  readonly quantity: string;
  readonly averagePrice: string | null;
  readonly costBasis: string | null;
  readonly multiplier: string;
  readonly settle: string;
  readonly realised: string | null;
  /** JSON text. */
  readonly fees: string;
  readonly funding: string | null;
  readonly openedAt: Instant | null;
  readonly updatedAt: Instant;
}

export interface BalanceRow {
  readonly currency: string;
  readonly total: string;
  readonly updatedAt: Instant;
}

export interface OrderRow {
  readonly orderId: string;
  readonly instrument: string;
  readonly side: string;
  readonly type: string;
  readonly quantity: string;
  readonly price: string | null;
  readonly filled: string | null;
  readonly status: string;
  readonly reduceOnly: boolean;
  readonly clientOrderId: string | null;
  readonly time: Instant;
  /** The entry that said so. */
  readonly sequence: number;
}

export interface PerformanceRow {
  readonly sequence: number;
  readonly time: Instant;
  readonly totalValue: string | null;
  readonly cash: string | null;
  readonly positionsValue: string | null;
}

export interface OrderFilter {
  readonly status?: string;
  readonly instrument?: string;
}

const positionColumns = `pool, type, instrument, asset, leg, quantity, average_price, cost_basis,
  multiplier, settle, realised, fees, funding, opened_at, updated_at`;
export const orderColumns = `order_id, instrument, side, type, quantity, price, filled, status,
  reduce_only, client_order_id, time, sequence`;

export function queryReads(driver: Driver) {
  const select = (sql: string) => driver.prepare(sql, { bigints: true });
  const positions = select(
    `SELECT ${positionColumns} FROM book_positions WHERE account = ? ORDER BY pool`,
  );
  const balances = select(
    'SELECT currency, total, updated_at FROM book_balances WHERE account = ? ORDER BY currency',
  );
  const orders = select(
    `SELECT ${orderColumns} FROM book_orders
     WHERE account = ?1 AND (?2 IS NULL OR status = ?2) AND (?3 IS NULL OR instrument = ?3)
     ORDER BY time, order_id, instrument`,
  );
  const order = select(
    `SELECT ${orderColumns} FROM book_orders WHERE account = ? AND order_id = ?
     ORDER BY instrument`,
  );
  const performance = select(
    `SELECT sequence, time, total_value, cash, positions_value FROM book_performance
     WHERE account = ? ORDER BY sequence DESC LIMIT ?`,
  );
  return {
    positions: (account: number): PositionRow[] => positions.all(account).map(positionOf),
    balances: (account: number): BalanceRow[] =>
      balances.all(account).map((row) => ({
        currency: row[0] as string,
        total: row[1] as string,
        updatedAt: row[2] as Instant,
      })),
    orders: (account: number, { status, instrument }: OrderFilter = {}): OrderRow[] =>
      orders.all(account, status ?? null, instrument ?? null).map(orderOf),
    /** One per instrument: order ids are unique per instrument only at some venues. */
    ordersWithId: (account: number, orderId: string): OrderRow[] =>
      order.all(account, orderId).map(orderOf),
    /** The newest `limit` records, oldest first. */
    performance: (account: number, limit = -1): PerformanceRow[] =>
      performance.all(account, limit).map(performanceOf).reverse(),
  };
}

export function queryWrites(driver: Driver) {
  const upsert = (table: string, count: number) =>
    driver.prepare(`INSERT OR REPLACE INTO ${table} VALUES (${Array(count).fill('?').join(', ')})`);
  const position = upsert('book_positions', 16);
  const balance = upsert('book_balances', 4);
  const order = upsert('book_orders', 13);
  const performance = upsert('book_performance', 6);
  const removePosition = driver.prepare(
    'DELETE FROM book_positions WHERE account = ? AND pool = ?',
  );
  const removeBalance = driver.prepare(
    'DELETE FROM book_balances WHERE account = ? AND currency = ?',
  );
  return {
    touchPosition(account: number, p: PositionRow): void {
      const identity = [p.pool, p.type, p.instrument, p.asset, p.leg];
      const holding = [p.quantity, p.averagePrice, p.costBasis, p.multiplier, p.settle];
      const history = [p.realised, p.fees, p.funding, p.openedAt, p.updatedAt];
      position.run(account, ...identity, ...holding, ...history);
    },
    removePosition(account: number, pool: string): void {
      removePosition.run(account, pool);
    },
    touchBalance(account: number, { currency, total, updatedAt }: BalanceRow): void {
      balance.run(account, currency, total, updatedAt);
    },
    removeBalance(account: number, currency: string): void {
      removeBalance.run(account, currency);
    },
    touchOrder(account: number, o: OrderRow): void {
      const terms = [o.orderId, o.instrument, o.side, o.type, o.quantity, o.price];
      const flag = o.reduceOnly ? 1 : 0;
      order.run(account, ...terms, o.filled, o.status, flag, o.clientOrderId, o.time, o.sequence);
    },
    addPerformance(account: number, p: PerformanceRow): void {
      performance.run(account, p.sequence, p.time, p.totalValue, p.cash, p.positionsValue);
    },
  };
}

const positionOf = (row: Row): PositionRow => ({
  pool: row[0] as string,
  type: row[1] as InstrumentType,
  instrument: row[2] as string | null,
  asset: row[3] as string | null,
  leg: row[4] as string,
  quantity: row[5] as string,
  averagePrice: row[6] as string | null,
  costBasis: row[7] as string | null,
  multiplier: row[8] as string,
  settle: row[9] as string,
  realised: row[10] as string | null,
  fees: row[11] as string,
  funding: row[12] as string | null,
  openedAt: row[13] as Instant | null,
  updatedAt: row[14] as Instant,
});

export const orderOf = (row: Row): OrderRow => ({
  orderId: row[0] as string,
  instrument: row[1] as string,
  side: row[2] as string,
  type: row[3] as string,
  quantity: row[4] as string,
  price: row[5] as string | null,
  filled: row[6] as string | null,
  status: row[7] as string,
  reduceOnly: row[8] === 1n,
  clientOrderId: row[9] as string | null,
  time: row[10] as Instant,
  sequence: Number(row[11]),
});

const performanceOf = (row: Row): PerformanceRow => ({
  sequence: Number(row[0]),
  time: row[1] as Instant,
  totalValue: row[2] as string | null,
  cash: row[3] as string | null,
  positionsValue: row[4] as string | null,
});
