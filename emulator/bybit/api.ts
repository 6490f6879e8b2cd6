/** Requests: route, faults, signature, handler, envelope. */
import type { Ask, Reply } from '../door/door.ts';
import type { ApiKey } from '../door/keys.ts';
import { jsonReply, RequestFaults } from '../faults/request-faults.ts';
import type { Desk } from './desk.ts';
import * as happened from './history-lists.ts';
import * as lists from './lists.ts';
import * as orders from './order-lists.ts';
import { RequestParameters } from './parameters.ts';
import * as told from './public-lists.ts';
import { BybitRefusal } from './refusal.ts';
import { keyPayload, signer } from './signing.ts';
import * as trading from './trading.ts';

type Handler = (
  desk: Desk,
  parameters: RequestParameters,
  faults: RequestFaults,
  key: ApiKey,
) => object;

const open: Readonly<Record<string, Handler>> = {
  'GET /v5/market/time': told.serverTime,
  'GET /v5/market/instruments-info': told.instruments,
  'GET /v5/market/tickers': told.tickers,
  'GET /v5/market/orderbook': told.orderBook,
  'GET /v5/market/kline': told.candles,
};

const cancelRoute = 'POST /v5/order/cancel';
/** Each is counted by itself. */
const orderRoutes = ['POST /v5/order/create', 'POST /v5/order/amend', cancelRoute];

const signed: Readonly<Record<string, Handler>> = {
  'GET /v5/user/query-api': (_desk, _parameters, _faults, key) => keyPayload(key),
  'GET /v5/account/info': () => ({ unifiedMarginStatus: 6, marginMode: 'REGULAR_MARGIN' }),
  'GET /v5/asset/coin/query-info': () => ({ rows: [] }),
  'GET /v5/account/wallet-balance': lists.wallet,
  'GET /v5/account/transaction-log': happened.transactions,
  'GET /v5/position/list': lists.positions,
  'GET /v5/position/closed-pnl': happened.closedPnl,
  'POST /v5/position/set-leverage': lists.setLeverage,
  'GET /v5/execution/list': happened.executions,
  'GET /v5/order/realtime': orders.openOrders,
  'GET /v5/order/history': orders.orderHistory,
  'POST /v5/order/create': trading.createOrder,
  'POST /v5/order/amend': trading.amendOrder,
  [cancelRoute]: trading.cancelOrder,
  'POST /v5/order/cancel-all': trading.cancelAll,
};

/** Null: no path of this protocol. */
export function answerBybit(desk: Desk, ask: Ask): Reply | undefined {
  if (!ask.path.startsWith('/v5/')) return undefined;
  const route = `${ask.method} ${ask.path}`;
  const faults = new RequestFaults(desk.faults, ask.path, route === cancelRoute);
  const early = faults.before((status) => tooMany(desk, status));
  if (early !== undefined) return early;
  const rate = faults.find('order-rate');
  if (rate !== null) desk.orderRate.limit(rate.perSecond, rate.forMs);
  if (orderRoutes.includes(route)) {
    const most = desk.orderRate.exceeded(`${ask.header('x-bapi-api-key') ?? ''} ${route}`);
    if (most !== null) return tooMany(desk, 200, most);
  }
  return faults.after(jsonReply(carriedOut(desk, ask, route, faults)));
}

function carriedOut(desk: Desk, ask: Ask, route: string, faults: RequestFaults): string {
  try {
    const isOpen = Object.hasOwn(open, route);
    const handler = isOpen ? open[route] : signed[route];
    if (handler === undefined) throw new BybitRefusal(10404, `${route} is not emulated`);
    const key = isOpen ? publicKey : signer(ask, desk.keys, desk.nowMs());
    desk.floor.settle();
    return envelope(desk, 0, 'OK', handler(desk, parametersOf(ask), faults, key));
  } catch (error) {
    if (error instanceof BybitRefusal) return envelope(desk, error.code, error.message, {});
    throw error;
  }
}

const publicKey: ApiKey = { key: '', secret: '', readOnly: true, canWithdraw: false };

function parametersOf(ask: Ask): RequestParameters {
  if (ask.method === 'GET')
    return new RequestParameters(Object.fromEntries(new URLSearchParams(ask.query)));
  try {
    const body: unknown = ask.body === '' ? {} : JSON.parse(ask.body);
    if (typeof body === 'object' && body !== null)
      return new RequestParameters(body as Record<string, unknown>);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new BybitRefusal(10001, 'the body is no JSON object');
}

const envelope = (desk: Desk, retCode: number, retMsg: string, result: object): string =>
  JSON.stringify({ retCode, retMsg, result, retExtInfo: {}, time: desk.nowMs() });

function tooMany(desk: Desk, status: number, most = 10): Reply {
  const words = 'Too many visits. Exceeded the API Rate Limit.';
  const reset = String(desk.nowMs() + 1_000);
  const headers = {
    ...{ 'x-bapi-limit': String(most), 'x-bapi-limit-status': '0' },
    'x-bapi-limit-reset-timestamp': reset,
  };
  return { ...jsonReply(envelope(desk, 10006, words, {}), status)!, headers };
}
