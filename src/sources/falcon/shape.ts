/**
 * Which tables and columns of a database are whose, in the schema that paper-trading bots of this
 * family share. Null: this database has no such column or table.
 */
import type { NumberStorage, SourcePerformance } from '../../model/source.ts';
import type { TableShape } from '../database.ts';

export interface AccountShape {
  readonly table: TableShape;
  readonly id: string;
  readonly cash: string;
  readonly total: string | null;
  readonly updated: string | null;
  readonly cashStorage: NumberStorage;
  /** Null where no total is kept. */
  readonly totalStorage: NumberStorage | null;
}

export interface PositionsShape {
  readonly table: TableShape;
  readonly symbol: string;
  readonly quantity: string;
  /** Says long or short where quantities have no sign. */
  readonly side: string | null;
  readonly entryPrice: string | null;
  readonly price: string | null;
  readonly updated: string | null;
  readonly entryAt: string | null;
  /** Say that a row is not held any more; null also where every row is to count. */
  readonly status: string | null;
  readonly isOpen: string | null;
  readonly closed: string | null;
  /** The column that names the account, where several share the table. */
  readonly account: string | null;
}

export interface OrdersShape {
  readonly table: TableShape;
  readonly id: string | null;
  readonly symbol: string;
  readonly side: string;
  readonly quantity: string;
  readonly price: string;
  readonly time: string | null;
  readonly pnl: string | null;
  /** Says whether the order traded; without it every order did. */
  readonly status: string | null;
  readonly account: string | null;
}

export interface PerformanceShape {
  readonly table: TableShape;
  readonly time: string;
  readonly total: string;
  readonly cash: string | null;
  readonly positionsValue: string | null;
  readonly account: string | null;
  /** Of the coarsest of its numbers, where that is no double. */
  readonly storage: Exclude<SourcePerformance['storage'], undefined> | null;
}

export interface FalconShape {
  /** `stored-total` keeps account.total_value, `cash-only` does not. */
  readonly generation: 'stored-total' | 'cash-only';
  readonly account: AccountShape;
  readonly positions: PositionsShape;
  readonly orders: OrdersShape | null;
  readonly performance: PerformanceShape | null;
}
