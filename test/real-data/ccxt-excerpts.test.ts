import { expect, test } from 'vitest';
import { viewOf } from '../../src/books/book-view.ts';
import { toText, toTextOrNull } from '../../src/decimal/text.ts';
import { bookOf, ledgerOf } from './book-of.ts';
import { available, loadRoundTrip } from './ccxt-excerpts.ts';
import { needs } from './needs-data.ts';

needs(available(), 'ccxt-response-excerpts');

const bookedRoundTrip = () => {
  const { facts, expected } = loadRoundTrip('100');
  const fold = bookOf(ledgerOf(facts));
  const view = viewOf(fold, { asOf: 0n, marks: () => null, markMaxAgeMs: 0 });
  return { view, expected };
};

test('R6 the round trip realises -0.9681 before fees of 0.13531535', () => {
  const { view, expected } = bookedRoundTrip();
  const { gross, fees, net } = view.realisedPnl;
  const ours = [gross, fees, net].map(toTextOrNull);
  expect(ours).toEqual(['-0.9681', '0.13531535', '-1.10341535']);
  expect(ours).toEqual([expected.gross, expected.fees, expected.net]);
});

test('R6 the position is flat and its results are its own', () => {
  const { view, expected } = bookedRoundTrip();
  const [row, ...others] = view.positions;
  expect(others).toEqual([]);
  expect([row?.instrument, row?.type, toText(row!.quantity)]).toEqual([
    expected.instrument,
    'linear',
    '0',
  ]);
  expect(toText(row!.lifetime.realised)).toBe(expected.gross);
  const fees = row!.lifetime.fees.map(({ currency, amount }) => [currency, toText(amount)]);
  expect(fees).toEqual([['USDT', expected.fees]]);
});

test('R6 only profit and fees move the balance', () => {
  const { view, expected } = bookedRoundTrip();
  const balances = view.balances.map(({ currency, total }) => [currency, toText(total)]);
  expect(balances).toEqual([['USDT', expected.closingBalance]]);
  expect(toTextOrNull(view.equity.total)).toBe('98.89658465');
});
