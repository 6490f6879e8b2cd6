/** Decimals as text: the only form in which a number crosses a border. */
import { type Decimal, decimalOf, stripped, zero } from './decimal.ts';
import { type Integer, narrow, negated } from './integer.ts';

/** Why a text is no decimal; the message says what is wrong and what would be right. */
export type DecimalFault =
  | 'empty'
  | 'not-finite'
  | 'exponent'
  | 'plus-sign'
  | 'leading-zero'
  | 'too-long'
  | 'not-a-decimal';

export const decimalFaultText: Readonly<Record<DecimalFault, string>> = {
  empty: 'is empty; write a decimal such as 12.5, or null where it is not known',
  'not-finite': 'is not a finite number; write a decimal such as 12.5',
  exponent: 'has an exponent; write all digits, such as 0.00001',
  'plus-sign': 'begins with "+"; leave the sign out',
  'leading-zero': 'has a leading zero; write it without',
  'too-long': 'has more than 30 digits before or 18 behind the point',
  'not-a-decimal': 'is not a decimal such as -12.5',
};

const border = /^-?(?:0|[1-9]\d{0,29})(?:\.\d{1,18})?$/;

function faultOf(text: string): DecimalFault {
  if (text.trim() === '') return 'empty';
  if (/^[+-]?(nan|inf(inity)?)$/i.test(text)) return 'not-finite';
  if (/^[+-]?[\d.]+e[+-]?\d+$/i.test(text)) return 'exponent';
  if (text.startsWith('+')) return 'plus-sign';
  if (/^-?0\d+(\.\d+)?$/.test(text)) return 'leading-zero';
  if (/^-?\d+(\.\d+)?$/.test(text)) return 'too-long';
  return 'not-a-decimal';
}

/** Untrusted text to a decimal, or the first fault in the order of DecimalFault. */
export function parseDecimal(
  text: string,
):
  | { readonly ok: true; readonly value: Decimal }
  | { readonly ok: false; readonly fault: DecimalFault } {
  return border.test(text)
    ? { ok: true, value: decimal(text) }
    : { ok: false, fault: faultOf(text) };
}

/**
 * Trusted text to a decimal: what this program wrote, of any length. Throws a RangeError on
 * anything that is no plain decimal, because a stored number that is none is damage.
 */
export function decimal(text: string): Decimal {
  const length = text.length;
  let start = 0;
  if (text.charCodeAt(0) === 45) start = 1;
  let value = 0;
  let point = -1;
  let end = length;
  for (let i = start; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46 && point < 0 && i > start) point = i;
    else if (code < 48 || code > 57) throw new RangeError(`"${text}" is not a decimal`);
    else value = value * 10 + (code - 48);
  }
  if (end === start || point === length - 1) throw new RangeError(`"${text}" is not a decimal`);
  if (length - start > 15) return wideDecimal(text, point);
  if (point < 0) return decimalOf(start === 1 ? 0 - value : value, 0);
  // Trailing zeros behind the point carry nothing and would only make later products wider.
  while (value % 10 === 0 && end - 1 > point) {
    value /= 10;
    end -= 1;
  }
  return decimalOf(start === 1 ? 0 - value : value, end - 1 - point);
}

function wideDecimal(text: string, point: number): Decimal {
  if (point < 0) return decimalOf(narrow(BigInt(text)), 0);
  const coefficient = BigInt(text.slice(0, point) + text.slice(point + 1));
  const wide = decimalOf(narrow(coefficient), text.length - 1 - point);
  return text.endsWith('0') ? stripped(wide) : wide;
}

/** Shortest text of the value: no exponent, no trailing zeros, no "-0". */
export function toText({ coefficient, scale }: Decimal): string {
  if (coefficient === 0) return '0';
  if (scale === 0) return String(coefficient);
  if (coefficient < 0) return `-${sizeText(negated(coefficient), scale)}`;
  return sizeText(coefficient, scale);
}

function sizeText(coefficient: Integer, scale: number): string {
  if (typeof coefficient === 'number' && scale <= doubleScaleMax) {
    return doubleText(coefficient, scale);
  }
  const digits = String(coefficient).padStart(scale + 1, '0');
  const point = digits.length - scale;
  let end = digits.length;
  while (end > point && digits.charCodeAt(end - 1) === 48) end -= 1;
  const whole = digits.slice(0, point);
  return end === point ? whole : `${whole}.${digits.slice(point, end)}`;
}

/** 10^15 is the largest power of ten below 2^53. */
const doubleScaleMax = 15;

const units: readonly number[] = Array.from({ length: 16 }, (_, scale) => 10 ** scale);
const zeros: readonly string[] = Array.from({ length: 16 }, (_, count) => '0'.repeat(count));

/**
 * Splitting in doubles is exact: all parts are integers, and a product beyond 2^53 is a multiple
 * of ten, which a double holds as well.
 */
function doubleText(coefficient: number, scale: number): string {
  const unit = units[scale]!;
  let whole = Math.floor(coefficient / unit);
  let rest = coefficient - whole * unit;
  if (rest < 0) {
    // The quotient was rounded up to the next integer.
    whole -= 1;
    rest += unit;
  }
  if (rest === 0) return String(whole);
  const digits = String(rest);
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 48) end -= 1;
  const leading = zeros[scale - digits.length]!;
  return `${whole}.${leading}${end === digits.length ? digits : digits.slice(0, end)}`;
}

/** Text of a value that may be unknown. */
export const toTextOrNull = (a: Decimal | null): string | null => (a === null ? null : toText(a));

/** Trusted text that may be null. */
export const decimalOrNull = (text: string | null): Decimal | null =>
  text === null ? null : decimal(text);

/** A value read from outside that is known to be well-formed, or zero where it is absent. */
export const decimalOrZero = (text: string | null | undefined): Decimal =>
  text === null || text === undefined ? zero : decimal(text);
