/**
 * The port to places where orders execute. One conformance suite (test/venues/conformance.ts) runs
 * on every venue; what a venue cannot do it says in its capabilities, and never answers with less.
 *
 * Nothing here knows books: what a venue says is computed by other code than what it is compared
 * with. Symbols are ccxt unified, quantities base units (linear, spot) or quote units (inverse)
 * with multiplier 1, numbers the venue's own text.
 */
import type { Decimal } from '../decimal/decimal.ts';
import type { CashFact, Fact, Fill, Leg, OrderReport, Side } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { Instrument } from '../model/instrument.ts';
import type { Statement, StatementOrder, StatementSection } from '../model/statement.ts';

/**
 * What came of asking. A failure is no answer: nothing may be concluded from it.
 *
 *   refused   the venue understood and said no: asking again is useless
 *   failed    no answer, a broken one, or none in time; `retry` when it may help
 */
export type Answer<T> =
  | { readonly status: 'answered'; readonly value: T }
  | { readonly status: 'refused'; readonly code: string; readonly why: string }
  | {
      readonly status: 'failed';
      readonly why: string;
      readonly retry: boolean;
      readonly retryAfterMs: number | null;
      /** The key is wrong, expired or lacks a permission. */
      readonly credentials: boolean;
    };

export interface VenueCapabilities {
  readonly mode: 'live' | 'paper';
  /** Reads a complete list of executions, cash flows; how far back, in milliseconds; null: all. */
  readonly executions: { readonly complete: boolean; readonly historyMs: number | null };
  readonly cashFlows: { readonly complete: boolean; readonly historyMs: number | null };
  readonly streams: {
    readonly executions: boolean;
    readonly orders: boolean;
    readonly positions: boolean;
    readonly balances: boolean;
  };
  readonly trading: boolean;
  readonly amend: boolean;
  readonly hedge: boolean;
  readonly triggers: boolean;
}

export type TimeInForce = 'gtc' | 'ioc' | 'fok' | 'post-only';

export interface OrderRequest {
  readonly clientOrderId: string;
  readonly instrument: string;
  readonly leg: Leg;
  readonly side: Side;
  readonly type: 'market' | 'limit';
  /** Positive, in units of the instrument. */
  readonly quantity: Decimal;
  /** Null for a market order. */
  readonly price: Decimal | null;
  readonly timeInForce: TimeInForce;
  readonly reduceOnly: boolean;
  /** Becomes an order once the price touches it; null: at once. */
  readonly trigger: {
    readonly price: Decimal;
    readonly when: 'rises-to' | 'falls-to';
    readonly of: 'last' | 'mark';
  } | null;
}

/** `unknown`: sent, and no answer came. Look it up by the client order id before anything else. */
export type Submitted =
  | { readonly status: 'accepted'; readonly orderId: string; readonly clientOrderId: string }
  | { readonly status: 'refused'; readonly code: string; readonly why: string }
  | { readonly status: 'unknown'; readonly why: string };

export interface OrderReference {
  readonly instrument: string;
  readonly orderId: string | null;
  readonly clientOrderId: string | null;
}

export interface OrderChange {
  readonly quantity?: Decimal;
  readonly price?: Decimal;
}

/** Facts since a cursor: pages that overlap, never skip. */
export type ListedFrom = readonly [cursor: string | null, since: Instant | null, order?: 'any'];

export interface FactPage<F extends Fact> {
  readonly facts: readonly F[];
  /** Where to go on; opaque text that outlives the process. */
  readonly cursor: string;
  /** Everything up to `through` has been listed. */
  readonly through: Instant;
  readonly more: boolean;
  /** Rows of it that could not be read: facts that are missing from it, each with its reason. */
  readonly faults?: readonly string[];
  /** Executions that a list of money speaks of: the list of executions has to have them. */
  readonly executions?: readonly ToldExecution[];
  /** What it was listed from, rows that could not be read included; else up to the present. */
  readonly span?: { readonly from: Instant; readonly to: Instant };
}

export interface ToldExecution {
  readonly executionId: string;
  readonly time: Instant;
  /** The same list takes it back. */
  readonly takenBack: boolean;
}

export interface Ticker {
  readonly instrument: string;
  readonly at: Instant;
  readonly last: Decimal | null;
  readonly mark: Decimal | null;
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
}

/**
 * What a venue pushes. A message is kept word for word before anything is made of it; whatever
 * could have been missed is told as a gap.
 */
export type VenueEvent =
  | {
      readonly kind: 'message';
      readonly stream: string;
      readonly receivedAt: Instant;
      readonly raw: string;
    }
  | {
      readonly kind: 'gap';
      readonly stream: string;
      /** The last moment at which nothing was missing; null: since ever. */
      readonly since: Instant | null;
      readonly at: Instant;
      readonly why: string;
    }
  | { readonly kind: 'connected'; readonly stream: string; readonly at: Instant };

/** What a kept message says, computed from its text alone: the same text is the same facts. */
export interface Interpreted {
  readonly facts: readonly Fact[];
  /** Instruments that are told of but not known yet, and fields nobody expected. */
  readonly faults: readonly string[];
}

export type StatementPart = 'positions' | 'balances' | 'orders' | 'executions' | 'cashFlows';

export interface StatementQuestion {
  /** With the venue's own words for each item. */
  readonly raw?: boolean;
  /** Coins that the account should have: what is said of balances leaves none of them out. */
  readonly coins?: readonly string[];
  /** All was known up to here: executions and cash flows before it are not wanted. */
  readonly since?: Instant;
}

export interface VenueStatement extends Statement {
  /** Where it was asked for: the venue's own words for each item, as JSON; null: not kept. */
  readonly raw?: Readonly<Record<StatementPart, readonly (string | null)[]>>;
}

/** Null: none of it there. */
export interface CachedLine {
  readonly what: string;
  readonly cached: string | null;
  /** Asked before the stream was listened to, and after. */
  readonly first: string | null;
  readonly fresh: string | null;
}

export interface CachedSection {
  readonly section: 'positions' | 'balances' | 'orders';
  /** Why nothing was compared; null: it was. */
  readonly why: string | null;
  readonly lines: readonly CachedLine[];
}

/** What a client library remembers of its streams, beside what the venue answers. */
export interface CachedAnswers {
  readonly asOf: Instant;
  readonly listenedMs: number;
  readonly sections: readonly CachedSection[];
}

/** One step of looking at the connection to a venue. */
export interface VenueStep {
  readonly name: string;
  /** `doubtful`: it works, or cannot be told, and somebody should look. */
  readonly outcome: 'passed' | 'doubtful' | 'failed';
  readonly detail: string;
  readonly hint: string | null;
  /** The key is wrong, expired or lacks a permission. */
  readonly credentials?: boolean;
}

export interface Venue {
  readonly name: string;
  readonly account: string;
  readonly capabilities: VenueCapabilities;
  /** How far its clock is ahead of ours, as it was last measured; absent: they are one. */
  readonly clockAheadMs?: number;
  instruments(): Promise<Answer<readonly Instrument[]>>;
  /** Each section with its own `complete` and error; fails as a whole only without credentials. */
  statement(how?: StatementQuestion): Promise<Answer<VenueStatement>>;
  /** The statement's section of orders, asked for alone. */
  openOrders(): Promise<Answer<StatementSection<StatementOrder>>>;
  /**
   * `cursor` null: from `since`, or as far back as the venue goes. In the order in which it
   * happened, as a book takes them fastest; what is known already may come in any, for fewer
   * requests.
   */
  executions(...from: ListedFrom): Promise<Answer<FactPage<Fill>>>;
  cashFlows(...from: ListedFrom): Promise<Answer<FactPage<CashFact>>>;
  ticker(instrument: string): Promise<Answer<Ticker>>;
  place(request: OrderRequest): Promise<Submitted>;
  amend(order: OrderReference, change: OrderChange): Promise<Submitted>;
  /** Accepted is no state: what filled before it is in the order and its fills. */
  cancel(order: OrderReference): Promise<Submitted>;
  /** Answered null: the venue has no such order (and has had time to know it). */
  order(order: OrderReference): Promise<Answer<OrderReport | null>>;
  /** Until the signal aborts. Reconnects by itself, and tells each reconnect as a gap. */
  events(signal: AbortSignal): AsyncIterable<VenueEvent>;
  interpret(stream: string, raw: string): Interpreted;
  /** Only where a library stands between: what it remembers, after so much listening. */
  cached?(listenMs: number): Promise<Answer<CachedAnswers>>;
  /** Tries, step by step and without writing anything, whatever the other calls need. */
  diagnose?(): AsyncIterable<VenueStep>;
  close(): Promise<void>;
}
