/**
 * Exact integers with two representations and one meaning: a double while the value is provably
 * safe (|n| <= 2^53 - 1), a bigint beyond. Every result is narrowed, so equal values always have
 * the same representation. A double takes a third of a bigint's time.
 */
export type Integer = number | bigint;

const safeMax = Number.MAX_SAFE_INTEGER;
const bigSafeMax = BigInt(safeMax);

const powers: bigint[] = Array.from({ length: 80 }, (_, exponent) => 10n ** BigInt(exponent));
/** 10^15 is the largest power of ten whose multiples by small factors can still be safe. */
const doublePowers: number[] = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/** 10^exponent, exponent >= 0. */
export const powerOfTen = (exponent: number): bigint => powers[exponent] ?? 10n ** BigInt(exponent);

/** The value as a bigint, to compute with where doubles do not reach. */
export const wide = (x: Integer): bigint => (typeof x === 'bigint' ? x : BigInt(x));

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
  return narrow(wide(x) + wide(y));
}

/** x + y * 10^digits, digits >= 0. */
export function sumShifted(x: Integer, y: Integer, digits: number): Integer {
  if (typeof x === 'number' && typeof y === 'number' && digits < doublePowers.length) {
    const moved = y * doublePowers[digits]!;
    const result = x + moved;
    const isSafe = moved <= safeMax && moved >= -safeMax;
    if (isSafe && result <= safeMax && result >= -safeMax) return result + 0;
  }
  return narrow(wide(x) + wide(y) * powerOfTen(digits));
}

export function difference(x: Integer, y: Integer): Integer {
  if (typeof x === 'number' && typeof y === 'number') {
    const result = x - y;
    if (result <= safeMax && result >= -safeMax) return result + 0;
  }
  return narrow(wide(x) - wide(y));
}

export function product(x: Integer, y: Integer): Integer {
  if (typeof x === 'number' && typeof y === 'number') {
    const result = x * y;
    if (result <= safeMax && result >= -safeMax) return result + 0;
  }
  return narrow(wide(x) * wide(y));
}

export const negated = (x: Integer): Integer => (typeof x === 'number' ? 0 - x : narrow(-x));

/** x * 10^digits, digits >= 0. */
export function shifted(x: Integer, digits: number): Integer {
  if (typeof x === 'number' && digits < doublePowers.length) {
    const result = x * doublePowers[digits]!;
    if (result <= safeMax && result >= -safeMax) return result;
  }
  return narrow(wide(x) * powerOfTen(digits));
}

const magnitude = (x: Integer): Integer => (x < 0 ? negated(x) : x);

/** numerator / denominator rounded half-even to an integer; the denominator is not zero. */
export function dividedHalfEven(numerator: bigint, denominator: Integer): bigint {
  const divisor = wide(denominator);
  const quotient = numerator / divisor;
  // It is smaller than the divisor: where that is a double, 64 bits hold it, which is fast.
  const remainder =
    typeof denominator === 'number'
      ? Number(BigInt.asIntN(64, numerator - quotient * divisor))
      : narrow(numerator - quotient * divisor);
  if (remainder === 0) return quotient;
  const twice = magnitude(sum(remainder, remainder));
  const whole = magnitude(denominator);
  if (twice < whole) return quotient;
  const isTie = twice <= whole;
  if (isTie && quotient % 2n === 0n) return quotient;
  return remainder < 0 === denominator < 0 ? quotient + 1n : quotient - 1n;
}
