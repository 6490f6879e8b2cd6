/** Binance USD-margined (fapi) and coin-margined (dapi) contracts. */
import { isZero } from '../../decimal/decimal.ts';
import type { Interpreted } from '../venue.ts';
import {
  type BinanceMarket,
  binanceCall,
  binanceCashFlows,
  binanceExecutions,
  binancePositions,
  binanceRows,
} from './binance-history.ts';
import {
  amendOnBinance,
  binanceListed,
  cancelOnBinance,
  orderOnBinance,
  placeOnBinance,
} from './binance-orders.ts';
import type { Dialect, KeyScope, Streams } from './dialect.ts';
import { mapBinanceBalances, mapBinancePositions } from './mapping/binance-account.ts';
import {
  binanceEvent,
  mapBinanceOrderEvent,
  mapBinanceOrders,
} from './mapping/binance-executions.ts';
import {
  binanceIndex,
  binanceVenue,
  mapBinanceInstruments,
} from './mapping/binance-instruments.ts';
import type { MappingContext } from './mapping/bybit-executions.ts';
import {
  flag,
  interpretedFrame,
  list,
  object,
  optionalDecimal,
  optionalInstant,
  requiredText,
  text,
} from './raw.ts';

export const binanceDialect = (at: BinanceMarket): Dialect => ({
  venue: binanceVenue,
  verified: true,
  hedge: true,
  triggers: false,
  amend: true,
  streams,
  keyScope: () => binanceKeyScope(at, 'enableFutures'),
  instruments: () => binanceInstruments(at),
  positionScope: (context) => scopes(at, context),
  async positions(context) {
    return { ...mapBinancePositions(context, at.market, await binancePositions(at)), at: null };
  },
  async balances() {
    const call = at.prefix === 'fapi' ? 'PrivateV3GetAccount' : 'PrivateGetAccount';
    const account = object(await binanceCall(at, call), 'the account');
    const assets = list(account['assets'], 'assets');
    const holds = (name: string) =>
      new Map(
        assets.map((row) => {
          const held = optionalDecimal(row, name);
          return [requiredText(row, 'asset'), held !== null && !isZero(held)];
        }),
      );
    const margins = holds('positionInitialMargin');
    const reserves = holds('openOrderInitialMargin');
    return { ...mapBinanceBalances(assets), at: null, margins, reserves };
  },
  balanceOf: () => Promise.resolve(null),
  async openOrders(context) {
    const rows = await binanceRows(at, 'PrivateGetOpenOrders');
    return { ...mapBinanceOrders(context, at.market, rows), at: null };
  },
  executions: binanceExecutions(at),
  cashFlows: binanceCashFlows(at),
  place: (context, request) => placeOnBinance(at, context, request),
  amendOrder: (context, order, change) => amendOnBinance(at, context, order, change),
  cancel: (context, order) => cancelOnBinance(at, context, order),
  order: (context, order) => orderOnBinance(at, context, order),
  ticker: (context, name) => binanceTicker(at, context, name),
  interpret: (context, _stream, raw) => interpretBinance(at, context, raw),
});

const scopes = (at: BinanceMarket, context: MappingContext): readonly string[] =>
  at.market === 'inverse'
    ? ['inverse']
    : [...new Set(context.index.instruments.map((one) => `linear:${one.settle}`))];

export async function binanceInstruments(at: BinanceMarket) {
  const info = object(await binanceCall(at, 'PublicGetExchangeInfo'), 'exchangeInfo');
  const { items, faults } = mapBinanceInstruments(at.market, list(info['symbols'], 'symbols'));
  return { index: binanceIndex(items), faults };
}

export async function binanceTicker(at: BinanceMarket, context: MappingContext, name: string) {
  const { instrument } = binanceListed(context, name);
  const ask = async (call: string) => {
    const query = { symbol: instrument.symbol ?? '' };
    const answer = await binanceCall(at, `PublicGet${call}`, query);
    // The coin-margined market answers a list of one.
    return object(Array.isArray(answer) ? answer[0] : answer, call);
  };
  const book = await ask('TickerBookTicker');
  const index = at.market === 'spot' ? {} : await ask('PremiumIndex');
  return {
    instrument: name,
    at: optionalInstant(index, 'time'),
    last: optionalDecimal(await ask('TickerPrice'), 'price'),
    mark: optionalDecimal(index, 'markPrice'),
    bid: optionalDecimal(book, 'bidPrice'),
    ask: optionalDecimal(book, 'askPrice'),
  };
}

/** `trades` is the field that says whether the key may trade on this market. */
export async function binanceKeyScope(at: BinanceMarket, trades: string): Promise<KeyScope> {
  const row = object(await at.client.call('sapiGetAccountApiRestrictions'), 'the restrictions');
  const told = (name: string) => (row[name] === undefined ? null : flag(row, name));
  return {
    canWithdraw: told('enableWithdrawals'),
    canTrade: told(trades),
    expiresAt: text(row, 'tradingAuthorityExpirationTime') || null,
  };
}

/** One line carries everything; it stands once it is open, and ends with its listen key. */
const streams: Streams = {
  methods: { user: 'watchMyTrades' },
  streamOf: (frame) => (/^\s*\{\s*"e"|"e"\s*:\s*"\w+"/.test(frame) ? 'user' : null),
  acknowledges: null,
  ends: (frame) => /"e"\s*:\s*"listenKeyExpired"/.test(frame),
  exclusive: true,
};

/** Told by other events or by REST; none of them is a fact of its own. */
const silent = new Set([
  // The wallet after something: what it was is listed with its id as income only.
  'ACCOUNT_UPDATE',
  'ACCOUNT_CONFIG_UPDATE',
  'MARGIN_CALL',
  // A quicker telling without a fee: not for the book.
  'TRADE_LITE',
  'ALGO_UPDATE',
  'listenKeyExpired',
]);

const interpretBinance = (at: BinanceMarket, context: MappingContext, raw: string): Interpreted =>
  interpretedFrame(raw, (frame) => {
    const told = binanceEvent(frame);
    const event = requiredText(told, 'e');
    if (event === 'ORDER_TRADE_UPDATE') {
      const facts = mapBinanceOrderEvent(context, at.market, object(told['o'], 'o'));
      return { facts, faults: [] };
    }
    return { facts: [], faults: silent.has(event) ? [] : [`the event ${event} is not read`] };
  });
