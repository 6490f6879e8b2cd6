/** A small Binance USD-margined market: one contract, one wallet, and what a test adds. */

import { venueTime } from './fake-bybit.ts';
import { type Asked, type FakeExchange, fakeExchange, type Told } from './fake-exchange.ts';

const exchangeInfo = {
  symbols: [
    {
      symbol: 'BTCUSDT',
      pair: 'BTCUSDT',
      contractType: 'PERPETUAL',
      deliveryDate: 4133404800000,
      onboardDate: 1569398400000,
      status: 'TRADING',
      baseAsset: 'BTC',
      quoteAsset: 'USDT',
      marginAsset: 'USDT',
      filters: [
        { filterType: 'PRICE_FILTER', tickSize: '0.10' },
        { filterType: 'LOT_SIZE', stepSize: '0.001' },
      ],
    },
  ],
};

const asset = {
  asset: 'USDT',
  walletBalance: '10000',
  marginBalance: '9500',
  availableBalance: '9000',
  positionInitialMargin: '0',
};

function tell(asked: Asked): Told | undefined {
  switch (asked.path.replace(/^\/[fs]api\/v\d\//, '')) {
    case 'time':
      return { body: { serverTime: venueTime } };
    case 'exchangeInfo':
      return { body: exchangeInfo };
    case 'account/apiRestrictions':
      return { body: { enableWithdrawals: false, enableFutures: true } };
    case 'account':
      return { body: { assets: [asset] } };
    case 'listenKey':
      return { body: { listenKey: 'LK' } };
    case 'positionRisk':
    case 'openOrders':
    case 'userTrades':
    case 'forceOrders':
    case 'income':
    case 'leverageBracket':
      return { body: [] };
    default:
      return undefined;
  }
}

export const fakeBinance = (): Promise<FakeExchange> => fakeExchange(tell);
