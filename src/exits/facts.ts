/** What an exit plan is computed from, and what it says. */
import type { Decimal } from '../decimal/decimal.ts';
import type { Leg, Side } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { Instrument } from '../model/instrument.ts';
import type { StatementOrder, StatementPosition } from '../model/statement.ts';
import type { ExitPhase, ExitRules } from './rules.ts';

/** What the book holds: it alone knows since when. */
export interface HeldPosition {
  readonly instrument: string;
  readonly leg: Leg;
  /** Signed. */
  readonly quantity: Decimal;
  readonly averagePrice: Decimal | null;
  /** Of the fill that opened it; null while flat. */
  readonly openedAt: Instant | null;
  /**
   * False: no order of the bot is known to have opened it; null: nobody says who did; absent: all
   * that the account holds is the bot's.
   */
  readonly isOurs?: boolean | null;
}

export interface ExitPrices {
  readonly at: Instant;
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
  readonly last: Decimal | null;
  readonly mark: Decimal | null;
}

/** The venue refused to close it: it is left alone until then. */
export interface ExitPause {
  /** See positionKey. */
  readonly position: string;
  readonly until: Instant;
  readonly why: string;
}

export interface ExitFacts {
  /** By the venue's clock, as are all times here. */
  readonly now: Instant;
  /** What is left at the venue: orders are sized from it. Null: not known whole. */
  readonly positions: readonly StatementPosition[] | null;
  /** Null: not known whole. */
  readonly orders: readonly StatementOrder[] | null;
  /** Ids of orders that wait for a price to be touched: stops, which stay as they are. */
  readonly conditional: ReadonlySet<string>;
  /** `INSTRUMENT|LEG` of positions with an active trailing stop. */
  readonly trailing: ReadonlySet<string>;
  readonly held: readonly HeldPosition[];
  readonly prices: ReadonlyMap<string, ExitPrices>;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly pauses: readonly ExitPause[];
  /** Whether the venue changes an order in place. */
  readonly canAmend: boolean;
  readonly rules: ExitRules;
}

/**
 *   young     not aged
 *   quoted    its order rests as it should
 *   due       something has to be done
 *   trailing  its trailing stop has precedence
 *   paused    the venue refused to close it
 *   dust      too little is left to be ordered
 *   foreign   the book does not hold it, or no order of the bot is known to have opened it
 *   closed    nothing is left, but an order of ours
 *   missing   the book holds it, and the venue lists none of it
 *   unknown   something that decides is not known: nothing is done
 */
export type ExitStanding =
  | 'young'
  | 'quoted'
  | 'due'
  | 'trailing'
  | 'paused'
  | 'dust'
  | 'foreign'
  | 'closed'
  | 'missing'
  | 'unknown';

/** `price` null: at market. */
export interface ExitTarget {
  readonly price: Decimal | null;
  readonly because: 'break-even' | 'tolerated-loss' | 'in-profit' | 'overdue' | 'would-cross';
}

/** In their order; what comes after a cancel is decided anew once the order has ended. */
export type ExitAction =
  | { readonly do: 'cancel'; readonly order: StatementOrder; readonly why: string }
  | {
      readonly do: 'amend';
      readonly order: StatementOrder;
      /** Null: as it is. */
      readonly price: Decimal | null;
      /** Of the whole order, with what it has filled; null: as it is. */
      readonly quantity: Decimal | null;
      readonly why: string;
    }
  | {
      readonly do: 'create';
      /** See exitOrderId. */
      readonly stem: string;
      readonly side: Side;
      /** Never more than is left. */
      readonly quantity: Decimal;
      /** Null: at market. */
      readonly price: Decimal | null;
      readonly why: string;
    };

export interface ExitLine {
  readonly instrument: string;
  readonly leg: Leg;
  /** What is left at the venue, signed. */
  readonly quantity: Decimal;
  /** What the book holds, signed; null: nothing is known of it there. */
  readonly booked: Decimal | null;
  readonly position: string | null;
  readonly openedAt: Instant | null;
  /** Nanoseconds. */
  readonly age: Instant | null;
  readonly entry: Decimal | null;
  /** What it could be left at now: the bid of a long position, the ask of a short one. */
  readonly price: Decimal | null;
  readonly phase: ExitPhase | null;
  readonly loss: Decimal | null;
  readonly target: ExitTarget | null;
  readonly standing: ExitStanding;
  readonly why: string;
  /** Our order that stays; null: none. */
  readonly order: StatementOrder | null;
  /** Reduce-only limits of others on the same side, which stay as they are. */
  readonly beside: number;
  readonly actions: readonly ExitAction[];
}

export interface ExitPlan {
  readonly now: Instant;
  readonly lines: readonly ExitLine[];
  /** Empty: everything that decides is known. */
  readonly unknown: readonly ExitUnknown[];
}

export interface ExitUnknown {
  /** `statement`, `positions`, `orders`, or the instrument and leg of a position. */
  readonly what: string;
  readonly why: string;
}
