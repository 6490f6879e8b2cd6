/**
 * Payloads that tell a figure twice: what is read from one field is held against another one that
 * the venue computed itself, such as the value of a trade or the profit of a position.
 */
import { describe, expect, test } from 'vitest';
import {
  absolute,
  compare,
  type Decimal,
  divideHalfEven,
  multiply,
  subtract,
} from '../../../src/decimal/decimal.ts';
import { decimal, toText } from '../../../src/decimal/text.ts';
import type { Fill } from '../../../src/model/fact.ts';
import { envelope } from '../../../src/venues/ccxt/exchange-client.ts';
import type { Market } from '../../../src/venues/ccxt/instrument-index.ts';
import {
  mapBinanceBalances,
  mapBinancePositions,
  mapBinanceSpotBalances,
} from '../../../src/venues/ccxt/mapping/binance-account.ts';
import {
  binanceEvent,
  mapBinanceOrderEvent,
  mapBinanceOrders,
  mapBinanceTrades,
} from '../../../src/venues/ccxt/mapping/binance-executions.ts';
import {
  binanceIndex,
  mapBinanceInstruments,
} from '../../../src/venues/ccxt/mapping/binance-instruments.ts';
import {
  mapSpotDeposits,
  mapSpotDistributions,
  mapSpotTransfers,
  mapSpotWithdrawals,
} from '../../../src/venues/ccxt/mapping/binance-spot.ts';
import { mapBybitPositions } from '../../../src/venues/ccxt/mapping/bybit-account.ts';
import { bybitChainFaults } from '../../../src/venues/ccxt/mapping/bybit-cash-flows.ts';
import { mapBybitExecutions } from '../../../src/venues/ccxt/mapping/bybit-executions.ts';
import { bybitIndex } from '../../../src/venues/ccxt/mapping/bybit-instruments.ts';
import { mapBybitOrders } from '../../../src/venues/ccxt/mapping/bybit-orders.ts';
import {
  list,
  object,
  type Raw,
  rawJson,
  text,
  venueDecimal,
} from '../../../src/venues/ccxt/raw.ts';
import { needs } from '../../real-data/needs-data.ts';
import { hasRecorded, pushed, recorded, replaying, requestBody } from './recorded.ts';

needs(hasRecorded, 'recorded answers of exchanges');

const spotListing = (base: string, quote: string) => ({
  ...{ symbol: `${base}${quote}`, baseAsset: base, quoteAsset: quote, filters: [] },
});
const coin = (symbol: string) => ({
  ...{ symbol, baseAsset: 'BTC', quoteAsset: 'USD', marginAsset: 'BTC', contractSize: '100' },
  ...{ contractType: 'CURRENT_QUARTER', deliveryDate: String(Date.UTC(2020, 8, 25, 8)) },
  filters: [],
});
const usd = { ...spotListing('BTC', 'USDT'), marginAsset: 'USDT', contractType: 'PERPETUAL' };
const pairs = [
  ['BNB', 'BTC'],
  ['LTC', 'BTC'],
  ['ETH', 'BTC'],
  ['ETH', 'USDT'],
] as const;
const index = binanceIndex([
  ...mapBinanceInstruments(
    'spot',
    pairs.map(([base, quote]) => spotListing(base, quote)),
  ).items,
  ...mapBinanceInstruments('linear', [usd]).items,
  ...mapBinanceInstruments('inverse', ['BTCUSD_200626', 'BTCUSD_200925', 'BTCUSD_201225'].map(coin))
    .items,
]);
const context = { account: 'main', positionMode: 'net', index } as const;
const hedge = { ...context, positionMode: 'hedge' } as const;
const bybit = { ...context, index: bybitIndex([]) };

/** Rows of a file as they come through the client: signed, waited for, parsed without loss. */
async function rowsOf(exchange: string, method: string, file: string): Promise<readonly Raw[]> {
  const client = await replaying(exchange, requestBody(file));
  const answer = await client.call(method, {});
  if (exchange === 'bybit') return list(envelope(answer).result['list'], file);
  return Array.isArray(answer) ? list(answer, file) : [object(answer, file)];
}

const binance = (exchange: string, method: string, file: string) =>
  rowsOf(exchange, method, `binance/Endpoints/${file}.txt`);
const told = (row: Raw, name: string): Decimal => venueDecimal(text(row, name))!;

/** Equal but for the places that the venue cut off. */
function expectClose(ours: Decimal, theirs: Decimal, within: string): void {
  const off = absolute(subtract(ours, theirs));
  expect([toText(ours), compare(off, decimal(within)) <= 0]).toEqual([toText(ours), true]);
}

const value = ({ quantity, price }: Fill) => multiply(quantity, price);
const inCoin = ({ quantity, price }: Fill) => divideHalfEven(quantity, price, 18);
/** Of an inverse position: quantity x (1 / entry - 1 / mark). */
const profit = (quantity: Decimal, entry: Decimal, mark: Decimal) =>
  divideHalfEven(multiply(quantity, subtract(mark, entry)), multiply(entry, mark), 18);

describe('Binance tells twice', () => {
  test.each([
    ['spot', 'binance', 'privateGetMyTrades', 'Spot', 'quoteQty'],
    ['linear', 'binanceusdm', 'fapiPrivateGetUserTrades', 'UsdFutures', 'quoteQty'],
    ['inverse', 'binancecoinm', 'dapiPrivateGetUserTrades', 'CoinFutures', 'baseQty'],
  ] as const)('CX29 CX4 what a %s trade was worth', async (market, exchange, method, of, field) => {
    const rows = await binance(exchange, method, `${of}/Trading/GetUserTrades`);
    const { items, faults } = mapBinanceTrades(context, market, rows);
    expect(faults).toEqual([]);
    const worth = market === 'inverse' ? inCoin(items[0]!) : value(items[0]!);
    expectClose(worth, told(rows[0]!, field), market === 'inverse' ? '0.00000001' : '0');
  });

  test('CX29 CX39 what forced orders of a coin-margined contract were worth', async () => {
    const file = 'CoinFutures/Trading/GetForcedOrders';
    const rows = await binance('binancecoinm', 'dapiPrivateGetForceOrders', file);
    const { items } = mapBinanceOrders(context, 'inverse', rows);
    for (const [at, { filled, averagePrice }] of items.entries()) {
      const worth = divideHalfEven(filled!, averagePrice!, 18);
      expectClose(worth, told(rows[at]!, 'cumBase'), '0.00000001');
    }
    expect(items.map(({ leg, status }) => [leg, status])).toEqual([
      ['net', 'filled'],
      ['long', 'filled'],
    ]);
  });

  test('CX29 CX39 CX8 the profit of a coin-margined long in hedge mode', async () => {
    const file = 'CoinFutures/Account/GetPositionInformation';
    const rows = await binance('binancecoinm', 'dapiPrivateGetPositionRisk', file);
    const { items } = mapBinancePositions(hedge, 'inverse', rows);
    const [{ quantity, averagePrice, markPrice, unrealisedPnl, leg }] = items as never as [
      Record<'quantity' | 'averagePrice' | 'markPrice' | 'unrealisedPnl', Decimal> & {
        readonly leg: string;
      },
    ];
    expect([leg, toText(quantity)]).toEqual(['long', '100']);
    expectClose(profit(quantity, averagePrice, markPrice), unrealisedPnl, '0.00000001');
    expect(mapBinancePositions(context, 'inverse', rows).faults.join()).toMatch(/hedge mode/);
  });

  test('CX29 CX8 the profit of a USD-margined long in hedge mode', async () => {
    const file = 'UsdFutures/Trading/GetPositions';
    const rows = await binance('binanceusdm', 'fapiPrivateV3GetPositionRisk', file);
    const [held] = mapBinancePositions(hedge, 'linear', rows).items;
    const gain = subtract(held!.markPrice!, held!.averagePrice!);
    expect(held?.leg).toBe('long');
    expect(toText(multiply(held!.quantity, gain))).toBe('-1.06214947426');
    expect(toText(held!.unrealisedPnl!)).toBe('-1.06214947');
  });

  test('CX29 CX30 a frame inside the stream that carries it', () => {
    const frame = object(rawJson(pushed('binance/Subscriptions/UsdFutures/OrderUpdate.txt')), '');
    expect(frame['e']).toBeUndefined();
    const { o } = binanceEvent(frame);
    expect(mapBinanceOrderEvent(hedge, 'linear', object(o, 'o'))).toMatchObject([
      { kind: 'order', instrument: 'BTC/USDT:USDT', leg: 'long', status: 'open' },
    ]);
  });

  test.each([
    ['binanceusdm', 'fapiPrivateV3GetAccount', 'UsdFutures/Account/GetAccountInfoV3'],
    ['binancecoinm', 'dapiPrivateGetAccount', 'CoinFutures/Account/GetAccountInfo'],
  ] as const)(
    'CX29 CX9 %s: margin is wallet and profit, and only the wallet is cash',
    async (exchange, method, file) => {
      const [account] = await binance(exchange, method, file);
      const assets = list(account!['assets'], 'assets');
      const { items } = mapBinanceBalances(assets);
      for (const [at, { total, equity }] of items.entries()) {
        const gain = told(assets[at]!, 'unrealizedProfit');
        expect(toText(subtract(equity!, total))).toBe(toText(gain));
      }
      expect(items.length).toBeGreaterThan(0);
    },
  );

  test('CX29 CX37 spot: the wallet, resting orders and frames of orders', async () => {
    const [account] = await binance('binance', 'privateGetAccount', 'Spot/Account/GetAccountInfo');
    const { items } = mapBinanceSpotBalances(list(account!['balances'], 'balances'));
    expect(items.map(({ total }) => toText(total))).toEqual([
      '4723846.89208129',
      '4763368.68006011',
    ]);
    const file = 'Spot/Trading/GetOpenOrders';
    const rows = await binance('binance', 'privateGetOpenOrders', file);
    expect(mapBinanceOrders(context, 'spot', rows).items).toMatchObject([
      { instrument: 'LTC/BTC', status: 'open', filled: decimal('0'), averagePrice: null },
    ]);
    const frame = object(rawJson(pushed('binance/Subscriptions/Spot/Account/Order.txt')), '');
    expect(mapBinanceOrderEvent(context, 'spot', object(frame['event'], ''))).toMatchObject([
      { kind: 'order', instrument: 'ETH/BTC', status: 'open' },
    ]);
    const folder = 'exchange-payloads-nautilus/binance/spot/user_data_json';
    const kinds = ['new', 'trade', 'canceled', 'expired', 'stop_loss'].map((name) => {
      const told = object(rawJson(recorded(`${folder}/execution_report_${name}.json`)), name);
      const facts = mapBinanceOrderEvent(context, 'spot', told);
      return [facts.length, facts.at(-1)?.kind === 'order' && (facts.at(-1) as never)['status']];
    });
    expect(kinds).toEqual([
      [1, 'open'],
      [2, 'filled'],
      [1, 'cancelled'],
      [1, 'expired'],
      [1, 'open'],
    ]);
  });

  test('CX29 CX38 money of the spot wallet: what arrived, what left, what was given', async () => {
    const read = (method: string, file: string) =>
      binance('binance', method, `Spot/Account/${file}`);
    const deposits = await read('sapiGetCapitalDepositHisrec', 'GetDepositHistory');
    const withdrawals = await read('sapiGetCapitalWithdrawHistory', 'GetWithdrawalHistory');
    const [transfers] = await read('sapiGetAssetTransfer', 'GetTransfers');
    const [given] = await read('sapiGetAssetAssetDividend', 'GetAssetDividendRecords');
    // One deposit is still under way, both withdrawals left another wallet.
    expect(mapSpotDeposits(context, deposits).items).toMatchObject([
      { currency: 'IOTA', amount: decimal('0.5') },
    ]);
    expect(mapSpotWithdrawals(context, withdrawals)).toEqual({ items: [], faults: [] });
    const moved = mapSpotTransfers(context, list(transfers!['rows'], 'rows')).items;
    expect(moved.map(({ amount }) => toText(amount))).toEqual(['-1', '-2']);
    const gifts = mapSpotDistributions(context, list(given!['rows'], 'rows')).items;
    expect(new Set(gifts.map(({ id }) => id)).size).toBe(2);
  });
});

describe('Bybit tells twice', () => {
  const endpoints = 'bybit/Endpoints/V5Api';

  test('CX29 the value and the fee of an execution', async () => {
    const method = 'privateGetV5ExecutionList';
    const rows = await rowsOf('bybit', method, `${endpoints}/Trading/GetUserTrades.txt`);
    const [fill] = mapBybitExecutions(bybit, rows, 'linear').items as readonly Fill[];
    expect(toText(value(fill!))).toBe(toText(told(rows[0]!, 'execValue')));
    expect(toText(fill!.fees![0]!.amount)).toBe(
      toText(multiply(value(fill!), told(rows[0]!, 'feeRate'))),
    );
    // Neither this list nor the topic says what it closed: a leg of hedge mode stays unknown.
    const both = { ...bybit, positionMode: 'hedge' } as const;
    expect(mapBybitExecutions(both, rows, 'linear').faults.join()).toMatch(/which leg/);
  });

  test('CX29 CX4 the value and the profit of an inverse position', async () => {
    const method = 'privateGetV5PositionList';
    const rows = await rowsOf('bybit', method, `${endpoints}/Trading/GetPositions.txt`);
    const [held] = mapBybitPositions(bybit, rows, 'inverse').items;
    const { quantity, averagePrice, markPrice, unrealisedPnl } = held!;
    expect([held!.instrument, toText(quantity)]).toEqual(['BTC/USD:BTC', '-300']);
    const worth = divideHalfEven(absolute(quantity), averagePrice!, 18);
    expectClose(worth, told(rows[0]!, 'positionValue'), '0.000000005');
    expectClose(profit(quantity, averagePrice!, markPrice!), unrealisedPnl!, '0.000000005');
  });

  test('CX29 CX11 the log of one coin is a chain, also where two rows have one id', async () => {
    const method = 'privateGetV5AccountTransactionLog';
    const rows = await rowsOf('bybit', method, `${endpoints}/Account/GetTransactionHistory.txt`);
    expect(rows.length).toBeGreaterThan(2);
    expect(new Set(rows.map((row) => text(row, 'id'))).size).toBeLessThan(rows.length);
    expect(bybitChainFaults(rows)).toEqual([]);
    expect(bybitChainFaults([rows[0]!, ...rows.slice(2)]).join()).toMatch(/rows are missing/);
  });

  test('CX29 CX8 orders of hedge mode name the leg', async () => {
    const method = 'privateGetV5OrderRealtime';
    const rows = await rowsOf('bybit', method, `${endpoints}/Trading/GetOrders.txt`);
    const market: Market = 'linear';
    expect(mapBybitOrders(bybit, rows, market).items).toMatchObject([
      { instrument: 'ETH/USDT:USDT', leg: 'long', status: 'open' },
    ]);
  });
});
