/**
 * What a strategy is: a function of what is known at the end of a bar (the bars so far, and what
 * our book says it holds) to what it wants to hold. It keeps nothing between two calls, reads no
 * clock and draws no lots, so the same history always gives the same signal.
 */
import type { Decimal } from '../decimal/decimal.ts';
import type { Instant } from '../model/instant.ts';

/** A closed bar: nothing of it changes any more. */
export interface Bar {
  /** When it ended. */
  readonly at: Instant;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly volume: Decimal;
}

/** What this strategy holds of the instrument, by our book. */
export interface Held {
  /** + long, - short. */
  readonly quantity: Decimal;
  /** Null while flat, or where it is not known. */
  readonly averagePrice: Decimal | null;
}

export interface Seen {
  readonly instrument: string;
  /** Oldest first; the last one has just closed. */
  readonly bars: readonly Bar[];
  readonly held: Held;
}

/** `as-is`: neither buy nor sell. What is open of an earlier order is cancelled then, too. */
export type Want = 'long' | 'short' | 'flat' | 'as-is';

export interface Signal {
  readonly want: Want;
  /** The worst price it takes; null: at market. */
  readonly limit: Decimal | null;
  /** In a few words, with the figures that it was decided by. */
  readonly why: string;
}

/** Null: too little is known yet. That is no wish to be flat. */
export type Strategy = (seen: Seen) => Signal | null;
