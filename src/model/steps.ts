/** Steps that orders keep: quantities to the lot, prices to the tick, never to the owner's cost. */
import {
  add,
  compare,
  type Decimal,
  divideHalfEven,
  multiply,
  subtract,
} from '../decimal/decimal.ts';
import type { Side } from './fact.ts';
import type { Instrument } from './instrument.ts';

/** The largest multiple of the step that is not above the value; the value is not negative. */
export function roundDown(value: Decimal, step: Decimal): Decimal {
  const steps = divideHalfEven(value, step, 0);
  const rounded = multiply(steps, step);
  return compare(rounded, value) > 0 ? subtract(rounded, step) : rounded;
}

/** A buyer pays no more than it said, a seller gets no less. */
export function roundPrice(price: Decimal, side: Side, tick: Decimal): Decimal {
  const down = roundDown(price, tick);
  const isUp = side === 'sell' && compare(down, price) < 0;
  return isUp ? add(down, tick) : down;
}

/** As exchanges count it: in quote; an inverse contract counts quote units already. */
export function notionalOf(
  { type, multiplier }: Instrument,
  quantity: Decimal,
  price: Decimal,
): Decimal {
  const units = multiply(quantity, multiplier);
  return type === 'inverse' ? units : multiply(units, price);
}
