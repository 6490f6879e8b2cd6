import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addMilliseconds,
  fromMilliseconds,
  instant,
  instantText,
  instantTextOrNull,
  millisecondsBetween,
  parseInstant,
} from '../../src/model/instant.ts';

const second = 1_000_000_000n;
const day = 86_400n * second;
const first = instant('0000-01-01T00:00:00Z');
const last = instant('9999-12-31T23:59:59.999999999Z');

test.each([
  ['1970-01-01T00:00:00Z', 0n],
  ['1970-01-01T00:00:00+00:00', 0n],
  ['1970-01-01T00:00:00-00:00', 0n],
  ['1970-01-01t00:00:00z', 0n],
  ['1970-01-01 00:00:01Z', second],
  ['1970-01-01T00:00:00.1Z', 100_000_000n],
  ['1970-01-01T00:00:00.000000001Z', 1n],
  ['1970-01-01T00:00:00.123456789Z', 123_456_789n],
  ['1970-01-01T00:00:00.100000000Z', 100_000_000n],
  // east of Greenwich the same clock reading is earlier
  ['1970-01-01T02:00:00+02:00', 0n],
  ['1969-12-31T19:00:00-05:00', 0n],
  ['1970-01-01T05:45:00+05:45', 0n],
  ['1970-01-01T23:59:00+23:59', 0n],
  ['1969-12-31T00:01:00-23:59', 0n],
  // before 1970 a fraction still counts forwards
  ['1969-12-31T23:59:59Z', -second],
  ['1969-12-31T23:59:59.999999999Z', -1n],
  ['1969-12-31T23:59:59.000000001Z', 1n - second],
  ['1969-12-31T23:59:58.5Z', -2n * second + second / 2n],
  // 10,957 days from 1970 to 2000: 30 * 365 + 7 leap days
  ['2000-01-01T00:00:00Z', 10_957n * day],
  ['2000-02-29T00:00:00Z', (10_957n + 31n + 28n) * day],
  ['2000-12-31T23:59:59Z', (10_957n + 366n) * day - second],
  ['2001-01-01T00:00:00Z', (10_957n + 366n) * day],
  // 719,528 days from 0000 to 1970: 1970 * 365 + 478 leap days (0, 4, ... but 1/4 of centuries)
  ['0000-01-01T00:00:00Z', -719_528n * day],
  ['0000-02-29T00:00:00Z', (59n - 719_528n) * day],
  // 25 leap days in the years 0000 to 0099
  ['0099-12-31T00:00:00Z', (100n * 365n + 25n - 1n - 719_528n) * day],
  ['0100-01-01T00:00:00Z', (100n * 365n + 25n - 719_528n) * day],
  // 25 cycles of 146,097 days from 0000 to 10000
  ['9999-12-31T23:59:59.999999999Z', (25n * 146_097n - 719_528n) * day - 1n],
])('T1 %s is %d ns since 1970', (text, expected) => {
  expect(parseInstant(text)).toBe(expected);
  expect(instant(text)).toBe(expected);
});

test.each([
  ['no offset', '2024-01-01T00:00:00'],
  ['a date alone', '2024-01-01'],
  ['month 13', '2024-13-01T00:00:00Z'],
  ['month 0', '2024-00-01T00:00:00Z'],
  ['day 0', '2024-01-00T00:00:00Z'],
  ['day 32', '2024-01-32T00:00:00Z'],
  ['31 April', '2024-04-31T00:00:00Z'],
  ['29 February 2023', '2023-02-29T00:00:00Z'],
  ['29 February 1900', '1900-02-29T00:00:00Z'],
  ['30 February 2024', '2024-02-30T00:00:00Z'],
  ['24:00:00', '2024-01-01T24:00:00Z'],
  ['25:00:00', '2024-01-01T25:00:00Z'],
  ['minute 60', '2024-01-01T00:60:00Z'],
  ['second 61', '2024-01-01T23:59:61Z'],
  ['second 99', '2024-01-01T00:00:99Z'],
  ['10 digits of a second', '2024-01-01T00:00:00.1234567890Z'],
  ['a point without digits', '2024-01-01T00:00:00.Z'],
  ['a decimal comma', '2024-01-01T00:00:00,5Z'],
  ['offset hour 24', '2024-01-01T00:00:00+24:00'],
  ['offset minute 60', '2024-01-01T00:00:00+01:60'],
  ['an offset without colon', '2024-01-01T00:00:00+0100'],
  ['an offset of hours', '2024-01-01T00:00:00+01'],
  ['a zone name', '2024-01-01T00:00:00 UTC'],
  ['five digits of a year', '12024-01-01T00:00:00Z'],
  ['a negative year', '-0001-01-01T00:00:00Z'],
  ['no seconds', '2024-01-01T00:00Z'],
  ['one digit of an hour', '2024-01-01T1:00:00Z'],
  ['blanks around', ' 2024-01-01T00:00:00Z '],
  ['a line feed behind', '2024-01-01T00:00:00Z\n'],
  ['Unix time', '1704067200'],
  ['digits of another script', '٢٠٢٤-01-01T00:00:00Z'],
  ['empty', ''],
  ['before the year 0000 in UTC', '0000-01-01T00:00:00+00:01'],
  ['after the year 9999 in UTC', '9999-12-31T23:59:59-00:01'],
  ['a leap second into the year 10000', '9999-12-31T23:59:60Z'],
])('T1 %s is refused', (_, text) => {
  expect(parseInstant(text)).toBeNull();
  expect(() => instant(text)).toThrow(RangeError);
});

describe('T2 text of an instant', () => {
  test.each([
    [0n, '1970-01-01T00:00:00Z'],
    [1n, '1970-01-01T00:00:00.000000001Z'],
    [10n, '1970-01-01T00:00:00.00000001Z'],
    [120_000_000n, '1970-01-01T00:00:00.12Z'],
    [-1n, '1969-12-31T23:59:59.999999999Z'],
    [-second, '1969-12-31T23:59:59Z'],
    [-second - 1n, '1969-12-31T23:59:58.999999999Z'],
    [first, '0000-01-01T00:00:00Z'],
    [last, '9999-12-31T23:59:59.999999999Z'],
  ])('T2 %d ns is written %s', (at, expected) => {
    expect(instantText(at)).toBe(expected);
  });

  test.each([[first - 1n], [last + 1n], [10n ** 30n]])('T2 %d ns has no text', (at) => {
    expect(() => instantText(at)).toThrow(RangeError);
  });

  test('T2 an instant that is not known stays so', () => {
    expect(instantTextOrNull(null)).toBeNull();
    expect(instantTextOrNull(0n)).toBe('1970-01-01T00:00:00Z');
  });

  test('T2 text is read back as the same instant', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: first, max: last }), (at) => {
        expect(parseInstant(instantText(at))).toBe(at);
      }),
      { numRuns: 20_000 },
    );
  });

  test('T2 texts of whole seconds are ordered like their instants', () => {
    const whole = fc.bigInt({ min: first / second, max: last / second });
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        expect(instantText(a * second) < instantText(b * second)).toBe(a < b);
      }),
    );
  });

  test('T1 the offset is taken away, whatever it is', () => {
    const minutes = fc.integer({ min: -1439, max: 1439 });
    const inner = fc.bigInt({ min: first / day + 1n, max: last / day - 1n });
    fc.assert(
      fc.property(inner, minutes, (days, offset) => {
        const size = Math.abs(offset);
        const hours = String(Math.trunc(size / 60)).padStart(2, '0');
        const zone = `${offset < 0 ? '-' : '+'}${hours}:${String(size % 60).padStart(2, '0')}`;
        const local = instantText(days * day).replace('Z', zone);
        expect(parseInstant(local)).toBe(days * day - BigInt(offset) * 60n * second);
      }),
    );
  });
});

test.each([
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
  ['2016-12-31T23:59:60.5Z', '2017-01-01T00:00:00.5Z'],
  ['2017-01-01T01:59:60+02:00', '2017-01-01T00:00:00Z'],
  ['2016-12-31T18:59:60-05:00', '2017-01-01T00:00:00Z'],
  ['1969-12-31T23:59:60Z', '1970-01-01T00:00:00Z'],
])('T3 the leap second %s is %s', (text, expected) => {
  expect(instantText(instant(text))).toBe(expected);
});

test.each([
  ['2016-12-31T23:58:60Z'],
  ['2016-12-31T12:00:60Z'],
  ['2016-12-31T23:59:60+02:00'],
  ['2016-12-31T18:59:60-04:00'],
])('T3 %s is no leap second, as it does not end a UTC day', (text) => {
  expect(parseInstant(text)).toBeNull();
});

test.each([
  [0n, 0n, 0],
  [0n, 999_999n, 0],
  [0n, 1_000_000n, 1],
  [0n, 1_999_999n, 1],
  [0n, -1n, -1],
  [0n, -1_000_000n, -1],
  [0n, -1_000_001n, -2],
  [-1n, 0n, 0],
  [5n * second, 2n * second, -3000],
])('T4 from %d ns to %d ns it is %d ms, rounded down', (from, to, expected) => {
  expect(millisecondsBetween(from, to)).toBe(expected);
});

test('T4 milliseconds are exact', () => {
  expect(fromMilliseconds(1_704_067_200_123)).toBe(instant('2024-01-01T00:00:00.123Z'));
  expect(addMilliseconds(1n, -1)).toBe(-999_999n);
  expect(() => fromMilliseconds(0.5)).toThrow(RangeError);
});
