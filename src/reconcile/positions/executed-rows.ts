/** Executions of stored positions, for the store's own tables of trades and orders. */
import { add, zero } from '../../decimal/decimal.ts';
import type { Fill } from '../../model/fact.ts';
import type { OrderAddition, TradeAddition } from '../../model/position-source.ts';
import type { RowWrites } from '../row-writes.ts';
import { heldIn, LegHistories, sureOf } from './leg-history.ts';
import type { CheckPositionsInput, PlacedRow } from './port.ts';
import { noWrites } from './row-changes.ts';
import { placedRows } from './rows.ts';

/** What is there already, by execution or order id, the port leaves as it is. */
export function executionsOfRows(input: CheckPositionsInput): RowWrites {
  const histories = new LegHistories(input.truth);
  const trades: TradeAddition[] = [];
  const orders = new Map<string, OrderAddition>();
  for (const placed of placedRows(input).single.values()) {
    const { row, instrument, leg } = placed;
    const opened = row.openedAt ?? row.createdAt;
    if (opened === null) continue;
    const { steps } = histories.of(instrument, leg, heldIn(input.truth, instrument, leg));
    for (const { fill } of steps) {
      if (fill.time < sureOf(opened)) continue;
      trades.push(tradeOf(placed, fill));
      if (fill.orderId === null) continue;
      orders.set(fill.orderId, orderOf(placed, fill, orders.get(fill.orderId) ?? null, input));
    }
  }
  return { ...noWrites, trades, orders: [...orders.values()] };
}

const tradeOf = ({ row }: PlacedRow, fill: Fill): TradeAddition => {
  const { side, quantity, price, orderId, clientOrderId, executionId, time: at } = fill;
  return {
    ...{ positionId: row.id, symbol: row.symbol, exchange: row.exchange, side, quantity, price },
    ...{ ...feeOf(fill), orderId, clientOrderId, executionId, at },
  };
};

/** One fee in one currency, or none that could be stored. */
function feeOf({ fees }: Fill): Pick<TradeAddition, 'fee' | 'feeCurrency'> {
  const [only, ...more] = fees ?? [];
  if (only === undefined || more.length > 0) return { fee: null, feeCurrency: null };
  return { fee: only.amount, feeCurrency: only.currency };
}

/** Of an order that nobody lists any more only what was executed is known. */
function orderOf(
  { row }: PlacedRow,
  fill: Fill,
  known: OrderAddition | null,
  { truth }: CheckPositionsInput,
): OrderAddition {
  const orderId = fill.orderId!;
  const listed = truth.statement.orders?.items.find((one) => one.orderId === orderId);
  const filled = add(known?.filled ?? zero, fill.quantity);
  const { fee, feeCurrency } = feeOf(fill);
  const isSame = known === null || known.feeCurrency === feeCurrency;
  const whole = known === null ? fee : fee && known.fee && isSame ? add(known.fee, fee) : null;
  return {
    ...{ positionId: row.id, symbol: row.symbol, exchange: row.exchange, orderId },
    ...{ clientOrderId: fill.clientOrderId, side: fill.side, type: listed?.type ?? 'unknown' },
    ...{ quantity: listed?.quantity ?? filled, price: listed?.price ?? null, filled },
    ...{ statusText: listed?.status ?? 'closed', fee: whole },
    feeCurrency: whole === null ? null : feeCurrency,
    createdAt: known?.createdAt ?? listed?.time ?? fill.time,
  };
}
