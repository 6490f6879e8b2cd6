/**
 * What one coin or contract adds to equity at its marks. The view of a book adds these up anew;
 * live equity keeps the sum and replaces the parts that moved.
 */
import { type Decimal, multiply, zero } from '../decimal/decimal.ts';
import type { Instrument } from '../model/instrument.ts';
import { type Holding, isFlat } from './holding.ts';
import {
  type MarkView,
  unexplainedValue,
  unrealisedOfCoin,
  unrealisedOfContract,
} from './valuation.ts';

export interface Unpriced {
  readonly what: string;
  readonly quantity: Decimal;
  /** `never-booked`: of a whole account, which may hold anything. */
  readonly why: 'no-mark' | 'stale-mark' | 'unknown-cost' | 'never-booked';
}

export interface PartValue {
  readonly value: Decimal;
  /** In the reporting currency; null while part of the cost is not known. */
  readonly unrealised: Decimal | null;
  /** Of a coin of unknown cost: its value above what is known of it. */
  readonly unexplained: Decimal;
  /** Why the part has no value; it is then left out of all sums. */
  readonly unpriced: Unpriced | null;
}

/** A mark as far as a value needs it. */
export type Priced = Pick<MarkView, 'price' | 'stale'>;

export const noValue: PartValue = {
  value: zero,
  unrealised: zero,
  unexplained: zero,
  unpriced: null,
};

export function coinValue(name: string, holding: Holding, rate: Priced | null): PartValue {
  if (isFlat(holding)) return noValue;
  if (rate === null || rate.stale) return missing(name, holding.quantity, rate);
  return {
    value: multiply(holding.quantity, rate.price),
    unrealised: unrealisedOfCoin(holding, rate.price),
    unexplained: unexplainedValue(holding, rate.price),
    unpriced: null,
  };
}

/** In the settlement coin. */
export function contractValueOf(
  name: string,
  holding: Holding,
  instrument: Instrument,
  mark: Priced | null,
): PartValue {
  if (isFlat(holding)) return noValue;
  if (mark === null || mark.stale) return missing(name, holding.quantity, mark);
  const unrealised = unrealisedOfContract(holding, instrument, mark.price);
  if (unrealised !== null) return worth(unrealised);
  return { ...noValue, unpriced: { what: name, quantity: holding.quantity, why: 'unknown-cost' } };
}

/** Whether there is something to convert into the reporting currency. */
export const hasValue = (part: PartValue): boolean => part !== noValue && part.unpriced === null;

/** A contract's value where it settles in another coin than the account reports in. */
export function converted(part: PartValue, settle: string, rate: Priced | null): PartValue {
  if (!hasValue(part)) return part;
  if (rate === null || rate.stale) return missing(settle, part.value, rate);
  return worth(multiply(part.value, rate.price));
}

const worth = (value: Decimal): PartValue => ({
  value,
  unrealised: value,
  unexplained: zero,
  unpriced: null,
});

const missing = (what: string, quantity: Decimal, mark: Priced | null): PartValue => ({
  ...noValue,
  unpriced: { what, quantity, why: mark === null ? 'no-mark' : 'stale-mark' },
});
