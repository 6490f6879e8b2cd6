// Exact decimal arithmetic on text, for the expected figures only. It is written apart from
// src/decimal on purpose: an answer computed by the code under test would prove nothing.

interface Scaled {
  readonly units: bigint;
  readonly places: number;
}

const NUMBER = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

const parse = (text: string): Scaled => {
  const match = NUMBER.exec(text.trim());
  if (match === null) throw new Error(`not a number: "${text}"`);
  const fraction = match[3] ?? '';
  const shift = fraction.length - Number(match[4] ?? '0');
  const magnitude = BigInt(`${match[2] ?? '0'}${fraction}`) * 10n ** BigInt(Math.max(0, -shift));
  return { units: match[1] === '-' ? -magnitude : magnitude, places: Math.max(0, shift) };
};

const print = ({ units, places }: Scaled): string => {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
  const text = fraction === '' ? whole : `${whole}.${fraction}`;
  return units < 0n ? `-${text}` : text;
};

const unitsAt = ({ units, places }: Scaled, wanted: number): bigint =>
  units * 10n ** BigInt(wanted - places);

const align = (a: string, b: string): readonly [bigint, bigint, number] => {
  const left = parse(a);
  const right = parse(b);
  const places = Math.max(left.places, right.places);
  return [unitsAt(left, places), unitsAt(right, places), places];
};

const quotientHalfEven = (numerator: bigint, denominator: bigint): bigint => {
  const negative = numerator < 0n !== denominator < 0n;
  const top = numerator < 0n ? -numerator : numerator;
  const bottom = denominator < 0n ? -denominator : denominator;
  const floor = top / bottom;
  const twice = (top % bottom) * 2n;
  const up = twice > bottom || (twice === bottom && floor % 2n === 1n);
  const magnitude = up ? floor + 1n : floor;
  return negative ? -magnitude : magnitude;
};

/** The plain text of a number that may be written as 1e-05, 7.0 or -0. */
export const plain = (text: string): string => print(parse(text));

export const add = (a: string, b: string): string => {
  const [left, right, places] = align(a, b);
  return print({ units: left + right, places });
};

export const subtract = (a: string, b: string): string => {
  const [left, right, places] = align(a, b);
  return print({ units: left - right, places });
};

export const multiply = (a: string, b: string): string => {
  const left = parse(a);
  const right = parse(b);
  return print({ units: left.units * right.units, places: left.places + right.places });
};

/** Quotient rounded half-even to the given number of decimals. */
export const divide = (a: string, b: string, places: number): string => {
  const [left, right] = align(a, b);
  return print({ units: quotientHalfEven(left * 10n ** BigInt(places), right), places });
};

/** Rounded half-even. */
export const round = (text: string, places: number): string => divide(text, '1', places);

export const negate = (text: string): string => subtract('0', text);

export const absolute = (text: string): string => (sign(text) < 0 ? negate(text) : plain(text));

export const sum = (texts: Iterable<string>): string => {
  let total = '0';
  for (const text of texts) total = add(total, text);
  return total;
};

export const compare = (a: string, b: string): number => {
  const [left, right] = align(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
};

export const sign = (text: string): number => compare(text, '0');

export const equal = (a: string, b: string): boolean => compare(a, b) === 0;

export const minimum = (a: string, b: string): string => (compare(a, b) < 0 ? a : b);

/** |a - b| <= tolerance. */
export const within = (a: string, b: string, tolerance: string): boolean =>
  compare(absolute(subtract(a, b)), tolerance) <= 0;

/** Digits after the point, trailing zeros not counted. */
export const decimalsOf = (text: string): number => (plain(text).split('.')[1] ?? '').length;
