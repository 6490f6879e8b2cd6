import { describe, expect, test } from 'vitest';
import {
  absolute,
  add,
  compare,
  decimalOf,
  divideHalfEven,
  equals,
  fromInteger,
  isNegative,
  isPositive,
  isZero,
  minimum,
  multiply,
  negate,
  one,
  roundHalfEven,
  roundingScale,
  shareHalfEven,
  signOf,
  stripped,
  subtract,
  total,
  truncated,
  zero,
} from '../../src/decimal/decimal.ts';
import { powerOfTen, product, shifted, sum } from '../../src/decimal/integer.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import { heldText } from './operations.ts';

const safe = '9007199254740991'; // 2^53 - 1
const past = '9007199254740992'; // 2^53

describe('D1 arithmetic', () => {
  test.each([
    ['0.1', '0.2', '0.3'],
    ['1', '-1', '0'],
    ['-0.1', '0.1', '0'],
    ['1.50', '0.5', '2'],
    ['100', '0.000000000000000001', '100.000000000000000001'],
    [safe, '0', safe],
    [safe, '1', past],
    [past, '-1', safe],
    [past, '1', '9007199254740993'], // no double
    [`-${safe}`, '-1', `-${past}`],
    [`-${past}`, '1', `-${safe}`],
    // 9007199254740991 + 0.1: ten times the coefficient leaves the safe range
    [safe, '0.1', '9007199254740991.1'],
    ['999999999999999999999999999999', '1', `1${'0'.repeat(30)}`],
    [
      '999999999999999999999999999999',
      '0.000000000000000001',
      `${'9'.repeat(30)}.${'0'.repeat(17)}1`,
    ],
  ])('D1 %s + %s = %s', (a, b, expected) => {
    expect(heldText(add(decimal(a), decimal(b)))).toBe(expected);
    expect(heldText(add(decimal(b), decimal(a)))).toBe(expected);
    expect(heldText(subtract(decimal(expected), decimal(b)))).toBe(toText(decimal(a)));
  });

  test.each([
    ['0.1', '0.1', '0.01'],
    ['-3', '0', '0'],
    ['0', '-3', '0'],
    ['-1.5', '-1.5', '2.25'],
    ['0.5', '2', '1'],
    // 94906265^2 = 9007199136250225 < 2^53 < 94906266^2 = 9007199326062756
    ['94906265', '94906265', '9007199136250225'],
    ['94906266', '94906266', '9007199326062756'],
    ['94906267', '-94906265', '-9007199326062755'], // odd, past 2^53: no double
    // 2^53 - 1 = 6361 * 69431 * 20394401
    ['441650591', '20394401', safe],
    ['4503599627370496', '2', past],
    [safe, safe, '81129638414606663681390495662081'],
    ['0.000000000000000001', '0.000000000000000001', `0.${'0'.repeat(35)}1`],
    [`1${'0'.repeat(30)}`, `0.${'0'.repeat(17)}1`, '1000000000000'],
  ])('D1 %s * %s = %s', (a, b, expected) => {
    expect(heldText(multiply(decimal(a), decimal(b)))).toBe(expected);
    expect(heldText(multiply(decimal(b), decimal(a)))).toBe(expected);
  });

  test.each([
    ['1', '1.0', 0],
    ['0', '-0', 0],
    ['1', '1.000000000000000001', -1],
    ['-1', '-1.000000000000000001', 1],
    ['-1', '1', -1],
    [safe, past, -1],
    [`${past}.1`, past, 1],
    ['9007199254740993', past, 1],
    ['0.1', '0.09', 1],
  ] as const)('D1 the order of %s and %s is %d', (a, b, expected) => {
    expect(compare(decimal(a), decimal(b))).toBe(expected);
    expect(compare(decimal(b), decimal(a)) + expected).toBe(0);
    expect(equals(decimal(a), decimal(b))).toBe(expected === 0);
    expect(minimum(decimal(a), decimal(b))).toEqual(decimal(expected > 0 ? b : a));
  });

  test.each([
    ['-2.5', -1, '2.5', '2.5', '-2'],
    ['0', 0, '0', '0', '0'],
    ['-0.9', -1, '0.9', '0.9', '0'],
    ['7', 1, '-7', '7', '7'],
    ['90071992547409931.9', 1, '-90071992547409931.9', '90071992547409931.9', '90071992547409931'],
    [
      '-90071992547409931.9',
      -1,
      '90071992547409931.9',
      '90071992547409931.9',
      '-90071992547409931',
    ],
  ] as const)(
    'D1 %s: sign %d, negated %s, absolute %s, whole part %s',
    (text, sign, not, size, whole) => {
      const a = decimal(text);
      expect([signOf(a), isNegative(a), isZero(a), isPositive(a)]).toEqual([
        sign,
        sign < 0,
        sign === 0,
        sign > 0,
      ]);
      expect([negate(a), absolute(a), truncated(a)].map(heldText)).toEqual([not, size, whole]);
    },
  );

  test('D1 a total is the sum of its terms, zero of none', () => {
    expect(toText(total(['0.1', '0.2', '-0.3', safe, '1'].map(decimal)))).toBe(past);
    expect(total([])).toBe(zero);
  });
});

describe('D3 rounding is half-even', () => {
  const unit = '0.000000000000000001';
  test.each([
    // behind the 18th digit
    ['0.0000000000000000005', '0'], // tie: 0 is even
    ['0.0000000000000000015', '0.000000000000000002'], // tie: 1 is odd
    ['0.0000000000000000025', '0.000000000000000002'], // tie: 2 is even
    ['0.00000000000000000050000001', unit],
    ['0.00000000000000000049999999', '0'],
    ['0.0000000000000000014', unit],
    ['0.0000000000000000016', '0.000000000000000002'],
    ['9.9999999999999999995', '10'], // the last digit is odd
    ['9.9999999999999999985', '9.999999999999999998'],
    ['123456789012345678.0000000000000000005', '123456789012345678'],
    ['123456789012345678.0000000000000000015', '123456789012345678.000000000000000002'],
  ])('D3 %s is %s at 18 digits, with either sign', (text, expected) => {
    const a = decimal(text);
    const minus = expected === '0' ? '0' : `-${expected}`;
    expect(heldText(roundHalfEven(a, roundingScale))).toBe(expected);
    expect(heldText(roundHalfEven(negate(a), roundingScale))).toBe(minus);
    expect(heldText(divideHalfEven(a, one, roundingScale))).toBe(expected);
    expect(heldText(divideHalfEven(negate(a), one, roundingScale))).toBe(minus);
    expect(heldText(divideHalfEven(a, negate(one), roundingScale))).toBe(minus);
  });

  test.each([
    ['0.5', 0, '0'],
    ['1.5', 0, '2'],
    ['2.5', 0, '2'],
    ['-2.5', 0, '-2'],
    ['-3.5', 0, '-4'],
    ['1.005', 2, '1'],
    ['1.015', 2, '1.02'],
    ['1.2345', 2, '1.23'],
    ['1.2', 5, '1.2'],
  ])('D3 %s at %d digits is %s', (text, scale, expected) => {
    expect(heldText(roundHalfEven(decimal(text), scale))).toBe(expected);
    expect(heldText(divideHalfEven(decimal(text), one, scale))).toBe(expected);
  });

  test.each([
    ['1', '3', 18, '0.333333333333333333'],
    ['2', '3', 18, '0.666666666666666667'],
    ['-2', '3', 18, '-0.666666666666666667'],
    ['2', '-3', 18, '-0.666666666666666667'],
    ['-2', '-3', 18, '0.666666666666666667'],
    ['1', '8', 2, '0.12'], // 0.125
    ['3', '8', 2, '0.38'], // 0.375
    ['1.23456', '5', 2, '0.25'], // 0.246912: the dividend's own digits do not count
    ['6', '3', 0, '2'],
    ['0', '7', 18, '0'],
    [past, '3', 0, '3002399751580331'], // ...330.67
    [safe, '2', 0, '4503599627370496'], // ...495.5, a tie
    ['1', '9007199254740993', 18, '0.000000000000000111'], // 1.1102230246251563e-16
    ['1', `1${'0'.repeat(29)}`, 18, '0'],
  ])('D3 %s / %s at %d digits is %s', (a, b, scale, expected) => {
    expect(heldText(divideHalfEven(decimal(a), decimal(b), scale))).toBe(expected);
  });

  test.each([['0'], ['1'], [past]])('D3 %s / 0 throws', (text) => {
    expect(() => divideHalfEven(decimal(text), zero, 18)).toThrow(RangeError);
    expect(() => shareHalfEven(decimal(text), one, zero, 18)).toThrow(RangeError);
  });
});

describe('D4 one representation', () => {
  test.each([
    [safe, 'number'],
    [`-${safe}`, 'number'],
    ['9007199254.740991', 'number'],
    ['9007199254.740991000', 'number'], // zeros behind the point carry nothing
    ['0.000000000000000001', 'number'],
    [past, 'bigint'],
    [`-${past}`, 'bigint'],
    ['9007199254.740992', 'bigint'],
  ])('D4 %s is held as a %s', (text, type) => {
    expect(typeof decimal(text).coefficient).toBe(type);
    expect(heldText(decimal(text))).toBe(toText(decimal(text)));
  });

  test.each([
    ['-1 * 0', product(-1, 0)],
    ['-0 + -0', sum(-0, -0)],
    ['2^53 - 2^53', sum(2n ** 53n, -(2n ** 53n))],
    ['0 * 10^40', shifted(0, 40)],
    ['-0 as an integer', fromInteger(-0).coefficient],
    ['-0.000 as text', decimal('-0.000').coefficient],
    ['a share of nothing', shareHalfEven(zero, decimal('-1'), one, 18).coefficient],
    ['less than nothing, rounded', roundHalfEven(decimalOf(-1, 19), 18).coefficient],
  ])('D4 %s is 0, not -0', (_, result) => {
    expect(result).toBe(0);
  });

  test.each([
    [5, 5],
    [5n, 5],
    [2 ** 53, 2n ** 53n],
    [-(2n ** 53n), -(2n ** 53n)],
    [9007199254740991n, 9007199254740991],
  ])('D4 the integer %s has the coefficient %s', (n, coefficient) => {
    expect(fromInteger(n)).toEqual({ coefficient, scale: 0 });
  });

  test('D4 powers of ten are exact in both representations', () => {
    for (let digits = 0; digits <= 100; digits++) {
      expect(powerOfTen(digits).toString()).toBe(`1${'0'.repeat(digits)}`);
      expect(shifted(1, digits).toString()).toBe(powerOfTen(digits).toString());
    }
  });

  test.each([
    ['1.500', 1500, 3, 15, 1],
    ['zero', 0, 7, 0, 0],
    ['ten', 10, 0, 10, 0],
    ['a bigint that becomes a double', 15n * 10n ** 20n, 20, 15, 0],
    ['a bigint that stays one', 2n ** 53n * 10n + 1n, 3, 2n ** 53n * 10n + 1n, 3],
  ])('D4 stripped of zeros: %s', (_, coefficient, scale, shortest, digits) => {
    const expected = { coefficient: shortest, scale: digits };
    expect(stripped(decimalOf(coefficient, scale))).toEqual(expected);
  });
});

describe('D6 a share of a whole', () => {
  const padded = (text: string, digits: number) =>
    decimalOf(shifted(decimal(text).coefficient, digits), decimal(text).scale + digits);

  test.each([
    ['100', '1', '4', '25'],
    ['100', '1', '8', '12.5'],
    ['100', '1', '3', '33.333333333333333333'],
    ['200', '1', '3', '66.666666666666666667'],
    ['-200', '1', '3', '-66.666666666666666667'],
    ['200', '-1', '3', '-66.666666666666666667'],
    ['200', '-1', '-3', '66.666666666666666667'],
    ['0', '1', '3', '0'],
    ['10.5', '0', '3', '0'],
    ['10.5', '3', '3', '10.5'],
    // the part has more digits than the total
    ['100', '0.5', '2', '25'],
    ['0.000000000000000003', '0.5', '1', '0.000000000000000002'], // 1.5 units: a tie
    ['0.000000000000000001', '0.5', '1', '0'], // half a unit: a tie
    // a whole of 19 digits keeps them where the share needs no more...
    ['0.0000000000000000002', '1', '2', '0.0000000000000000001'],
    ['0.0000000000000000002', '0.5', '1', '0.0000000000000000001'],
    // ... and is rounded at 18 where it does: 0.5e-19 is 0
    ['0.0000000000000000001', '1', '2', '0'],
    // 5e-19 / 2 = 2.5e-19 is 0; 3e-18 + 1e-19 over 2 = 1.55e-18 is 2e-18
    ['0.0000000000000000031', '1', '2', '0.000000000000000002'],
    // products beyond 2^53
    [safe, '3', '3', safe],
    [past, '7', '14', '4503599627370496'],
    [safe, '1', '2', '4503599627370495.5'],
    ['123456789.12345678', '0.12345678', '0.37', '41193453.119786477102617297'],
  ])('D6 %s * %s / %s = %s', (whole, part, all, expected) => {
    const share = shareHalfEven(decimal(whole), decimal(part), decimal(all), roundingScale);
    expect(heldText(share)).toBe(expected);
    for (const digits of [1, 2, 20]) {
      const same = [
        shareHalfEven(padded(whole, digits), decimal(part), decimal(all), roundingScale),
        shareHalfEven(decimal(whole), padded(part, digits), decimal(all), roundingScale),
        shareHalfEven(decimal(whole), decimal(part), padded(all, digits), roundingScale),
      ];
      expect(same.map(heldText)).toEqual([expected, expected, expected]);
    }
  });

  test('D6 what is taken out in parts and what remains are the whole', () => {
    // 100 for 3 units: 33.333333333333333333 leaves 66.666666666666666667, half of which is
    // 33.3333333333333333335 -> ...334 (the last digit 3 is odd), and the rest is ...333
    const first = shareHalfEven(decimal('100'), one, decimal('3'), roundingScale);
    const left = subtract(decimal('100'), first);
    const second = shareHalfEven(left, one, decimal('2'), roundingScale);
    const third = subtract(left, second);
    expect([first, second, third].map(toText)).toEqual([
      '33.333333333333333333',
      '33.333333333333333334',
      '33.333333333333333333',
    ]);
    expect(toText(total([first, second, third]))).toBe('100');
  });
});
