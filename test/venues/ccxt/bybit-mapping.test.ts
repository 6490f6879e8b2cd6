import { describe, expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import type { CashFact, Fill } from '../../../src/model/fact.ts';
import {
  bybitHolds,
  mapBybitBalances,
  mapBybitPositions,
} from '../../../src/venues/ccxt/mapping/bybit-account.ts';
import {
  type MappingContext,
  mapBybitExecutions,
} from '../../../src/venues/ccxt/mapping/bybit-executions.ts';
import { deriveBybitName } from '../../../src/venues/ccxt/mapping/bybit-instruments.ts';
import { mapBybitOrders } from '../../../src/venues/ccxt/mapping/bybit-orders.ts';
import type { Raw } from '../../../src/venues/ccxt/raw.ts';
import { context, hedge, index } from './bybit-listing.ts';
import { execution, order } from './fake-bybit.ts';

const one = (row: Raw, market: 'spot' | 'linear' | 'inverse' = 'linear', where = context) =>
  mapBybitExecutions(where, [row], market).items[0];
const fillOf = (...parameters: Parameters<typeof one>) => one(...parameters) as Fill;
const fees = (fill: Fill) => fill.fees?.map((fee) => `${toText(fee.amount)} ${fee.currency}`);

describe('instruments', () => {
  test('CX3 spot, perpetual and inverse of one symbol are three instruments', () => {
    const found = (['spot', 'linear', 'inverse'] as const).map(
      (market) => index.find(market, market === 'inverse' ? 'BTCUSD' : 'BTCUSDT')?.instrument.name,
    );
    expect(found).toEqual(['BTC/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC']);
  });

  test('CX3 a thousand of a coin is no coin; settle coin and expiry are in the name', () => {
    const names = index.instruments.map((instrument) => instrument.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('1000SHIB/USDT:USDT');
    expect(names).toContain('SHIB/USDT:USDT');
    expect(names).toContain('BTC/USDC:USDC');
    expect(names).toContain('BTC/USDC:USDC-251226');
  });

  test.each([
    ['linear', 'AGIUSDT', 'AGI/USDT:USDT'],
    ['linear', 'ETHPERP', 'ETH/USDC:USDC'],
    ['linear', 'BTC-29NOV24', 'BTC/USDC:USDC-241129'],
    ['linear', 'BTCUSDT-29NOV24', 'BTC/USDT:USDT-241129'],
    ['inverse', 'ETHUSD', 'ETH/USD:ETH'],
    ['inverse', 'BTCUSDZ24', 'BTC/USD:BTC-241227'],
    ['inverse', 'BTCUSDH25', 'BTC/USD:BTC-250328'],
    ['spot', 'ETHBTC', 'ETH/BTC'],
    ['spot', 'USDT', null],
    ['linear', 'WHAT', null],
  ] as const)('CX13 the delisted %s %s is %s', (market, symbol, name) => {
    expect(deriveBybitName(market, symbol)).toBe(name);
  });

  test('CX13 an execution of an instrument that nobody lists is kept, and said', () => {
    const { items, faults } = mapBybitExecutions(
      context,
      [execution({ symbol: 'AGIUSDT' }), execution({ symbol: 'WHAT' }), execution()],
      'linear',
    );
    expect(items.map((fact) => fact.instrument)).toEqual(['AGI/USDT:USDT', 'BTC/USDT:USDT']);
    expect(faults).toHaveLength(2);
    expect(faults.join()).toMatch(/AGIUSDT is not listed.*WHAT/);
  });
});

describe('executions', () => {
  test('CX1 numbers are the venue’s text, of any length, and ids keep every digit', () => {
    const digits = '0.1234567890123456789012345678901234567890';
    const fill = fillOf(execution({ execPrice: digits, execId: '9007199254740993123' }));
    expect(toText(fill.price)).toBe(digits.replace(/0+$/, ''));
    expect(fill.executionId).toBe('9007199254740993123');
  });

  test.each([
    ['Trade', 'trade'],
    ['BlockTrade', 'trade'],
    ['AdlTrade', 'adl'],
    ['BustTrade', 'liquidation'],
    ['Settle', 'settlement'],
    ['Delivery', 'delivery'],
  ])('CX5 a %s is booked, as %s', (execType, cause) => {
    expect(fillOf(execution({ execType })).cause).toBe(cause);
  });

  test('CX5 a type that nobody knows is told, never taken for a trade', () => {
    const { items, faults } = mapBybitExecutions(
      context,
      [execution({ execType: 'New' })],
      'linear',
    );
    expect(items).toEqual([]);
    expect(faults.join()).toMatch(/execType "New"/);
  });

  test('CX5 an option is told, as it is not booked', () => {
    const row = execution({ category: 'option', symbol: 'BTC-26DEC25-100000-C' });
    expect(mapBybitExecutions(context, [row]).faults.join()).toMatch(/options are not booked/);
  });

  test('CX6 funding is money and no trade: positive was paid', () => {
    const paid = one(execution({ execType: 'Funding', execFee: '0.00867' })) as CashFact;
    const got = one(execution({ execType: 'Funding', execFee: '-0.00708126' })) as CashFact;
    expect([paid.kind, toText(paid.amount), paid.currency]).toEqual([
      'funding',
      '-0.00867',
      'USDT',
    ]);
    expect(toText(got.amount)).toBe('0.00708126');
  });

  test('CX6 funding is in the settle coin: USDC, and the base coin of inverse contracts', () => {
    const row = { execType: 'Funding', execFee: '0.1' };
    const usdc = one(execution({ ...row, symbol: 'BTCPERP' })) as CashFact;
    const inverse = one(execution({ ...row, symbol: 'BTCUSD' }), 'inverse') as CashFact;
    expect([usdc.currency, inverse.currency]).toEqual(['USDC', 'BTC']);
  });

  test.each([
    ['the list names the coin', { feeCurrency: 'ETH', execFee: '0.000001' }, ['0.000001 ETH']],
    ['the topic names the coin', { feeCoin: 'MNT', execFee: '2' }, ['2 MNT']],
    ['a rebate', { feeCurrency: 'USDT', execFee: '-0.25' }, ['-0.25 USDT']],
    ['a rebate without a coin, from a buy', { execFee: '-0.25' }, ['-0.25 USDT']],
    ['a buy without a coin pays in base', { execFee: '0.001' }, ['0.001 BTC']],
    ['a sale without a coin pays in quote', { side: 'Sell', execFee: '0.001' }, ['0.001 USDT']],
    ['nothing was charged', { execFee: '0' }, []],
    ['not told yet', { execFee: '' }, undefined],
    [
      'more than one',
      { execFee: '1', feeCoin: 'USDT', extraFees: '[{"feeCoin":"IDR","fee":"7"}]' },
      ['1 USDT', '7 IDR'],
    ],
    ['more, that cannot be read', { execFee: '1', extraFees: '[{"what":"7"}]' }, undefined],
  ])('CX7 spot fees: %s', (_case, row, expected) => {
    expect(fees(fillOf(execution(row), 'spot'))).toEqual(expected);
  });

  test('CX7 contracts pay in their settle coin where none is named', () => {
    expect(fees(fillOf(execution()))).toEqual(['16.5 USDT']);
    expect(fees(fillOf(execution({ symbol: 'BTCUSD', execFee: '0.00001' }), 'inverse'))).toEqual([
      '0.00001 BTC',
    ]);
  });

  test.each([
    ['Buy', '0', 'long'],
    ['Sell', '0.5', 'long'],
    ['Sell', '0', 'short'],
    ['Buy', '0.5', 'short'],
  ])('CX8 in hedge mode a %s that closes %s is of the %s leg', (side, closedSize, leg) => {
    expect(fillOf(execution({ side, closedSize }), 'linear', hedge).leg).toBe(leg);
  });

  test('CX8 a leg that is not told is no leg', () => {
    const mapped = mapBybitExecutions(hedge, [execution({ closedSize: '' })], 'linear');
    expect(mapped.items).toEqual([]);
    expect(mapped.faults.join()).toMatch(/which leg/);
    expect(fillOf(execution({ closedSize: '' }), 'spot', hedge).leg).toBe('net');
  });
});

describe('positions and wallets', () => {
  const position = (more: Raw) => ({
    symbol: 'BTCUSDT',
    positionIdx: 0,
    side: 'Buy',
    size: '0.5',
    avgPrice: '60000',
    markPrice: '61000',
    unrealisedPnl: '500',
    ...more,
  });
  const held = (where: MappingContext, ...rows: readonly Raw[]) =>
    mapBybitPositions(where, rows, 'linear');

  test('CX8 the side gives the sign, flat rows are no positions, the index is the leg', () => {
    const flat = position({ side: '', size: '0' });
    expect(held(context, position({ side: 'Sell' }), flat).items).toMatchObject([
      { instrument: 'BTC/USDT:USDT', leg: 'net', quantity: decimal('-0.5') },
    ]);
    const legs = [position({ positionIdx: 1 }), position({ positionIdx: 2, side: 'Sell' })];
    expect(held(hedge, ...legs).items).toMatchObject([
      { leg: 'long', quantity: decimal('0.5') },
      { leg: 'short', quantity: decimal('-0.5') },
    ]);
  });

  test('CX8 a position in the other mode than the account’s is told, not merged', () => {
    expect(held(context, position({ positionIdx: 1 })).faults.join()).toMatch(/hedge mode/);
    expect(held(hedge, position({})).faults.join()).toMatch(/one-way mode/);
  });

  test('CX8 REST says avgPrice, the topic entryPrice', () => {
    const { avgPrice: _, ...topic } = { ...position({}), entryPrice: '59999' };
    expect(held(context, topic).items[0]?.averagePrice).toEqual(decimal('59999'));
  });

  const coin = (more: Raw = {}) => ({
    coin: [
      {
        coin: 'USDT',
        walletBalance: '10000',
        equity: '10500',
        locked: '42',
        totalPositionIM: '50.5',
        totalOrderIM: '7.5',
        availableToWithdraw: '',
        borrowAmount: '0',
        ...more,
      },
    ],
  });

  test('CX9 the total is the wallet, not the equity; what is free is the rest of it', () => {
    const [balance] = mapBybitBalances([coin()]).items;
    expect(balance).toMatchObject({
      currency: 'USDT',
      total: decimal('10000'),
      equity: decimal('10500'),
    });
    expect(toText(balance!.available!)).toBe('9900'); // 10000 - 42 - 50.5 - 7.5
  });

  test('CX9 a part that is not told leaves what is free unknown; a total is needed', () => {
    expect(mapBybitBalances([coin({ totalOrderIM: '' })]).items[0]?.available).toBeNull();
    expect(mapBybitBalances([coin({ walletBalance: '' })]).faults).toHaveLength(1);
  });

  test('CX9 more locked than there is stays negative', () => {
    const [balance] = mapBybitBalances([coin({ locked: '10100', totalPositionIM: '0' })]).items;
    expect(balance?.available).toEqual(decimal('-107.5'));
  });

  test('CX25 the wallet tells in which coins positions are held', () => {
    expect([...bybitHolds([coin()], ['totalPositionIM'])]).toEqual([['USDT', true]]);
    expect([...bybitHolds([coin({ totalPositionIM: '0' })], ['totalPositionIM'])]).toEqual([
      ['USDT', false],
    ]);
  });
});

describe('orders', () => {
  test.each([
    ['New', '0', 'open'],
    ['PartiallyFilled', '0.4', 'open'],
    ['Cancelled', '0', 'cancelled'],
    ['Cancelled', '0.4', 'cancelled'],
    ['Cancelled', '1', 'filled'],
    ['PartiallyFilledCanceled', '0.4', 'cancelled'],
    ['Rejected', '0', 'rejected'],
    ['Rejected', '0.4', 'cancelled'],
    ['Filled', '1', 'filled'],
    ['Filled', '0.4', 'unknown'],
    ['Filled', '0', 'unknown'],
    ['Untriggered', '0', 'open'],
    ['SomethingNew', '0', 'unknown'],
  ])('CX10 %s with %s of 1 filled is %s', (orderStatus, cumExecQty, status) => {
    const { items } = mapBybitOrders(context, [order({ orderStatus, cumExecQty })], 'linear');
    expect(items[0]).toMatchObject({ status, filled: decimal(cumExecQty) });
  });

  test('CX10 a spot market buy sized in quote coins has what it bought as its quantity', () => {
    const row = order({
      orderType: 'Market',
      marketUnit: 'quoteCoin',
      qty: '100',
      cumExecQty: '0.0016',
      orderStatus: 'Filled',
    });
    expect(mapBybitOrders(context, [row], 'spot').items[0]).toMatchObject({
      quantity: decimal('0.0016'),
      status: 'filled',
      price: null,
    });
  });
});
