/** What is held back for an open order, so that it can be paid when it trades. */
import {
  absolute,
  add,
  compare,
  type Decimal,
  divideHalfEven,
  isPositive,
  isZero,
  minimum,
  multiply,
  one,
  signOf,
  subtract,
  truncated,
  zero,
} from '../../../decimal/decimal.ts';
import type { Core } from '../core.ts';
import { decimalOfUnits, unitsOf } from '../matching/grid.ts';
import type { Market } from '../matching/market.ts';
import { leftOf, type PaperOrder } from '../matching/order.ts';
import { initialMargin } from './margin.ts';
import { contractWorth } from './position.ts';

export const coinHeldFor = ({ instrument }: Market, order: PaperOrder): string => {
  if (instrument.type !== 'spot') return instrument.settle;
  return order.sign === 1 ? instrument.quote : instrument.base;
};

/** The worse of both rates, never less than nothing. */
function feeShare(core: Core): Decimal {
  const { maker, taker } = core.options.fees;
  const worse = compare(maker, taker) > 0 ? maker : taker;
  return isPositive(worse) ? worse : zero;
}

/** What `left` units of the order need at a price. */
export function needOf(core: Core, market: Market, order: PaperOrder, price: Decimal): Decimal {
  const { instrument, grid } = market;
  const left = decimalOfUnits(leftOf(order), grid.sizeScale);
  const fee = feeShare(core);
  if (instrument.type === 'spot') {
    return order.sign === 1 ? multiply(multiply(left, price), add(one, fee)) : left;
  }
  if (order.reduceOnly) return zero;
  const opening = Math.max(0, leftOf(order) - order.closing);
  const worth = contractWorth(instrument, decimalOfUnits(opening, grid.sizeScale), price);
  return add(initialMargin(worth, core.options.leverageMax), multiply(worth, fee));
}

/** Units of the position that the order could close and no other open order of its side does. */
export function closingOf(core: Core, market: Market, order: PaperOrder): number {
  const held = heldAgainst(core, market, order);
  if (held === 0) return 0;
  let promised = 0;
  for (const other of core.open) {
    if (other === order || other.sign !== order.sign) continue;
    if (other.request.instrument !== market.instrument.name || other.leg !== order.leg) continue;
    promised += Math.min(other.closing, leftOf(other));
  }
  return Math.min(leftOf(order), Math.max(0, held - promised));
}

/** Units of the position that are on the other side of the order. */
export function heldAgainst(core: Core, market: Market, order: PaperOrder): number {
  if (market.instrument.type === 'spot') return 0;
  const { quantity } = core.ledger.position(market.instrument, order.leg);
  if (signOf(quantity) * order.sign >= 0) return 0;
  return unitsOf(absolute(quantity), market.grid.sizeScale, 'down');
}

/** The price an order is expected to trade at, for what it needs; null while nobody knows. */
export function expectedPrice(
  market: Market,
  order: PaperOrder,
  slippage: Decimal,
): Decimal | null {
  const { priceScale } = market.grid;
  const limit = order.price === null ? null : decimalOfUnits(order.price, priceScale);
  const side = order.sign === 1 ? market.asks : market.bids;
  const touch = market.hasBook && !Number.isNaN(side.touch) ? side.touch : null;
  if (touch !== null) {
    const units = limit === null || order.sign === -1 ? touch : order.price!;
    return decimalOfUnits(Math.max(units, order.price ?? 0), priceScale);
  }
  const last = market.lastPrice;
  if (last === null) return limit;
  const worse = multiply(last, add(one, slippage));
  if (limit === null) return worse;
  return order.sign === -1 && compare(worse, limit) > 0 ? worse : limit;
}

/** Units of a spot buy that can be paid at a price, what is held for it included. */
export function payable(core: Core, market: Market, order: PaperOrder, units: number): number {
  const { instrument, grid } = market;
  const price = decimalOfUnits(units, grid.priceScale);
  const { quote } = instrument;
  const free = subtract(core.ledger.wallet(quote), subtract(core.reserved(quote), order.reserved));
  if (!isPositive(free) || isZero(price)) return 0;
  const each = multiply(
    multiply(price, add(one, feeShare(core))),
    decimalOfUnits(1, grid.sizeScale),
  );
  const whole = truncated(divideHalfEven(free, each, 2));
  const most = minimum(whole, decimalOfUnits(leftOf(order), 0));
  const count = unitsOf(most, 0, 'down');
  const isTooMuch = compare(multiply(each, decimalOfUnits(count, 0)), free) > 0;
  return isTooMuch ? count - 1 : count;
}
