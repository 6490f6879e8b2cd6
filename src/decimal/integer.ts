/**
 * Exact integers with two representations and one meaning: a double while the value is provably
 * safe (|n| <= 2^53 - 1), a bigint beyond. Every result is narrowed, so equal values always have
 * the same representation. Doubles make the hot path five to ten times faster than bigints.
 */
export type Integer = number | bigint;

const safeMax = Number.MAX_SAFE_INTEGER;
const bigSafeMax = BigInt(safeMax);

const powers: bigint[] = Array.from({ length: 80 }, (_, exponent) => 10n ** BigInt(exponent));
/** 10^15 is the largest power of ten whose multiples by small factors can still be safe. */
const doublePowers: number[] = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/** 10^exponent, exponent >= 0. */
export const powerOfTen = (exponent: number): bigint => powers[exponent] ?? 10n ** BigInt(exponent);

/** The one representation of a bigint's value. */
export const narrow = (n: bigint): Integer => (n <= bigSafeMax && n >= -bigSafeMax ? Number(n) : n);

/**
 * A rounded double sum or product inside the safe range is exact: a true value beyond 2^53 - 1
 * would have been rounded to at least 2^53. Adding 0 turns -0 into 0.
 */
export function sum(x: Integer, y: Integer): Integer {
  if (typeof x === 'number' && typeof y === 'number') {
    const result = x + y;
    if (result <= safeMax && result >= -safeMax) return result + 0;
  }
  return narrow(BigInt(x) + BigInt(y));
}

export function product(x: Integer, y: Integer): Integer {
  if (typeof x === 'number' && typeof y === 'number') {
    const result = x * y;
    if (result <= safeMax && result >= -safeMax) return result + 0;
  }
  return narrow(BigInt(x) * BigInt(y));
}

export const negated = (x: Integer): Integer => (typeof x === 'number' ? 0 - x : narrow(-x));

/** x * 10^digits, digits >= 0. */
export function shifted(x: Integer, digits: number): Integer {
  if (digits < doublePowers.length) return product(x, doublePowers[digits]!);
  return narrow(BigInt(x) * powerOfTen(digits));
}

/** numerator / denominator rounded half-even to an integer; the denominator is not zero. */
export function dividedHalfEven(numerator: bigint, denominator: bigint): bigint {
  const positive = denominator < 0n ? -denominator : denominator;
  const n = denominator < 0n ? -numerator : numerator;
  const quotient = n / positive;
  const remainder = n - quotient * positive;
  if (remainder === 0n) return quotient;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  const away = n < 0n ? -1n : 1n;
  if (twice > positive) return quotient + away;
  if (twice < positive) return quotient;
  return quotient % 2n === 0n ? quotient : quotient + away;
}
