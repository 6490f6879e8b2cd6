import { expect, test } from 'vitest';
import { parseFact } from '../../src/model/parse-fact.ts';
import { writeFact } from '../../src/model/write-fact.ts';
import { deposit, fill } from './examples.ts';

const rate = {
  currency: 'BTC',
  instrument: 'BTC/USDT',
  price: '60000.5',
  time: '2024-05-01T12:29:00Z',
};

const read = (value: object) => parseFact(value, {}, { strict: true });

test.each([
  ['a fill', { ...fill, rates: [rate] }],
  ['a deposit', { ...deposit, rates: [rate] }],
  ['a fill when no rate was in force', { ...fill, rates: [] }],
])('M20 the rates that %s brings along are written again', (_name, value) => {
  const { fact, refusals } = read(value);
  expect(refusals).toEqual([]);
  expect(writeFact(fact!)).toMatchObject(value);
});

test('M20 a fact that brings no rates is written without any', () => {
  expect(writeFact(read(fill).fact!)).not.toHaveProperty('rates');
});

test('M5 the price of a rate is decimal text', () => {
  const { refusals } = read({ ...fill, rates: [{ ...rate, price: 60000.5 }] });
  expect(refusals[0]!.where.field).toBe('rates[0].price');
});
