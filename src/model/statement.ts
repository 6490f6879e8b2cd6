/**
 * Statements: what a venue, broker or person says an account holds at an instant.
 *
 * A section that is null, incomplete or in error proves nothing about what it does not list; a
 * complete one only for its scope and, where it has one, its range [from, to).
 */
import type { Decimal } from '../decimal/decimal.ts';
import type { CashFact, Fill, Leg, OrderStatus, Side } from './fact.ts';
import type { Instant } from './instant.ts';

export const statementSchema = 'trueup.statement/1';

export interface StatementSection<Item> {
  readonly complete: boolean;
  /** `spot`, `linear:USDT`, an instrument's name; null: everything the account can hold. */
  readonly scope: readonly string[] | null;
  /** Why the answer failed; null when it did not. */
  readonly error: string | null;
  readonly from: Instant | null;
  readonly to: Instant | null;
  readonly items: readonly Item[];
}

/** Derivatives only: spot truth is in balances. Quantity is signed, + long, - short. */
export interface StatementPosition {
  readonly instrument: string;
  readonly leg: Leg;
  readonly quantity: Decimal;
  readonly averagePrice: Decimal | null;
  readonly markPrice: Decimal | null;
  readonly unrealisedPnl: Decimal | null;
}

/** `total` excludes unrealised PnL, `equity` includes it. */
export interface StatementBalance {
  readonly currency: string;
  readonly total: Decimal;
  readonly available: Decimal | null;
  readonly equity: Decimal | null;
  readonly borrowed: Decimal | null;
}

/** An order the venue lists; quantity and filled are positive, the side says which way. */
export interface StatementOrder {
  readonly orderId: string;
  readonly clientOrderId: string | null;
  readonly instrument: string;
  readonly leg: Leg;
  readonly side: Side;
  readonly type: string | null;
  readonly quantity: Decimal;
  readonly filled: Decimal | null;
  readonly averagePrice: Decimal | null;
  readonly price: Decimal | null;
  readonly status: OrderStatus;
  readonly reduceOnly: boolean;
  readonly time: Instant | null;
}

export interface Statement {
  readonly account: string;
  readonly venue: string | null;
  /** The venue's time of the data. */
  readonly asOf: Instant;
  /** When it was taken, by our clock; null where nobody noted it. */
  readonly takenAt: Instant | null;
  readonly positions: StatementSection<StatementPosition> | null;
  readonly balances: StatementSection<StatementBalance> | null;
  readonly orders: StatementSection<StatementOrder> | null;
  readonly executions: StatementSection<Fill> | null;
  readonly cashFlows: StatementSection<CashFact> | null;
}
