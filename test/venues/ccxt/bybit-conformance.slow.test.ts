/** The conformance suite on Bybit: the real ccxt client on the emulator. */
import { addMilliseconds } from '../../../src/model/instant.ts';
import { systemClock } from '../../../src/service/system-clock.ts';
import { ccxtVenue } from '../../../src/venues/ccxt/ccxt-venue.ts';
import { openStand } from '../../emulator/stand.ts';
import { describeVenue } from '../conformance.ts';

const wait = (ms: number, signal?: AbortSignal) =>
  new Promise<void>((resolve) => {
    const cancel = systemClock.after(ms, resolve);
    signal?.addEventListener('abort', () => {
      cancel();
      resolve();
    });
  });

describeVenue('bybit through ccxt', async () => {
  const stand = await openStand();
  for (const [name, price] of [
    ['BTC/USDT:USDT', '60000'],
    ['ETH/USDT:USDT', '3000'],
  ] as const) {
    stand.quote(name, price);
  }
  const venue = await ccxtVenue({
    exchange: 'bybit',
    name: 'bybit',
    account: 'main',
    credentials: { key: 'trader', secret: 'trader-secret' },
    local: stand.origin,
    clock: systemClock,
    wait,
    paceMs: 0.1,
    trading: true,
  });
  return {
    venue,
    since: addMilliseconds(systemClock.now(), -3_600_000),
    contract: 'BTC/USDT:USDT',
    streams: ['execution', 'order', 'position', 'wallet'],
    trade: stand.trade,
    cut: () => stand.emulator.strike({ fault: 'close', topic: 'execution' }),
    async close() {
      await venue.close();
      await stand.close();
    },
  };
});
