/** Requests of Binance's USD-margined contracts: route, faults, signature, handler. */
import type { Ask, Reply } from '../door/door.ts';
import { type ApiKey, isSignature } from '../door/keys.ts';
import { jsonReply, RequestFaults } from '../faults/request-faults.ts';
import type { BinanceDesk } from './desk.ts';
import * as lists from './lists.ts';
import { BinanceRefusal } from './refusal.ts';
import * as trading from './trading.ts';

type Handler = (
  desk: BinanceDesk,
  query: URLSearchParams,
  faults: RequestFaults,
  key: ApiKey,
) => object;

const open: Readonly<Record<string, Handler>> = {
  'GET /fapi/v1/ping': () => ({}),
  'GET /fapi/v1/time': (desk) => ({ serverTime: desk.nowMs() }),
  'GET /fapi/v1/exchangeInfo': lists.exchangeInfo,
  'GET /fapi/v1/ticker/bookTicker': lists.bookTicker,
  'GET /fapi/v1/ticker/price': lists.priceTicker,
  'GET /fapi/v1/premiumIndex': lists.premiumIndex,
};

const listenMs = 3_600_000;

/** Only the key is looked at. */
const keyed: Readonly<Record<string, Handler>> = {
  'POST /fapi/v1/listenKey': openStream,
  'PUT /fapi/v1/listenKey': openStream,
  'DELETE /fapi/v1/listenKey': (desk, _query, _faults, { key }) => {
    desk.listenKeys.delete(listenKeyOf(key));
    return {};
  },
};

const cancelRoute = 'DELETE /fapi/v1/order';
/** Counted together; what is cancelled counts for nothing. */
const orderRoutes = ['POST /fapi/v1/order', 'PUT /fapi/v1/order'];

const signed: Readonly<Record<string, Handler>> = {
  'GET /fapi/v1/leverageBracket': lists.leverageBrackets,
  'GET /fapi/v3/positionRisk': lists.positions,
  'GET /fapi/v3/account': lists.account,
  'GET /fapi/v1/userTrades': lists.userTrades,
  'GET /fapi/v1/income': lists.income,
  'GET /fapi/v1/openOrders': lists.openOrders,
  'GET /fapi/v1/allOrders': lists.allOrders,
  'GET /fapi/v1/forceOrders': lists.forceOrders,
  'GET /fapi/v1/positionSide/dual': (desk) => ({
    dualSidePosition: desk.floor.paper.positionMode === 'hedge',
  }),
  'GET /fapi/v1/order': trading.oneOrder,
  'POST /fapi/v1/order': trading.placeOrder,
  'PUT /fapi/v1/order': trading.amendOrder,
  [cancelRoute]: trading.cancelOrder,
  'DELETE /fapi/v1/allOpenOrders': trading.cancelAll,
  'GET /sapi/v1/account/apiRestrictions': (_desk, _query, _faults, key) => ({
    ...{ ipRestrict: false, createTime: 0, enableReading: true },
    ...{ enableWithdrawals: key.canWithdraw, enableFutures: !key.readOnly },
  }),
};

/** Undefined: no path of this protocol. */
export function answerBinance(desk: BinanceDesk, ask: Ask): Reply | undefined {
  if (!/^\/(fapi|sapi)\//.test(ask.path)) return undefined;
  const route = `${ask.method} ${ask.path}`;
  const faults = new RequestFaults(desk.faults, ask.path, route === cancelRoute);
  const early = faults.before(() => tooMany);
  if (early !== undefined) return early;
  const rate = faults.find('order-rate');
  if (rate !== null) desk.orderRate.limit(rate.perSecond, rate.forMs);
  if (orderRoutes.includes(route)) {
    const most = desk.orderRate.exceeded(ask.header('x-mbx-apikey') ?? '');
    if (most !== null) return tooManyOrders(most);
  }
  return faults.after(carriedOut(desk, ask, route, faults));
}

function carriedOut(desk: BinanceDesk, ask: Ask, route: string, faults: RequestFaults): Reply {
  try {
    const handler = open[route] ?? keyed[route] ?? signed[route];
    if (handler === undefined) throw new BinanceRefusal(-5000, `${route} is not emulated`, 404);
    const query = new URLSearchParams([ask.query, ask.body].filter(Boolean).join('&'));
    const key = Object.hasOwn(open, route) ? publicKey : keyOf(desk, ask);
    if (Object.hasOwn(signed, route)) check(desk, ask, query, key);
    desk.floor.settle();
    return jsonReply(JSON.stringify(handler(desk, query, faults, key)));
  } catch (error) {
    if (!(error instanceof BinanceRefusal)) throw error;
    return jsonReply(JSON.stringify({ code: error.code, msg: error.message }), error.status);
  }
}

const publicKey: ApiKey = { key: '', secret: '', readOnly: true, canWithdraw: false };

function keyOf(desk: BinanceDesk, ask: Ask): ApiKey {
  const told = ask.header('x-mbx-apikey') ?? '';
  const key = desk.keys.find((one) => one.key === told);
  if (key !== undefined) return key;
  throw new BinanceRefusal(-2015, 'Invalid API-key, IP, or permissions for action.', 401);
}

/** The signature comes last, over everything before it. */
function check(desk: BinanceDesk, ask: Ask, query: URLSearchParams, key: ApiKey): void {
  const sent = ask.query + ask.body;
  const at = sent.lastIndexOf('&signature=');
  const timestamp = Number(query.get('timestamp') ?? NaN);
  const window = Number(query.get('recvWindow') ?? 5_000);
  const now = desk.nowMs();
  if (!(timestamp < now + 1_000 && now - timestamp <= window)) {
    throw new BinanceRefusal(-1021, 'Timestamp for this request is outside of the recvWindow.');
  }
  if (at < 0 || !isSignature(query.get('signature') ?? '', key.secret, sent.slice(0, at))) {
    throw new BinanceRefusal(-1022, 'Signature for this request is not valid.');
  }
  if (key.readOnly && ask.method !== 'GET') {
    throw new BinanceRefusal(-2015, 'Invalid API-key, IP, or permissions for action.', 401);
  }
}

export const listenKeyOf = (key: string): string => `listen-${key}`;

function openStream(desk: BinanceDesk, _query: unknown, _faults: unknown, { key }: ApiKey) {
  const listenKey = listenKeyOf(key);
  desk.listenKeys.set(listenKey, desk.nowMs() + listenMs);
  return { listenKey };
}

const tooManyOrders = (most: number): Reply => ({
  ...jsonReply(
    `{"code":-1015,"msg":"Too many new orders; current limit is ${most} orders per SECOND."}`,
    429,
  )!,
  headers: { 'retry-after': '1' },
});

const tooMany: Reply = {
  ...jsonReply('{"code":-1003,"msg":"Too many requests; current limit is 2400."}', 429)!,
  headers: { 'retry-after': '1' },
};
