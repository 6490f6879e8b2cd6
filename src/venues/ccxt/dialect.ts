/**
 * What differs from exchange to exchange: which calls tell what, and how their answers are read.
 * Every call throws an ExchangeFailure or a PayloadFault; a list that came back is whole unless
 * its faults say what could not be read.
 */
import type { CashFact, Fill, OrderReport } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { StatementBalance, StatementPosition } from '../../model/statement.ts';
import type {
  Interpreted,
  OrderChange,
  OrderReference,
  OrderRequest,
  Ticker,
  ToldExecution,
} from '../venue.ts';
import type { InstrumentIndex } from './instrument-index.ts';
import type { MappingContext } from './mapping/bybit-executions.ts';
import type { Mapped } from './raw.ts';

export interface Listing<T> extends Mapped<T> {
  /** The venue's time of the data; null where it tells none. */
  readonly at: Instant | null;
}

/** Whole milliseconds: [from, to]. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface HistoryPage<F> extends Mapped<F> {
  /** Where the window goes on; null: it has been listed to its end. */
  readonly next: string | null;
  /** Executions that this list speaks of: those have to be in theirs. */
  readonly executions?: readonly ToldExecution[];
  /** Of its faults, those of rows that are missing from the items; else all. */
  readonly unread?: readonly string[];
}

export interface History<F> {
  /** How far back the venue goes; null: for ever. */
  readonly historyMs: number | null;
  /** The widest window that it answers. */
  readonly windowMs: number;
  readonly complete: boolean;
  /** A window is told from its newest row back: what is read first happened last. */
  readonly newestFirst?: true;
  page(context: MappingContext, window: Window, page: string | null): Promise<HistoryPage<F>>;
}

export interface KeyScope {
  /** Null: the venue does not say. */
  readonly canWithdraw: boolean | null;
  readonly canTrade: boolean | null;
  readonly expiresAt: string | null;
}

/** Wallets beside what they are held against. */
export interface Wallets extends Listing<StatementBalance> {
  /** By coin, whether the wallet holds margin for positions. */
  readonly margins: ReadonlyMap<string, boolean>;
  /** By coin, whether it holds any for orders; empty where the venue does not say. */
  readonly reserves: ReadonlyMap<string, boolean>;
}

export interface Streams {
  /** ccxt methods that keep the subscriptions alive, by the stream they carry. */
  readonly methods: Readonly<Record<string, string>>;
  /** The stream of a frame that says what happened; null for all that keeps the line alive. */
  streamOf(frame: string): string | null;
  /** Frames that acknowledge a subscription; none: the streams stand once the line does. */
  readonly acknowledges: ((frame: string) => boolean) | null;
  /** A frame that says that nothing will come any more on a line that stands. */
  readonly ends?: (frame: string) => boolean;
  /** Whether frames are kept from the library, so that nothing stands in its caches. */
  readonly exclusive: boolean;
}

export interface Dialect {
  readonly venue: string;
  /** Checked field by field against what the exchange documents and answers. */
  readonly verified: boolean;
  readonly hedge: boolean;
  readonly triggers: boolean;
  readonly amend: boolean;
  readonly streams: Streams;
  keyScope(): Promise<KeyScope>;
  instruments(): Promise<{ readonly index: InstrumentIndex; readonly faults: readonly string[] }>;
  /** Scopes that the positions of this account can be in. */
  positionScope(context: MappingContext): readonly string[];
  positions(context: MappingContext): Promise<Listing<StatementPosition>>;
  balances(context: MappingContext): Promise<Wallets>;
  /** Says of one coin what the whole wallet left out; null: it does not answer for one coin. */
  balanceOf(coin: string): Promise<StatementBalance | null>;
  openOrders(context: MappingContext): Promise<Listing<OrderReport>>;
  readonly executions: History<Fill>;
  readonly cashFlows: History<CashFact>;
  place(context: MappingContext, request: OrderRequest): Promise<string>;
  amendOrder(context: MappingContext, order: OrderReference, change: OrderChange): Promise<string>;
  cancel(context: MappingContext, order: OrderReference): Promise<string>;
  /** Null: not among the open, the recent and the past ones. */
  order(context: MappingContext, order: OrderReference): Promise<OrderReport | null>;
  ticker(
    context: MappingContext,
    instrument: string,
  ): Promise<Omit<Ticker, 'at'> & { at: Instant | null }>;
  interpret(context: MappingContext, stream: string, raw: string): Interpreted;
}
