/** A small OKX, which no mapping of ours knows: what it lists, and what a test adds. */
import { venueTime } from './fake-bybit.ts';
import { type Asked, type FakeExchange, fakeExchange, type Told } from './fake-exchange.ts';

export const told = (...data: readonly unknown[]): Told => ({ body: { code: '0', msg: '', data } });

const rules = { lotSz: '1', minSz: '1', tickSz: '0.1', state: 'live', lever: '100' };
const contract = (instId: string, ctType: string, settleCcy: string, ctVal: string) => ({
  ...{ instId, instFamily: 'BTC-USD', uly: instId.split('-').slice(0, 2).join('-') },
  ...{ ctType, settleCcy, ctVal, ctMult: '1', baseCcy: '', quoteCcy: '', expTime: '', ...rules },
});

/** One coin, five ways: a pair, two perpetuals, and a dated contract of each kind. */
const listings: Readonly<Record<string, readonly unknown[]>> = {
  SPOT: [
    { instType: 'SPOT', instId: 'BTC-USDT', baseCcy: 'BTC', quoteCcy: 'USDT', ...rules },
    { instType: 'SPOT', instId: 'BTC-USDC', baseCcy: 'BTC', quoteCcy: 'USDC', ...rules },
  ],
  SWAP: [
    { instType: 'SWAP', ...contract('BTC-USDT-SWAP', 'linear', 'USDT', '0.01') },
    { instType: 'SWAP', ...contract('BTC-USD-SWAP', 'inverse', 'BTC', '100') },
  ],
  FUTURES: [
    {
      ...{ instType: 'FUTURES', ...contract('BTC-USDT-251226', 'linear', 'USDT', '0.01') },
      expTime: String(Date.UTC(2025, 11, 26, 8)),
    },
    {
      ...{ instType: 'FUTURES', ...contract('BTC-USD-251226', 'inverse', 'BTC', '100') },
      expTime: String(Date.UTC(2025, 11, 26, 8)),
    },
  ],
};

function tell({ path, query }: Asked): Told {
  if (path.endsWith('/public/time')) return told({ ts: String(venueTime) });
  if (path.endsWith('/public/instruments')) {
    return told(...(listings[query['instType'] ?? ''] ?? []));
  }
  if (path.endsWith('/account/balance')) {
    const details = [
      { ccy: 'USDT', cashBal: '900', availBal: '700', frozenBal: '200', eq: '950', upl: '50' },
    ];
    return told({ uTime: String(venueTime), totalEq: '950', details });
  }
  return told();
}

export const fakeOkx = (): Promise<FakeExchange> => fakeExchange(tell);
