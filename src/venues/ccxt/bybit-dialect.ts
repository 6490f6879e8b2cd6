/** Bybit v5, unified accounts: linear and inverse contracts of all settle coins, and spot. */
import type { Fact } from '../../model/fact.ts';
import { fromMilliseconds } from '../../model/instant.ts';
import { isJsonObject } from '../../model/lossless-json.ts';
import type { Interpreted } from '../venue.ts';
import { bybitCashFlows, bybitExecutions } from './bybit-history.ts';
import {
  amendOnBybit,
  bybitListed,
  cancelOnBybit,
  orderOnBybit,
  placeOnBybit,
} from './bybit-orders.ts';
import { bybitList, bybitLists } from './bybit-paging.ts';
import type { Dialect, KeyScope, Streams } from './dialect.ts';
import { type ExchangeClient, envelope } from './exchange-client.ts';
import type { Market } from './instrument-index.ts';
import { bybitHolds, mapBybitBalances, mapBybitPositions } from './mapping/bybit-account.ts';
import { type MappingContext, mapBybitExecutions } from './mapping/bybit-executions.ts';
import {
  bybitIndex,
  bybitMarkets,
  bybitVenue,
  mapBybitInstruments,
} from './mapping/bybit-instruments.ts';
import { mapBybitOrders } from './mapping/bybit-orders.ts';
import {
  interpretedFrame,
  list,
  type Mapped,
  optionalDecimal,
  PayloadFault,
  type Raw,
  text,
} from './raw.ts';

export const bybitDialect = (client: ExchangeClient): Dialect => ({
  venue: bybitVenue,
  verified: true,
  hedge: true,
  triggers: true,
  amend: true,
  streams,
  keyScope: () => keyScope(client),
  instruments: () => instruments(client),
  positionScope: (context) => [...settleCoins(context).map((coin) => `linear:${coin}`), 'inverse'],
  async positions(context) {
    const queries = [
      ...settleCoins(context).map((settleCoin) => ({ category: 'linear', settleCoin, limit: 200 })),
      { category: 'inverse', limit: 200 },
    ];
    const { answers, at } = await bybitLists(client, 'privateGetV5PositionList', queries);
    const parts = answers.map(({ query, rows }) =>
      mapBybitPositions(context, rows, query['category'] as Market),
    );
    return { ...joined(parts), at };
  },
  async balances() {
    const { accounts, at } = await wallet(client, {});
    const margins = bybitHolds(accounts, ['totalPositionIM']);
    const reserves = bybitHolds(accounts, ['totalOrderIM', 'locked']);
    return { ...mapBybitBalances(accounts), at, margins, reserves };
  },
  async balanceOf(coin) {
    const { accounts } = await wallet(client, { coin });
    return mapBybitBalances(accounts).items.find((one) => one.currency === coin) ?? null;
  },
  async openOrders(context) {
    const queries = [
      ...settleCoins(context).map((settleCoin) => ({ category: 'linear', settleCoin, limit: 50 })),
      { category: 'inverse', limit: 50 },
      { category: 'spot', limit: 50 },
    ];
    const { answers, at } = await bybitLists(client, 'privateGetV5OrderRealtime', queries);
    const { items, faults } = joined(
      answers.map(({ query, rows }) => mapBybitOrders(context, rows, query['category'] as Market)),
    );
    return { items: items.filter((one) => one.status === 'open'), faults, at };
  },
  executions: bybitExecutions(client),
  cashFlows: bybitCashFlows(client),
  place: (context, request) => placeOnBybit(client, context, request),
  amendOrder: (context, order, change) => amendOnBybit(client, context, order, change),
  cancel: (context, order) => cancelOnBybit(client, context, order),
  order: (context, order) => orderOnBybit(client, context, order),
  async ticker(context, name) {
    const { market, instrument } = bybitListed(context, name);
    const query = { category: market, symbol: instrument.symbol ?? '' };
    const { result, time } = envelope(await client.call('publicGetV5MarketTickers', query));
    const row = list(result['list'], 'list').find((one) => one['symbol'] === instrument.symbol);
    if (row === undefined) throw new PayloadFault(`no ticker of ${name} in the answer`);
    return {
      instrument: name,
      at: fromMilliseconds(Number(time)),
      last: optionalDecimal(row, 'lastPrice'),
      mark: optionalDecimal(row, 'markPrice'),
      bid: optionalDecimal(row, 'bid1Price'),
      ask: optionalDecimal(row, 'ask1Price'),
    };
  },
  interpret: interpretBybit,
});

const joined = <T>(parts: readonly Mapped<T>[]): Mapped<T> => ({
  items: parts.flatMap((part) => part.items),
  faults: parts.flatMap((part) => part.faults),
});

/** Positions are listed by settle coin: whatever coin a linear contract settles in. */
function settleCoins(context: MappingContext): readonly string[] {
  const linear = context.index.instruments.filter((one) => one.type === 'linear');
  return [...new Set(['USDT', 'USDC', ...linear.map((one) => one.settle)])];
}

async function wallet(client: ExchangeClient, query: Readonly<Record<string, string>>) {
  const asked = { accountType: 'UNIFIED', ...query };
  const answer = await client.call('privateGetV5AccountWalletBalance', asked);
  const { result, time } = envelope(answer);
  const accounts = list(result['list'], 'list');
  // An account without a single row is no account that holds nothing.
  if (accounts.length === 0) throw new PayloadFault('the wallet lists no account');
  return { accounts, at: fromMilliseconds(Number(time)) };
}

async function instruments(client: ExchangeClient) {
  const method = 'publicGetV5MarketInstrumentsInfo';
  const parts = [];
  for (const category of bybitMarkets) {
    // Spot is told in one piece, and without a cursor.
    const rows =
      category === 'spot'
        ? list(envelope(await client.call(method, { category })).result['list'], 'list')
        : (await bybitList(client, method, { category, limit: 1000 })).rows;
    parts.push(mapBybitInstruments(category, rows));
  }
  const { items, faults } = joined(parts);
  return { index: bybitIndex(items), faults };
}

async function keyScope(client: ExchangeClient): Promise<KeyScope> {
  const { result } = envelope(await client.call('privateGetV5UserQueryApi'));
  const permissions = result['permissions'];
  const wallets = isJsonObject(permissions) ? permissions['Wallet'] : undefined;
  return {
    canWithdraw: Array.isArray(wallets) ? wallets.includes('Withdraw') : null,
    canTrade: text(result, 'readOnly') === '' ? null : text(result, 'readOnly') === '0',
    expiresAt: text(result, 'expiredAt') || null,
  };
}

const streams: Streams = {
  methods: {
    execution: 'watchMyTrades',
    order: 'watchOrders',
    position: 'watchPositions',
    wallet: 'watchBalance',
  },
  streamOf: (frame) => /"topic"\s*:\s*"([\w.]+)"/.exec(frame)?.[1] ?? null,
  acknowledges: (frame) =>
    /"op"\s*:\s*"subscribe"/.test(frame) && /"success"\s*:\s*true/.test(frame),
  exclusive: true,
};

/** What a frame of a private topic says. Positions and wallets are no facts: they are compared. */
export const interpretBybit = (
  context: MappingContext,
  stream: string,
  raw: string,
): Interpreted =>
  stream === 'position' || stream === 'wallet'
    ? { facts: [], faults: [] }
    : interpretedFrame(raw, (frame) => factsOf(context, stream, frame));

function factsOf(context: MappingContext, stream: string, frame: Raw): Interpreted {
  const rows = list(frame['data'], 'data');
  if (stream === 'execution') return facts(mapBybitExecutions(context, rows));
  if (stream === 'order') return facts(mapBybitOrders(context, rows));
  return { facts: [], faults: [`the topic ${stream} is none that is read`] };
}

const facts = ({ items, faults }: Mapped<Fact>): Interpreted => ({ facts: items, faults });
