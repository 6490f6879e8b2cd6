/** A small Bybit v5: three instruments, one wallet, and lists that a test fills. */
import { type Asked, type FakeExchange, fakeExchange, type Told } from './fake-exchange.ts';

export const venueTime = 1_760_000_000_000;

export const reply = (result: unknown, time = venueTime): Told => ({
  body: { retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time },
});

export const refused = (retCode: number, retMsg: string): Told => ({
  body: { retCode, retMsg, result: {}, retExtInfo: {}, time: venueTime },
});

export const page = (asked: Asked, rows: readonly unknown[], nextPageCursor = ''): Told =>
  reply({ category: asked.query['category'] ?? '', list: rows, nextPageCursor });

const lot = { qtyStep: '0.001', basePrecision: '0.000001', minOrderQty: '0.001' };
const coins = { baseCoin: 'BTC', quoteCoin: 'USDT', settleCoin: 'USDT' };
const rules = { lotSizeFilter: lot, priceFilter: { tickSize: '0.1' }, status: 'Trading' };

const listings: Readonly<Record<string, readonly unknown[]>> = {
  linear: [{ symbol: 'BTCUSDT', contractType: 'LinearPerpetual', ...coins, ...rules }],
  spot: [{ symbol: 'BTCUSDT', baseCoin: 'BTC', quoteCoin: 'USDT', ...rules }],
  inverse: [
    {
      symbol: 'BTCUSD',
      contractType: 'InversePerpetual',
      baseCoin: 'BTC',
      quoteCoin: 'USD',
      settleCoin: 'BTC',
      ...rules,
    },
  ],
};

export const walletOf = (...rows: readonly Record<string, string>[]) => ({
  list: [{ accountType: 'UNIFIED', coin: rows }],
});

export const usdt = {
  coin: 'USDT',
  walletBalance: '10000',
  equity: '10500',
  locked: '0',
  totalPositionIM: '0',
  totalOrderIM: '0',
  borrowAmount: '0',
};

function tell(asked: Asked): Told | undefined {
  switch (asked.path) {
    case '/v5/market/time':
      return reply({ timeSecond: String(venueTime / 1000), timeNano: `${venueTime}000000` });
    case '/v5/market/instruments-info':
      return page(asked, listings[asked.query['category'] ?? ''] ?? []);
    case '/v5/user/query-api':
      return reply({ readOnly: 0, permissions: { Wallet: ['AccountTransfer'] } });
    case '/v5/account/wallet-balance':
      return reply(walletOf(usdt));
    case '/v5/position/list':
    case '/v5/order/realtime':
    case '/v5/order/history':
    case '/v5/execution/list':
    case '/v5/account/transaction-log':
      return page(asked, []);
    default:
      return undefined;
  }
}

/** Answers login, subscriptions and pings as Bybit does. */
function onFrame(frame: Record<string, unknown>): unknown {
  const { op, req_id } = frame;
  if (op === 'auth') return { success: true, ret_msg: '', op, conn_id: 'c1' };
  if (op === 'subscribe') return { success: true, ret_msg: '', op, conn_id: 'c1', req_id };
  if (op === 'ping') return { success: true, ret_msg: 'pong', op: 'ping', conn_id: 'c1', req_id };
  return undefined;
}

export const fakeBybit = (): Promise<FakeExchange> => fakeExchange(tell, onFrame);

export const execution = (more: Readonly<Record<string, unknown>> = {}) => ({
  symbol: 'BTCUSDT',
  orderId: 'o1',
  orderLinkId: 'c1',
  side: 'Buy',
  execId: 'e1',
  execPrice: '60000.1',
  execQty: '0.5',
  execFee: '16.5',
  feeCurrency: '',
  execType: 'Trade',
  execTime: String(venueTime),
  isMaker: false,
  closedSize: '0',
  seq: 4688002127,
  ...more,
});

export const order = (more: Readonly<Record<string, unknown>> = {}) => ({
  symbol: 'BTCUSDT',
  orderId: 'o1',
  orderLinkId: 'c1',
  side: 'Buy',
  orderType: 'Limit',
  price: '60000',
  qty: '1',
  cumExecQty: '0',
  avgPrice: '0',
  orderStatus: 'New',
  positionIdx: 0,
  reduceOnly: false,
  tpslMode: '',
  createdTime: String(venueTime),
  updatedTime: String(venueTime),
  ...more,
});
