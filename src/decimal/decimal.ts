/**
 * Exact decimal numbers: coefficient / 10^scale. No operation rounds unless its name says so, and
 * no binary fraction ever holds a value. Quantities, prices and money are all Decimals.
 */
import {
  dividedHalfEven,
  type Integer,
  narrow,
  negated,
  powerOfTen,
  product,
  shifted,
  sum,
} from './integer.ts';

export interface Decimal {
  readonly coefficient: Integer;
  /** Digits behind the point, >= 0. Not minimal after arithmetic; text always is. */
  readonly scale: number;
}

/** Where accounting rounds at all, it rounds here: digits behind the point. */
export const roundingScale = 18;

export const decimalOf = (coefficient: Integer, scale: number): Decimal => ({ coefficient, scale });

export const zero: Decimal = Object.freeze({ coefficient: 0, scale: 0 });
export const one: Decimal = Object.freeze({ coefficient: 1, scale: 0 });

export function add(a: Decimal, b: Decimal): Decimal {
  if (a.scale === b.scale) return decimalOf(sum(a.coefficient, b.coefficient), a.scale);
  if (a.scale < b.scale) {
    return decimalOf(sum(shifted(a.coefficient, b.scale - a.scale), b.coefficient), b.scale);
  }
  return decimalOf(sum(a.coefficient, shifted(b.coefficient, a.scale - b.scale)), a.scale);
}

export const negate = (a: Decimal): Decimal => decimalOf(negated(a.coefficient), a.scale);

export const subtract = (a: Decimal, b: Decimal): Decimal => add(a, negate(b));

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
  if (a.scale === 0 || a.coefficient === 0) return a.coefficient === 0 ? zero : a;
  let scale = a.scale;
  let coefficient = BigInt(a.coefficient);
  while (scale > 0 && coefficient % 10n === 0n) {
    coefficient /= 10n;
    scale -= 1;
  }
  return scale === a.scale ? a : decimalOf(narrow(coefficient), scale);
}

/** Rounded half-even to `scale` digits behind the point; unchanged when it has no more. */
export function roundHalfEven(a: Decimal, scale: number): Decimal {
  if (a.scale <= scale) return a;
  const divisor = powerOfTen(a.scale - scale);
  return decimalOf(narrow(dividedHalfEven(BigInt(a.coefficient), divisor)), scale);
}

/** a / b rounded half-even to `scale` digits; b is not zero. */
export const divideHalfEven = (a: Decimal, b: Decimal, scale: number): Decimal =>
  shareHalfEven(a, one, b, scale);

/**
 * whole * part / total, total not zero: exact where it needs no more digits than the whole has,
 * else rounded half-even once, to `scale` digits.
 */
export function shareHalfEven(
  whole: Decimal,
  part: Decimal,
  total: Decimal,
  scale: number,
): Decimal {
  const exact = exactShare(whole, part, total);
  if (exact !== undefined) return exact;
  const shift = scale + total.scale - whole.scale - part.scale;
  let numerator = BigInt(whole.coefficient) * BigInt(part.coefficient);
  let denominator = BigInt(total.coefficient);
  if (shift >= 0) numerator *= powerOfTen(shift);
  else denominator *= powerOfTen(-shift);
  const quotient = decimalOf(narrow(dividedHalfEven(numerator, denominator)), scale);
  return numerator % denominator === 0n ? stripped(quotient) : quotient;
}

/** The share where it has no more digits than the whole, and so needs no rounding. */
function exactShare(whole: Decimal, part: Decimal, total: Decimal): Decimal | undefined {
  if (part.scale > total.scale) return undefined;
  const numerator = product(whole.coefficient, shifted(part.coefficient, total.scale - part.scale));
  if (typeof numerator === 'number' && typeof total.coefficient === 'number') {
    if (numerator % total.coefficient !== 0) return undefined;
    return decimalOf(numerator / total.coefficient + 0, whole.scale);
  }
  const wide = BigInt(numerator);
  const divisor = BigInt(total.coefficient);
  if (wide % divisor !== 0n) return undefined;
  return decimalOf(narrow(wide / divisor), whole.scale);
}

export const fromInteger = (n: Integer): Decimal =>
  decimalOf(typeof n === 'bigint' ? narrow(n) : n, 0);

/** The sum of all terms; zero of none. */
export function total(terms: Iterable<Decimal>): Decimal {
  let result = zero;
  for (const term of terms) result = add(result, term);
  return result;
}

/** The whole part, towards zero. */
export function truncated(a: Decimal): Decimal {
  if (a.scale === 0) return a;
  return decimalOf(narrow(BigInt(a.coefficient) / powerOfTen(a.scale)), 0);
}
