/** The conformance suite on Binance's USD-margined contracts: the real client on the emulator. */
import { addMilliseconds } from '../../../src/model/instant.ts';
import { rest } from '../../../src/service/listening/asking.ts';
import { systemClock } from '../../../src/service/system-clock.ts';
import { ccxtVenue } from '../../../src/venues/ccxt/ccxt-venue.ts';
import { btc, eth, openStand } from '../../emulator/stand.ts';
import { describeVenue } from '../conformance.ts';

describeVenue('binanceusdm through ccxt', async () => {
  const stand = await openStand();
  stand.quote(btc, '60000');
  stand.quote(eth, '3000');
  const venue = await ccxtVenue({
    exchange: 'binanceusdm',
    name: 'binanceusdm',
    account: 'main',
    credentials: { key: 'trader', secret: 'trader-secret' },
    local: stand.origin,
    clock: systemClock,
    wait: (ms, signal = new AbortController().signal) => rest(systemClock, ms, signal),
    paceMs: 0.1,
    trading: true,
  });
  return {
    venue,
    since: addMilliseconds(systemClock.now(), -3_600_000),
    contract: btc,
    streams: ['user'],
    trade: stand.trade,
    cut: () => stand.emulator.strike({ fault: 'close' }),
    async close() {
      await venue.close();
      await stand.close();
    },
  };
});
