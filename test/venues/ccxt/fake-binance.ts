/** A small Binance: a contract of each kind and a pair, a wallet, and what a test adds. */

import { venueTime } from './fake-bybit.ts';
import { type Asked, type FakeExchange, fakeExchange, type Told } from './fake-exchange.ts';

const filters = (tickSize: string, stepSize: string) => [
  { filterType: 'PRICE_FILTER', tickSize },
  { filterType: 'LOT_SIZE', stepSize },
];

const usdMargined = {
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
      filters: filters('0.10', '0.001'),
    },
  ],
};

const inverse = { baseAsset: 'BTC', quoteAsset: 'USD', marginAsset: 'BTC', pair: 'BTCUSD' };

/** One contract is a hundred dollars. */
const coinMargined = {
  symbols: [
    {
      ...{ symbol: 'BTCUSD_PERP', contractType: 'PERPETUAL', contractSize: 100 },
      ...{ ...inverse, filters: filters('0.1', '1') },
    },
    {
      ...{ symbol: 'BTCUSD_251226', contractType: 'CURRENT_QUARTER', contractSize: 100 },
      ...{ ...inverse, deliveryDate: Date.UTC(2025, 11, 26, 8), filters: filters('0.1', '1') },
    },
  ],
};

const pair = (base: string, quote: string) => ({
  ...{ symbol: `${base}${quote}`, status: 'TRADING', baseAsset: base, quoteAsset: quote },
  filters: filters('0.01', '0.00001'),
});

const spot = { symbols: [pair('BTC', 'USDT'), pair('BNB', 'BTC'), pair('ETH', 'USDT')] };

const asset = {
  asset: 'USDT',
  walletBalance: '10000',
  marginBalance: '9500',
  availableBalance: '9000',
  positionInitialMargin: '0',
};

const wallet = [
  { asset: 'BTC', free: '1.5', locked: '0.5' },
  { asset: 'USDT', free: '1000', locked: '0' },
  { asset: 'BNB', free: '0', locked: '0' },
];

const listings: Readonly<Record<string, object>> = {
  fapi: usdMargined,
  dapi: coinMargined,
  api: spot,
};

function tell(asked: Asked): Told | undefined {
  const [, market = '', call] = /^\/(\w+)\/v\d\/(.+)$/.exec(asked.path) ?? [];
  switch (call) {
    case 'time':
      return { body: { serverTime: venueTime } };
    case 'exchangeInfo':
      return { body: listings[market] };
    case 'account/apiRestrictions':
      return {
        body: { enableWithdrawals: false, enableFutures: true, enableSpotAndMarginTrading: true },
      };
    case 'account':
      return { body: market === 'api' ? { balances: wallet } : { assets: [asset] } };
    case 'listenKey':
      return { body: { listenKey: 'LK' } };
    case 'positionRisk':
    case 'openOrders':
    case 'userTrades':
    case 'myTrades':
    case 'capital/deposit/hisrec':
    case 'capital/withdraw/history':
    case 'forceOrders':
    case 'income':
    case 'leverageBracket':
      return { body: [] };
    case 'asset/transfer':
    case 'asset/assetDividend':
      return { body: { total: 0, rows: [] } };
    default:
      return undefined;
  }
}

/** The line of spot takes a signed request; those of contracts take none. */
const onFrame = ({ id, method }: Record<string, unknown>) =>
  method === 'userDataStream.subscribe.signature'
    ? { id, status: 200, result: { subscriptionId: 0 } }
    : undefined;

export const fakeBinance = (): Promise<FakeExchange> => fakeExchange(tell, onFrame);
