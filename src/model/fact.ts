/**
 * Facts: what happened, as somebody reported it.
 *
 *   Fill              an execution against an order
 *   CashFact          money or coins in or out that no fill caused
 *   Opening           what an account held when its book began
 *   OrderReport       the state of an order at an instant
 *   Bust, Correction  the venue takes a fill back, or changes it
 *   SplitFact ...     corporate actions and deliveries
 *
 * Signs: quantities of fills are positive, the side says which way; amounts follow the rule of
 * their kind (see CashFact). `time` is when it happened at the venue.
 */
import type { Decimal } from '../decimal/decimal.ts';
import type { Instant } from './instant.ts';
import type { Instrument } from './instrument.ts';

export type CostMethod = 'average' | 'fifo' | 'lifo' | 'hifo';
export type Side = 'buy' | 'sell';
export type Leg = 'net' | 'long' | 'short';

export interface AccountFact {
  readonly kind: 'account';
  readonly account: string;
  readonly venue: string;
  /** The reporting currency: costs, realised PnL and equity are in it. */
  readonly currency: string;
  readonly costMethod: CostMethod;
  /** Adds a buy's quote fee to cost and takes a sale's from its proceeds. */
  readonly feesInCost: boolean;
  readonly mode: 'live' | 'paper';
  readonly positionMode: 'net' | 'hedge';
  readonly time: Instant | null;
}

export interface CurrencyFact {
  readonly kind: 'currency';
  readonly currency: string;
  readonly decimals: number;
}

export interface InstrumentFact {
  readonly kind: 'instrument';
  readonly instrument: Instrument;
}

/** One coin's value in the reporting currency, as a fact or its entry carries it. */
export interface Rate {
  readonly currency: string;
  readonly instrument: string;
  readonly price: Decimal;
  readonly time: Instant;
}

/** What facts that move coins may bring along; absent, the rates in force are looked up. */
export interface Rated {
  readonly rates?: readonly Rate[];
}

/** A cost when positive, a rebate when negative. */
export interface Fee {
  readonly currency: string;
  readonly amount: Decimal;
}

export type FillCause = 'trade' | 'liquidation' | 'adl' | 'settlement' | 'delivery' | 'conversion';

export interface Fill extends Rated {
  readonly kind: 'fill';
  readonly account: string;
  readonly instrument: string;
  readonly leg: Leg;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal;
  /** Null: not known yet. Empty: none. */
  readonly fees: readonly Fee[] | null;
  readonly liquidity: 'maker' | 'taker' | null;
  readonly executionId: string;
  readonly orderId: string | null;
  readonly clientOrderId: string | null;
  readonly strategy: string | null;
  readonly cause: FillCause;
  readonly venueSequence: string | null;
  readonly provisional: boolean;
  readonly time: Instant;
}

export type CashKind =
  | 'deposit'
  | 'withdrawal'
  | 'transfer'
  | 'funding'
  | 'interest'
  | 'dividend'
  | 'fee'
  | 'tax'
  | 'adjustment';

/**
 * deposit, withdrawal: amount > 0, a fee comes on top. fee, tax: > 0 is a cost. transfer,
 * funding, interest, dividend, adjustment: signed, + is into this account.
 */
export interface CashFact extends Rated {
  readonly kind: CashKind;
  readonly account: string;
  readonly currency: string;
  readonly amount: Decimal;
  /** The venue's id; a transfer's transferId. */
  readonly id: string;
  readonly instrument: string | null;
  readonly leg: Leg | null;
  /** What the coins cost, in the reporting currency; null where nobody said. */
  readonly cost: Decimal | null;
  readonly fee: Fee | null;
  /** Pending touches no balance. */
  readonly state: 'booked' | 'pending';
  readonly counterAccount: string | null;
  /** An adjustment's break, or a person's words. */
  readonly reason: string | null;
  readonly venueSequence: string | null;
  readonly time: Instant;
}

export interface OpeningLot {
  readonly quantity: Decimal;
  readonly cost: Decimal | null;
  readonly openedAt: Instant | null;
}

export interface OpeningBalance {
  readonly currency: string;
  readonly total: Decimal;
  readonly cost: Decimal | null;
  readonly lots: readonly OpeningLot[] | null;
}

export interface OpeningPosition {
  readonly instrument: string;
  readonly leg: Leg;
  readonly quantity: Decimal;
  readonly averagePrice: Decimal | null;
  readonly openedAt: Instant | null;
  readonly lots: readonly OpeningLot[] | null;
}

export interface Opening extends Rated {
  readonly kind: 'opening';
  readonly account: string;
  readonly balances: readonly OpeningBalance[];
  readonly positions: readonly OpeningPosition[];
  readonly time: Instant;
}

export type OrderStatus =
  | 'new'
  | 'open'
  | 'filled'
  | 'cancelled'
  | 'rejected'
  | 'expired'
  | 'unknown';

export interface OrderReport {
  readonly kind: 'order';
  readonly account: string;
  readonly instrument: string;
  readonly leg: Leg;
  readonly orderId: string;
  readonly clientOrderId: string | null;
  readonly side: Side;
  readonly type: string;
  readonly quantity: Decimal;
  readonly price: Decimal | null;
  readonly filled: Decimal | null;
  readonly averagePrice: Decimal | null;
  readonly status: OrderStatus;
  readonly reduceOnly: boolean;
  readonly time: Instant;
}

/** Which fill a bust or correction means; the last three only where several share the id. */
export interface FillReference {
  readonly executionId: string;
  readonly instrument: string | null;
  readonly side: Side | null;
  readonly leg: Leg | null;
}

export interface Bust extends FillReference {
  readonly kind: 'bust';
  readonly account: string;
  readonly bustId: string;
  readonly time: Instant;
}

/** Changed fields only: null leaves the fill's own. */
export interface Correction extends FillReference {
  readonly kind: 'correction';
  readonly account: string;
  readonly correctionId: string;
  readonly price: Decimal | null;
  readonly quantity: Decimal | null;
  readonly fees: readonly Fee[] | null;
  readonly time: Instant;
}

export interface Split {
  readonly kind: 'split';
  readonly account: string;
  readonly instrument: string;
  /** New units per old: numerator / denominator. */
  readonly numerator: Decimal;
  readonly denominator: Decimal;
  /** When positive, the fraction of a unit is sold at this price. */
  readonly cashInLieu: Decimal;
  readonly id: string;
  readonly time: Instant;
}

/**
 * Money paid back on a holding: lowers its cost, and realises what exceeds it. Negative: paid in
 * (a dividend that the fund keeps), and the cost rises; or paid by who is short.
 */
export interface ReturnOfCapital {
  readonly kind: 'return-of-capital';
  readonly account: string;
  readonly instrument: string;
  /** The whole amount received, signed, in the reporting currency. */
  readonly amount: Decimal;
  readonly id: string;
  readonly time: Instant;
}

/** One name becomes another, `numerator / denominator` new units per old. */
export interface Rename {
  readonly kind: 'rename';
  readonly account: string;
  readonly from: string;
  readonly to: string;
  readonly numerator: Decimal;
  readonly denominator: Decimal;
  readonly id: string;
  readonly time: Instant;
}

/** A contract ends: every leg is closed at the settlement price. */
export interface Delivery extends Rated {
  readonly kind: 'delivery';
  readonly account: string;
  readonly instrument: string;
  readonly price: Decimal;
  readonly id: string;
  readonly time: Instant;
}

/** A price to value with; not a fact of any account and outside the chain. */
export interface Mark {
  readonly kind: 'mark';
  readonly instrument: string;
  readonly price: Decimal;
  readonly source: string | null;
  readonly time: Instant;
}

/** Facts that move books. */
export type BookFact = Opening | Fill | CashFact | Split | ReturnOfCapital | Rename | Delivery;

/** Facts that belong to one account's stream. */
export type AccountedFact = AccountFact | BookFact | OrderReport | Bust | Correction;

/** Everything an NDJSON line can say. */
export type Fact = AccountedFact | CurrencyFact | InstrumentFact | Mark;

export const cashKinds: readonly CashKind[] = [
  'deposit',
  'withdrawal',
  'transfer',
  'funding',
  'interest',
  'dividend',
  'fee',
  'tax',
  'adjustment',
];

export const isCashFact = (fact: { readonly kind: string }): fact is CashFact =>
  (cashKinds as readonly string[]).includes(fact.kind);

export const isBookFact = (fact: Fact): fact is BookFact =>
  isCashFact(fact) ||
  fact.kind === 'fill' ||
  fact.kind === 'opening' ||
  fact.kind === 'split' ||
  fact.kind === 'return-of-capital' ||
  fact.kind === 'rename' ||
  fact.kind === 'delivery';
