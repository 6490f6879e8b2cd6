import { describe, expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { fromMilliseconds } from '../../../src/model/instant.ts';
import { redacted } from '../../../src/venues/ccxt/failure.ts';
import { venueDecimal } from '../../../src/venues/ccxt/raw.ts';
import { at, open, server, standing, value } from './binance-stand.ts';
import { venueTime } from './fake-bybit.ts';

standing();

const trade = (more: Readonly<Record<string, unknown>> = {}) => ({
  symbol: 'BTCUSDT',
  id: 1,
  orderId: 8,
  side: 'BUY',
  positionSide: 'BOTH',
  price: '60000.1',
  qty: '0.5',
  commission: '0.01',
  commissionAsset: 'BNB',
  maker: false,
  time: venueTime - 500,
  ...more,
});

describe('Binance contracts', () => {
  test('CX30 CX9 a statement is whole, its cash the wallet', async () => {
    const venue = await open('binanceusdm');
    const { balances, positions, orders } = value(await venue.statement());
    for (const section of [balances, positions, orders]) {
      expect(section).toMatchObject({ complete: true, error: null });
    }
    expect(toText(balances!.items[0]!.total)).toBe('10000');
  });

  test('CX30 the income tells which symbols traded, all trades are read', async () => {
    const income = { symbol: 'BTCUSDT', incomeType: 'COMMISSION', income: '-1', asset: 'USDT' };
    server.tell(
      at('/fapi/v1/income', () => ({ body: [{ ...income, tranId: 1, time: venueTime - 400 }] })),
    );
    server.tell(
      at('/fapi/v1/userTrades', ({ query }) => {
        const from = Number(query['fromId'] ?? 1);
        const count = from === 1 ? 1000 : 5;
        return { body: Array.from({ length: count }, (_, n) => trade({ id: from + n })) };
      }),
    );
    server.tell(
      at('/fapi/v1/forceOrders', () => ({ body: [{ orderId: 8, clientOrderId: 'autoclose-1' }] })),
    );
    const venue = await open('binanceusdm', { factsAtOnce: 500 });
    const first = value(await venue.executions(null, fromMilliseconds(venueTime - 1000)));
    const rest = value(await venue.executions(first.cursor, null));
    const ids = [...first.facts, ...rest.facts].map((fill) => fill.executionId);
    expect([first.more, new Set(ids).size, rest.more]).toEqual([true, 1005, false]);
    expect(first.facts[0]).toMatchObject({ cause: 'liquidation' });
  });

  test('CX30 CX17 an order is looked up by its client id, or is null', async () => {
    const order = {
      symbol: 'BTCUSDT',
      orderId: 77,
      clientOrderId: 'c1',
      side: 'BUY',
      type: 'LIMIT',
      status: 'NEW',
      origQty: '1',
      executedQty: '0',
      price: '5',
      updateTime: venueTime,
    };
    server.tell(
      at('/fapi/v1/order', (asked) =>
        asked.method === 'POST'
          ? { drop: true }
          : asked.query['origClientOrderId'] === 'c1'
            ? { body: order }
            : { status: 400, body: { code: -2013, msg: 'Order does not exist.' } },
      ),
    );
    const venue = await open('binanceusdm', { trading: true });
    const request = {
      clientOrderId: 'c1',
      instrument: 'BTC/USDT:USDT',
      leg: 'net',
      side: 'buy',
      type: 'limit',
      quantity: decimal('1'),
      price: decimal('5'),
      timeInForce: 'gtc',
      reduceOnly: false,
      trigger: null,
    } as const;
    expect(await venue.place(request)).toMatchObject({ status: 'accepted', orderId: '77' });
    const other = { instrument: 'BTC/USDT:USDT', orderId: null, clientOrderId: 'c2' };
    expect(await venue.order(other)).toEqual({ status: 'answered', value: null });
    const trigger = { price: decimal('1'), when: 'falls-to', of: 'last' } as const;
    expect(await venue.place({ ...request, trigger })).toMatchObject({ status: 'refused' });
  });

  test('CX27 CX30 the user stream is kept word for word, and ends with its key', async () => {
    const venue = await open('binanceusdm');
    const abort = new AbortController();
    const frame = '{"e":"ORDER_TRADE_UPDATE","E":1,"T":1,"o":{"s":"BTCUSDT","i":9007199254740993}}';
    const kinds: string[] = [];
    for await (const event of venue.events(abort.signal)) {
      kinds.push(event.kind);
      if (event.kind === 'message' && event.raw === frame)
        server.push('{"e":"listenKeyExpired","E":1}');
      else if (event.kind === 'connected') {
        if (kinds.filter((kind) => kind === 'connected').length === 2) abort.abort();
        else server.push(frame);
      }
    }
    expect(kinds).toEqual(['gap', 'connected', 'message', 'message', 'gap', 'gap', 'connected']);
  });

  test('CX20 no error tells the key, the secret or a signature', async () => {
    server.tell(at('/fapi/v3/positionRisk', () => ({ drop: true })));
    server.tell(
      at('/fapi/v3/account', ({ headers, query }) => ({
        status: 400,
        body: { code: -1102, msg: `bad ${String(headers['x-mbx-apikey'])} ${query['signature']}` },
      })),
    );
    const venue = await open('binanceusdm');
    const { positions, balances } = value(await venue.statement());
    const said = `${positions?.error} ${balances?.error}`;
    expect(said).toMatch(/-1102/);
    expect(said).not.toMatch(/of-nobody|signature=|[0-9a-f]{64}/);
    expect(redacted('GET https://x.com/a?signature=abc&b=1 failed k3y', ['k3y'])).toBe(
      'GET https://x.com/a failed [redacted]',
    );
  });

  test.each([
    ['1e-7', '0.0000001'],
    ['-1.5E+3', '-1500'],
    ['+5', '5'],
    ['.5', '0.5'],
    ['007.10', '7.1'],
    ['12345678901234567890.12345678901234567890', '12345678901234567890.1234567890123456789'],
    ['', null],
    ['NaN', null],
    ['1,000', null],
  ])('CX1 the number "%s" is %s', (said, expected) => {
    const read = venueDecimal(said);
    expect(read === null ? null : toText(read)).toBe(expected);
  });
});

describe('an exchange that nobody verified', () => {
  test('CX31 is never complete, is asked, not listened to, and is not traded on', async () => {
    const credentials = { key: 'key', secret: Buffer.from('secret').toString('base64') };
    const venue = await open('kraken', { trading: true, credentials });
    expect(venue.capabilities).toMatchObject({
      executions: { complete: false },
      cashFlows: { complete: false },
      streams: { executions: false, orders: false },
    });
    server.tell(({ path }) => {
      if (path.endsWith('/Time'))
        return { body: { error: [], result: { unixtime: venueTime / 1000 } } };
      if (path.endsWith('/AssetPairs') || path.endsWith('/Assets'))
        return { body: { error: [], result: {} } };
      if (path.endsWith('/Balance'))
        return { body: { error: [], result: { XXBT: { balance: '1.5' } } } };
      return { body: { error: [], result: {} } };
    });
    const statement = value(await venue.statement());
    expect(statement.positions).toMatchObject({ complete: false });
    expect(statement.balances?.complete).toBe(false);
    expect(statement.balances?.error).toMatch(/not verified/);
    const abort = new AbortController();
    for await (const event of venue.events(abort.signal)) {
      expect(event).toMatchObject({ kind: 'gap', stream: 'poll' });
      abort.abort();
    }
  });
});
