import { describe, expect, test } from 'vitest';
import { decimalOf, one } from '../../src/decimal/decimal.ts';
import {
  decimal,
  decimalFaultText,
  decimalOrNull,
  decimalOrZero,
  parseDecimal,
  toText,
  toTextOrNull,
} from '../../src/decimal/text.ts';
import { heldText } from './operations.ts';

const safe = '9007199254740991'; // 2^53 - 1
const past = '9007199254740992'; // 2^53

describe('D2 text from outside', () => {
  test.each([
    ['', 'empty'],
    [' ', 'empty'],
    ['\t\n', 'empty'],
    ['NaN', 'not-finite'],
    ['nan', 'not-finite'],
    ['Infinity', 'not-finite'],
    ['-Infinity', 'not-finite'],
    ['+inf', 'not-finite'],
    ['1e5', 'exponent'],
    ['1E-7', 'exponent'],
    ['-1.5e+10', 'exponent'],
    ['+1e5', 'exponent'],
    ['+1', 'plus-sign'],
    ['+0.5', 'plus-sign'],
    ['01', 'leading-zero'],
    ['-00', 'leading-zero'],
    ['00.5', 'leading-zero'],
    [`0${'1'.repeat(30)}`, 'leading-zero'],
    ['1.0000000000000000001', 'too-long'], // 19 digits behind
    ['1.0000000000000000000', 'too-long'], // though they are zeros
    ['1'.repeat(31), 'too-long'],
    [`-${'1'.repeat(31)}.5`, 'too-long'],
    ['.5', 'not-a-decimal'],
    ['5.', 'not-a-decimal'],
    ['.', 'not-a-decimal'],
    ['-', 'not-a-decimal'],
    ['-.5', 'not-a-decimal'],
    ['--1', 'not-a-decimal'],
    ['- 1', 'not-a-decimal'],
    ['1-', 'not-a-decimal'],
    ['1,5', 'not-a-decimal'],
    ['1,000.5', 'not-a-decimal'],
    ['1.2.3', 'not-a-decimal'],
    ['1_000', 'not-a-decimal'],
    ['0x10', 'not-a-decimal'],
    ['0b1', 'not-a-decimal'],
    ['10n', 'not-a-decimal'],
    ['1e', 'not-a-decimal'],
    [' 1', 'not-a-decimal'],
    ['1 ', 'not-a-decimal'],
    ['1\n', 'not-a-decimal'],
    ['$5', 'not-a-decimal'],
    ['−5', 'not-a-decimal'], // a typographic minus
    ['٥', 'not-a-decimal'],
    ['null', 'not-a-decimal'],
  ] as const)('D2 %j is refused: %s', (text, fault) => {
    expect(parseDecimal(text)).toEqual({ ok: false, fault });
    expect(decimalFaultText[fault]).toMatch(/^(is|has|begins) /);
  });

  test.each([
    ['0', '0'],
    ['-0', '0'],
    ['-0.000', '0'],
    ['-0.000000000000000000', '0'],
    ['1.50', '1.5'],
    ['100', '100'],
    ['100.000', '100'],
    ['-12.5', '-12.5'],
    ['0.000000000000000001', '0.000000000000000001'],
    ['1.000000000000000000', '1'],
    ['9'.repeat(30), '9'.repeat(30)],
    [`-${'9'.repeat(30)}.${'9'.repeat(18)}`, `-${'9'.repeat(30)}.${'9'.repeat(18)}`],
    ['999999999999999', '999999999999999'], // 15 digits: the last that a double sums up
    ['9999999999999999', '9999999999999999'],
    [safe, safe],
    [past, past],
    ['9007199254740993', '9007199254740993'],
    ['-9007199254.740993', '-9007199254.740993'],
  ])('D2 %s is accepted', (text, expected) => {
    const parsed = parseDecimal(text);
    expect(parsed.ok && heldText(parsed.value)).toBe(expected);
  });

  test('D2 a long text is refused without delay', () => {
    const digits = '1'.repeat(1_000_000);
    for (const text of [digits, `${digits}e`, `${'.'.repeat(1_000_000)}e`, `0${digits}.`]) {
      expect(parseDecimal(text).ok).toBe(false);
    }
  });
});

describe('D5 text', () => {
  test.each([
    [0, 5, '0'],
    [1, 0, '1'],
    [-1, 0, '-1'],
    [1, 1, '0.1'],
    [-5, 3, '-0.005'],
    [1500, 3, '1.5'],
    [1000, 3, '1'],
    [-1000, 2, '-10'],
    [1000, 0, '1000'],
    [9007199254740991, 16, '0.9007199254740991'],
    [10n ** 21n, 0, '1000000000000000000000'], // where a double would print an exponent
    [-(10n ** 30n), 36, '-0.000001'],
    [1, 36, `0.${'0'.repeat(35)}1`],
  ])('D5 %d / 10^%d is written %s', (coefficient, scale, expected) => {
    const a = decimalOf(coefficient, scale);
    expect(toText(a)).toBe(expected);
    expect(toText(decimal(expected))).toBe(expected);
  });

  test('D5 what is not known stays so', () => {
    expect([toTextOrNull(null), decimalOrNull(null)]).toEqual([null, null]);
    expect([toTextOrNull(one), toText(decimalOrNull('1.0')!)]).toEqual(['1', '1']);
    expect([null, undefined, '2'].map((text) => toText(decimalOrZero(text)))).toEqual([
      '0',
      '0',
      '2',
    ]);
  });

  test.each([
    [''],
    ['-'],
    ['.'],
    ['.5'],
    ['5.'],
    ['-.5'],
    ['+1'],
    ['--1'],
    ['1.2.3'],
    ['1e5'],
    ['NaN'],
    [' 1'],
    ['0x10'],
    [`${'1'.repeat(20)}x`],
    [`${'1'.repeat(20)}.`],
    [`-.${'1'.repeat(20)}`],
  ])('D5 a stored %j is damage, and throws', (text) => {
    expect(() => decimal(text)).toThrow(RangeError);
  });
});
