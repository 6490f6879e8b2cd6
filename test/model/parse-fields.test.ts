import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import { instant } from '../../src/model/instant.ts';
import { parseFact } from '../../src/model/parse-fact.ts';
import * as example from './examples.ts';
import { factOf, refusedFields } from './examples.ts';

const { fill, deposit, withdrawal, funding, order } = example;

describe('texts', () => {
  test.each([
    [7, 'not-a-text'],
    [true, 'not-a-text'],
    [{ id: 'e1' }, 'not-a-text'],
    ['', 'text-empty'],
    ['  ', 'text-empty'],
    ['x'.repeat(201), 'text-too-long'],
    ['a\u0000b', 'text-control-character'],
    ['a\nb', 'text-control-character'],
    ['a\u0085b', 'text-control-character'],
    ['a\u2028b', 'text-control-character'],
    ['a\ud800', 'text-not-unicode'],
    ['caf\ufffd', 'text-not-unicode'],
  ])('M4 the execution id %j is refused: %s', (executionId, code) => {
    expect(refusedFields({ ...fill, executionId })).toEqual([['executionId', code]]);
  });

  test.each(['1', 'x'.repeat(200), 'Zürich 🙂', '🙂'.repeat(200), 'a b', '0x1f-"quoted"'])(
    'M4 the execution id %j is taken as it is',
    (executionId) => {
      expect(factOf({ ...fill, executionId })).toMatchObject({ executionId });
    },
  );
});

describe('numbers', () => {
  test.each([
    ['', 'decimal-empty'],
    [' ', 'decimal-empty'],
    ['NaN', 'decimal-not-finite'],
    ['-Infinity', 'decimal-not-finite'],
    ['1e5', 'decimal-exponent'],
    ['+1', 'decimal-plus-sign'],
    ['007', 'decimal-leading-zero'],
    ['0.1234567890123456789', 'decimal-too-long'],
    ['1'.repeat(31), 'decimal-too-long'],
    ['60,000.1', 'not-a-decimal'],
    ['60000,1', 'not-a-decimal'],
    ['.5', 'not-a-decimal'],
    ['5.', 'not-a-decimal'],
    [' 5', 'not-a-decimal'],
    ['0x10', 'not-a-decimal'],
    ['٣', 'not-a-decimal'],
    [60000.1, 'number-not-text'],
    [true, 'decimal-not-text'],
    [['1'], 'decimal-not-text'],
  ])('M5 the price %j is refused: %s', (price, code) => {
    expect(refusedFields({ ...fill, price })).toEqual([['price', code]]);
  });

  test.each([
    ['venueSequence', '12a', 'not-digits'],
    ['venueSequence', '', 'not-digits'],
    ['venueSequence', 12, 'not-digits'],
    ['venueSequence', '1'.repeat(41), 'not-digits'],
  ])('M5 a fill with %s %j is refused: %s', (name, value, code) => {
    expect(refusedFields({ ...fill, [name]: value })).toEqual([[name, code]]);
  });

  test.each([['8'], [19], [-1], [1.5], [true]])('M5 a currency has no %j decimals', (decimals) => {
    const refused = refusedFields({ ...example.currency, decimals });
    expect(refused).toEqual([['decimals', 'not-a-digit-count']]);
  });

  test.each(['0', '-1', '-0', '0.000'])('M6 %j is refused where there is no sign', (zero) => {
    const refused = (value: example.Example, name: string) =>
      refusedFields({ ...value, [name]: zero })[0]?.[1];
    expect([refused(fill, 'quantity'), refused(fill, 'price')]).toEqual([
      'quantity-not-positive',
      'price-not-positive',
    ]);
    expect(refused(deposit, 'amount')).toBe('amount-not-positive');
    expect(refused(withdrawal, 'amount')).toBe('amount-not-positive');
    expect(refused(example.mark, 'price')).toBe('price-not-positive');
    expect(refused(example.delivery, 'price')).toBe('price-not-positive');
    expect(refused(order, 'averagePrice')).toBe('price-not-positive');
    expect(refused(example.instrumentFact, 'multiplier')).toBe('multiplier-not-positive');
    expect(refused(example.instrumentFact, 'tickSize')).toBe('step-not-positive');
    expect(refused(example.instrumentFact, 'lotSize')).toBe('step-not-positive');
    expect(refused(example.split, 'ratio')).toBe('ratio-not-positive');
  });

  test('M6 what cannot be owed is not negative', () => {
    expect(refusedFields({ ...deposit, cost: '-1' })).toEqual([['cost', 'negative']]);
    expect(refusedFields({ ...order, filled: '-1' })).toEqual([['filled', 'negative']]);
    expect(refusedFields({ ...example.split, cashInLieu: '-1' })).toEqual([
      ['cashInLieu', 'negative'],
    ]);
  });

  test.each(['-0.12', '0', '0.12'])('M6 funding of %s is signed', (amount) => {
    expect(factOf({ ...funding, amount })).toMatchObject({ amount: decimal(amount) });
  });

  test('M6 a return of capital is signed: the fund may keep a dividend, the short pays it', () => {
    const kept = factOf({ ...example.returnOfCapital, amount: '-3.5' });
    expect(kept).toMatchObject({ amount: decimal('-3.5') });
  });

  test.each([
    ['7/1', '7', '1'],
    ['7', '7', '1'],
    ['1/1000', '1', '1000'],
    ['1.5/2', '1.5', '2'],
  ])('M6 a split of %s', (ratio, numerator, denominator) => {
    expect(factOf({ ...example.split, ratio })).toMatchObject({
      numerator: decimal(numerator),
      denominator: decimal(denominator),
      cashInLieu: decimal('0'),
    });
  });

  test.each([
    ['7:1', 'not-a-ratio'],
    ['7/', 'not-a-ratio'],
    ['7/1/1', 'not-a-ratio'],
    ['', 'not-a-ratio'],
    [true, 'not-a-ratio'],
    [7, 'number-not-text'],
    ['1/0', 'ratio-not-positive'],
    ['-7/-1', 'ratio-not-positive'],
  ])('M6 a split of %j is refused: %s', (ratio, code) => {
    expect(refusedFields({ ...example.split, ratio })).toEqual([['ratio', code]]);
  });
});

describe('times', () => {
  test.each([
    ['2024-05-01T12:30:00', 'time-without-offset'],
    ['2024-05-01 12:30:00.5', 'time-without-offset'],
    ['2024-05-01T12:30:00.1234567890Z', 'time-too-fine'],
    ['2023-02-29T00:00:00Z', 'not-a-time'],
    ['2024-05-01T25:00:00Z', 'not-a-time'],
    ['2024-05-01', 'not-a-time'],
    ['0024-05-01T12:30:00Z', 'time-out-of-range'],
    ['1714566600', 'not-a-time'],
    ['', 'not-a-time'],
    [1714566600000, 'not-a-time'],
    ['1899-12-31T23:59:59Z', 'time-out-of-range'],
    ['1900-01-01T00:00:00+01:00', 'time-out-of-range'],
    ['2262-01-01T00:00:00Z', 'time-out-of-range'],
    ['9999-12-31T23:59:59Z', 'time-out-of-range'],
  ])('M7 the time %j is refused: %s', (time, code) => {
    expect(refusedFields({ ...fill, time })).toEqual([['time', code]]);
  });

  test.each([
    ['2024-05-01T14:30:00+02:00', '2024-05-01T12:30:00Z'],
    ['2024-05-01T12:30:00.123456789Z', '2024-05-01T12:30:00.123456789Z'],
    ['1900-01-01T00:00:00Z', '1900-01-01T00:00:00Z'],
    ['2261-12-31T23:59:59.999999999Z', '2261-12-31T23:59:59.999999999Z'],
  ])('M7 the time %s is %s', (time, same) => {
    expect(factOf({ ...fill, time })).toMatchObject({ time: instant(same) });
  });
});

describe('words', () => {
  test.each([
    ['side', 'BUY', 'not-one-of'],
    ['side', 'long', 'not-one-of'],
    ['side', 1, 'not-one-of'],
    ['leg', 'both', 'not-one-of'],
    ['liquidity', 'Maker', 'not-one-of'],
    ['cause', 'stop', 'not-one-of'],
    ['provisional', 'true', 'not-a-boolean'],
    ['provisional', 0, 'not-a-boolean'],
  ])('M8 a fill with %s %j is refused: %s', (name, value, code) => {
    expect(refusedFields({ ...fill, [name]: value })).toEqual([[name, code]]);
  });

  test('M8 the nearest word is offered, else the list', () => {
    const hint = (side: string) =>
      parseFact({ ...fill, side }, {}, { strict: false }).refusals[0]?.hint;
    expect([hint('BUY'), hint('long')]).toEqual(['did you mean buy?', 'write one of buy, sell']);
  });
});

describe('fees', () => {
  const usdt = (amount: string) => ({ currency: 'USDT', amount: decimal(amount) });

  test.each([
    [{}, null],
    [{ fee: null }, null],
    [{ fee: null, feeCurrency: 'USDT' }, null],
    [{ fee: '0' }, []],
    [{ fee: '0', feeCurrency: 'USDT' }, []],
    [{ fees: [] }, []],
    [{ fee: '0.03', feeCurrency: 'USDT' }, [usdt('0.03')]],
    [{ fee: '-0.01', feeCurrency: 'USDT' }, [usdt('-0.01')]],
    [{ fees: [{ currency: 'USDT', amount: '1' }] }, [usdt('1')]],
    [{ fees: [{ currency: 'USDT', amount: '0' }] }, []],
  ])('M9 %j is read', (given, fees) => {
    expect(factOf({ ...fill, ...given })).toMatchObject({ fees });
  });

  test.each([
    [{ fee: '0.03' }, 'fee', 'fee-currency-missing'],
    [{ fee: 0.03, feeCurrency: 'USDT' }, 'fee', 'number-not-text'],
    [{ fee: '1', feeCurrency: 'USDT', fees: [] }, 'fee', 'fee-twice'],
    [{ fee: '0', fees: [] }, 'fee', 'fee-twice'],
    [{ fees: '0.03 USDT' }, 'fees', 'not-a-list'],
    [{ fees: [null] }, 'fees[0]', 'not-an-object'],
    [{ fees: [{ amount: '1' }] }, 'fees[0].currency', 'field-missing'],
    [{ fees: [{ currency: 'BNB', amount: 1 }] }, 'fees[0].amount', 'number-not-text'],
  ])('M9 %j is refused at %s: %s', (given, field, code) => {
    expect(refusedFields({ ...fill, ...given })).toEqual([[field, code]]);
  });

  test('M9 the fee of a withdrawal has its currency too', () => {
    expect(factOf({ ...withdrawal, fee: '1', feeCurrency: 'USDT' })).toMatchObject({
      fee: usdt('1'),
    });
    expect(refusedFields({ ...withdrawal, fee: '1' })).toEqual([['fee', 'fee-currency-missing']]);
  });
});
