import type { Fact, Loaded } from './data-folder.ts';
import { hasData, readData } from './data-folder.ts';
import { plain, subtract, sum } from './exact.ts';
import { accountFact } from './fact-makers.ts';

// A whole round trip on Bybit as its order history tells it: 0.001 BTC bought at 123498, sold
// reduce-only at 122529.9. Each order is one fill at its average price, with all of its fees.

const FILE = 'ccxt-response-excerpts/bybit.json';
const ACCOUNT = 'main';
const VENUE = 'bybit';
const INSTRUMENT = 'BTC/USDT:USDT';

export interface RoundTripExpected {
  readonly instrument: string;
  readonly quantity: string;
  readonly entryPrice: string;
  readonly exitPrice: string;
  /** Realised before fees. */
  readonly gross: string;
  readonly fees: string;
  readonly net: string;
  readonly closingBalance: string;
}

export const available = (): boolean => hasData(FILE);

/** The account starts with as much as the caller says: the file does not. */
export const loadRoundTrip = (opening = '100'): Loaded<RoundTripExpected> => {
  const orders = readOrders().toSorted((a, b) => Number(a.createdTime) - Number(b.createdTime));
  const [entry, exit] = orders;
  if (entry === undefined || exit === undefined) throw new Error('the order pair is missing');
  const gross = subtract(exit.cumExecValue, entry.cumExecValue);
  const fees = sum(orders.map(({ cumExecFee }) => cumExecFee));
  const net = subtract(gross, fees);
  const expected = {
    instrument: INSTRUMENT,
    quantity: plain(entry.cumExecQty),
    entryPrice: plain(entry.avgPrice),
    exitPrice: plain(exit.avgPrice),
    gross,
    fees,
    net,
    closingBalance: sum([opening, net]),
  };
  const facts = [...openingFacts(entry, opening), ...orders.flatMap(orderFacts)];
  return { facts, expected };
};

interface BybitOrder {
  readonly orderId: string;
  readonly side: string;
  readonly qty: string;
  readonly price: string;
  readonly avgPrice: string;
  readonly cumExecQty: string;
  readonly cumExecValue: string;
  readonly cumExecFee: string;
  readonly reduceOnly: boolean;
  readonly createdTime: string;
  readonly updatedTime: string;
}

interface Excerpt {
  readonly methods: {
    readonly fetchClosedOrders: readonly {
      readonly httpResponse: { readonly result: { readonly list: readonly BybitOrder[] } };
    }[];
  };
}

const readOrders = (): readonly BybitOrder[] => {
  const { methods } = JSON.parse(readData(FILE)) as Excerpt;
  return methods.fetchClosedOrders[0]?.httpResponse.result.list ?? [];
};

const timeOf = (milliseconds: string): string => new Date(Number(milliseconds)).toISOString();

const openingFacts = ({ createdTime }: BybitOrder, amount: string): readonly Fact[] => {
  const time = timeOf(createdTime);
  return [
    accountFact({ account: ACCOUNT, venue: VENUE, currency: 'USDT', time }),
    {
      kind: 'instrument',
      venue: VENUE,
      instrument: INSTRUMENT,
      symbol: 'BTCUSDT',
      type: 'linear',
      class: 'crypto',
      base: 'BTC',
      quote: 'USDT',
      settle: 'USDT',
      multiplier: '1',
    },
    { kind: 'deposit', account: ACCOUNT, currency: 'USDT', amount, id: 'opening', time },
  ];
};

const orderFacts = (order: BybitOrder): readonly Fact[] => {
  const side = order.side.toLowerCase();
  const common = { account: ACCOUNT, instrument: INSTRUMENT, orderId: order.orderId, side };
  return [
    {
      kind: 'order',
      ...common,
      type: 'market',
      quantity: plain(order.qty),
      price: plain(order.price),
      filled: plain(order.cumExecQty),
      averagePrice: plain(order.avgPrice),
      status: 'filled',
      reduceOnly: order.reduceOnly,
      time: timeOf(order.updatedTime),
    },
    {
      kind: 'fill',
      ...common,
      quantity: plain(order.cumExecQty),
      price: plain(order.avgPrice),
      fee: plain(order.cumExecFee),
      feeCurrency: 'USDT',
      liquidity: 'taker',
      executionId: `${order.orderId}-all`,
      time: timeOf(order.updatedTime),
    },
  ];
};
