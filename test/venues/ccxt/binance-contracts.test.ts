import { describe, expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import type { Fill } from '../../../src/model/fact.ts';
import { fromMilliseconds } from '../../../src/model/instant.ts';
import type { OrderRequest } from '../../../src/venues/venue.ts';
import { asked, at, open, server, standing, toTheEnd, value } from './binance-stand.ts';
import { venueTime } from './fake-bybit.ts';

standing();

const inverse = 'BTC/USD:BTC';
const time = venueTime - 400;

/** Rows as the coin-margined market tells them: amounts in contracts of 100 dollars. */
const trade = (more: Readonly<Record<string, unknown>> = {}) => ({
  ...{ symbol: 'BTCUSD_PERP', pair: 'BTCUSD', id: 6, orderId: 28, side: 'SELL', price: '50000' },
  ...{ qty: '3', realizedPnl: '0', marginAsset: 'BTC', baseQty: '0.006' },
  ...{ commission: '0.0000024', commissionAsset: 'BTC', time, positionSide: 'BOTH' },
  ...{ buyer: false, maker: false, ...more },
});
const held = (positionAmt: string, positionSide: string, symbol = 'BTCUSD_PERP') => ({
  ...{ symbol, positionAmt, positionSide, entryPrice: '50000', markPrice: '50100' },
  ...{ unRealizedProfit: '0.0001', notionalValue: '0' },
});
const income = (incomeType: string, amount: string, more: object = {}) => ({
  ...{ symbol: 'BTCUSD_PERP', incomeType, income: amount, asset: 'BTC', info: '', time },
  ...{ tranId: 9689322392, tradeId: '', ...more },
});
const rowsAt = (path: string, rows: readonly object[]) =>
  server.tell(at(`/dapi/v1/${path}`, () => ({ body: rows })));

const order: OrderRequest = {
  ...{ clientOrderId: 'c1', instrument: inverse, leg: 'net', side: 'buy', type: 'limit' },
  ...{ quantity: decimal('300'), price: decimal('50000.5'), timeInForce: 'gtc' },
  ...{ reduceOnly: true, trigger: null },
};

describe('coin-margined contracts of Binance', () => {
  test('CX39 CX4 a position of three contracts is 300 dollars, dated ones beside it', async () => {
    rowsAt('positionRisk', [held('-3', 'BOTH'), held('2', 'BOTH', 'BTCUSD_251226')]);
    rowsAt('account', []);
    const venue = await open('binancecoinm');
    const { positions } = value(await venue.statement());
    expect(positions).toMatchObject({ complete: true, scope: ['inverse'] });
    expect(positions?.items.map((one) => [one.instrument, toText(one.quantity)])).toEqual([
      [inverse, '-300'],
      ['BTC/USD:BTC-251226', '200'],
    ]);
  });

  test('CX39 CX8 in hedge mode both legs of a contract stand beside each other', async () => {
    rowsAt('positionRisk', [held('1', 'LONG'), held('-4', 'SHORT'), held('0', 'BOTH')]);
    const venue = await open('binancecoinm', { positionMode: 'hedge' });
    const { positions } = value(await venue.statement());
    expect(positions?.items.map((one) => [one.leg, toText(one.quantity)])).toEqual([
      ['long', '100'],
      ['short', '-400'],
    ]);
  });

  test('CX39 CX7 trades are in dollars, their fees in the coin; forced ones are told', async () => {
    rowsAt('income', [income('COMMISSION', '-0.0000024', { tradeId: '6' })]);
    rowsAt('userTrades', [trade(), trade({ id: 7, orderId: 165123080, positionSide: 'LONG' })]);
    rowsAt('forceOrders', [{ orderId: 165123080, clientOrderId: 'autoclose-1596542005017' }]);
    const venue = await open('binancecoinm', { positionMode: 'hedge' });
    const since = fromMilliseconds(venueTime - 60_000);
    const { facts } = await toTheEnd((cursor) => venue.executions(cursor, since));
    const [first, second] = facts as readonly Fill[];
    expect(toText(first!.quantity)).toBe('300');
    expect(first?.fees?.map((fee) => [fee.currency, toText(fee.amount)])).toEqual([
      ['BTC', '0.0000024'],
    ]);
    expect([first?.cause, second?.cause, second?.leg]).toEqual(['trade', 'liquidation', 'long']);
  });

  test('CX39 CX6 funding is paid in the coin that settles', async () => {
    rowsAt('income', [income('FUNDING_FEE', '-0.00000312'), income('REALIZED_PNL', '1')]);
    const venue = await open('binancecoinm');
    const since = fromMilliseconds(venueTime - 60_000);
    const { facts } = await toTheEnd((cursor) => venue.cashFlows(cursor, since));
    expect(facts).toMatchObject([
      { kind: 'funding', currency: 'BTC', instrument: inverse, amount: decimal('-0.00000312') },
    ]);
  });

  test('CX39 CX16 what is sent is a number of contracts; between two nothing is', async () => {
    server.tell(at('/dapi/v1/order', () => ({ body: { symbol: 'BTCUSD_PERP', orderId: 77 } })));
    const venue = await open('binancecoinm', { trading: true });
    expect(await venue.place(order)).toMatchObject({ status: 'accepted', orderId: '77' });
    expect(await venue.place({ ...order, leg: 'short', side: 'sell' })).toMatchObject({
      status: 'accepted',
    });
    expect(await venue.place({ ...order, quantity: decimal('250') })).toMatchObject({
      ...{ status: 'refused', code: 'quantity-not-whole' },
    });
    const sent = asked('/dapi/v1/order').map(({ body }) => body);
    expect(sent).toMatchObject([
      { symbol: 'BTCUSD_PERP', quantity: '3', positionSide: 'BOTH', reduceOnly: 'true' },
      { quantity: '3', positionSide: 'SHORT' },
    ]);
    expect(sent).toHaveLength(2);
    expect(sent[1]).not.toHaveProperty('reduceOnly');
  });

  test('CX39 CX5 a frame of a delivery is a fill of its dated contract', async () => {
    const venue = await open('binancecoinm', { positionMode: 'hedge' });
    expect(await venue.instruments()).toMatchObject({ status: 'answered' });
    const o = {
      ...{ s: 'BTCUSD_251226', c: 'delivery_autoclose-1', S: 'SELL', o: 'LIMIT', f: 'IOC' },
      ...{ q: '1', p: '70000.0', ap: '70000.0', sp: '0', x: 'TRADE', X: 'FILLED', i: 8887003 },
      ...{ l: '1', z: '1', L: '70000.0', T: venueTime, t: 12346003, m: false, ps: 'LONG' },
    };
    const frame = JSON.stringify({ e: 'ORDER_TRADE_UPDATE', T: venueTime, E: venueTime, o });
    const [fill] = venue.interpret('user', frame).facts;
    expect(fill).toMatchObject({
      ...{ kind: 'fill', instrument: 'BTC/USD:BTC-251226', leg: 'long', cause: 'delivery' },
      ...{ quantity: decimal('100'), fees: [] },
    });
  });

  test('CX50 a coin that cannot be asked for by name is not told to be gone', async () => {
    const venue = await open('binanceusdm');
    const { balances } = value(await venue.statement({ coins: ['XYZ'] }));
    expect(balances).toMatchObject({ complete: false, error: expect.stringMatching(/out XYZ,/) });
    expect(balances?.items.every(({ currency }) => currency !== 'XYZ')).toBe(true);
  });

  test('CX30 CX25 a commission of a trade that is not listed makes the list doubtful', async () => {
    rowsAt('income', [income('COMMISSION', '-0.0000024', { tradeId: '6' })]);
    const venue = await open('binancecoinm');
    const { executions } = value(await venue.statement());
    expect(executions).toMatchObject({ complete: false });
    expect(executions?.error).toMatch(/the log tells of 1 more: 6/);
    rowsAt('userTrades', [trade()]);
    const whole = value(await venue.statement());
    expect(whole.executions).toMatchObject({ complete: true, error: null });
  });
});
