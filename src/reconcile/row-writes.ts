/** What becomes of a bot's rows: the part of a plan that is written into its database. */
import { toText, toTextOrNull } from '../decimal/text.ts';
import { instantText, instantTextOrNull } from '../model/instant.ts';
import type { PositionWrite } from '../model/position-source.ts';

/** What of a write belongs to one break. */
export type RowWrites = Pick<
  PositionWrite,
  'changes' | 'orderChanges' | 'additions' | 'trades' | 'orders'
>;

export interface CaseWrites {
  readonly rows: RowWrites;
  /** Executions prove all of it: no person has to agree. */
  readonly proven: boolean;
  /** `SCAUSDT quantity: 2136.9 -> 2036`, one sentence for each row. */
  readonly sentences: readonly string[];
}

/**
 * What was decided, for the hash of a plan: all that is written but market prices and the
 * unrealised PnL that follows from them, which move all the time and are written along.
 */
export const decidedIn = ({ changes, orderChanges, additions, trades, orders }: RowWrites) => [
  changes.map(({ id, expected, quantity, entryPrice, reopen, close }) => [
    ...[id, toTextOrNull(expected.quantity), expected.status, expected.direction],
    ...[toTextOrNull(quantity ?? null), toTextOrNull(entryPrice ?? null), reopen ?? false],
    close === undefined
      ? null
      : [
          ...[instantTextOrNull(close.at), close.reason],
          ...[close.exitPrice, close.realisedPnl, close.fees].map(toTextOrNull),
        ],
  ]),
  additions.map(({ symbol, exchange, direction, quantity, entryPrice, openedAt, orderIds }) => [
    ...[symbol, exchange, direction, toText(quantity), toText(entryPrice)],
    ...[instantText(openedAt), orderIds],
  ]),
  trades.map((one) => [
    ...[one.executionId, one.orderId, one.clientOrderId, one.positionId, one.symbol],
    ...[one.exchange, one.side, toText(one.quantity), toText(one.price)],
    ...[toTextOrNull(one.fee), one.feeCurrency, instantText(one.at)],
  ]),
  orders.map((one) => [
    ...[one.orderId, one.clientOrderId, one.positionId, one.symbol, one.exchange],
    ...[one.side, one.type, toText(one.quantity), toTextOrNull(one.price), toText(one.filled)],
    ...[one.statusText, toTextOrNull(one.fee), one.feeCurrency, instantTextOrNull(one.createdAt)],
  ]),
  ...(orderChanges === undefined
    ? []
    : orderChanges.map(({ id, expected, status, filled }) => [
        ...[id, expected.statusText, toTextOrNull(expected.filled)],
        ...[status ?? null, toTextOrNull(filled ?? null)],
      ])),
];
