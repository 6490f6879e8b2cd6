/**
 * Amounts are texts here as everywhere: grouped, aligned and compared as they are written. Nothing
 * is rounded, and no binary fraction holds one. (Coordinates of a chart are doubles; the figures
 * beside it are these texts.)
 */

export interface AmountParts {
  /** A true minus, a plus where it is asked for, or nothing. */
  readonly sign: '−' | '+' | '';
  /** Grouped by thousands. */
  readonly whole: string;
  /** Digits after the point up to the last that is not zero. */
  readonly fraction: string;
  /** Zeros after those. */
  readonly zeros: string;
}

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');

/** `signed`: differences and changes say plus, too; zero has no sign. */
export function partsOf(amount: string, signed = false): AmountParts {
  const isNegative = amount.startsWith('-');
  const [whole = '0', decimals = ''] = amount.replace('-', '').split('.');
  const fraction = decimals.replace(/0+$/, '');
  const plus = signed && !isZero(amount) ? '+' : '';
  return {
    sign: isNegative && !isZero(amount) ? '−' : plus,
    whole: grouped(whole),
    fraction,
    zeros: decimals.slice(fraction.length),
  };
}

/** As it is read aloud or put in a sentence. */
export function shownAmount(amount: string, signed = false): string {
  const { sign, whole, fraction, zeros } = partsOf(amount, signed);
  const decimals = fraction + zeros;
  return `${sign}${whole}${decimals === '' ? '' : `.${decimals}`}`;
}

export const isZero = (amount: string): boolean => /^-?0*(\.0*)?$/.test(amount);
export const isNegative = (amount: string): boolean => amount.startsWith('-') && !isZero(amount);

/** Digits after the point, of the one that has most: what a column is aligned by. */
export const placesOf = (amounts: readonly (string | null)[]): number =>
  Math.max(0, ...amounts.map((each) => each?.split('.')[1]?.length ?? 0));

const scaled = (amount: string, places: number): bigint => {
  const [whole = '0', decimals = ''] = amount.split('.');
  return BigInt(whole + decimals.padEnd(places, '0'));
};

export function compareAmounts(one: string, other: string): -1 | 0 | 1 {
  const places = placesOf([one, other]);
  const [left, right] = [scaled(one, places), scaled(other, places)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The exact sum, with as many places as the finest of them. */
export function sumOf(amounts: readonly string[]): string {
  const places = placesOf(amounts);
  const sum = amounts.reduce((total, each) => total + scaled(each, places), 0n);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, '0');
  const cut = digits.length - places;
  const text = places === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return sum < 0n ? `-${text}` : text;
}

/** Shorter by cutting, never by rounding: what is not wholly 100 is not shown as that. */
export const cutText = (amount: string, places: number): string =>
  amount.replace(new RegExp(`(\\.\\d{${places}})\\d+$`), '$1');

export const negated = (amount: string): string =>
  amount.startsWith('-') ? amount.slice(1) : isZero(amount) ? amount : `-${amount}`;

/** Where it is on a chart: a double, near enough for a pixel and for nothing else. */
export const coordinateOf = (amount: string): number => Number(amount);
