/**
 * Contracts held, by the exchange's own arithmetic: what was paid for them, and what a fill
 * realises. Value is in quote (linear) or in the coin they settle in (inverse).
 */
import {
  absolute,
  add,
  compare,
  type Decimal,
  divideHalfEven,
  isZero,
  multiply,
  negate,
  signOf,
  subtract,
  zero,
} from '../../../decimal/decimal.ts';
import type { Leg } from '../../../model/fact.ts';
import type { Instrument } from '../../../model/instrument.ts';

/** Digits that quotients keep: value of an inverse contract, cost of a part. */
const quotientDigits = 18;
const averageDigits = 12;

export interface Position {
  readonly instrument: Instrument;
  readonly leg: Leg;
  /** + long, - short. */
  readonly quantity: Decimal;
  /** What the quantity was worth when it was opened, with its sign. */
  readonly entryValue: Decimal;
}

export const flat = (instrument: Instrument, leg: Leg): Position => ({
  ...{ instrument, leg },
  quantity: zero,
  entryValue: zero,
});

/** Signed as the quantity is. */
export function contractWorth(instrument: Instrument, quantity: Decimal, price: Decimal): Decimal {
  const contracts = multiply(quantity, instrument.multiplier);
  return instrument.type === 'inverse'
    ? divideHalfEven(contracts, price, quotientDigits)
    : multiply(contracts, price);
}

export interface Moved {
  readonly position: Position;
  /** Before fees; zero where nothing was closed. */
  readonly realised: Decimal;
}

/** A fill of a signed quantity: adds, closes a part, or closes all and opens the rest. */
export function movePosition(position: Position, moved: Decimal, price: Decimal): Moved {
  const { instrument, quantity, entryValue } = position;
  const worth = contractWorth(instrument, moved, price);
  if (signOf(quantity) * signOf(moved) >= 0) {
    const grown = { quantity: add(quantity, moved), entryValue: add(entryValue, worth) };
    return { position: { ...position, ...grown }, realised: zero };
  }
  if (compare(absolute(moved), absolute(quantity)) > 0) {
    const exit = contractWorth(instrument, quantity, price);
    const rest = { quantity: add(quantity, moved), entryValue: add(worth, exit) };
    return {
      position: { ...position, ...rest },
      realised: gainOf(instrument, exit, entryValue),
    };
  }
  const left = add(quantity, moved);
  const part = isZero(left)
    ? entryValue
    : divideHalfEven(multiply(entryValue, negate(moved)), quantity, quotientDigits);
  const exit = negate(worth);
  return {
    position: { ...position, quantity: left, entryValue: subtract(entryValue, part) },
    realised: gainOf(instrument, exit, part),
  };
}

/** An inverse contract is worth less of its coin when the price is higher. */
const gainOf = ({ type }: Instrument, exit: Decimal, entry: Decimal): Decimal =>
  type === 'inverse' ? subtract(entry, exit) : subtract(exit, entry);

export const unrealisedOf = (position: Position, mark: Decimal): Decimal =>
  gainOf(
    position.instrument,
    contractWorth(position.instrument, position.quantity, mark),
    position.entryValue,
  );

/** Null when it is flat. Of inverse contracts the harmonic average. */
export function averageOf({ instrument, quantity, entryValue }: Position): Decimal | null {
  if (isZero(quantity) || isZero(entryValue)) return null;
  const contracts = multiply(quantity, instrument.multiplier);
  return instrument.type === 'inverse'
    ? divideHalfEven(contracts, entryValue, averageDigits)
    : divideHalfEven(entryValue, contracts, averageDigits);
}
