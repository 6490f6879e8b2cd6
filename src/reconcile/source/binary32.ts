/** Binary floats of four bytes, exactly: which of them is nearest to a number. */
import { absolute, compare, type Decimal, decimalOf, subtract } from '../../decimal/decimal.ts';
import { narrow } from '../../decimal/integer.ts';
import { toText } from '../../decimal/text.ts';

const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);

/** The float with the next larger or smaller size. */
function neighbour(of: number, step: 1 | -1): number {
  single[0] = of;
  // Sizes follow each other as their bits do; zero is between the two smallest.
  if (bits[0]! << 1 === 0) return step * 2 ** -149;
  bits[0] = bits[0]! + step;
  return single[0]!;
}

/** Every finite float is a whole number of a power of two, and so has an end as a decimal. */
function exactly(float: number): Decimal {
  let [whole, halvings] = [float, 0];
  while (!Number.isInteger(whole)) {
    whole *= 2;
    halvings += 1;
  }
  return decimalOf(narrow(BigInt(whole) * 5n ** BigInt(halvings)), halvings);
}

const distance = (float: number, exact: Decimal): Decimal =>
  absolute(subtract(exactly(float), exact));

/**
 * A tie goes to the even one, as a column rounds it. Rounding to a double first may only be wrong
 * by one float, and only where the double lies in the middle of two.
 */
export function nearestBinary32(exact: Decimal): number {
  const guess = Math.fround(Number(toText(exact)));
  if (!Number.isFinite(guess)) return guess;
  return [neighbour(guess, 1), neighbour(guess, -1)].reduce(
    (nearest, other) =>
      Number.isFinite(other) && compare(distance(other, exact), distance(nearest, exact)) < 0
        ? other
        : nearest,
    guess,
  );
}

/** No float is nearer to `exact` than the one that `stored` is read as; of a tie both are. */
export function isNearestBinary32(stored: Decimal, exact: Decimal): boolean {
  const [held, nearest] = [nearestBinary32(stored), nearestBinary32(exact)];
  if (!Number.isFinite(held) || !Number.isFinite(nearest)) return false;
  return held === nearest || compare(distance(held, exact), distance(nearest, exact)) === 0;
}
