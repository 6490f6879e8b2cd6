import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compareAmounts,
  isNegative,
  isZero,
  negated,
  partsOf,
  placesOf,
  shownAmount,
  sumOf,
} from '../../dashboard/words/amounts.ts';
import { add, compare } from '../../src/decimal/decimal.ts';
import { decimal, toText } from '../../src/decimal/text.ts';

test.each([
  ['12406.1153', false, '12,406.1153'],
  ['1524.84', true, '+1,524.84'],
  ['-0.01240000', true, '−0.01240000'],
  ['-3160', false, '−3,160'],
  ['0.00', true, '0.00'],
  ['-0', false, '0'],
  ['999', false, '999'],
  ['1000000.5', false, '1,000,000.5'],
  ['0.000000000000000001', true, '+0.000000000000000001'],
])('UI2 %s (signed: %s) is shown as %s', (amount, signed, shown) => {
  expect(shownAmount(amount, signed)).toBe(shown);
});

test('UI2 zeros at the end are apart, so that they can be dimmed', () => {
  expect(partsOf('13167.5900')).toEqual({
    ...{ sign: '', whole: '13,167', fraction: '59', zeros: '00' },
  });
  expect(partsOf('61310.0')).toMatchObject({ fraction: '', zeros: '0' });
  expect(placesOf(['1', '0.5', null, '-0.0310'])).toBe(4);
});

const amount = fc
  .tuple(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.integer({ min: 0, max: 18 }))
  .map(([digits, scale]) => {
    const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
    const cut = text.length - scale;
    const sign = digits < 0n ? '-' : '';
    return scale === 0 ? `${sign}${text}` : `${sign}${text.slice(0, cut)}.${text.slice(cut)}`;
  });

test('UI2 sums and comparisons are those of exact decimals', () => {
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      const [one, other] = [decimal(a), decimal(b)];
      expect(toText(decimal(sumOf([a, b])))).toBe(toText(add(one, other)));
      expect(compareAmounts(a, b)).toBe(compare(one, other));
      expect(isZero(sumOf([a, negated(a)]))).toBe(true);
      expect(isNegative(a)).toBe(a.startsWith('-') && !/^-[0.]+$/.test(a));
    }),
  );
});

test('UI2 the bridge of a month adds up: 48,902.1140 + 2,000 + 812.4410 - 294.4808', () => {
  const rows = ['48902.1140', '2000.0000', '812.4410', '-96.2205', '-141.0387', '-57.2216'];
  expect(sumOf(rows)).toBe('51420.0742');
});
