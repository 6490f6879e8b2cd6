/** What Binance tells: rules, prices, the account, trades, orders, income. */
import { toText } from '../../src/decimal/text.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Execution } from '../exchange/history.ts';
import { type Level, priceOf } from '../exchange/market.ts';
import type { RequestFaults } from '../faults/request-faults.ts';
import type { BinanceDesk } from './desk.ts';
import { incomePayloads, symbolPayload, tradePayload } from './payload-account.ts';
import { forcedPayload, orderPayload } from './payload-order.ts';
import { BinanceRefusal, mandatory } from './refusal.ts';
import { instrumentOf, isOpen, type Query } from './trading.ts';

const weekMs = 7 * 86_400_000;

export function exchangeInfo(desk: BinanceDesk) {
  const { minNotional } = desk.floor.paper;
  return {
    ...{ timezone: 'UTC', serverTime: desk.nowMs(), rateLimits: [], exchangeFilters: [] },
    assets: [],
    symbols: desk.terms.names.instruments.map((one) => symbolPayload(one, minNotional, desk.terms)),
  };
}

export const leverageBrackets = (desk: BinanceDesk) =>
  desk.terms.names.instruments.map(({ name }) => ({
    symbol: desk.terms.names.symbol(name),
    brackets: [
      {
        ...{
          bracket: 1,
          initialLeverage: desk.floor.paper.leverageMax,
          notionalCap: 1_000_000_000,
        },
        ...{ notionalFloor: 0, maintMarginRatio: 0.005, cum: 0 },
      },
    ],
  }));

const levelText = (level: Level | null | undefined) =>
  level ? [toText(level[0]), toText(level[1])] : ['0', '0'];

export function bookTicker(desk: BinanceDesk, query: Query) {
  const { name } = instrumentOf(desk, query);
  const quote = desk.floor.market.quote(name);
  const [bidPrice, bidQty] = levelText(quote?.bid);
  const [askPrice, askQty] = levelText(quote?.ask);
  const symbol = desk.terms.names.symbol(name);
  return { symbol, bidPrice, bidQty, askPrice, askQty, time: desk.nowMs() };
}

export function priceTicker(desk: BinanceDesk, query: Query) {
  const { name } = instrumentOf(desk, query);
  const quote = desk.floor.market.quote(name);
  const price = toText(quote?.last ?? priceOf(quote));
  return { symbol: desk.terms.names.symbol(name), price, time: desk.nowMs() };
}

export function premiumIndex(desk: BinanceDesk, query: Query) {
  const { name } = instrumentOf(desk, query);
  const quote = desk.floor.market.quote(name);
  const mark = toText(priceOf(quote));
  return {
    symbol: desk.terms.names.symbol(name),
    ...{ markPrice: mark, indexPrice: mark, estimatedSettlePrice: mark, interestRate: '0' },
    lastFundingRate: quote?.fundingRate ? toText(quote.fundingRate) : '0',
    ...{ nextFundingTime: 0, time: desk.nowMs() },
  };
}

export function positions(desk: BinanceDesk, query: Query, faults: RequestFaults) {
  const symbol = query.get('symbol');
  const rowsOf = (ageMs: number) =>
    desk
      .positions(desk.floor.view(ageMs))
      .filter((row) => symbol === null || row.symbol === symbol);
  return faults.rows(rowsOf, (row) => `${row.symbol}|${row.positionSide}`);
}

export function account(desk: BinanceDesk, _query: Query, faults: RequestFaults) {
  const omitted = desk.omitted();
  const assetsOf = (ageMs: number) => desk.assets(desk.floor.view(ageMs), omitted);
  const assets = faults.rows(assetsOf, ({ asset }) => asset);
  const usdt = assets.find(({ asset }) => asset === 'USDT');
  return {
    totalInitialMargin: usdt?.initialMargin ?? '0',
    totalMaintMargin: '0',
    totalWalletBalance: usdt?.walletBalance ?? '0',
    totalUnrealizedProfit: usdt?.unrealizedProfit ?? '0',
    totalMarginBalance: usdt?.marginBalance ?? '0',
    totalPositionInitialMargin: usdt?.positionInitialMargin ?? '0',
    totalOpenOrderInitialMargin: '0',
    totalCrossWalletBalance: usdt?.crossWalletBalance ?? '0',
    totalCrossUnPnl: usdt?.crossUnPnl ?? '0',
    availableBalance: usdt?.availableBalance ?? '0',
    maxWithdrawAmount: usdt?.maxWithdrawAmount ?? '0',
    assets,
    positions: desk.positions(desk.floor.view()),
  };
}

interface Window {
  readonly from: Instant;
  readonly to: Instant;
  readonly isGiven: boolean;
}

/** At most seven days, by default the last seven. */
function windowOf(desk: BinanceDesk, query: Query): Window {
  const [start, end] = [wholeIn(query, 'startTime'), wholeIn(query, 'endTime')];
  const now = desk.nowMs();
  const to = end ?? (start === null ? now : Math.min(now, start + weekMs));
  const from = start ?? to - weekMs;
  if (to - from > weekMs)
    throw new BinanceRefusal(-4166, 'Search window is restricted to recent 7 days only.');
  const isGiven = start !== null || end !== null;
  return { from: BigInt(from) * 1_000_000n, to: BigInt(to + 1) * 1_000_000n - 1n, isGiven };
}

function wholeIn(query: Query, name: string): number | null {
  const text = query.get(name);
  if (text === null || text === '') return null;
  if (!/^\d{1,15}$/.test(text)) throw mandatory(name);
  return Number(text);
}

const limitOf = (query: Query, usual: number, most: number) =>
  Math.min(Math.max(1, wholeIn(query, 'limit') ?? usual), most);

/** In order of time: from an id on, or of a window the first, or the last of all. */
export function userTrades(desk: BinanceDesk, query: Query, faults: RequestFaults) {
  const { name } = instrumentOf(desk, query);
  const { from, to, isGiven } = windowOf(desk, query);
  const fromId = query.get('fromId');
  const limit = limitOf(query, 500, 1000);
  const rowsOf = (ageMs: number) => {
    const all = desk
      .executions(desk.floor.view(ageMs))
      .filter(({ fill }) => fill.instrument === name)
      .filter(({ fill }) => fromId !== null || (fill.time >= from && fill.time <= to))
      .map((event) => tradePayload(event, stateOf(desk, event), desk.terms))
      .filter((row) => fromId === null || BigInt(idText(row.id)) >= BigInt(fromId));
    return fromId === null && !isGiven ? all.slice(-limit) : all.slice(0, limit);
  };
  return faults.rows(rowsOf, ({ id }) => idText(id)).slice(0, faults.rowsMax ?? limit);
}

/** The digits of a number of JSON, which may be beyond a double. */
const idText = (id: unknown): string => JSON.stringify(id);

const stateOf = (desk: BinanceDesk, { fill }: Execution) => desk.floor.history.order(fill.orderId);

export function income(desk: BinanceDesk, query: Query, faults: RequestFaults) {
  const { from, to } = windowOf(desk, query);
  const limit = limitOf(query, 100, 1000);
  const page = wholeIn(query, 'page') ?? 1;
  const symbol = query.get('symbol');
  const type = query.get('incomeType');
  const rowsOf = (ageMs: number) => {
    const view = desk.floor.view(ageMs);
    const trades = new Map(desk.executions(view).map((event) => [event.fill, event]));
    return view.transactions
      .filter(({ time }) => time >= from && time <= to)
      .filter(({ fill }) => fill === null || desk.isOurs(fill.instrument))
      .flatMap((row) => {
        const trade = row.fill === null ? null : (trades.get(row.fill) ?? null);
        return incomePayloads(row, trade, desk.terms);
      })
      .filter((row) => [null, row.symbol].includes(symbol) && [null, row.incomeType].includes(type))
      .slice((page - 1) * limit, page * limit);
  };
  const rows = faults.rows(rowsOf, (row) => `${idText(row.tranId)}|${row.incomeType}`);
  return rows.slice(0, faults.rowsMax ?? limit);
}

export function openOrders(desk: BinanceDesk, query: Query, faults: RequestFaults) {
  const symbol = query.get('symbol');
  const rowsOf = (ageMs: number) =>
    desk
      .orders(desk.floor.view(ageMs))
      .filter(isOpen)
      .map((state) => orderPayload(state, desk.terms))
      .filter((row) => symbol === null || row.symbol === symbol);
  return faults.rows(rowsOf, ({ orderId }) => idText(orderId));
}

export function allOrders(desk: BinanceDesk, query: Query, faults: RequestFaults) {
  const { name } = instrumentOf(desk, query);
  const { from, to } = windowOf(desk, query);
  const first = query.get('orderId');
  const limit = limitOf(query, 500, 1000);
  const rowsOf = (ageMs: number) => {
    const rows = desk
      .orders(desk.floor.view(ageMs))
      .filter(({ report }) => report.instrument === name)
      .filter(({ createdAt }) => first !== null || (createdAt >= from && createdAt <= to))
      .map((state) => orderPayload(state, desk.terms))
      .filter(({ orderId }) => first === null || BigInt(idText(orderId)) >= BigInt(first));
    return first === null ? rows.slice(-limit) : rows.slice(0, limit);
  };
  return faults.rows(rowsOf, ({ orderId }) => idText(orderId)).slice(0, faults.rowsMax ?? limit);
}

/** Orders that the venue made: liquidations and deleveraging. */
export function forceOrders(desk: BinanceDesk, query: Query, faults: RequestFaults) {
  const { from, to } = windowOf(desk, query);
  const type = query.get('autoCloseType');
  const wanted = { LIQUIDATION: 'liquidation', ADL: 'adl' }[type ?? ''] ?? null;
  const rowsOf = (ageMs: number) =>
    desk
      .executions(desk.floor.view(ageMs))
      .filter(({ fill }) => ['liquidation', 'adl'].includes(fill.cause))
      .filter(({ fill }) => wanted === null || fill.cause === wanted)
      .filter(({ fill }) => fill.time >= from && fill.time <= to)
      .map((event) => forcedPayload(event, desk.terms));
  return faults.rows(rowsOf, ({ clientOrderId }) => clientOrderId);
}
