/**
 * Sources that keep positions rather than a total: one row for each position that a bot believes
 * in, as incident "quantity mismatch" has them.
 *
 *   PositionSnapshot    one consistent look: every active row, and what tells whose they are
 *     StoredPosition    a row, as it is stored
 *   PositionWrite       what is to be written back, decided on the snapshot it is written onto
 *
 * A null number is unknown, never zero; `faults` says why where it is more than an empty column.
 */
import type { Decimal } from '../decimal/decimal.ts';
import type { OrderStatus, Side } from './fact.ts';
import type { Instant } from './instant.ts';
import type { SourceAuditRow, SourceFault, SourceIdentity, SourceZone } from './source.ts';

export interface StoredPosition {
  /** The row's key as text, whatever type the column has. */
  readonly id: string;
  /** As stored: `HNTUSDT`, `HNT/USDT:USDT`. Never stripped. */
  readonly symbol: string;
  readonly exchange: string | null;
  /** `buy` and `long` are long. Null: the column says something else, or nothing. */
  readonly direction: 'long' | 'short' | null;
  /** Unsigned, as stored; a negative one is a fault. */
  readonly quantity: Decimal | null;
  readonly entryPrice: Decimal | null;
  readonly currentPrice: Decimal | null;
  readonly exitPrice: Decimal | null;
  readonly realisedPnl: Decimal | null;
  readonly unrealisedPnl: Decimal | null;
  readonly fees: Decimal | null;
  /** `unknown`: a word that this schema is not known to use; it is told as a fault. */
  readonly status: 'active' | 'closed' | 'unknown';
  readonly statusText: string | null;
  readonly openedAt: Instant | null;
  readonly closedAt: Instant | null;
  readonly createdAt: Instant | null;
  readonly updatedAt: Instant | null;
  readonly exitReason: string | null;
  readonly hasStopLoss: boolean | null;
  readonly stopLossPrice: Decimal | null;
  readonly trailingActivated: boolean | null;
  /** Null or absent: not kept. More than 1 is no spot. */
  readonly leverage?: Decimal | null;
}

export interface StoredOrder {
  readonly id: string;
  readonly positionId: string | null;
  readonly symbol: string;
  readonly exchange: string | null;
  readonly orderId: string | null;
  readonly clientOrderId: string | null;
  readonly side: Side | null;
  readonly type: string | null;
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  readonly filled: Decimal | null;
  readonly statusText: string | null;
  /** The word says that nothing more of it will be executed. */
  readonly isOver: boolean;
  readonly createdAt: Instant | null;
  /** When the row was written last; absent or null: not kept. */
  readonly updatedAt?: Instant | null;
}

export interface StoredTrade {
  readonly id: string;
  readonly symbol: string;
  readonly exchange: string | null;
  readonly orderId: string | null;
  readonly side: Side | null;
  /** What was executed, where the row tells it apart from what was asked. */
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  readonly fee: Decimal | null;
  readonly feeCurrency: string | null;
  readonly at: Instant | null;
}

/** Which of the columns that a repair would write the schema's generation has. */
export type PositionColumn =
  | 'quantity'
  | 'current-price'
  | 'unrealised-pnl'
  | 'realised-pnl'
  | 'exit-price'
  | 'exit-reason'
  | 'closed-at'
  | 'fees'
  | 'entry-price';

/** Which of the columns of an order that a repair would write there are. */
export type OrderColumn = 'status' | 'filled' | 'remaining';

/** Sentences for people, by table. */
export interface PositionRefusals {
  readonly positions?: string;
  readonly orders?: string;
  readonly trades?: string;
}

export interface PositionSnapshot {
  readonly identity: SourceIdentity;
  /** By our clock. */
  readonly takenAt: Instant;
  readonly zone: SourceZone;
  /** Active rows and rows of unknown status, in the order of their keys. */
  readonly positions: readonly StoredPosition[];
  /** Rows that our newest writes changed, as they are now: to see what was overwritten. */
  readonly written: readonly StoredPosition[];
  /** Orders of those positions, and every order that is not known to be over. */
  readonly orders: readonly StoredOrder[];
  /** There are more than so many that are not over: older ones are not shown; absent: all are. */
  readonly ordersCut?: number;
  readonly counts: {
    readonly active: number;
    readonly closed: number;
    readonly orders: number;
    readonly trades: number;
  };
  /** Absent tables and columns are facts, too. */
  readonly keeps: {
    readonly orders: boolean;
    readonly trades: boolean;
    readonly columns: ReadonlySet<PositionColumn>;
    /** Absent: none of them. */
    readonly orderColumns?: ReadonlySet<OrderColumn>;
    /** Digits behind the point that the quantity column keeps; null: as many as are written. */
    readonly quantityScale: number | null;
    /** Why rows cannot be added to a table; absent: they can. */
    readonly refuses?: PositionRefusals;
  };
  /** Our writes of positions and orders that are not undone, newest first: of each row one. */
  readonly writes: readonly SourceAuditRow[];
  readonly faults: readonly SourceFault[];
}

/** What a row becomes. Absent: it stays. Only columns that the snapshot's `keeps` names. */
export interface PositionChange {
  readonly id: string;
  readonly symbol: string;
  /** What the decision was made on: another value now, and nothing is written. */
  readonly expected: {
    readonly quantity: Decimal | null;
    readonly status: StoredPosition['status'];
    readonly direction: StoredPosition['direction'];
  };
  readonly quantity?: Decimal;
  readonly currentPrice?: Decimal;
  readonly unrealisedPnl?: Decimal;
  readonly entryPrice?: Decimal;
  /** A row that was closed while its position is held is active again, and not closed any more. */
  readonly reopen?: true;
  /** Null time, PnL, price or fees: not known, and then written as NULL, never as 0. */
  readonly close?: {
    readonly at: Instant | null;
    readonly exitPrice: Decimal | null;
    readonly realisedPnl: Decimal | null;
    readonly fees: Decimal | null;
    readonly reason: string;
  };
}

/** What a stored order becomes. Absent: it stays. */
export interface OrderChange {
  readonly id: string;
  /** The venue's or else the bot's own; null: the row has none. */
  readonly orderId: string | null;
  readonly symbol: string;
  /** What the decision was made on: another value now, and nothing is written. */
  readonly expected: Pick<StoredOrder, 'statusText' | 'filled'>;
  /** In the bot's own word for it. */
  readonly status?: Exclude<OrderStatus, 'new' | 'unknown'>;
  readonly filled?: Decimal;
}

/** A position of the bot's own that its store lacks, with the order that opened it. */
export interface PositionAddition {
  readonly symbol: string;
  readonly exchange: string | null;
  readonly direction: 'long' | 'short';
  readonly quantity: Decimal;
  readonly entryPrice: Decimal;
  readonly currentPrice: Decimal | null;
  readonly unrealisedPnl: Decimal | null;
  readonly openedAt: Instant;
  /** Real ids of the venue, oldest first. Never made up: with none, nothing is added. */
  readonly orderIds: readonly string[];
}

/** An execution for the table of trades, and what it adds up to for the table of orders. */
export interface TradeAddition {
  readonly positionId: string | null;
  readonly symbol: string;
  readonly exchange: string | null;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly fee: Decimal | null;
  readonly feeCurrency: string | null;
  readonly orderId: string | null;
  readonly clientOrderId: string | null;
  readonly executionId: string;
  readonly at: Instant;
}

export interface OrderAddition {
  readonly positionId: string | null;
  readonly symbol: string;
  readonly exchange: string | null;
  readonly orderId: string;
  readonly clientOrderId: string | null;
  readonly side: Side;
  readonly type: string;
  readonly quantity: Decimal;
  readonly price: Decimal | null;
  readonly filled: Decimal;
  readonly statusText: string;
  readonly fee: Decimal | null;
  readonly feeCurrency: string | null;
  /** Null: not known; then the row is as old as its writing. */
  readonly createdAt: Instant | null;
}

/** What is written in one transaction, or not at all. */
export interface PositionWrite {
  /** Why, in one sentence for the log. */
  readonly why: string;
  readonly at: Instant;
  readonly changes: readonly PositionChange[];
  /** Absent: none. */
  readonly orderChanges?: readonly OrderChange[];
  readonly additions: readonly PositionAddition[];
  /** Rows that are there already, by execution or order id, are left as they are. */
  readonly trades: readonly TradeAddition[];
  readonly orders: readonly OrderAddition[];
}
