import { expect, test } from 'vitest';
import { compare, equals } from '../../../src/decimal/decimal.ts';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { instant } from '../../../src/model/instant.ts';
import { Bars } from '../../../src/service/demo/bars.ts';
import { DemoMarket, demoInstruments } from '../../../src/service/demo/market.ts';

const at = (seconds: number) => instant('2026-01-12T10:00:00Z') + BigInt(seconds) * 1_000_000_000n;

const movesOf = (seed: number, moves = 400) => {
  const market = new DemoMarket(seed);
  return Array.from({ length: moves }, (_, index) => market.move(at(index))).flat();
};

test('DM5 the same seed gives the same prices, another one others', () => {
  expect(movesOf(7)).toEqual(movesOf(7));
  expect(movesOf(7)).not.toEqual(movesOf(8));
});

test('DM5 each price is a whole number of ticks, and whoever buys pays more than who sells', () => {
  for (const event of movesOf(3)) {
    const { tickSize } = demoInstruments.find(
      ({ instrument }) => instrument.name === event.instrument,
    )!.instrument;
    const digits = tickSize!.scale;
    const prices =
      event.kind === 'touch' ? [event.bid, event.ask] : 'price' in event ? [event.price] : [];
    for (const price of prices) expect(price.scale).toBeLessThanOrEqual(digits);
    if (event.kind === 'touch') expect(compare(event.bid, event.ask)).toBe(-1);
  }
});

test('DM5 prices move, both ways', () => {
  const marks = movesOf(5).flatMap((event) =>
    event.kind === 'mark' && event.instrument === 'BTC/USDT:USDT' ? [event.price] : [],
  );
  const ways = new Set(marks.slice(1).map((price, index) => compare(price, marks[index]!)));
  expect(ways.has(1) && ways.has(-1)).toBe(true);
});

test('DM5 a bar has the first, the highest, the lowest and the last of its moves', () => {
  const bars = new Bars(4);
  const closed = ['5', '9', '2', '7', '8', '1', '3', '4'].map((price, index) =>
    bars.add(decimal(price), at(index)),
  );
  expect(closed).toEqual([false, false, false, true, false, false, false, true]);
  const texts = bars.closed.map(({ open, high, low, close }) =>
    [open, high, low, close].map(toText).join(' '),
  );
  expect(texts).toEqual(['5 9 2 7', '8 8 1 4']);
  expect(equals(bars.closed[0]!.volume, decimal('4'))).toBe(true);
  expect(bars.closed[1]!.at).toBe(at(7));
});
