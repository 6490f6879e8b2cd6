/** Money: what fills, fees, funding and the venue's force do to wallets and positions. */
import { expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { instant } from '../../../src/model/instant.ts';
import { PaperRefusal } from '../../../src/venues/paper/forced.ts';
import type { PaperOptions } from '../../../src/venues/paper/paper-exchange.ts';
import { Bench, fees, inverse, linear, spot } from './paper-kit.ts';

const code = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof PaperRefusal) return error.code;
    throw error;
  }
  return 'done';
};

test('PX12 a linear position: 2 at 100 and 1 at 103 average 101; 2 sold at 110 bring 18', () => {
  const b = new Bench(linear);
  b.touch('99 9', '100 2');
  b.submit('buy', { quantity: '2' });
  b.touch('99 9', '103 9');
  b.submit('buy', { quantity: '1' });
  expect(b.positions()).toEqual(['net 3 @ 101']);
  b.touch('110 9', '111 9');
  b.submit('sell', { quantity: '2' });
  expect(b.positions()).toEqual(['net 1 @ 101']);
  expect(b.wallet('USDT')).toBe('1000018'); // 2 x (110 - 101)
  b.submit('sell', { quantity: '4' });
  expect(b.positions()).toEqual(['net -3 @ 110']); // closes 1, opens 3
  expect(b.wallet('USDT')).toBe('1000027');
});

test('PX12 an inverse position: 1000 at 100 is 10 BTC, closed at 125 it is 8: gain 2', () => {
  const b = new Bench(inverse);
  b.touch('99 9', '100 1000');
  b.submit('buy', { quantity: '1000' });
  expect(b.positions()).toEqual(['net 1000 @ 100']);
  b.touch('125 1000', '126 9');
  b.submit('sell', { quantity: '1000' });
  expect(b.wallet('BTC')).toBe('102');
  expect(b.wallet('USDT')).toBe('1000000');
});

test('PX12 in hedge mode the legs stand apart, and a leg closes no more than it holds', () => {
  const b = new Bench(linear, { positionMode: 'hedge' });
  b.touch('100 9', '100.1 9');
  b.submit('buy', { quantity: '2', leg: 'long' });
  b.submit('sell', { quantity: '1', leg: 'short' });
  expect(b.positions()).toEqual(['long 2 @ 100.1', 'short -1 @ 100']);
  b.submit('sell', { quantity: '5', leg: 'long' });
  expect(b.positions()).toEqual(['short -1 @ 100']);
  expect(b.order('c3').status).toBe('cancelled');
  expect(b.submit('buy', {})).toMatchObject({ code: 'leg-not-in-mode' });
});

const fee = (options: PaperOptions['fees'], run: (b: Bench) => void, instrument = spot) => {
  const b = new Bench(instrument, { fees: options });
  b.exchange.deposit('BNB', decimal('1'));
  run(b);
  return b.exchange
    .fills()
    .map(({ fees: paid }) => paid!.map((one) => `${toText(one.amount)} ${one.currency}`).join());
};

const buyThenSell = (b: Bench) => {
  b.touch('100 9', '101 9');
  b.submit('buy', { quantity: '2' });
  b.submit('sell', { quantity: '1', price: '103' });
  b.trade('103.1 9', 'buy');
};

test.each([
  ['in quote: 202 x 0.001, then 103 x 0.0002', 'quote', ['0.202 USDT', '0.0206 USDT']],
  ['in what is received: 2 BTC x 0.001', 'received', ['0.002 BTC', '0.0206 USDT']],
  [
    'in a third coin worth 505: 0.202 / 505, 0.0206 / 505 to eight digits',
    { coin: 'BNB', rate: decimal('505') },
    ['0.0004 BNB', '0.00004079 BNB'],
  ],
  [
    'in quote where the third coin does not suffice: 0.202 / 0.1 is more than 1',
    { coin: 'BNB', rate: decimal('0.1') },
    ['0.202 USDT', '0.206 BNB'],
  ],
] as const)('PX15 a fee is paid %s', (_, where, expected) => {
  expect(fee(fees('0.0002', '0.001', where), buyThenSell)).toEqual(expected);
});

test('PX15 a rebate is a negative fee, a contract pays in its settle coin', () => {
  expect(fee(fees('-0.0001', '0', 'received'), buyThenSell)).toEqual(['', '-0.0103 USDT']);
  const paid = fee(
    fees('0', '0.0005', 'received'),
    (b) => {
      b.touch('100 9', '125 1000');
      b.submit('buy', { quantity: '1000' });
    },
    inverse,
  );
  expect(paid).toEqual(['0.004 BTC']); // 1000 / 125 x 0.0005
});

test('PX14 what an order needs is held back, and refused where it is not there', () => {
  const b = new Bench(spot, { fees: fees('0.001', '0.002') });
  b.touch('100 9', '101 9');
  b.submit('buy', { price: '90', quantity: '100' });
  expect(b.available('USDT')).toBe('990982'); // 1000000 - 9000 x 1.002
  expect(b.submit('buy', { price: '100', quantity: '9900' })).toMatchObject({
    ...{ status: 'refused', code: 'insufficient-funds' },
  });
  expect(b.submit('sell', { price: '110', quantity: '100.001' })).toMatchObject({
    code: 'insufficient-funds',
  });
  b.submit('sell', { price: '110', quantity: '60' });
  expect(b.available('BTC')).toBe('40');
  b.cancel('c1');
  b.amend('c4', { quantity: '20' });
  expect([b.available('USDT'), b.available('BTC')]).toEqual(['1000000', '80']);
  expect(code(() => b.exchange.withdraw('BTC', decimal('80.1')))).toBe('insufficient-funds');
  expect(code(() => b.exchange.withdraw('BTC', decimal('80')))).toBe('done');
  expect([b.wallet('BTC'), b.available('BTC')]).toEqual(['20', '0']);
});

test('PX14 a contract holds back a tenth at ten times leverage, nothing to close', () => {
  const b = new Bench(linear);
  b.touch('100 90000', '100.1 90000');
  b.submit('sell', { price: '200', quantity: '1000' });
  expect(b.available('USDT')).toBe('980000'); // 200 x 1000 / 10
  b.cancel('c1');
  b.submit('sell', { quantity: '90000' });
  b.trade('100 1', 'sell');
  expect(b.available('USDT')).toBe('100000'); // 1000000 - 90000 x 100 / 10
  expect(b.submit('sell', { quantity: '20000' })).toMatchObject({ code: 'insufficient-funds' });
  expect(b.submit('buy', { price: '99', quantity: '90000' }).status).toBe('accepted');
  expect(b.available('USDT')).toBe('100000');
  b.trade('101 1', 'sell'); // Unrealised -90000: equity 910000, margin 909000.
  expect(b.available('USDT')).toBe('1000');
});

test('PX14 unrealised gains are not available; a walk up the book ends with the money', () => {
  const b = new Bench(linear);
  b.touch('100 90000', '100.1 90000');
  b.submit('sell', { quantity: '90000' });
  b.trade('99 1', 'sell'); // Margin 99 x 90000 / 10 on the wallet of 1000000.
  expect(b.available('USDT')).toBe('109000');
  const c = new Bench(spot);
  c.touch('99 9', '100 1');
  c.depth([], ['299999 9']);
  c.submit('buy', { quantity: '5' });
  // 999900 / 299999 is 3.33301: a lot more would not be payable.
  expect(c.fills()).toEqual(['c1 buy 1 @ 100 taker', 'c1 buy 3.333 @ 299999 taker']);
  expect(c.wallet('USDT')).toBe('3.333');
});

test('PX16 funding is paid at the hours of the venue, by the rate in force at the mark', () => {
  const b = new Bench(linear, { fundingHours: 4 });
  b.touch('100 9', '101 9');
  b.submit('sell', { quantity: '3' });
  b.mark('100.5');
  b.exchange.elapse(instant('2026-01-05T12:00:00Z')); // No rate is known.
  b.advance({ kind: 'funding-rate', rate: decimal('0.0001') }, instant('2026-01-05T13:00:00Z'));
  b.mark('102', instant('2026-01-05T16:00:00Z'));
  b.mark('103', instant('2026-01-05T16:00:01Z'));
  b.exchange.elapse(instant('2026-01-06T00:00:00Z'));
  const paid = b.exchange.cashFlows().filter(({ kind }) => kind === 'funding');
  expect(paid.map(({ time, amount }) => [time, toText(amount)])).toEqual([
    [instant('2026-01-05T16:00:00Z'), '0.0306'], // 3 x 102 x 0.0001 to the short
    [instant('2026-01-05T20:00:00Z'), '0.0309'],
    [instant('2026-01-06T00:00:00Z'), '0.0309'],
  ]);
  expect(b.wallet('USDT')).toBe('1000000.0924');
});

test('PX17 a position is liquidated when equity falls below its maintenance margin', () => {
  const b = new Bench(linear, { fees: fees('0', '0.001') });
  b.touch('100 90000', '100 90000');
  b.submit('buy', { quantity: '80000' }); // 8,000,000 of worth on 992,000
  b.submit('buy', { price: '50', quantity: '10' });
  b.mark('88.1'); // Equity 40000, maintenance 88.1 x 80000 x 0.005 = 35240.
  expect(b.positions()).toEqual(['net 80000 @ 100']);
  b.mark('88'); // Equity 32000, maintenance 35200.
  expect(b.positions()).toEqual([]);
  expect(b.fills().at(-1)).toBe('liquidation sell 80000 @ 88 taker');
  expect(b.order('c2').status).toBe('cancelled');
  expect(b.wallet('USDT')).toBe('24960'); // 992000 - 960000 - 7040
});

test('PX17 deleveraging takes a part at the mark without a fee; liquidation on demand all', () => {
  const b = new Bench(linear, { fees: fees('0', '0.001') });
  expect(code(() => b.exchange.liquidate(linear.name))).toBe('no-position');
  b.touch('100 9', '100 9');
  b.submit('sell', { quantity: '5' });
  expect(code(() => b.exchange.deleverage(linear.name, decimal('2')))).toBe('no-mark');
  b.mark('90');
  b.exchange.deleverage(linear.name, decimal('2'));
  expect(b.exchange.fills().at(-1)).toMatchObject({ cause: 'adl', side: 'buy', fees: [] });
  expect(b.positions()).toEqual(['net -3 @ 100']);
  b.exchange.liquidate(linear.name);
  expect(b.fills().slice(1)).toEqual(['adl buy 2 @ 90 taker', 'liquidation buy 3 @ 90 taker']);
});

test('PX18 a fill that is taken back never was: balances, positions, the order, the list', () => {
  const b = new Bench(linear, { fees: fees('0', '0.001') });
  const busts: string[] = [];
  b.exchange.listen((event) => {
    if (event.kind === 'bust') busts.push(event.bust.executionId);
  });
  b.touch('99 9', '100 1');
  b.submit('buy', { quantity: '1' });
  b.touch('99 9', '110 9');
  b.submit('buy', { quantity: '1' });
  const [first] = b.exchange.fills();
  b.exchange.bust(first!.executionId);
  expect(b.positions()).toEqual(['net 1 @ 110']);
  expect(b.wallet('USDT')).toBe('999999.89');
  expect(toText(b.order('c1').filled!)).toBe('0');
  expect(b.exchange.statement().executions!.items.length).toBe(1);
  expect(busts).toEqual([first!.executionId]);
  expect(code(() => b.exchange.bust(first!.executionId))).toBe('no-execution');
});

test('PX18 a fill whose leg was closed since is not taken back: the leg would cross zero', () => {
  const b = new Bench(linear, { positionMode: 'hedge' });
  b.touch('100 9', '100 9');
  b.submit('buy', { leg: 'long' });
  b.submit('sell', { leg: 'long' });
  const [open, close] = b.exchange.fills().map(({ executionId }) => executionId);
  expect(code(() => b.exchange.bust(open!))).toBe('closed-since');
  expect(code(() => b.exchange.bust(close!))).toBe('done');
  expect(b.positions()).toEqual(['long 1 @ 100']);
});

test.each([
  ['instrument-unknown', { instrument: 'X/USDT' }],
  ['client-order-id-missing', { clientOrderId: '' }],
  ['client-order-id-duplicate', { clientOrderId: 'taken' }],
  ['price-missing', { type: 'limit' }],
  ['price-unexpected', { type: 'market', price: '100' }],
  ['post-only-needs-limit', { timeInForce: 'post-only' }],
  ['leg-not-in-mode', { leg: 'long' }],
  ['quantity-not-positive', { quantity: '0' }],
  ['quantity-off-lot', { quantity: '1.0005' }],
  ['number-too-large', { quantity: '9000000000000000000' }],
  ['price-not-positive', { price: '0' }],
  ['price-off-tick', { price: '100.05' }],
  ['price-off-tick', { trigger: ['rises-to', '100.05'] }],
  ['notional-too-small', { price: '90', quantity: '0.1' }],
  ['reduce-only-without-position', { reduceOnly: true }],
  ['insufficient-funds', { price: '100', quantity: '200000' }],
] as const)('PX8 %s: %j is refused', (expected, parts) => {
  const b = new Bench(linear, { minNotional: decimal('10') });
  b.touch('99 9', '100 9');
  b.submit('buy', { price: '90', clientOrderId: 'taken' });
  expect(b.submit('buy', parts)).toMatchObject({ status: 'refused', code: expected });
  expect(b.exchange.orders().length).toBe(1);
});

test('PX8 other refusals: reduce-only on spot, a market of which nothing is known', () => {
  const b = new Bench(spot);
  expect(b.submit('buy', {})).toMatchObject({ code: 'market-unknown' });
  expect(b.submit('buy', { price: '1', reduceOnly: true })).toMatchObject({
    code: 'reduce-only-on-spot',
  });
  expect(b.cancel('none')).toMatchObject({ code: 'order-unknown' });
  expect(b.amend('none', { price: '2' })).toMatchObject({ code: 'order-unknown' });
});
