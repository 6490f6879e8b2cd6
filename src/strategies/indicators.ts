/**
 * Indicators over the newest bars. Sums are exact; what would be a quotient is compared by cross
 * multiplication, so that nothing is rounded before a decision. Only the square root is not exact:
 * it has as many digits as it is asked for, half-even.
 */
import {
  add,
  compare,
  type Decimal,
  decimalOf,
  fromInteger,
  isNegative,
  multiply,
  negate,
  subtract,
  zero,
} from '../decimal/decimal.ts';
import { narrow, powerOfTen, wide } from '../decimal/integer.ts';
import type { Bar } from './strategy.ts';

/** The newest `length` bars; there must be as many. */
const newest = (bars: readonly Bar[], length: number): readonly Bar[] =>
  bars.slice(bars.length - length);

export const sumOfCloses = (bars: readonly Bar[], length: number): Decimal =>
  newest(bars, length).reduce((sum, { close }) => add(sum, close), zero);

/** Of two averages of closes, whether the first is below (-1), at (0) or above (1) the second. */
export const compareAverages = (bars: readonly Bar[], first: number, second: number): -1 | 0 | 1 =>
  compare(
    multiply(sumOfCloses(bars, first), fromInteger(second)),
    multiply(sumOfCloses(bars, second), fromInteger(first)),
  );

/** What the closes rose and fell in `length` changes, both >= 0; needs one bar more. */
export interface Swing {
  readonly gains: Decimal;
  readonly losses: Decimal;
}

export function swingOf(bars: readonly Bar[], length: number): Swing {
  let gains = zero;
  let losses = zero;
  for (let at = bars.length - length; at < bars.length; at += 1) {
    const change = subtract(bars[at]!.close, bars[at - 1]!.close);
    if (isNegative(change)) losses = add(losses, negate(change));
    else gains = add(gains, change);
  }
  return { gains, losses };
}

const hundred = fromInteger(100);

/**
 * The relative strength 100 x gains / (gains + losses) against a level: -1 below it, 1 above it.
 * Null where nothing moved: it has no value then.
 */
export function compareStrength({ gains, losses }: Swing, level: Decimal): -1 | 0 | 1 | null {
  const moved = add(gains, losses);
  if (moved.coefficient === 0) return null;
  return compare(multiply(hundred, gains), multiply(level, moved));
}

/**
 * n times the average and n times the (population) standard deviation of the newest n closes:
 * n x deviation = sqrt(n x sum of squares - square of sum).
 */
export interface Spread {
  readonly sum: Decimal;
  readonly deviation: Decimal;
}

export function spreadOf(bars: readonly Bar[], length: number, digits: number): Spread {
  const closes = newest(bars, length).map(({ close }) => close);
  const sum = closes.reduce(add, zero);
  const squares = closes.reduce((total, close) => add(total, multiply(close, close)), zero);
  const variance = subtract(multiply(fromInteger(length), squares), multiply(sum, sum));
  return { sum, deviation: squareRoot(variance, digits) };
}

export const highestHigh = (bars: readonly Bar[], from: number, to: number): Decimal =>
  extreme(bars, from, to, 'high', 1);

export const lowestLow = (bars: readonly Bar[], from: number, to: number): Decimal =>
  extreme(bars, from, to, 'low', -1);

function extreme(
  bars: readonly Bar[],
  from: number,
  to: number,
  of: 'high' | 'low',
  sign: -1 | 1,
): Decimal {
  let found = bars[from]![of];
  for (let at = from + 1; at < to; at += 1) {
    const value = bars[at]![of];
    if (compare(value, found) === sign) found = value;
  }
  return found;
}

/** Rounded half-even to `digits` behind the point; of a value >= 0. */
export function squareRoot(value: Decimal, digits: number): Decimal {
  if (isNegative(value)) throw new RangeError('a negative number has no square root');
  const shift = 2 * digits - value.scale;
  const whole = wide(value.coefficient);
  const numerator = shift >= 0 ? whole * powerOfTen(shift) : whole;
  const divisor = shift >= 0 ? 1n : powerOfTen(-shift);
  const root = flooredRoot(numerator / divisor);
  const middle = (2n * root + 1n) ** 2n * divisor;
  const exact = 4n * numerator;
  const up = exact > middle || (exact === middle && root % 2n === 1n);
  return decimalOf(narrow(up ? root + 1n : root), digits);
}

/** The largest integer whose square is at most n. */
function flooredRoot(n: bigint): bigint {
  if (n < 2n) return n;
  // A power of two that is not below the root: from there Newton's steps only fall.
  let root = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
