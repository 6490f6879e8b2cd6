/** The conformance suite on the paper exchange itself. */
import { decimal } from '../../../src/decimal/text.ts';
import { openPaperExchange } from '../../../src/venues/paper/exchange.ts';
import type { MarketEvent } from '../../../src/venues/paper/paper-exchange.ts';
import { PaperVenue } from '../../../src/venues/paper/paper-venue.ts';
import { describeVenue } from '../conformance.ts';
import { fees, linear, optionsOf } from './paper-kit.ts';

describeVenue('paper exchange', async () => {
  const options = optionsOf({ fees: fees('0.0002', '0.0005') });
  const exchange = openPaperExchange(options);
  const since = exchange.now();
  exchange.deposit('USDT', decimal('100000'));
  const advance = (event: object) =>
    exchange.advance({ at: exchange.now(), ...event } as MarketEvent);
  const size = decimal('1000');
  advance({
    ...{ kind: 'touch', instrument: linear.name, bid: decimal('60000'), bidSize: size },
    ...{ ask: decimal('60000.1'), askSize: size },
  });
  advance({ kind: 'mark', instrument: linear.name, price: decimal('60000') });
  const venue = new PaperVenue(exchange, options);
  return {
    ...{ venue, contract: linear.name, since, streams: ['account'] },
    // It lives in this process: there is no line that could break.
    cut: null,
    trade(instrument, price, quantity, side) {
      const amounts = { price: decimal(price), quantity: decimal(quantity) };
      advance({ kind: 'trade', instrument, ...amounts, side });
    },
    close: () => venue.close(),
  };
});
