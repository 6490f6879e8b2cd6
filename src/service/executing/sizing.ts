/**
 * From what a strategy wants to the order that brings it there: how much, rounded to the lot, at
 * which price, rounded to the tick, never to the strategy's cost. Nothing here knows of time.
 */
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimalOf,
  divideHalfEven,
  isNegative,
  isZero,
  minimum,
  multiply,
  subtract,
  zero,
} from '../../decimal/decimal.ts';
import { decimal, toText } from '../../decimal/text.ts';
import type { Side } from '../../model/fact.ts';
import type { Instrument } from '../../model/instrument.ts';
import { notionalOf, roundDown, roundPrice } from '../../model/steps.ts';
import type { Want } from '../../strategies/strategy.ts';

export interface Wish {
  readonly want: Exclude<Want, 'as-is'>;
  /** Null: at market. */
  readonly limit: Decimal | null;
  /** The last price. */
  readonly price: Decimal;
  /** What the strategy holds, signed. */
  readonly held: Decimal;
  /** What the account holds, signed: several strategies meet in it. */
  readonly net: Decimal;
  /** Money that the strategy may hold, in the settle currency; null: not known. */
  readonly value: Decimal | null;
  /**
   * What strategies hold, by side. The limit is on each: net, an exit of one could lift what the
   * others hold beyond it, and exits are never held back.
   */
  readonly gross: Readonly<Record<Side, Decimal>>;
  /** What is open for the account, by side: it may fill before this does. */
  readonly open: Readonly<Record<Side, Decimal>>;
  /** Money that the account may hold in the instrument at most; null: not known. */
  readonly most: Decimal | null;
}

export interface PlannedOrder {
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal | null;
  readonly reduceOnly: boolean;
}

/** `code` null: there is nothing to do, which is no news. */
export type Planned =
  | { readonly order: PlannedOrder }
  | { readonly order: null; readonly code: string | null; readonly why: string };

/** A position is added to while more than this share of it is missing. */
const missingMin = decimal('0.25');
/** The step of orders where an instrument names none. */
const finestStep = decimalOf(1, 8);

export function plan(wish: Wish, instrument: Instrument, minNotional: Decimal | null): Planned {
  const { held, limit } = wish;
  const want = instrument.type === 'spot' && wish.want === 'short' ? 'flat' : wish.want;
  const isAway = isNegative(held) ? want !== 'short' : want !== 'long';
  const leaving = isAway ? absolute(held) : zero;
  const entering = want === 'flat' ? zero : enteringOf(wish, want, instrument);
  if (entering === null) return none('equity-unknown', 'a part of equity has no price');
  const step = instrument.lotSize ?? finestStep;
  const quantity = roundDown(add(leaving, entering), step);
  const side: Side = want === 'flat' ? (isNegative(held) ? 'buy' : 'sell') : sideOf(want);
  if (isZero(quantity)) {
    const isDust = !isZero(leaving) || !isZero(entering);
    const text = `${toText(add(leaving, entering))} is less than one lot, ${toText(step)}`;
    return isDust ? none('below-lot', text) : none(null, 'as wanted');
  }
  const price = limit === null ? null : roundPrice(limit, side, instrument.tickSize ?? finestStep);
  const notional = notionalOf(instrument, quantity, price ?? wish.price);
  if (minNotional !== null && compare(notional, minNotional) < 0) {
    const text = `${toText(notional)} is less than the least order value, ${toText(minNotional)}`;
    return none('below-notional', text);
  }
  return {
    order: {
      side,
      quantity,
      price,
      reduceOnly: isZero(entering) && reduces(wish, instrument, side, quantity),
    },
  };
}

const none = (code: string | null, why: string): Planned => ({ order: null, code, why });

const sideOf = (want: 'long' | 'short'): Side => (want === 'long' ? 'buy' : 'sell');

/** What is missing of the wanted position, within what the account may hold; null: not known. */
function enteringOf(wish: Wish, want: 'long' | 'short', instrument: Instrument): Decimal | null {
  const { value, most, held, price, gross, open } = wish;
  if (value === null || most === null) return null;
  const side = sideOf(want);
  const limit = quantityOf(instrument, most, price);
  const target = minimum(quantityOf(instrument, value, price), limit);
  const isThere = isNegative(held) === (want === 'short') && !isZero(held);
  const missing = isThere ? subtract(target, absolute(held)) : target;
  const room = subtract(limit, add(gross[side], open[side]));
  const entering = minimum(missing, room);
  return compare(entering, multiply(target, missingMin)) <= 0 ? zero : entering;
}

const quantityDigits = 18;

/** How much of the instrument is worth `value` of its settle currency. */
export function quantityOf(
  { type, multiplier }: Instrument,
  value: Decimal,
  price: Decimal,
): Decimal {
  if (type === 'inverse') return divideHalfEven(multiply(value, price), multiplier, quantityDigits);
  return divideHalfEven(value, multiply(price, multiplier), quantityDigits);
}

/** Only where the account's own position covers it: strategies can hold against each other. */
function reduces(
  { net, open }: Wish,
  { type }: Instrument,
  side: Side,
  quantity: Decimal,
): boolean {
  if (type === 'spot' || isZero(net)) return false;
  const ordered = add(quantity, open[side]);
  return isNegative(net) === (side === 'buy') && compare(ordered, absolute(net)) <= 0;
}
