/** The JSON of `paper`: what a run was told, what it earned and holds, and whether it is true. */
import type { BookView } from '../books/book-view.ts';
import { add, type Decimal, subtract } from '../decimal/decimal.ts';
import { toText, toTextOrNull } from '../decimal/text.ts';
import { type Instant, instantText } from '../model/instant.ts';
import { percentOf } from '../model/percent.ts';
import { type BookState, bookDocument } from './book-document.ts';
import type { CheckDocument } from './check-document.ts';
import { type BridgeState, bridgeDocument } from './performance-document.ts';

/** One strategy's part of the run, by our book. */
export interface PaperStrategy {
  readonly name: string;
  /** `built in`, or the file. */
  readonly from: string;
  readonly share: Decimal;
  readonly parameters: Readonly<Record<string, Decimal>>;
  readonly orders: number;
  readonly fills: number;
  /** Its fills folded as if they were an account's. */
  readonly view: BookView;
}

export interface PaperNote {
  readonly code: string;
  readonly strategy: string | null;
  readonly why: string;
  readonly first: Instant;
  readonly last: Instant;
  readonly count: number;
}

export interface PaperState {
  /** As the exchange declares them. */
  readonly assumptions: object;
  readonly data: readonly {
    readonly file: string;
    readonly instrument: string;
    readonly kind: string;
    readonly events: number;
    readonly barMs: number | null;
    readonly rounded: number;
    readonly tickSize: Decimal | null;
    readonly lotSize: Decimal | null;
  }[];
  readonly from: Instant;
  readonly to: Instant;
  readonly capital: Decimal;
  readonly curve: {
    readonly points: number;
    /** Points at which a part had no price. */
    readonly unknown: number;
    readonly worst: {
      readonly amount: Decimal;
      readonly peak: Decimal;
      readonly from: Instant;
      readonly to: Instant;
    } | null;
  };
  readonly strategies: readonly PaperStrategy[];
  readonly orders: number;
  readonly fills: number;
  readonly notes: readonly PaperNote[];
  readonly book: BookState;
  readonly bridge: BridgeState;
  readonly check: CheckDocument;
  /** Where the book stays; null: it was the run's own, and is gone. */
  readonly keptAt: string | null;
}

export type PaperDocument = ReturnType<typeof paperDocument>;

export const paperDocument = (state: PaperState) => {
  const { view } = state.book;
  const { check, notes } = state;
  return {
    schema: 'trueup.paper/1',
    mode: 'PAPER' as const,
    verdict: check.verdict,
    exitCode: check.exitCode,
    account: view.settings.account,
    currency: view.settings.currency,
    from: instantText(state.from),
    to: instantText(state.to),
    assumptions: state.assumptions,
    data: state.data.map(({ tickSize, lotSize, ...rest }) => ({
      ...rest,
      tickSize: toTextOrNull(tickSize),
      lotSize: toTextOrNull(lotSize),
    })),
    performance: performanceOf(state),
    strategies: state.strategies.map(strategyDocument),
    notes: notes.map(({ first, last, ...rest }) => ({
      ...rest,
      first: instantText(first),
      last: instantText(last),
    })),
    book: bookDocument(state.book, { all: false }),
    check: check.json,
    keptAt: state.keptAt,
  };
};

function performanceOf({ book, capital, curve, orders, fills, bridge }: PaperState) {
  const { equity, realisedPnl } = book.view;
  const gain = equity.total === null ? null : subtract(equity.total, capital);
  const { worst } = curve;
  return {
    capital: toText(capital),
    equity: toTextOrNull(equity.total),
    gain: toTextOrNull(gain),
    returnPercent: toTextOrNull(percentOf(gain, capital)),
    drawdown:
      worst === null
        ? null
        : {
            amount: toText(worst.amount),
            percent: toTextOrNull(percentOf(worst.amount, worst.peak)),
            peak: toText(worst.peak),
            from: instantText(worst.from),
            to: instantText(worst.to),
          },
    bars: curve.points,
    barsWithoutEquity: curve.unknown,
    orders,
    fills,
    fees: toTextOrNull(realisedPnl.fees),
    funding: toTextOrNull(realisedPnl.funding),
    bridge: bridgeDocument(bridge),
  };
}

function strategyDocument(strategy: PaperStrategy) {
  const { name, from, share, parameters, orders, fills, view } = strategy;
  const { gross, fees, net } = view.realisedPnl;
  const { unrealisedPnl } = view.equity;
  return {
    ...{ name, from, share: toText(share) },
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([parameter, value]) => [parameter, toText(value)]),
    ),
    ...{ orders, fills },
    held: view.positions
      .filter(({ quantity }) => quantity.coefficient !== 0)
      .map(({ instrument, quantity, averagePrice }) => ({
        instrument,
        quantity: toText(quantity),
        averagePrice: toTextOrNull(averagePrice),
      })),
    realised: toTextOrNull(gross),
    unrealised: toTextOrNull(unrealisedPnl),
    fees: toTextOrNull(fees),
    /** Funding is the account's: what strategies hold against each other pays none. */
    result: net === null || unrealisedPnl === null ? null : toText(add(net, unrealisedPnl)),
  };
}
