/** What reconciliation is told about the book: values as of the statement's asOf, nothing live. */
import type { MarkSource } from '../books/valuation.ts';
import type { Decimal } from '../decimal/decimal.ts';
import type { CashFact, Fill, Leg, OrderReport } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { Instrument } from '../model/instrument.ts';
import type { InferredFills } from './inferred.ts';

export interface BookBalance {
  readonly currency: string;
  readonly total: Decimal;
  /** When the youngest fact that moved it happened; null when none is known. */
  readonly youngest: Instant | null;
  /** Why the number is not final (a fee not known yet, a provisional fill); null when it is. */
  readonly uncertain: string | null;
}

/** Derivatives only; flat ones too, so that a position once held is told from a foreign one. */
export interface BookPosition {
  readonly instrument: string;
  readonly leg: Leg;
  readonly quantity: Decimal;
  readonly averagePrice: Decimal | null;
  readonly youngest: Instant | null;
  readonly uncertain: string | null;
  /** What counts as equal beyond the steps that were asked for; absent: nothing. */
  readonly tolerance?: Decimal;
}

/** The newest report of an order, and what its booked fills add up to: never the reported sum. */
export interface BookOrder {
  readonly report: OrderReport;
  readonly filled: Decimal;
}

export type ListedFact = Fill | CashFact;

/** A booked fact. One that a what-if adds has the sequence 0. */
export interface BookedItem {
  readonly sequence: number;
  readonly fact: ListedFact;
  /** When it was last corrected, taken back or brought back; absent: never. */
  readonly changedAt?: Instant;
}

export interface BookSide {
  readonly account: string;
  readonly venue: string;
  /** The reporting currency. */
  readonly currency: string;
  readonly asOf: Instant;
  readonly sequence: number;
  readonly balances: readonly BookBalance[];
  readonly positions: readonly BookPosition[];
  /** Every order open in the book, and every one that the statement lists by an id of ours. */
  readonly orders: readonly BookOrder[];
  /**
   * Fills and cash flows in force whose time is inside a range of the statement, and every one
   * that the statement lists by its identity, whatever its time.
   */
  readonly facts: readonly BookedItem[];
  /** As `facts`, but busted or reversed: known, and not in force. */
  readonly withdrawn: readonly BookedItem[];
  /**
   * Every fill and cash flow in force in any order, whatever a statement says of it and also those
   * after its instant. Asked for only where a difference is left over; absent: not at hand.
   */
  readonly history?: () => Iterable<BookedItem>;
  /** Asked for once a comparison; absent: nothing was ever inferred. */
  readonly inferred?: () => InferredFills;
  /** Facts at or before it are contained in the opening and never booked; null: no opening. */
  readonly openingAt: Instant | null;
  /** When the first fact of all took effect; absent or null: not known, or there is none. */
  readonly beganAt?: Instant | null;
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** Digits behind the point that the venue keeps, by currency. */
  readonly decimals: ReadonlyMap<string, number>;
  readonly marks: MarkSource;
}

/** Facts to be booked, taken out of force, or changed. */
export interface Change {
  readonly add: readonly ListedFact[];
  readonly remove: readonly number[];
  readonly replace: readonly BookedItem[];
  /** Newest reports of orders; they move no balance. */
  readonly orders: readonly OrderReport[];
}

export const noChange: Change = { add: [], remove: [], replace: [], orders: [] };

export const mergedChange = (changes: readonly Change[]): Change => ({
  add: changes.flatMap((one) => one.add),
  remove: [...new Set(changes.flatMap((one) => one.remove))],
  replace: changes.flatMap((one) => one.replace),
  orders: changes.flatMap((one) => one.orders),
});

/** The account folded again as of the same instant, with the change applied. */
export type Refold = (change: Change) => Pick<BookSide, 'balances' | 'positions'>;
