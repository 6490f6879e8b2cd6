/** What trades, against what, and in which order: tables of small markets. */
import { expect, test } from 'vitest';
import { cases } from './matching-case.ts';
import { at, Bench, linear } from './paper-kit.ts';

cases('PX1 PX2', [
  {
    name: 'a print at the price eats the queue of 5 first: 4, then 3 leave 2 for us',
    run: (b) => {
      b.touch('100 5', '101 5');
      b.submit('buy', { price: '100', quantity: '3' });
      b.trade('100 4', 'sell');
      b.trade('100 3', 'sell');
    },
    fills: ['c1 buy 2 @ 100 maker'],
    orders: ['c1 open 2'],
  },
  {
    name: 'a smaller display shrinks the queue to what is displayed: 5 to 2',
    run: (b) => {
      b.touch('100 5', '101 5');
      b.submit('buy', { price: '100', quantity: '3' });
      b.touch('100 2', '101 5');
      b.trade('100 3', 'sell'); // The display already showed 3 of them go.
      b.trade('100 3', 'sell'); // 2 were ahead.
    },
    fills: ['c1 buy 1 @ 100 maker'],
  },
  {
    name: 'a larger display is behind us',
    run: (b) => {
      b.touch('100 2', '101 5');
      b.submit('buy', { price: '100', quantity: '3' });
      b.touch('100 9', '101 5');
      b.trade('100 4', 'sell');
    },
    fills: ['c1 buy 2 @ 100 maker'],
  },
  {
    name: 'the level is gone before its print comes: the print was of those ahead',
    run: (b) => {
      b.touch('100 5', '101 5');
      b.submit('buy', { price: '100', quantity: '3' });
      b.touch('99 8', '101 5');
      b.trade('100 5', 'sell');
      b.trade('100 1', 'sell');
    },
    fills: ['c1 buy 1 @ 100 maker'],
  },
  {
    name: 'a print through the price passes all that was ahead, up to its size',
    run: (b) => {
      b.touch('100 5', '101 5');
      b.submit('buy', { price: '100', quantity: '3' });
      b.trade('99.9 2', 'sell');
    },
    fills: ['c1 buy 2 @ 100 maker'],
  },
  {
    name: 'a print at the price by the same side is not against us',
    run: (b) => {
      b.touch('100 0', '101 5');
      b.submit('buy', { price: '100', quantity: '3' });
      b.trade('100 9', 'buy');
    },
    fills: [],
  },
  {
    name: 'two of our orders share a print: the better price first, no unit twice',
    run: (b) => {
      b.touch('100 1', '102 5');
      b.submit('buy', { price: '100', quantity: '2' });
      b.submit('buy', { price: '101', quantity: '2' });
      b.submit('buy', { price: '100', quantity: '2' });
      b.trade('100 5', 'sell'); // 2 to c2, 1 to the queue, 2 to c1.
      b.trade('100 1', 'sell');
    },
    fills: ['c2 buy 2 @ 101 maker', 'c1 buy 2 @ 100 maker', 'c3 buy 1 @ 100 maker'],
  },
  {
    name: 'behind the touch at a level that the data does not show: only through',
    run: (b) => {
      b.touch('100 5', '101 5');
      b.submit('buy', { price: '98', quantity: '1' });
      b.trade('98 50', 'sell');
      b.trade('97.9 50', 'sell');
    },
    fills: ['c1 buy 1 @ 98 maker'],
  },
  {
    name: 'sells are the mirror: 5 ahead at the ask',
    run: (b) => {
      b.touch('100 5', '101 5');
      b.submit('sell', { price: '101', quantity: '3' });
      b.trade('101 7', 'buy');
    },
    fills: ['c1 sell 2 @ 101 maker'],
  },
]);

cases('PX3', [
  {
    name: 'a market order walks the levels that are shown, the rest is cancelled',
    run: (b) => {
      b.touch('100 5', '101 2');
      b.depth([], ['101.5 3', '102 4']);
      b.submit('buy', { quantity: '10' });
    },
    fills: ['c1 buy 2 @ 101 taker', 'c1 buy 3 @ 101.5 taker', 'c1 buy 4 @ 102 taker'],
    orders: ['c1 cancelled 9'],
  },
  {
    name: 'a limit takes up to its price and rests with what is left',
    run: (b) => {
      b.touch('100 5', '101 2');
      b.depth([], ['101.5 3']);
      b.submit('buy', { price: '101', quantity: '3' });
      b.trade('100.9 1', 'sell');
    },
    fills: ['c1 buy 2 @ 101 taker', 'c1 buy 1 @ 101 maker'],
    orders: ['c1 filled 3'],
  },
  {
    name: 'what was taken is gone until more is shown: 2 of 2, then 3 shown give 1',
    run: (b) => {
      b.touch('100 5', '101 2');
      b.submit('buy', { quantity: '2' });
      b.submit('buy', { quantity: '2' });
      b.touch('100 6', '101 2');
      b.submit('buy', { quantity: '2' });
      b.touch('100 6', '101 3');
      b.submit('buy', { quantity: '2' });
    },
    fills: ['c1 buy 2 @ 101 taker', 'c4 buy 1 @ 101 taker'],
    orders: ['c1 filled 2', 'c2 cancelled 0', 'c3 cancelled 0', 'c4 cancelled 1'],
  },
  {
    name: 'the touch went away and came back: it is new',
    run: (b) => {
      b.touch('100 5', '101 2');
      b.submit('buy', { quantity: '2' });
      b.touch('100 5', '101.5 2');
      b.touch('100 5', '101 2');
      b.submit('buy', { quantity: '2' });
    },
    fills: ['c1 buy 2 @ 101 taker', 'c2 buy 2 @ 101 taker'],
  },
  {
    name: 'a whole book without a touch is walked as well',
    run: (b) => {
      b.depth(['99 1', '100 4'], ['103 1', '102 2'], true);
      b.submit('sell', { quantity: '5' });
      b.depth(['100 0', '98 7'], []);
      b.submit('sell', { quantity: '2' });
    },
    fills: ['c1 sell 4 @ 100 taker', 'c1 sell 1 @ 99 taker', 'c2 sell 2 @ 98 taker'],
  },
  {
    name: 'changes of a book whose beginning is not known are no book: the order waits',
    run: (b) => {
      b.depth(['99 1'], ['103 1']);
      b.submit('buy', { price: '105', quantity: '1' });
      b.touch('100 5', '101 2');
    },
    fills: ['c1 buy 1 @ 101 taker'],
  },
  {
    name: 'with prints alone, a taker gets what the next taker of its side got',
    run: (b) => {
      b.trade('100 1', 'buy');
      b.submit('buy', { quantity: '3' });
      b.trade('99 5', 'sell');
      b.trade('100.5 2', 'buy');
    },
    fills: ['c1 buy 2 @ 100.5 taker'],
    orders: ['c1 cancelled 2'],
  },
]);

cases('PX4 PX5', [
  {
    name: 'immediate or cancel takes what is there',
    run: (b) => {
      b.touch('100 5', '101 2');
      b.submit('buy', { price: '101', quantity: '3', timeInForce: 'ioc' });
      b.submit('buy', { price: '100.5', quantity: '3', timeInForce: 'ioc' });
    },
    fills: ['c1 buy 2 @ 101 taker'],
    orders: ['c1 cancelled 2', 'c2 cancelled 0'],
  },
  {
    name: 'fill or kill takes all or nothing',
    run: (b) => {
      b.touch('100 5', '101 2');
      b.submit('buy', { price: '101', quantity: '3', timeInForce: 'fok' });
      b.submit('buy', { price: '101', quantity: '2', timeInForce: 'fok' });
    },
    fills: ['c2 buy 2 @ 101 taker'],
    orders: ['c1 cancelled 0', 'c2 filled 2'],
  },
  {
    name: 'post-only is rejected where it would take',
    run: (b) => {
      b.touch('100 5', '101 2');
      b.submit('buy', { price: '101', timeInForce: 'post-only' });
      b.submit('buy', { price: '100.9', timeInForce: 'post-only' });
    },
    fills: [],
    orders: ['c1 rejected 0', 'c2 open 0'],
  },
  {
    name: 'a triggered order is none before the last trade touches its price',
    run: (b) => {
      b.touch('100 5', '101 5');
      b.trade('100 1', 'sell');
      b.submit('sell', { trigger: ['falls-to', '99'] });
      b.submit('buy', { trigger: ['rises-to', '103'] });
      b.trade('99.1 1', 'sell');
      b.trade('99 1', 'sell');
    },
    fills: ['c1 sell 1 @ 100 taker'],
    orders: ['c1 filled 1', 'c2 open 0'],
  },
  {
    name: 'a trigger by mark does not hear trades once there are marks',
    run: (b) => {
      b.touch('100 5', '101 5');
      b.mark('100');
      b.submit('sell', { trigger: ['falls-to', '99', 'mark'] });
      b.trade('98 1', 'sell');
      b.mark('99.5');
      b.submit('sell', { price: '100.5', trigger: ['rises-to', '99.5', 'mark'] });
    },
    fills: [],
    orders: ['c1 open 0', 'c2 open 0'],
  },
]);

cases('PX9', [
  {
    name: 'an order never trades with our own: what would is cancelled',
    run: (b) => {
      b.touch('100 5', '102 5');
      b.submit('sell', { price: '101', quantity: '1' });
      b.submit('buy', { price: '101', quantity: '1' });
      b.touch('100 5', '100.5 1');
      b.submit('buy', { price: '103', quantity: '3' });
    },
    fills: ['c3 buy 1 @ 100.5 taker'],
    orders: ['c1 open 0', 'c2 cancelled 0', 'c3 cancelled 1'],
  },
]);

cases('PX6 PX10', [
  {
    name: 'a smaller size keeps the place: 2 ahead',
    run: (b) => {
      b.touch('100 2', '101 5');
      b.submit('buy', { price: '100', quantity: '3' });
      b.touch('100 9', '101 5');
      b.amend('c1', { quantity: '1' });
      b.trade('100 3', 'sell');
    },
    fills: ['c1 buy 1 @ 100 maker'],
    orders: ['c1 filled 1'],
  },
  {
    name: 'a larger size goes behind the 9 that are shown',
    run: (b) => {
      b.touch('100 2', '101 5');
      b.submit('buy', { price: '100', quantity: '3' });
      b.touch('100 9', '101 5');
      b.amend('c1', { quantity: '4' });
      b.trade('100 9', 'sell');
      b.trade('100 1', 'sell');
    },
    fills: ['c1 buy 1 @ 100 maker'],
  },
  {
    name: 'another price goes behind what is shown there, or takes',
    run: (b) => {
      b.touch('100 2', '101 5');
      b.submit('buy', { price: '99', quantity: '3' });
      b.amend('c1', { price: '100' });
      b.trade('100 3', 'sell');
      b.amend('c1', { price: '101' });
    },
    fills: ['c1 buy 1 @ 100 maker', 'c1 buy 2 @ 101 taker'],
    orders: ['c1 filled 3'],
  },
  {
    name: 'less than what has filled cancels the rest',
    run: (b) => {
      b.touch('100 0', '101 5');
      b.submit('buy', { price: '100', quantity: '3' });
      b.trade('100 2', 'sell');
      b.amend('c1', { quantity: '2' });
    },
    fills: ['c1 buy 2 @ 100 maker'],
    orders: ['c1 cancelled 2'],
  },
  {
    name: 'reduce-only takes no more than the position, and goes with it',
    run: (b) => {
      b.touch('100 5', '101 5');
      b.submit('buy', { quantity: '2' });
      b.submit('sell', { price: '102', quantity: '9', reduceOnly: true });
      b.submit('sell', { price: '103', quantity: '1', reduceOnly: true });
      b.trade('102.1 50', 'buy');
    },
    fills: ['c1 buy 2 @ 101 taker', 'c2 sell 2 @ 102 maker'],
    orders: ['c1 filled 2', 'c2 cancelled 2', 'c3 cancelled 0'],
  },
]);

test('PX7 a message arrives after its latency, in the order in which it was sent', () => {
  const b = new Bench(linear, { latencyMs: 100 });
  b.touch('100 0', '101 5', at(1));
  b.submit('buy', { price: '100', quantity: '1' });
  expect(b.order('c1').status).toBe('new');
  b.trade('100 1', 'sell', at(1.049));
  expect(b.fills()).toEqual([]);
  b.exchange.elapse(at(1.15));
  expect(b.order('c1').status).toBe('open');
  b.cancel('c1');
  b.trade('100 0.4', 'sell', at(1.16));
  expect(b.fills()).toEqual(['c1 buy 0.4 @ 100 maker']);
  b.exchange.elapse(at(1.31));
  expect(b.order('c1').status).toBe('cancelled');
  expect(b.cancel('c1')).toMatchObject({ status: 'refused', code: 'order-done' });
});
