/** What trades in bars, which show four prices and no order among them. */
import { cases } from './matching-case.ts';

cases('PX11', [
  {
    name: 'a market order pays the next open and the slippage: 100 + 0.05 % on the tick',
    run: (b) => {
      b.bar('90 95 85 95', '100');
      b.submit('buy', {});
      b.bar('100 110 90 105', '100');
    },
    fills: ['c1 buy 1 @ 100.1 taker'],
  },
  {
    name: 'a limit trades only where a bar goes through it: 90 is not through 90',
    run: (b) => {
      b.bar('100 105 95 100', '100');
      b.submit('buy', { price: '90' });
      b.bar('100 110 90 105', '100');
      b.bar('100 110 89.9 105', '100');
    },
    fills: ['c1 buy 1 @ 90 maker'],
  },
  {
    name: 'all fills of a bar share a tenth of its volume: 2 of 20',
    run: (b) => {
      b.bar('100 105 95 100', '100');
      b.submit('buy', { price: '97', quantity: '3' });
      b.submit('sell', { quantity: '1.5' });
      b.bar('100 110 90 105', '20');
    },
    fills: ['c2 sell 1.5 @ 99.9 taker', 'c1 buy 0.5 @ 97 maker'],
  },
  {
    name: 'a stop comes before the limit that the same bar may have reached',
    run: (b) => {
      b.bar('100 105 95 100', '100');
      b.submit('buy', {});
      b.bar('100 101 99 100', '100');
      b.submit('sell', { price: '110', reduceOnly: true });
      b.submit('sell', { trigger: ['falls-to', '95'], reduceOnly: true });
      b.bar('100 120 90 100', '100');
    },
    fills: ['c1 buy 1 @ 100.1 taker', 'c3 sell 1 @ 94.9 taker'],
    orders: ['c1 filled 1', 'c2 cancelled 0', 'c3 filled 1'],
  },
  {
    name: 'a stop that the open jumped over trades at the open',
    run: (b) => {
      b.bar('100 105 95 100', '100');
      b.submit('sell', { trigger: ['falls-to', '95'] });
      b.bar('80 81 79 80', '100');
    },
    fills: ['c1 sell 1 @ 79.9 taker'],
  },
]);
