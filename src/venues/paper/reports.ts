/** Orders and markets in the words of the model. */
import { add, type Decimal, divideHalfEven, multiply, zero } from '../../decimal/decimal.ts';
import type { OrderReport } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { Ticker } from '../venue.ts';
import type { Core } from './core.ts';
import { decimalOfUnits } from './matching/grid.ts';
import type { Market } from './matching/market.ts';
import type { PaperOrder } from './matching/order.ts';

const averageDigits = 12;

export function reportOf(core: Core, order: PaperOrder): OrderReport {
  const { request } = order;
  const { grid } = core.markets.get(request.instrument)!;
  const { filled, averagePrice } = filledOf(core, order);
  return {
    kind: 'order',
    account: core.options.account,
    instrument: request.instrument,
    leg: order.leg,
    orderId: order.id,
    clientOrderId: request.clientOrderId,
    side: request.side,
    type: request.trigger === null ? request.type : `trigger-${request.type}`,
    quantity: decimalOfUnits(order.quantity, grid.sizeScale),
    price: order.price === null ? null : decimalOfUnits(order.price, grid.priceScale),
    ...{ filled, averagePrice, status: order.status, reduceOnly: request.reduceOnly },
    time: order.time,
  };
}

/** Fills that were taken back do not count. */
function filledOf(
  core: Core,
  order: PaperOrder,
): { readonly filled: Decimal; readonly averagePrice: Decimal | null } {
  const { grid } = core.markets.get(order.request.instrument)!;
  let filled = decimalOfUnits(order.filled, grid.sizeScale);
  let value = order.value;
  for (const fill of core.busted.size === 0 ? [] : core.fills) {
    if (fill.orderId !== order.id || !core.busted.has(fill.executionId)) continue;
    filled = add(filled, multiply(fill.quantity, minusOne));
    value = add(value, multiply(multiply(fill.quantity, fill.price), minusOne));
  }
  const isNone = filled.coefficient === 0;
  return {
    filled: isNone ? zero : filled,
    averagePrice: isNone ? null : divideHalfEven(value, filled, averageDigits),
  };
}

const minusOne: Decimal = { coefficient: -1, scale: 0 };

export const openReports = (core: Core): readonly OrderReport[] =>
  Array.from(core.open, (order) => reportOf(core, order));

export function tickerOf({ instrument, grid, bids, asks, lastPrice, mark }: Market, at: Instant) {
  const priced = (units: number) =>
    Number.isNaN(units) ? null : decimalOfUnits(units, grid.priceScale);
  const touch = { bid: priced(bids.touch), ask: priced(asks.touch) };
  return { instrument: instrument.name, at, last: lastPrice, mark, ...touch } satisfies Ticker;
}
