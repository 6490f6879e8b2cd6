/**
 * Exact decimal numbers: coefficient / 10^scale. No operation rounds unless its name says so, and
 * no binary fraction ever holds a value. Quantities, prices and money are all Decimals.
 */
import {
  difference,
  dividedHalfEven,
  type Integer,
  narrow,
  negated,
  powerOfTen,
  product,
  shifted,
  sum,
  sumShifted,
  wide,
} from './integer.ts';

export interface Decimal {
  readonly coefficient: Integer;
  /** Digits behind the point, >= 0. Not minimal after arithmetic; text always is. */
  readonly scale: number;
}

/** Where accounting rounds at all, it rounds here: digits behind the point. */
export const roundingScale = 18;

export const decimalOf = (coefficient: Integer, scale: number): Decimal => ({ coefficient, scale });

export const zero: Decimal = Object.freeze(decimalOf(0, 0));
export const one: Decimal = Object.freeze(decimalOf(1, 0));

/** Adding a zero of no more digits gives the other term itself: most sums of a fold are such. */
export function add(a: Decimal, b: Decimal): Decimal {
  if (b.coefficient === 0 && b.scale <= a.scale) return a;
  if (a.coefficient === 0 && a.scale <= b.scale) return b;
  if (a.scale === b.scale) return decimalOf(sum(a.coefficient, b.coefficient), a.scale);
  return a.scale < b.scale
    ? decimalOf(sumShifted(b.coefficient, a.coefficient, b.scale - a.scale), b.scale)
    : decimalOf(sumShifted(a.coefficient, b.coefficient, a.scale - b.scale), a.scale);
}

export const negate = (a: Decimal): Decimal => decimalOf(negated(a.coefficient), a.scale);

export function subtract(a: Decimal, b: Decimal): Decimal {
  if (b.coefficient === 0 && b.scale <= a.scale) return a;
  if (a.scale === b.scale) return decimalOf(difference(a.coefficient, b.coefficient), a.scale);
  if (a.scale < b.scale) {
    return decimalOf(difference(shifted(a.coefficient, b.scale - a.scale), b.coefficient), b.scale);
  }
  return decimalOf(difference(a.coefficient, shifted(b.coefficient, a.scale - b.scale)), a.scale);
}

export const multiply = (a: Decimal, b: Decimal): Decimal =>
  decimalOf(product(a.coefficient, b.coefficient), a.scale + b.scale);

export const isZero = (a: Decimal): boolean => a.coefficient === 0;
export const isNegative = (a: Decimal): boolean => a.coefficient < 0;
export const isPositive = (a: Decimal): boolean => a.coefficient > 0;

/** -1, 0 or 1. */
export const signOf = (a: Decimal): -1 | 0 | 1 =>
  a.coefficient < 0 ? -1 : a.coefficient > 0 ? 1 : 0;

export const absolute = (a: Decimal): Decimal => (a.coefficient < 0 ? negate(a) : a);

/** The order of the values: -1, 0 or 1. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const x = a.scale < b.scale ? shifted(a.coefficient, b.scale - a.scale) : a.coefficient;
  const y = b.scale < a.scale ? shifted(b.coefficient, a.scale - b.scale) : b.coefficient;
  return x < y ? -1 : x > y ? 1 : 0;
}

export const equals = (a: Decimal, b: Decimal): boolean => compare(a, b) === 0;

export const minimum = (a: Decimal, b: Decimal): Decimal => (compare(a, b) <= 0 ? a : b);

/** The same value with the fewest digits behind the point. */
export function stripped(a: Decimal): Decimal {
  let { coefficient, scale } = a;
  if (coefficient === 0) return zero;
  while (scale > 0 && typeof coefficient === 'bigint' && coefficient % 10n === 0n) {
    coefficient = narrow(coefficient / 10n);
    scale -= 1;
  }
  while (scale > 0 && typeof coefficient === 'number' && coefficient % 10 === 0) {
    coefficient /= 10;
    scale -= 1;
  }
  return scale === a.scale ? a : decimalOf(coefficient, scale);
}

/** Rounded half-even to `scale` digits behind the point; unchanged when it has no more. */
export function roundHalfEven(a: Decimal, scale: number): Decimal {
  if (a.scale <= scale) return a;
  const divisor = shifted(1, a.scale - scale);
  return decimalOf(narrow(dividedHalfEven(wide(a.coefficient), divisor)), scale);
}

/** a / b rounded half-even to `scale` digits; b is not zero. */
export const divideHalfEven = (a: Decimal, b: Decimal, scale: number): Decimal =>
  quotient(a.coefficient, b.coefficient, scale + b.scale - a.scale, scale);

/**
 * whole * part / total, total not zero: exact where it needs no more digits than the whole has,
 * else rounded half-even once, to `scale` digits. Depends on the three values alone, never on how
 * many zeros they carry behind the point.
 */
export function shareHalfEven(
  whole: Decimal,
  part: Decimal,
  total: Decimal,
  scale: number,
): Decimal {
  const kept = whole.scale > scale ? stripped(whole) : whole;
  const digits = part.scale - total.scale;
  const factor = digits < 0 ? shifted(part.coefficient, -digits) : part.coefficient;
  const numerator = product(kept.coefficient, factor);
  const denominator = digits > 0 ? shifted(total.coefficient, digits) : total.coefficient;
  const exact = exactQuotient(numerator, denominator, kept.scale > scale);
  return exact === undefined
    ? quotient(numerator, denominator, scale - kept.scale, scale)
    : decimalOf(exact, kept.scale);
}

/** The integer quotient, if it is one. Bigints are slow: they are only tried if `mustTry`. */
function exactQuotient(n: Integer, d: Integer, mustTry: boolean): Integer | undefined {
  if (typeof n === 'number' && typeof d === 'number') return n % d === 0 ? n / d + 0 : undefined;
  return mustTry && wide(n) % wide(d) === 0n ? narrow(wide(n) / wide(d)) : undefined;
}

/** numerator / denominator * 10^shift, rounded half-even, as the coefficient at `scale`. */
function quotient(numerator: Integer, denominator: Integer, shift: number, scale: number): Decimal {
  const n = shift > 0 ? wide(numerator) * powerOfTen(shift) : wide(numerator);
  const d = shift < 0 ? shifted(denominator, -shift) : denominator;
  const result = decimalOf(narrow(dividedHalfEven(n, d)), scale);
  return shift > 0 ? stripped(result) : result;
}

export const fromInteger = (n: Integer): Decimal =>
  decimalOf(Number.isSafeInteger(n) ? Number(n) + 0 : narrow(BigInt(n)), 0);

/** The sum of all terms; zero of none. */
export function total(terms: Iterable<Decimal>): Decimal {
  let result = zero;
  for (const term of terms) result = add(result, term);
  return result;
}

/** The whole part, towards zero. */
export function truncated(a: Decimal): Decimal {
  if (a.scale === 0) return a;
  return decimalOf(narrow(wide(a.coefficient) / powerOfTen(a.scale)), 0);
}
