/** What a position that is over came to, by its executions: exit price, realised PnL, fees. */
import {
  absolute,
  add,
  type Decimal,
  divideHalfEven,
  equals,
  isZero,
  multiply,
  negate,
  roundingScale,
  shareHalfEven,
  signOf,
  stripped,
  zero,
} from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { LegStep } from './leg-history.ts';

export interface ClosedPosition {
  readonly at: Instant;
  /**
   * Average price of the executions that reduced the position after the row knew it last: what the
   * row still believed in was sold, or bought back, at it.
   */
  readonly exitPrice: Decimal | null;
  /** Since the position was last flat, before fees, in its settlement currency; null: unknown. */
  readonly realisedPnl: Decimal | null;
  /** Of the same executions, in the same currency; null: one is unknown or in another currency. */
  readonly fees: Decimal | null;
}

/** `at`: when it was flat. `closing`: what the row does not know of how it came to that. */
export function closedPosition(
  instrument: Instrument,
  at: Instant,
  closing: readonly LegStep[],
  whole: readonly LegStep[] | null,
): ClosedPosition {
  return {
    at,
    exitPrice: averagePrice(instrument, closing.filter(reduces)),
    realisedPnl: whole === null ? null : realisedOf(instrument, whole),
    fees: whole === null ? null : feesOf(instrument, whole),
  };
}

export const reduces = ({ effect, before }: LegStep): boolean =>
  signOf(before) !== 0 && signOf(effect) !== signOf(before);

/** By quantity; of an inverse contract by value, which is what its quantity counts. */
export function averagePrice({ type }: Instrument, steps: readonly LegStep[]): Decimal | null {
  let quantity = zero;
  let value = zero;
  for (const { effect, fill } of steps) {
    const size = absolute(effect);
    quantity = add(quantity, size);
    value = add(
      value,
      type === 'inverse'
        ? divideHalfEven(size, fill.price, roundingScale)
        : multiply(size, fill.price),
    );
  }
  if (isZero(quantity) || isZero(value)) return null;
  const [above, below] = type === 'inverse' ? [quantity, value] : [value, quantity];
  return stripped(divideHalfEven(above, below, roundingScale));
}

/** What was paid less what was got: nothing is held any more, so no average is needed. */
function realisedOf(instrument: Instrument, whole: readonly LegStep[]): Decimal {
  const { type, multiplier } = instrument;
  return stripped(
    whole.reduce((sum, step) => {
      const { price } = step.fill;
      const units = multiply(type === 'spot' ? tradedIn(step) : step.effect, multiplier);
      const value =
        type === 'inverse'
          ? divideHalfEven(units, price, roundingScale)
          : negate(multiply(units, price));
      return add(sum, value);
    }, zero),
  );
}

/** Of spot the fee in the coin left the position, and was not sold. */
const tradedIn = ({ fill }: LegStep): Decimal =>
  fill.side === 'buy' ? fill.quantity : negate(fill.quantity);

function feesOf(instrument: Instrument, whole: readonly LegStep[]): Decimal | null {
  let sum = zero;
  for (const step of whole) {
    const { fees, quantity } = step.fill;
    if (fees === null) return null;
    for (const { currency, amount } of fees) {
      if (isZero(amount)) continue;
      if (currency !== instrument.settle) return null;
      // Of an execution that turned the position over, the part that belongs to this one.
      const part = absolute(step.effect);
      const isWhole = instrument.type === 'spot' || equals(part, quantity);
      sum = add(sum, isWhole ? amount : shareHalfEven(amount, part, quantity, roundingScale));
    }
  }
  return stripped(sum);
}
