import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Floor } from '../../emulator/exchange/floor.ts';
import type { Transaction } from '../../emulator/exchange/transactions.ts';
import { VenueClock } from '../../emulator/exchange/venue-clock.ts';
import { add, subtract } from '../../src/decimal/decimal.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import { fromMilliseconds } from '../../src/model/instant.ts';
import { openPaperExchange } from '../../src/venues/paper/exchange.ts';
import { btc, inverse, paper, spot } from './stand.ts';

const startMs = 1_700_000_000_000;

/** A floor without a server, at a clock that stands. */
function floorAt(third: boolean) {
  let ms = startMs;
  const clock = new VenueClock({ now: () => fromMilliseconds(ms), after: () => () => undefined });
  const inCoin = { coin: 'BNB', rate: decimal('600') };
  const fees = third ? { ...paper.fees, in: inCoin } : paper.fees;
  const options = { ...paper, fees, startAt: clock.now() };
  const exchange = openPaperExchange(options);
  for (const coin of ['USDT', 'BTC', 'BNB']) exchange.deposit(coin, decimal('100000'));
  const floor = new Floor({ exchange, paper: options, clock, remembers: true });
  let orders = 0;
  return {
    floor,
    pass(minutes: number) {
      ms += minutes * 60_000;
      floor.settle();
    },
    quote(instrument: string, price: number) {
      const size = decimal('100000');
      const bid = decimal(String(price));
      const touch = { bid, bidSize: size, ask: decimal(String(price + 1)), askSize: size };
      floor.advance({ kind: 'touch', instrument, at: clock.now(), ...touch });
      floor.advance({ kind: 'mark', instrument, at: clock.now(), price: bid });
    },
    order(instrument: string, side: 'buy' | 'sell', quantity: string) {
      orders += 1;
      const none = { price: null, reduceOnly: false, trigger: null, leg: 'net' } as const;
      return floor.submit({
        ...{ clientOrderId: `order-${orders}`, instrument, side, type: 'market' },
        ...{ quantity: decimal(quantity), timeInForce: 'ioc', ...none },
      });
    },
  };
}

function expectIdentity(rows: readonly Transaction[]) {
  const balances = new Map<string, string>();
  for (const { currency, cashFlow, funding, fee, change, balance } of rows) {
    expect(toText(change)).toBe(toText(subtract(add(cashFlow, funding), fee)));
    const before = decimal(balances.get(currency) ?? '0');
    expect(toText(balance)).toBe(toText(add(before, change)));
    balances.set(currency, toText(balance));
  }
  return balances;
}

const step = fc.record({
  instrument: fc.constantFrom(btc, inverse, spot),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  lots: fc.integer({ min: 1, max: 900 }),
  price: fc.integer({ min: 20_000, max: 90_000 }),
  next: fc.constantFrom('nothing', 'nothing', 'nothing', 'bust', 'pass', 'deleverage'),
});

const lotText = (instrument: string, lots: number): string =>
  instrument === inverse ? String(lots) : toText(decimal(`0.${String(lots).padStart(3, '0')}`));

test('EM5 whatever happened, the log adds up to what the exchange states', () => {
  let busts = 0;
  const run = (steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]) => {
    const { floor, quote, order, pass } = floorAt(steps.length % 2 === 0);
    for (const { instrument, side, lots, price, next } of steps) {
      quote(instrument, price);
      order(instrument, side, lotText(instrument, lots));
      const last = floor.exchange.fills().at(-1);
      if (next === 'bust' && last !== undefined && floor.history.order(last.orderId)) {
        const isTold = floor.view().events.some((e) => e.kind === 'execution' && e.fill === last);
        if (isTold) floor.act((exchange) => exchange.bust(last.executionId));
        if (isTold) busts += 1;
      }
      if (next === 'pass') {
        const rate = decimal('0.0001');
        const at = floor.exchange.now();
        floor.advance({ kind: 'funding-rate', instrument: btc, at, rate });
        pass(8 * 60);
      }
      const held = floor.view().positions.find((one) => one.instrument === btc);
      if (next === 'deleverage' && held !== undefined)
        floor.act((exchange) => exchange.deleverage(btc, decimal('0.001')));
    }
    const balances = expectIdentity(floor.view().transactions);
    for (const { currency, total } of floor.view().balances)
      expect([currency, balances.get(currency)]).toEqual([currency, toText(total)]);
    for (const { instrument, leg, quantity } of floor.view().positions) {
      const tally = floor.history.transactions.tally.quantity(instrument, leg);
      expect(toText(tally)).toBe(toText(quantity));
    }
  };
  fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), run), { numRuns: 150 });
  expect(busts).toBeGreaterThan(50);
});

test('EM21 the account is told as it was: positions, orders, executions and the log', () => {
  const { floor, quote, order, pass } = floorAt(false);
  quote(btc, 60_000);
  order(btc, 'buy', '0.5');
  pass(1);
  order(btc, 'buy', '0.25');
  const quantities = (agoMs: number) =>
    floor.view(agoMs).positions.map(({ quantity }) => toText(quantity));
  expect(quantities(0)).toEqual(['0.75']);
  expect(quantities(1)).toEqual(['0.5']);
  expect(floor.view(1).events).toHaveLength(1);
  expect(floor.view(1).orders).toHaveLength(1);
  expect(floor.view(0).orders).toHaveLength(2);
});
