import { expect, test } from 'vitest';
import { toText } from '../../../src/decimal/text.ts';
import type { Fill } from '../../../src/model/fact.ts';
import {
  mapBinanceBalances,
  mapBinanceIncome,
  mapBinancePositions,
  mapBinanceSpotBalances,
} from '../../../src/venues/ccxt/mapping/binance-account.ts';
import {
  mapBinanceOrderEvent,
  mapBinanceOrders,
  mapBinanceTrades,
} from '../../../src/venues/ccxt/mapping/binance-executions.ts';
import {
  binanceIndex,
  deriveBinanceName,
  mapBinanceInstruments,
} from '../../../src/venues/ccxt/mapping/binance-instruments.ts';
import type { Raw } from '../../../src/venues/ccxt/raw.ts';

const listing = (symbol: string, quote: string, settle: string, more: Raw = {}) => ({
  symbol,
  baseAsset: 'BTC',
  quoteAsset: quote,
  marginAsset: settle,
  contractType: 'PERPETUAL',
  filters: [{ filterType: 'LOT_SIZE', stepSize: '1' }],
  ...more,
});
const delivery = {
  contractType: 'CURRENT_QUARTER',
  deliveryDate: String(Date.UTC(2026, 2, 27, 8)),
};
const index = binanceIndex([
  ...mapBinanceInstruments('spot', [listing('BTCUSDT', 'USDT', '')]).items,
  ...mapBinanceInstruments('linear', [
    listing('BTCUSDT', 'USDT', 'USDT'),
    listing('BTCUSDT_260327', 'USDT', 'USDT', delivery),
  ]).items,
  ...mapBinanceInstruments('inverse', [
    listing('BTCUSD_PERP', 'USD', 'BTC', { contractSize: '100' }),
  ]).items,
]);
const context = { account: 'main', positionMode: 'net', index } as const;
const hedge = { ...context, positionMode: 'hedge' } as const;

const trade = (more: Raw = {}) => ({
  symbol: 'BTCUSDT',
  id: '9007199254740993',
  orderId: '8',
  side: 'BUY',
  positionSide: 'BOTH',
  price: '60000.10',
  qty: '0.5',
  commission: '0.01',
  commissionAsset: 'BNB',
  maker: true,
  time: '1760000000000',
  ...more,
});

test('CX3 CX4 Binance names never collide, and an inverse contract is a hundred dollars', () => {
  expect(index.instruments.map((one) => one.name)).toEqual([
    'BTC/USDT',
    'BTC/USDT:USDT',
    'BTC/USDT:USDT-260327',
    'BTC/USD:BTC',
  ]);
  expect(toText(index.byName('BTC/USD:BTC')!.instrument.lotSize!)).toBe('100');
});

test('CX4 quantities of inverse contracts are quote units: in trades, positions and orders', () => {
  const three = mapBinanceTrades(context, 'inverse', [trade({ symbol: 'BTCUSD_PERP', qty: '3' })]);
  expect(toText(three.items[0]!.quantity)).toBe('300');
  const held = {
    symbol: 'BTCUSD_PERP',
    positionAmt: '-3',
    positionSide: 'BOTH',
    entryPrice: '60000',
  };
  expect(toText(mapBinancePositions(context, 'inverse', [held]).items[0]!.quantity)).toBe('-300');
});

test('CX7 CX30 a trade pays in the coin that the venue took, and keeps an id of any length', () => {
  const [fill] = mapBinanceTrades(context, 'linear', [trade()]).items;
  expect(fill).toMatchObject({ executionId: '9007199254740993', liquidity: 'maker', leg: 'net' });
  expect(fill?.fees?.map((fee) => `${toText(fee.amount)} ${fee.currency}`)).toEqual(['0.01 BNB']);
  const [rebate] = mapBinanceTrades(context, 'linear', [trade({ commission: '-0.01' })]).items;
  expect(toText(rebate!.fees![0]!.amount)).toBe('-0.01');
  expect(
    mapBinanceTrades(context, 'linear', [trade({ commission: '' })]).items[0]!.fees,
  ).toBeNull();
});

test('CX5 CX30 REST trades of forced orders are liquidations, as the list of those says', () => {
  const causes = new Map([['8', 'liquidation' as const]]);
  expect(mapBinanceTrades(context, 'linear', [trade()], causes).items[0]?.cause).toBe(
    'liquidation',
  );
});

test('CX8 CX30 the position side is the leg, and another mode than the account’s is told', () => {
  const legs = ['LONG', 'SHORT', 'BOTH'].map(
    (positionSide) => mapBinanceTrades(hedge, 'linear', [trade({ positionSide })]).items[0]?.leg,
  );
  expect(legs).toEqual(['long', 'short', 'net']);
  const held = { symbol: 'BTCUSDT', positionAmt: '-3', positionSide: 'SHORT', entryPrice: '1' };
  expect(mapBinancePositions(hedge, 'linear', [held]).items[0]?.leg).toBe('short');
  expect(mapBinancePositions(context, 'linear', [held]).faults.join()).toMatch(/hedge mode/);
});

test('CX9 CX30 cash is the wallet balance: the margin balance holds unrealised profit', () => {
  const asset = {
    asset: 'USDT',
    walletBalance: '10000',
    unrealizedProfit: '-500',
    marginBalance: '9500',
    availableBalance: '9000',
  };
  const [balance] = mapBinanceBalances([asset]).items;
  expect([balance!.total, balance!.equity!].map(toText)).toEqual(['10000', '9500']);
  const [spot] = mapBinanceSpotBalances([{ asset: 'BTC', free: '1.5', locked: '0.5' }]).items;
  expect(toText(spot!.total)).toBe('2');
});

test.each([
  ['FUNDING_FEE', '-0.5', 'funding -0.5'],
  ['FUNDING_FEE', '0.5', 'funding 0.5'],
  ['TRANSFER', '-20', 'transfer -20'],
  ['COMMISSION_REBATE', '1', 'fee -1'],
  ['INSURANCE_CLEAR', '-2', 'fee 2'],
  ['WELCOME_BONUS', '5', 'deposit 5'],
  ['COIN_SWAP_WITHDRAW', '-5', 'withdrawal 5'],
  ['REALIZED_PNL', '9', ''],
  ['COMMISSION', '-1', ''],
])('CX6 CX30 income %s of %s is booked as "%s"', (incomeType, income, expected) => {
  const row = {
    symbol: 'BTCUSDT',
    incomeType,
    income,
    asset: 'USDT',
    tranId: '1',
    time: '1760000000000',
  };
  const { items } = mapBinanceIncome(context, 'linear', [row]);
  expect(items.map((fact) => `${fact.kind} ${toText(fact.amount)}`).join()).toBe(expected);
});

test('CX30 funding of two symbols in one millisecond under one number is two facts', () => {
  const row = {
    incomeType: 'FUNDING_FEE',
    income: '-1',
    asset: 'USDT',
    tranId: '7',
    time: '1760000000000',
  };
  const rows = ['BTCUSDT', 'BTCUSDT_260327'].map((symbol) => ({ ...row, symbol }));
  const ids = mapBinanceIncome(context, 'linear', rows).items.map((fact) => fact.id);
  expect(new Set(ids).size).toBe(2);
});

test('CX30 a frame is a fill and an order, one that only tells a status is an order', () => {
  const frame = {
    s: 'BTCUSDT',
    c: 'mine',
    S: 'SELL',
    o: 'LIMIT',
    q: '2',
    p: '7100.5',
    ap: '7100.5',
    x: 'TRADE',
    X: 'PARTIALLY_FILLED',
    i: '9',
    l: '0.5',
    z: '0.5',
    L: '7100.5',
    N: 'BNB',
    n: '0.001',
    T: '1760000000000',
    t: '77',
    m: true,
    R: false,
    ps: 'BOTH',
  };
  const [fill, order] = mapBinanceOrderEvent(context, 'linear', frame);
  expect(fill).toMatchObject({ kind: 'fill', executionId: '77', clientOrderId: 'mine' });
  expect(order).toMatchObject({ kind: 'order', status: 'open' });
  const cancelled = {
    ...frame,
    x: 'CANCELED',
    X: 'CANCELED',
    l: '0',
    t: '0',
    C: 'first',
    c: 'cancel',
  };
  expect(mapBinanceOrderEvent(context, 'linear', cancelled)).toMatchObject([
    { kind: 'order', status: 'cancelled', clientOrderId: 'first' },
  ]);
  const free = { ...frame, N: undefined, n: undefined };
  expect((mapBinanceOrderEvent(context, 'linear', free)[0] as Fill).fees).toEqual([]);
});

test('CX10 CX30 an order is judged by what filled', () => {
  const row = {
    symbol: 'BTCUSDT',
    orderId: '1',
    clientOrderId: 'c',
    side: 'BUY',
    type: 'LIMIT',
    origQty: '2',
    executedQty: '0.5',
    price: '1',
    avgPrice: '1',
    time: '1760000000000',
  };
  const status = (told: string, executedQty = '0.5') =>
    mapBinanceOrders(context, 'linear', [{ ...row, status: told, executedQty }]).items[0]?.status;
  expect(['NEW', 'CANCELED', 'EXPIRED', 'FILLED'].map((told) => status(told))).toEqual([
    'open',
    'cancelled',
    'cancelled',
    'unknown',
  ]);
  expect([status('CANCELED', '2'), status('REJECTED', '0')]).toEqual(['filled', 'rejected']);
});

test.each([
  ['linear', 'ETHUSDT', 'ETH/USDT:USDT'],
  ['linear', 'ETHUSDC_251226', 'ETH/USDC:USDC-251226'],
  ['spot', 'ETHBTC', 'ETH/BTC'],
  ['inverse', 'ETHUSD_PERP', null],
] as const)('CX13 CX30 the delisted %s %s of Binance is %s', (market, symbol, name) => {
  expect(deriveBinanceName(market, symbol)).toBe(name);
});
