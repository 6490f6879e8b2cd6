/**
 * Any other exchange, as far as ccxt's own words reach. Nothing of it is verified: a statement is
 * never complete, executions and cash flows are not said to be all, and nothing is traded.
 */
import type { CashFact, Fill } from '../../model/fact.ts';
import type { Dialect, History, Streams } from './dialect.ts';
import type { ExchangeClient } from './exchange-client.ts';
import { attempt, ExchangeFailure, refusal } from './failure.ts';
import { instrumentIndex } from './instrument-index.ts';
import type { MappingContext } from './mapping/bybit-executions.ts';
import {
  mapUnifiedBalances,
  mapUnifiedMarkets,
  mapUnifiedOrders,
  mapUnifiedPositions,
  mapUnifiedTrades,
} from './mapping/unified.ts';
import {
  mapUnifiedFunding,
  mapUnifiedLedger,
  mapUnifiedMovements,
  mapUnifiedTransfers,
} from './mapping/unified-cash.ts';
import { list, type Mapped, object, optionalDecimal, optionalInstant, type Raw } from './raw.ts';

const day = 86_400_000;

export const unifiedDialect = (
  client: ExchangeClient,
  venue: string,
  symbols: readonly string[],
): Dialect => ({
  venue,
  verified: false,
  hedge: false,
  triggers: false,
  amend: false,
  streams,
  keyScope: () => Promise.resolve({ canWithdraw: null, canTrade: null, expiresAt: null }),
  async instruments() {
    const markets = object(await client.call('loadMarkets'), 'markets');
    const rows = Object.values(markets).map((one) => object(one, 'a market'));
    const { items, faults } = mapUnifiedMarkets(venue, rows);
    return { index: instrumentIndex(venue, items, () => null), faults };
  },
  positionScope: () => [],
  positions: async (context) => ({
    ...(await asked(client, 'fetchPositions', [], (rows) => mapUnifiedPositions(context, rows))),
    at: null,
  }),
  async balances() {
    const answer = object(await client.call('fetchBalance'), 'the balance');
    return { ...mapUnifiedBalances(answer), at: null, margins: new Map(), reserves: new Map() };
  },
  balanceOf: () => Promise.resolve(null),
  openOrders: async (context) => ({
    ...(await asked(client, 'fetchOpenOrders', [], (rows) => mapUnifiedOrders(context, rows))),
    at: null,
  }),
  executions: executions(client, symbols),
  cashFlows: cashFlows(client),
  place: untraded,
  amendOrder: untraded,
  cancel: untraded,
  async order(context, reference) {
    if (reference.orderId === null) return untraded();
    const row = await client.call('fetchOrder', reference.orderId, reference.instrument);
    return mapUnifiedOrders(context, [object(row, 'the order')]).items[0] ?? null;
  },
  async ticker(_context, instrument) {
    const row = object(await client.call('fetchTicker', instrument), 'the ticker');
    return {
      instrument,
      at: optionalInstant(row, 'timestamp'),
      last: optionalDecimal(row, 'last'),
      mark: optionalDecimal(row, 'markPrice'),
      bid: optionalDecimal(row, 'bid'),
      ask: optionalDecimal(row, 'ask'),
    };
  },
  interpret: () => ({ facts: [], faults: ['this exchange pushes nothing that is read'] }),
});

const untraded = (): Promise<never> => {
  const why = 'orders of this exchange are not verified: nothing is sent';
  return Promise.reject(new ExchangeFailure(refusal('not-verified', why)));
};

/** No stream: the listener asks instead. */
const streams: Streams = {
  methods: {},
  streamOf: () => null,
  acknowledges: null,
  exclusive: false,
};

async function asked<T>(
  client: ExchangeClient,
  method: string,
  parameters: readonly unknown[],
  map: (rows: readonly Raw[]) => Mapped<T>,
): Promise<Mapped<T>> {
  if (!client.has(method)) {
    throw new ExchangeFailure(refusal('not-supported', `${client.id} has no ${method}`));
  }
  return map(list(await client.call(method, ...parameters), method));
}

type Mapper<F> = (context: MappingContext, rows: readonly Raw[]) => Mapped<F>;

/** How an exchange goes on after a page is not known of exchanges that nobody checked. */
const oneDay = { historyMs: 7 * day, windowMs: day, complete: false } as const;

/** Of all symbols at once, or of those that are named, one after the other. */
const executions = (client: ExchangeClient, symbols: readonly string[]): History<Fill> => ({
  ...oneDay,
  async page(context, window, page) {
    const index = Number(page ?? '0');
    const rows = await asked(client, 'fetchMyTrades', [symbols[index], window.from], (told) =>
      mapUnifiedTrades(context, told),
    );
    return { ...rows, next: index + 1 < symbols.length ? String(index + 1) : null };
  },
});

/** The ledger; without one, each list that tells a part of it. */
function cashFlows(client: ExchangeClient): History<CashFact> {
  const parts: readonly (readonly [method: string, map: Mapper<CashFact>])[] = client.has(
    'fetchLedger',
  )
    ? [['fetchLedger', mapUnifiedLedger]]
    : [
        ['fetchFundingHistory', mapUnifiedFunding],
        ['fetchDeposits', mapUnifiedMovements],
        ['fetchWithdrawals', mapUnifiedMovements],
        ['fetchTransfers', mapUnifiedTransfers(client.wallet)],
      ];
  return {
    ...oneDay,
    async page(context, window, page) {
      const index = Number(page ?? '0');
      const [method, map] = parts[index]!;
      const next = index + 1 < parts.length ? String(index + 1) : null;
      const told = await attempt(() =>
        asked(client, method, [undefined, window.from], (rows) => map(context, rows)),
      );
      if (told.status === 'answered') return { ...told.value, next };
      if (told.status === 'failed' || parts.length === 1) throw new ExchangeFailure(told);
      // What this list would tell is missing; the others are told all the same.
      return { items: [], faults: [`${method}: ${told.why}`], unread: [], next };
    },
  };
}
