/** Binance spot: balances, orders and trades of pairs. It holds no positions. */
import { isZero } from '../../decimal/decimal.ts';
import type { StatementBalance } from '../../model/statement.ts';
import { binanceInstruments, binanceKeyScope, binanceTicker } from './binance-dialect.ts';
import { type BinanceMarket, binanceCall, binanceRows } from './binance-history.ts';
import { cancelOnBinance, orderOnBinance, placeOnBinance } from './binance-orders.ts';
import { spotCashFlows, spotExecutions } from './binance-spot-history.ts';
import type { Dialect, Streams } from './dialect.ts';
import type { ExchangeClient } from './exchange-client.ts';
import { ExchangeFailure, refusal } from './failure.ts';
import { mapBinanceSpotBalances } from './mapping/binance-account.ts';
import {
  binanceEvent,
  mapBinanceOrderEvent,
  mapBinanceOrders,
} from './mapping/binance-executions.ts';
import { binanceVenue } from './mapping/binance-instruments.ts';
import { interpretedFrame, list, type Mapped, object, requiredText } from './raw.ts';

export function binanceSpotDialect(client: ExchangeClient, symbols: readonly string[]): Dialect {
  const at: BinanceMarket = { client, market: 'spot', prefix: '', symbols };
  return {
    venue: binanceVenue,
    verified: true,
    hedge: false,
    triggers: false,
    amend: false,
    streams,
    keyScope: () => binanceKeyScope(at, 'enableSpotAndMarginTrading'),
    instruments: () => binanceInstruments(at),
    // The wallet speaks of no contract: it says nothing against positions in one.
    positionScope: () => [],
    positions: () => Promise.resolve({ items: [], faults: [], at: null }),
    async balances() {
      const wallet = await walletOf(at);
      const held = wallet.items.filter(({ total }) => !isZero(total));
      const locked = ({ total, available }: StatementBalance) =>
        available !== null && total.coefficient !== available.coefficient;
      const reserves = new Map(held.map((one) => [one.currency, locked(one)]));
      return { ...wallet, items: held, at: null, margins: new Map(), reserves };
    },
    // The whole wallet is told at once, with the coins that are not there as well.
    async balanceOf(coin) {
      const wallet = await walletOf(at);
      return wallet.items.find(({ currency }) => currency === coin) ?? null;
    },
    async openOrders(context) {
      const rows = await binanceRows(at, 'PrivateGetOpenOrders');
      return { ...mapBinanceOrders(context, at.market, rows), at: null };
    },
    executions: spotExecutions(at),
    cashFlows: spotCashFlows(at),
    place: (context, request) => placeOnBinance(at, context, request),
    amendOrder: unamended,
    cancel: (context, order) => cancelOnBinance(at, context, order),
    order: (context, order) => orderOnBinance(at, context, order),
    ticker: (context, name) => binanceTicker(at, context, name),
    interpret: (context, _stream, raw) =>
      interpretedFrame(raw, (frame) => {
        const event = binanceEvent(frame);
        const name = requiredText(event, 'e');
        if (name === 'executionReport') {
          return { facts: mapBinanceOrderEvent(context, at.market, event), faults: [] };
        }
        return { facts: [], faults: silent.has(name) ? [] : [`the event ${name} is not read`] };
      }),
  };
}

async function walletOf(at: BinanceMarket): Promise<Mapped<StatementBalance>> {
  const account = object(await binanceCall(at, 'PrivateGetAccount'), 'the account');
  return mapBinanceSpotBalances(list(account['balances'], 'balances'));
}

const unamended = (): Promise<never> => {
  const why = 'an order of a pair is cancelled and placed anew here: see capabilities';
  return Promise.reject(new ExchangeFailure(refusal('amend-not-supported', why)));
};

/** Everything comes over the line that requests could be sent on, once that is signed in. */
const streams: Streams = {
  methods: { user: 'watchMyTrades' },
  streamOf: (frame) => (/"e"\s*:\s*"\w+"/.test(frame) ? 'user' : null),
  acknowledges: (frame) => /"subscriptionId"\s*:/.test(frame) && /"status"\s*:\s*200/.test(frame),
  ends: (frame) => /"e"\s*:\s*"eventStreamTerminated"/.test(frame),
  exclusive: true,
};

/** Told by others or by lists; none of them is a fact with an id of its own. */
const silent = new Set([
  'outboundAccountPosition',
  'balanceUpdate',
  'externalLockUpdate',
  'listStatus',
  'serverShutdown',
  'eventStreamTerminated',
]);
