/** What an order must be to be taken at all: each rule refuses with a code of its own. */
import { compare, type Decimal, isPositive, multiply } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { Leg } from '../../model/fact.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { OrderRequest, Submitted } from '../venue.ts';
import { fits, type Grid, isOnGrid, unitsOf } from './matching/grid.ts';

export type Refused = Extract<Submitted, { status: 'refused' }>;

export const refusedOrder = (code: string, why: string): Refused => ({
  status: 'refused',
  code,
  why,
});

export function legFault(
  { type, name }: Instrument,
  leg: Leg,
  mode: 'net' | 'hedge',
): Refused | null {
  const isNet = type === 'spot' || mode === 'net';
  if (isNet === (leg === 'net')) return null;
  const why = isNet ? `${name} has one leg, net` : `${name} is held in two legs, long and short`;
  return refusedOrder('leg-not-in-mode', why);
}

export function shapeFault(request: OrderRequest, { type }: Instrument): Refused | null {
  const { price, timeInForce, reduceOnly } = request;
  const isLimit = request.type === 'limit';
  if (request.clientOrderId === '') {
    return refusedOrder('client-order-id-missing', 'every order has a client order id of its own');
  }
  if (isLimit && price === null) return refusedOrder('price-missing', 'a limit order has a price');
  if (!isLimit && price !== null) {
    return refusedOrder('price-unexpected', 'a market order has no price');
  }
  if (!isLimit && timeInForce === 'post-only') {
    return refusedOrder('post-only-needs-limit', 'a market order always takes');
  }
  if (reduceOnly && type === 'spot') {
    return refusedOrder('reduce-only-on-spot', 'spot has no positions to reduce');
  }
  return null;
}

export function quantityFault(quantity: Decimal, grid: Grid): Refused | null {
  if (!isPositive(quantity)) {
    return refusedOrder('quantity-not-positive', `${toText(quantity)} is not greater than 0`);
  }
  if (!fits(quantity, grid.sizeScale)) return tooLarge(quantity);
  if (isStep(quantity, grid.sizeScale, grid.lot)) return null;
  return refusedOrder('quantity-off-lot', `${toText(quantity)} is not a multiple of the lot`);
}

export function priceFault(price: Decimal | null, grid: Grid): Refused | null {
  if (price === null) return null;
  if (!isPositive(price)) {
    return refusedOrder('price-not-positive', `${toText(price)} is not greater than 0`);
  }
  if (!fits(price, grid.priceScale)) return tooLarge(price);
  if (isStep(price, grid.priceScale, grid.tick)) return null;
  return refusedOrder('price-off-tick', `${toText(price)} is not a multiple of the tick`);
}

const tooLarge = (value: Decimal): Refused =>
  refusedOrder('number-too-large', `${toText(value)} is more than this exchange counts`);

function isStep(value: Decimal, scale: number, step: number): boolean {
  return isOnGrid(value, scale) && unitsOf(value, scale, 'nearest') % step === 0;
}

/** Counted in quote; an inverse contract counts quote units already. */
export function notionalFault(
  { type, multiplier }: Instrument,
  quantity: Decimal,
  price: Decimal,
  least: Decimal | null,
): Refused | null {
  if (least === null) return null;
  const units = multiply(quantity, multiplier);
  const notional = type === 'inverse' ? units : multiply(units, price);
  if (compare(notional, least) >= 0) return null;
  const why = `${toText(notional)} is less than the least order value, ${toText(least)}`;
  return refusedOrder('notional-too-small', why);
}
