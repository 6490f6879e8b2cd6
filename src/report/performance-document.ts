/** The JSON of `performance`: equity as it was recorded, and the bridge between two instants. */

import type { BookView, EquityView } from '../books/book-view.ts';
import { type Bridge, bridgeRows } from '../books/bridge.ts';
import type { Decimal } from '../decimal/decimal.ts';
import { toText, toTextOrNull } from '../decimal/text.ts';
import { type Instant, instantText, instantTextOrNull } from '../model/instant.ts';
import { percentOf } from '../model/percent.ts';

/** A record: equity as it was stated, and as it comes out now at the same prices. */
export interface PerformancePoint {
  readonly sequence: number;
  readonly time: Instant;
  readonly total: Decimal | null;
  readonly cash: Decimal | null;
  readonly positionsValue: Decimal | null;
  /** Against the record before it; null where either is unknown. */
  readonly change: Decimal | null;
  readonly before: Decimal | null;
  readonly restated: Decimal | null;
}

export interface BridgeState {
  readonly from: Instant | null;
  readonly to: Instant | null;
  readonly views: { readonly from: BookView; readonly to: BookView };
  readonly bridge: Bridge;
}

export interface PerformanceState {
  readonly view: BookView;
  readonly records: readonly PerformancePoint[];
  readonly bridge: BridgeState;
  /** What this run recorded; null when it recorded nothing. */
  readonly recorded: { readonly sequence: number; readonly time: Instant } | null;
}

export type PerformanceDocument = ReturnType<typeof performanceDocument>;
export type BridgeDocument = ReturnType<typeof bridgeDocument>;

export const performanceDocument = (state: PerformanceState) => {
  const { view, recorded } = state;
  return {
    schema: 'trueup.performance/1',
    account: view.settings.account,
    currency: view.settings.currency,
    mode: view.settings.mode,
    asOf: instantText(view.asOf),
    equity: equityDocument(view.equity),
    records: state.records.map(pointDocument),
    bridge: bridgeDocument(state.bridge),
    recorded:
      recorded === null ? null : { sequence: recorded.sequence, time: instantText(recorded.time) },
  };
};

const equityDocument = (equity: EquityView) => ({
  total: toTextOrNull(equity.total),
  known: toText(equity.known),
  cash: toText(equity.cash),
  positionsValue: toTextOrNull(equity.positionsValue),
  unpriced: unpricedDocument(equity),
});

const unpricedDocument = ({ unpriced }: EquityView) =>
  unpriced.map(({ what, quantity, why }) => ({ what, quantity: toText(quantity), why }));

const pointDocument = (point: PerformancePoint) => ({
  sequence: point.sequence,
  time: instantText(point.time),
  totalValue: toTextOrNull(point.total),
  cash: toTextOrNull(point.cash),
  positionsValue: toTextOrNull(point.positionsValue),
  change: toTextOrNull(point.change),
  changePercent: toTextOrNull(percentOf(point.change, point.before)),
  restated: toTextOrNull(point.restated),
});

export const bridgeDocument = ({ from, to, views, bridge }: BridgeState) => ({
  schema: 'trueup.bridge/1',
  account: views.to.settings.account,
  currency: views.to.settings.currency,
  /** [from, to): null is the beginning of the book, or its end. */
  from: instantTextOrNull(from),
  to: instantTextOrNull(to),
  opening: toTextOrNull(bridge.opening),
  rows: Object.fromEntries(bridgeRows.map((row) => [row, toText(bridge.rows[row])])),
  unexplained: toTextOrNull(bridge.unexplained),
  closing: toTextOrNull(bridge.closing),
  /** Rows whose cause moved coins of unknown cost: they are not the whole of it. */
  incomplete: [...bridge.incomplete],
  unpriced: {
    opening: unpricedDocument(views.from.equity),
    closing: unpricedDocument(views.to.equity),
  },
});
