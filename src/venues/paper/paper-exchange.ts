/**
 * The paper exchange as its users see it: the venue port, the emulator and the strategies' executor
 * stand on this. Time moves only with `advance` and `elapse`; the same data, seed and commands give
 * the same executions.
 */
import type { Decimal } from '../../decimal/decimal.ts';
import type { Bust, CashFact, Fill, OrderReport } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Statement, StatementBalance, StatementPosition } from '../../model/statement.ts';
import type { OrderChange, OrderReference, OrderRequest, Submitted, Ticker } from '../venue.ts';

/** What moves the market, in effective order. Sizes are in units of the instrument. */
export type MarketEvent =
  | {
      readonly kind: 'trade';
      readonly instrument: string;
      readonly at: Instant;
      readonly price: Decimal;
      readonly quantity: Decimal;
      /** Who crossed: the aggressor. */
      readonly side: 'buy' | 'sell';
    }
  | {
      readonly kind: 'touch';
      readonly instrument: string;
      readonly at: Instant;
      readonly bid: Decimal;
      readonly bidSize: Decimal;
      readonly ask: Decimal;
      readonly askSize: Decimal;
    }
  | {
      readonly kind: 'depth';
      readonly instrument: string;
      readonly at: Instant;
      /** Replaces the book; else it changes the levels that it names. Size 0 removes one. */
      readonly snapshot: boolean;
      readonly bids: readonly (readonly [price: Decimal, size: Decimal])[];
      readonly asks: readonly (readonly [price: Decimal, size: Decimal])[];
    }
  | {
      readonly kind: 'bar';
      readonly instrument: string;
      /** When the bar ends: nothing of it is known before. */
      readonly at: Instant;
      readonly open: Decimal;
      readonly high: Decimal;
      readonly low: Decimal;
      readonly close: Decimal;
      readonly volume: Decimal;
    }
  | {
      readonly kind: 'mark';
      readonly instrument: string;
      readonly at: Instant;
      readonly price: Decimal;
    }
  | {
      readonly kind: 'funding-rate';
      readonly instrument: string;
      readonly at: Instant;
      readonly rate: Decimal;
    };

/** What the exchange tells the owner of the account, in the order in which it happened. */
export type PaperEvent =
  | { readonly kind: 'order'; readonly at: Instant; readonly order: OrderReport }
  | { readonly kind: 'fill'; readonly at: Instant; readonly fill: Fill }
  | { readonly kind: 'bust'; readonly at: Instant; readonly bust: Bust }
  | { readonly kind: 'cash-flow'; readonly at: Instant; readonly flow: CashFact }
  | { readonly kind: 'position'; readonly at: Instant; readonly instrument: string }
  | { readonly kind: 'balance'; readonly at: Instant; readonly currency: string };

/** Everything that makes its fills differ from a real exchange's; every output carries it. */
export interface PaperAssumptions {
  readonly mode: 'PAPER';
  readonly seed: number;
  readonly latencyMs: number;
  readonly queue: string;
  readonly fees: string;
  readonly notes: readonly string[];
}

export interface PaperFees {
  /** Shares of the notional, such as 0.0002; negative is a rebate. */
  readonly maker: Decimal;
  readonly taker: Decimal;
  /** Which coin pays: the quote (settle), what is received, or a third coin at a fixed rate. */
  readonly in:
    | 'quote'
    | 'received'
    /** `rate`: units of the quote (settle) coin that one of it is worth. */
    | { readonly coin: string; readonly rate: Decimal };
}

export interface PaperOptions {
  readonly account: string;
  readonly venue: string;
  readonly currency: string;
  readonly seed: number;
  readonly latencyMs: number;
  readonly instruments: readonly Instrument[];
  readonly minNotional: Decimal | null;
  readonly positionMode: 'net' | 'hedge';
  readonly leverageMax: number;
  readonly maintenanceRate: Decimal;
  readonly fees: PaperFees;
  /** Hours between funding payments, from midnight UTC. */
  readonly fundingHours: number;
  readonly startAt: Instant;
  /** How bars trade: see matching/bars.ts. Shares of the price and of the volume. */
  readonly bars?: { readonly slippage: Decimal; readonly volumeShare: Decimal };
}

/** What is held now, without the past. */
export interface PaperHoldings {
  readonly positions: readonly StatementPosition[];
  readonly balances: readonly StatementBalance[];
}

export interface PaperExchange {
  readonly assumptions: PaperAssumptions;
  now(): Instant;
  advance(event: MarketEvent): void;
  /** Time passes without data: orders arrive, funding is paid. */
  elapse(to: Instant): void;
  submit(request: OrderRequest): Submitted;
  amend(order: OrderReference, change: OrderChange): Submitted;
  cancel(order: OrderReference): Submitted;
  deposit(currency: string, amount: Decimal): CashFact;
  withdraw(currency: string, amount: Decimal): CashFact;
  /** Null: no such order. */
  order(order: OrderReference): OrderReport | null;
  /** What the data shows of an instrument now; null where it is not traded here. */
  ticker(instrument: string): Ticker | null;
  openOrders(): readonly OrderReport[];
  orders(): readonly OrderReport[];
  fills(): readonly Fill[];
  cashFlows(): readonly CashFact[];
  /** By its own accounts, at this moment. */
  statement(): Statement;
  /** Of the statement, positions and balances alone: its cost does not grow with the past. */
  holdings(): PaperHoldings;
  /** The returned function ends it. */
  listen(listener: (event: PaperEvent) => void): () => void;
  /** What a fault script makes happen: see emulator/. */
  bust(executionId: string): void;
  liquidate(instrument: string): void;
  deleverage(instrument: string, quantity: Decimal): void;
}
