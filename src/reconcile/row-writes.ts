/** What becomes of a bot's rows: the part of a plan that is written into its database. */
import { toText, toTextOrNull } from '../decimal/text.ts';
import { instantTextOrNull } from '../model/instant.ts';
import type { PositionWrite } from '../model/position-source.ts';

/** What of a write belongs to one break. */
export type RowWrites = Pick<PositionWrite, 'changes' | 'additions' | 'trades' | 'orders'>;

export interface CaseWrites {
  readonly rows: RowWrites;
  /** Executions prove all of it: no person has to agree. */
  readonly proven: boolean;
  /** `SCAUSDT quantity: 2136.9 -> 2036`, one sentence for each row. */
  readonly sentences: readonly string[];
}

/**
 * What was decided, for the hash of a plan. Prices and what follows from them move all the time
 * and are written along.
 */
export const decidedIn = ({ changes, additions, trades, orders }: RowWrites) => [
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
  additions.map(({ symbol, exchange, direction, quantity, entryPrice, orderIds }) => [
    ...[symbol, exchange, direction, toText(quantity), toText(entryPrice), orderIds],
  ]),
  trades.map(({ executionId, symbol, side, quantity }) => [
    ...[executionId, symbol, side, toText(quantity)],
  ]),
  orders.map(({ orderId, symbol, filled }) => [orderId, symbol, toText(filled)]),
];
