/**
 * Binance's past. Trades are listed symbol by symbol: which symbols traded is told by the income
 * (every commission names its symbol), by what is held and what rests, and by the settings.
 */
import type { CashFact, Fill, FillCause } from '../../model/fact.ts';
import type { History, HistoryPage, Window } from './dialect.ts';
import type { ExchangeClient } from './exchange-client.ts';
import type { Market } from './instrument-index.ts';
import { binanceTold, mapBinanceIncome } from './mapping/binance-account.ts';
import { mapBinanceTrades } from './mapping/binance-executions.ts';
import type { MappingContext } from './mapping/bybit-executions.ts';
import { list, PayloadFault, type Raw, requiredText, text } from './raw.ts';

const day = 86_400_000;
const rowsMax = 1000;
const pagesMax = 1000;

/** One of the three markets with the prefix of its calls; those of spot have none. */
export interface BinanceMarket {
  readonly client: ExchangeClient;
  readonly market: Market;
  readonly prefix: 'fapi' | 'dapi' | '';
  readonly symbols: readonly string[];
}

type Query = Readonly<Record<string, string | number>>;

export const binanceCall = (at: BinanceMarket, call: string, query: Query = {}) => {
  const name = at.prefix + call;
  return at.client.call(name.charAt(0).toLowerCase() + name.slice(1), query);
};

export const binanceRows = async (at: BinanceMarket, call: string, query: Query = {}) =>
  list(await binanceCall(at, call, query), call);

const range = ({ from, to }: Window) => ({ startTime: from, endTime: to });

const incomePage = (at: BinanceMarket, window: Window, page: number) =>
  binanceRows(at, 'PrivateGetIncome', { ...range(window), limit: rowsMax, page });

export const binanceCashFlows = (at: BinanceMarket): History<CashFact> => ({
  historyMs: 90 * day,
  windowMs: 7 * day,
  complete: true,
  async page(context, window, page) {
    const number = Number(page ?? '1');
    const rows = await incomePage(at, window, number);
    const next = rows.length < rowsMax ? null : String(number + 1);
    const executions = binanceTold(rows);
    return { ...mapBinanceIncome(context, at.market, rows), next, executions };
  },
});

/** Where a window stands: which symbols, the one that is read, and the id to go on from. */
interface Place {
  readonly symbols: readonly string[];
  readonly from: string | null;
}

export const binanceExecutions = (at: BinanceMarket): History<Fill> => ({
  historyMs: 90 * day,
  windowMs: 7 * day,
  complete: true,
  page: (context, window, page) =>
    tradesPage(at, context, window, page, () => tradedSymbols(at, window)),
});

/** Trades symbol by symbol; `symbolsOf` is asked once a window. */
export async function tradesPage(
  at: BinanceMarket,
  context: MappingContext,
  window: Window,
  page: string | null,
  symbolsOf: () => Promise<readonly string[]>,
): Promise<HistoryPage<Fill>> {
  const place = page === null ? beginning(await symbolsOf()) : (JSON.parse(page) as Place);
  const [symbol, ...others] = place.symbols;
  if (symbol === undefined) return { items: [], faults: [], next: null };
  const rows = await tradesOf(at, window, symbol, place.from);
  const inside = rows.filter((row) => Number(text(row, 'time')) <= window.to);
  const full = rows.length >= rowsMax && inside.length === rows.length;
  const causes = await causesOf(at, window, symbol, inside);
  const following: Place = full
    ? { symbols: place.symbols, from: idAfter(rows) }
    : { symbols: others, from: null };
  const next = following.symbols.length === 0 ? null : JSON.stringify(following);
  return { ...mapBinanceTrades(context, at.market, inside, causes), next };
}

const beginning = (symbols: readonly string[]): Place => ({
  symbols: [...new Set(symbols)].filter((symbol) => symbol !== '').sort(),
  from: null,
});

/** An id alone goes with no time, so only the first page is bounded by the venue. */
const tradesOf = (at: BinanceMarket, window: Window, symbol: string, from: string | null) =>
  binanceRows(at, at.market === 'spot' ? 'PrivateGetMyTrades' : 'PrivateGetUserTrades', {
    symbol,
    limit: rowsMax,
    ...(from === null ? range(window) : { fromId: from }),
  });

const idAfter = (rows: readonly Raw[]): string =>
  String(rows.map((row) => BigInt(requiredText(row, 'id'))).reduce((a, b) => (a > b ? a : b)) + 1n);

/** Trades do not say that they were a liquidation; the list of forced orders does. */
async function causesOf(at: BinanceMarket, window: Window, symbol: string, rows: readonly Raw[]) {
  const causes = new Map<string, FillCause>();
  if (rows.length === 0 || at.market === 'spot') return causes;
  const query = { symbol, limit: 100, ...range(window) };
  for (const row of await binanceRows(at, 'PrivateGetForceOrders', query)) {
    const adl = text(row, 'clientOrderId').startsWith('adl_autoclose');
    causes.set(requiredText(row, 'orderId'), adl ? 'adl' : 'liquidation');
  }
  return causes;
}

async function tradedSymbols(at: BinanceMarket, window: Window): Promise<readonly string[]> {
  const symbols = new Set(at.symbols);
  for (let page = 1; ; page++) {
    const rows = await incomePage(at, window, page);
    for (const row of rows) symbols.add(text(row, 'symbol'));
    if (rows.length < rowsMax) break;
    if (page >= pagesMax) throw new PayloadFault(`more than ${pagesMax} pages of income`);
  }
  const held = await binancePositions(at);
  const resting = await binanceRows(at, 'PrivateGetOpenOrders');
  for (const row of [...held, ...resting]) symbols.add(requiredText(row, 'symbol'));
  return [...symbols];
}

export const binancePositions = (at: BinanceMarket): Promise<readonly Raw[]> =>
  binanceRows(at, at.prefix === 'fapi' ? 'PrivateV3GetPositionRisk' : 'PrivateGetPositionRisk');
