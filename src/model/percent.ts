/** Percentages of exact amounts. */
import {
  absolute,
  type Decimal,
  divideHalfEven,
  fromInteger,
  isZero,
  multiply,
} from '../decimal/decimal.ts';

const digitsStep = 4;

/**
 * Of the size of the whole, half-even at 4 digits, or at as many more as it takes to be none that
 * reads as zero; null where there is no whole, or it is zero.
 */
export function percentOf(part: Decimal | null, whole: Decimal | null): Decimal | null {
  if (part === null || whole === null || isZero(whole)) return null;
  const hundredfold = multiply(part, fromInteger(100));
  for (let digits = digitsStep; ; digits += digitsStep) {
    const percent = divideHalfEven(hundredfold, absolute(whole), digits);
    if (!isZero(percent) || isZero(part)) return percent;
  }
}
