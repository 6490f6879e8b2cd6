import { describe, expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { fromMilliseconds, instant } from '../../../src/model/instant.ts';
import {
  mapSpotDeposits,
  mapSpotDistributions,
  mapSpotTransfers,
  mapSpotWithdrawals,
} from '../../../src/venues/ccxt/mapping/binance-spot.ts';
import type { OrderRequest } from '../../../src/venues/venue.ts';
import { asked, at, open, server, standing, toTheEnd, value } from './binance-stand.ts';
import { venueTime } from './fake-bybit.ts';

standing();

const day = 86_400_000;
const order: OrderRequest = {
  ...{ clientOrderId: 'c1', instrument: 'BTC/USDT', leg: 'net', side: 'buy', type: 'limit' },
  ...{ quantity: decimal('0.25'), price: decimal('60000'), timeInForce: 'post-only' },
  ...{ reduceOnly: false, trigger: null },
};

const trade = (more: Readonly<Record<string, unknown>> = {}) => ({
  ...{ symbol: 'BNBBTC', id: 28457, orderId: 100234, price: '4.00000100', qty: '12.00000000' },
  ...{ quoteQty: '48.000012', commission: '10.1', commissionAsset: 'BNB', isBuyer: true },
  ...{ isMaker: false, time: venueTime - 500, ...more },
});

describe('the spot account of Binance', () => {
  test('CX37 a statement holds coins with what orders lock, and no position', async () => {
    const venue = await open('binance');
    const row = { symbol: 'BTCUSDT', orderId: 1, side: 'SELL', type: 'LIMIT', status: 'NEW' };
    const amounts = { origQty: '0.5', executedQty: '0.0', price: '70000', updateTime: venueTime };
    server.tell(at('/api/v3/openOrders', () => ({ body: [{ ...row, ...amounts }] })));
    const { balances, positions, orders } = value(await venue.statement());
    expect(positions).toMatchObject({ complete: true, scope: [], items: [] });
    expect(orders).toMatchObject({ complete: true, items: [{ instrument: 'BTC/USDT' }] });
    expect(balances).toMatchObject({ complete: true, error: null });
    expect(
      balances?.items.map((one) => [one.currency, toText(one.total), toText(one.available!)]),
    ).toEqual([
      ['BTC', '2', '1.5'],
      ['USDT', '1000', '1000'],
    ]);
  });

  test('CX37 CX25 coins locked beside an empty list of orders are told', async () => {
    const venue = await open('binance');
    const { orders } = value(await venue.statement());
    expect(orders).toMatchObject({ complete: false });
    expect(orders?.error).toMatch(/reserves BTC for orders/);
  });

  test('CX37 CX24 a coin that was spent is told to be gone, not missing', async () => {
    const venue = await open('binance');
    await venue.statement();
    const balances = [{ asset: 'USDT', free: '0', locked: '0' }];
    const rest = { asset: 'BTC', free: '2', locked: '0' };
    server.tell(at('/api/v3/account', () => ({ body: { balances: [...balances, rest] } })));
    expect(value(await venue.statement()).balances).toMatchObject({ complete: true });
    server.tell(at('/api/v3/account', () => ({ body: { balances: [rest] } })));
    server.tell(at('/api/v3/account', () => ({ body: { balances } })));
    expect(value(await venue.statement()).balances?.error).toMatch(/leaves out BTC/);
  });

  test('CX37 trades are asked for pair by pair, a day at a time, and to the end', async () => {
    server.tell(
      at('/api/v3/myTrades', ({ query }) => {
        const { symbol, fromId, startTime, endTime } = query;
        if (symbol !== 'BNBBTC') return { body: [] };
        if (fromId === undefined && Number(endTime) - Number(startTime) > day) {
          return { status: 400, body: { code: -1127, msg: 'More than 24 hours' } };
        }
        const from = Number(fromId ?? 1);
        const count = from === 1 ? 1000 : 5;
        return { body: Array.from({ length: count }, (_, n) => trade({ id: from + n })) };
      }),
    );
    const venue = await open('binance', { symbols: ['BNBBTC', 'BTCUSDT'] });
    const since = fromMilliseconds(venueTime - 3 * day);
    const { facts, faults } = await toTheEnd((cursor) => venue.executions(cursor, since));
    expect(faults).toEqual([]);
    expect(new Set(facts.map((fill) => fill.executionId)).size).toBe(1005);
    expect(new Set(asked('/api/v3/myTrades').map(({ query }) => query['symbol']))).toEqual(
      new Set(['BNBBTC', 'BTCUSDT']),
    );
    expect(venue.capabilities.executions.complete).toBe(true);
  });

  test('CX37 without a pair by name its executions are not said to be all', async () => {
    const venue = await open('binance');
    expect(venue.capabilities).toMatchObject({
      executions: { complete: false },
      cashFlows: { complete: false },
      ...{ amend: false, hedge: false, triggers: false },
    });
    const { executions, cashFlows } = value(await venue.statement());
    expect(executions).toMatchObject({ complete: false });
    expect(cashFlows).toMatchObject({ complete: false });
  });

  test('CX37 CX16 an order has its type, no leg and nothing to reduce', async () => {
    server.tell(at('/api/v3/order', () => ({ body: { symbol: 'BTCUSDT', orderId: 77 } })));
    const venue = await open('binance', { trading: true });
    expect(await venue.place(order)).toMatchObject({ status: 'accepted', orderId: '77' });
    await venue.place({ ...order, timeInForce: 'ioc' });
    await venue.place({ ...order, type: 'market', price: null });
    const sent = asked('/api/v3/order').map(({ query, body }) => ({ ...query, ...body }));
    expect(sent).toMatchObject([
      { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT_MAKER', quantity: '0.25', price: '60000' },
      { type: 'LIMIT', timeInForce: 'IOC', newClientOrderId: 'c1' },
      { type: 'MARKET', quantity: '0.25' },
    ]);
    expect(JSON.stringify(sent)).not.toMatch(/positionSide|reduceOnly/);
    expect(await venue.place({ ...order, reduceOnly: true })).toMatchObject({
      ...{ status: 'refused', code: 'reduce-only-on-spot' },
    });
    expect(asked('/api/v3/order')).toHaveLength(3);
    const reference = { instrument: 'BTC/USDT', orderId: '77', clientOrderId: null };
    expect(await venue.amend(reference, { price: decimal('1') })).toMatchObject({
      ...{ status: 'refused', code: 'amend-not-supported' },
    });
  });

  test('CX37 CX27 the signed line is kept word for word, and what it says is read', async () => {
    const venue = await open('binance', {
      // Ours is 40 seconds late: the login is signed by the venue's time, and by it once.
      clock: { now: () => fromMilliseconds(venueTime - 40_000) },
    });
    const report = {
      ...{ e: 'executionReport', E: venueTime, s: 'BTCUSDT', c: 'mine', S: 'BUY', o: 'LIMIT' },
      ...{ q: '1', p: '60000', x: 'TRADE', X: 'PARTIALLY_FILLED', i: 5, l: '0.25', z: '0.25' },
      ...{ L: '60000', n: '0.00025', N: 'BTC', T: venueTime, t: 9, m: true, C: '' },
    };
    const frame = JSON.stringify({ subscriptionId: 0, event: report });
    const ended = JSON.stringify({ subscriptionId: 0, event: { e: 'eventStreamTerminated' } });
    const abort = new AbortController();
    const seen: string[] = [];
    for await (const event of venue.events(abort.signal)) {
      seen.push(event.kind === 'message' ? event.raw : event.kind);
      if (event.kind === 'connected') {
        if (seen.filter((kind) => kind === 'connected').length === 2) abort.abort();
        else server.push(frame);
      } else if (event.kind === 'message' && event.raw === frame) server.push(ended);
    }
    expect(seen).toEqual(['gap', 'connected', frame, ended, 'gap', 'gap', 'connected']);
    const [login] = server.frames as { params: { timestamp: number } }[];
    expect(login?.params.timestamp).toBe(venueTime);
    const { facts, faults } = venue.interpret('user', frame);
    expect(faults).toEqual([]);
    expect(facts).toMatchObject([
      { kind: 'fill', instrument: 'BTC/USDT', leg: 'net', executionId: '9', orderId: '5' },
      { kind: 'order', status: 'open', clientOrderId: 'mine' },
    ]);
    expect(venue.interpret('user', ended)).toEqual({ facts: [], faults: [] });
    expect(venue.interpret('user', '{"e":"other"}').faults).toEqual([
      'the event other is not read',
    ]);
  });
});

describe('money of the spot wallet that no trade tells', () => {
  const context = { account: 'main', positionMode: 'net', index: null as never } as const;
  const said = (facts: readonly { kind: string; amount: never; id: string; time: bigint }[]) =>
    facts.map(({ kind, amount, id }) => `${kind} ${toText(amount)} ${id}`);

  test('CX38 a deposit counts once it is credited, and in the spot wallet alone', () => {
    const row = { id: '1', amount: '0.5', coin: 'IOTA', status: 1, insertTime: '1599620082000' };
    const rows = [row, { ...row, id: '2', status: 0 }, { ...row, id: '3', status: 6 }];
    const funding = { ...row, id: '4', walletType: 1 };
    const { items, faults } = mapSpotDeposits(context, [...rows, funding].map(texts));
    expect(said(items as never)).toEqual(['deposit 0.5 deposit:1', 'deposit 0.5 deposit:3']);
    expect(faults).toEqual([]);
  });

  test('CX38 a withdrawal has its fee on top, and words for a time', () => {
    const row = { id: 'w1', amount: '8.91', transactionFee: '0.004', coin: 'USDT', status: 6 };
    const rows = [
      { ...row, applyTime: '2019-10-12 11:12:02', walletType: 0 },
      { ...row, id: 'w2', status: 4, applyTime: '2019-10-12 11:12:02' },
      { ...row, id: 'w3', applyTime: 'yesterday' },
    ];
    const { items, faults } = mapSpotWithdrawals(context, rows.map(texts));
    expect(said(items as never)).toEqual(['withdrawal 8.91 withdrawal:w1']);
    expect(items[0]).toMatchObject({ fee: { currency: 'USDT', amount: decimal('0.004') } });
    expect(items[0]?.time).toBe(instant('2019-10-12T11:12:02Z'));
    expect(faults.join()).toMatch(/"yesterday" is no time/);
  });

  test('CX38 a transfer leaves or comes by the side on which MAIN stands', () => {
    const row = { asset: 'USDT', amount: '1', status: 'CONFIRMED', timestamp: '1544433328000' };
    const rows = [
      { ...row, type: 'MAIN_UMFUTURE', tranId: 1 },
      { ...row, type: 'UMFUTURE_MAIN', tranId: 2 },
      { ...row, type: 'MAIN_FUNDING', tranId: 3, status: 'PENDING' },
      { ...row, type: 'MARGIN_UMFUTURE', tranId: 4 },
    ];
    const { items, faults } = mapSpotTransfers(context, rows.map(texts));
    expect(said(items as never)).toEqual(['transfer -1 transfer:1', 'transfer 1 transfer:2']);
    expect(faults.join()).toMatch(/MARGIN_UMFUTURE has no end in the spot wallet/);
  });

  test('CX38 distributions of one number are told apart by their own', () => {
    const row = { amount: '10', asset: 'BHFT', divTime: '1563189166000', tranId: 2968885920 };
    const rows = [
      { ...row, id: 1637366104, enInfo: 'BHFT distribution' },
      { ...row, id: 1631750237 },
    ];
    const { items } = mapSpotDistributions(context, rows.map(texts));
    expect(said(items as never)).toEqual([
      'deposit 10 distribution:1637366104',
      'deposit 10 distribution:1631750237',
    ]);
  });

  test('CX38 each list is read to its end; one that is cut says so', async () => {
    const deposit = { amount: '1', coin: 'BTC', status: 1, insertTime: venueTime - 1000 };
    const many = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) => ({ ...deposit, id: String(from + n) }));
    server.tell(
      at('/sapi/v1/capital/deposit/hisrec', ({ query }) => ({
        body: query['offset'] === '0' ? many(0, 1000) : many(1000, 3),
      })),
    );
    const dividend = { amount: '1', asset: 'BTC', divTime: venueTime - 1000 };
    server.tell(
      at('/sapi/v1/asset/assetDividend', () => ({
        body: { total: 500, rows: Array.from({ length: 500 }, (_, id) => ({ ...dividend, id })) },
      })),
    );
    const venue = await open('binance');
    const since = fromMilliseconds(venueTime - 5000);
    const { facts, faults } = await toTheEnd((cursor) => venue.cashFlows(cursor, since));
    expect(new Set(facts.map(({ id }) => id)).size).toBe(1503);
    expect(faults.join()).toMatch(/tells 500 rows and no more/);
    expect(asked('/sapi/v1/asset/transfer').map(({ query }) => query['type'])).toContain(
      'FUNDING_MAIN',
    );
  });

  const texts = (row: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(row).map(([name, told]) => [
        name,
        typeof told === 'number' ? String(told) : told,
      ]),
    );
});
