/** Readers of fields that hold numbers: decimals with their signs, ratios, digits and fees. */
import { type Decimal, isNegative, isPositive, isZero, one, zero } from '../decimal/decimal.ts';
import { type DecimalFault, parseDecimal } from '../decimal/text.ts';
import type { Fee } from './fact.ts';
import type { FaultCode } from './faults.ts';
import {
  checkNames,
  type Fields,
  fieldNames,
  givenNumber,
  isAbsent,
  readListOrNull,
  readText,
  readTextOrNull,
  refuse,
} from './parse-fields.ts';

const decimalCodes: Readonly<Record<DecimalFault, FaultCode>> = {
  empty: 'decimal-empty',
  'not-finite': 'decimal-not-finite',
  exponent: 'decimal-exponent',
  'plus-sign': 'decimal-plus-sign',
  'leading-zero': 'decimal-leading-zero',
  'too-long': 'decimal-too-long',
  'not-a-decimal': 'not-a-decimal',
};

/** A signed decimal, or null after a fault. */
function decimalAt(f: Fields, name: string): Decimal | null {
  const value = f.object[name];
  if (typeof value === 'string') {
    const result = parseDecimal(value);
    if (result.ok) return result.value;
    refuse(f, decimalCodes[result.fault], name);
    return null;
  }
  const digits = givenNumber(f, name);
  if (value === undefined || value === null) refuse(f, 'field-missing', name);
  else if (digits === null) refuse(f, 'decimal-not-text', name);
  else refuse(f, 'number-not-text', name, { hint: `write it as text: "${digits}"` });
  return null;
}

export const readDecimal = (f: Fields, name: string): Decimal => decimalAt(f, name) ?? zero;

export const readDecimalOrNull = (f: Fields, name: string): Decimal | null =>
  isAbsent(f, name) ? null : readDecimal(f, name);

type PositiveCode = Extract<FaultCode, `${string}-not-positive`>;

/** A decimal greater than 0; absent means the fallback, and is refused without one. */
export function readPositive(
  f: Fields,
  name: string,
  code: PositiveCode,
  fallback?: Decimal,
): Decimal {
  if (fallback !== undefined && isAbsent(f, name)) return fallback;
  const value = decimalAt(f, name);
  if (value === null) return one;
  if (!isPositive(value)) refuse(f, code, name);
  return value;
}

export const readPositiveOrNull = (f: Fields, name: string, code: PositiveCode): Decimal | null =>
  isAbsent(f, name) ? null : readPositive(f, name, code);

/** A decimal of at least 0, or null when absent. */
export function readUnsignedOrNull(f: Fields, name: string): Decimal | null {
  const value = readDecimalOrNull(f, name);
  if (value !== null && isNegative(value)) refuse(f, 'negative', name);
  return value;
}

/** New units per old: "7/1", or a decimal for so many to one. */
export function readRatio(
  f: Fields,
  name: string,
  fallback?: Decimal,
): { readonly numerator: Decimal; readonly denominator: Decimal } {
  const value = f.object[name];
  if (typeof value === 'string') {
    const [above, below, ...more] = value.split('/');
    const numerator = parseDecimal(above!);
    const denominator = parseDecimal(below ?? '1');
    if (!numerator.ok || !denominator.ok || more.length > 0) refuse(f, 'not-a-ratio', name);
    else if (!isPositive(numerator.value) || !isPositive(denominator.value)) {
      refuse(f, 'ratio-not-positive', name);
    } else return { numerator: numerator.value, denominator: denominator.value };
  } else if (!isAbsent(f, name)) {
    const digits = givenNumber(f, name);
    if (digits === null) refuse(f, 'not-a-ratio', name);
    else refuse(f, 'number-not-text', name, { hint: `write it as text: "${digits}"` });
  } else if (fallback === undefined) refuse(f, 'field-missing', name);
  return { numerator: fallback ?? one, denominator: one };
}

export function readDigitsOrNull(f: Fields, name: string): string | null {
  const value = f.object[name];
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && /^\d{1,40}$/.test(value)) return value;
  const digits = givenNumber(f, name);
  refuse(f, 'not-digits', name, digits === null ? {} : { hint: `write it as text: "${digits}"` });
  return null;
}

/** How many digits a currency has behind the point: a JSON number, for it counts, not measures. */
export function readDigitCount(f: Fields, name: string): number {
  const text = givenNumber(f, name);
  if (text !== null && /^\d{1,2}$/.test(text) && Number(text) <= 18) return Number(text);
  refuse(f, isAbsent(f, name) ? 'field-missing' : 'not-a-digit-count', name);
  return 0;
}

/** One fee in `fee` and `feeCurrency`. Undefined: not known; null: none. */
function readSingleFee(f: Fields): Fee | null | undefined {
  const currency = readTextOrNull(f, 'feeCurrency');
  if (isAbsent(f, 'fee')) return undefined;
  const amount = decimalAt(f, 'fee');
  if (amount === null || isZero(amount)) return null;
  if (isAbsent(f, 'feeCurrency')) refuse(f, 'fee-currency-missing', 'fee');
  return { currency: currency ?? '', amount };
}

export const readFeeOrNull = (f: Fields): Fee | null => readSingleFee(f) ?? null;

const feeFields = fieldNames('currency', 'amount');

/** The fees of a fill: null not known, empty none. Fees of 0 are none. */
export function readFees(f: Fields): readonly Fee[] | null {
  const single = readSingleFee(f);
  const list = readListOrNull(f, 'fees', (item): Fee => {
    checkNames(item, feeFields);
    return { currency: readText(item, 'currency'), amount: readDecimal(item, 'amount') };
  });
  if (list === null) return single === undefined ? null : single === null ? [] : [single];
  if (single !== undefined) refuse(f, 'fee-twice', 'fee');
  return list.filter((fee) => !isZero(fee.amount));
}
