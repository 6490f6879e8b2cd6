/** What the client library would do by itself, and does not do here. */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import { fromMilliseconds } from '../../../src/model/instant.ts';
import { openExchange } from '../../../src/venues/ccxt/exchange-client.ts';
import type { OrderRequest, Venue } from '../../../src/venues/venue.ts';
import * as binance from './binance-stand.ts';
import * as bybit from './bybit-stand.ts';
import { execution, page, reply, venueTime } from './fake-bybit.ts';

const clock = { now: () => fromMilliseconds(venueTime) };
const moment = () => new Promise<void>((resolve) => setTimeout(resolve, 5));
const until = async (holds: () => boolean) => {
  while (!holds()) await moment();
};

/** Listens until it is stopped; each reconnect is counted. */
function listening(venue: Venue) {
  const abort = new AbortController();
  const stood: string[] = [];
  const done = (async () => {
    for await (const event of venue.events(abort.signal)) {
      if (event.kind === 'connected') stood.push(event.stream);
    }
  })();
  const stop = async () => {
    abort.abort();
    await done;
  };
  return { stood, stop };
}

describe('on Binance', () => {
  binance.standing();

  test('CX44 one timer renews the listen key of any number of lines, none after', async () => {
    const renewals = new Set<object>();
    const venue = await binance.open('binanceusdm', {
      wait(ms, signal) {
        // Only a listen key waits as long.
        if (ms < 600_000) return bybit.wait(ms < 5_000 ? Math.min(ms, 20) : ms, signal);
        const waiting = {};
        renewals.add(waiting);
        return new Promise<void>((resolve) => {
          signal?.addEventListener('abort', () => {
            renewals.delete(waiting);
            resolve();
          });
        });
      },
    });
    const { stood, stop } = listening(venue);
    for (let lines = 1; lines <= 3; lines += 1) {
      await until(() => stood.length === lines);
      await until(() => renewals.size > 0);
      expect(renewals.size).toBe(1);
      for (const socket of binance.server.sockets) socket.terminate();
    }
    await until(() => stood.length === 4);
    await stop();
    expect(binance.asked('/fapi/v1/listenKey').length).toBeGreaterThanOrEqual(4);
    expect(renewals.size).toBe(0);
  });

  test('CX44 a renewal that is due is made, one under way at the end is the last', async () => {
    const due: (() => void)[] = [];
    const ended: AbortSignal[] = [];
    const client = await openExchange({
      ...{ exchange: 'binanceusdm', local: binance.server.url, clock, paceMs: 0.1 },
      credentials: { key: 'a-key', secret: 'a-secret' },
      wait: (_ms, signal) => {
        ended.push(signal!);
        return new Promise((resolve) => due.push(resolve));
      },
    });
    await client.call('setMarkets', []);
    const watching = client.call('watchOrders').catch(() => undefined);
    await until(() => due.length === 1);
    due[0]!();
    const puts = () =>
      binance.asked('/fapi/v1/listenKey').filter(({ method }) => method === 'PUT').length;
    await until(() => puts() === 1);
    await client.close();
    await watching;
    for (let turn = 0; turn < 10; turn += 1) await moment();
    expect(ended.filter((signal) => !signal.aborted)).toEqual([]);
  });

  test('CX47 an order goes out under the id that it was given', async () => {
    binance.server.tell(binance.at('/fapi/v1/order', () => ({ body: { orderId: 77 } })));
    const venue = await binance.open('binanceusdm', { trading: true });
    await venue.place(order('ours-1'));
    const [sent] = binance.asked('/fapi/v1/order');
    expect({ ...sent!.query, ...sent!.body }).toMatchObject({ newClientOrderId: 'ours-1' });
  });
});

describe('on Bybit', () => {
  bybit.standing();

  test('CX47 an order goes out there, too, under the id that it was given', async () => {
    bybit.server.tell(bybit.at('/v5/order/create', () => reply({ orderId: 'o1' })));
    const venue = await bybit.open({ trading: true });
    await venue.place(order('ours-1'));
    expect(bybit.asked('/v5/order/create')[0]!.body).toMatchObject({ orderLinkId: 'ours-1' });
  });

  test.each([
    ['BTC/USDT', 'spot', {}],
    ['BTC/USDT', 'spot', { openInterestValue: '1' }],
    ['BTC/USDT:USDT', 'linear', {}],
    ['BTC/USDT:USDT', 'linear', { openInterestValue: '1' }],
  ])(
    'CX45 the price of %s is asked of %s, with the fields %j',
    async (instrument, category, more) => {
      const row = { symbol: 'BTCUSDT', lastPrice: '60000', ...more };
      bybit.server.tell(bybit.at('/v5/market/tickers', (one) => page(one, [row])));
      const venue = await bybit.open();
      const ticker = bybit.value(await venue.ticker(instrument));
      expect(ticker).toMatchObject({ instrument, last: decimal('60000') });
      expect(bybit.asked('/v5/market/tickers').map(({ query }) => query['category'])).toEqual([
        category,
      ]);
    },
  );

  test.each([
    ['spot', 'BTC/USDT'],
    ['linear', 'BTC/USDT:USDT'],
  ])(
    'CX45 executions listed as %s are of %s, with or without createType',
    async (category, name) => {
      const time = { execTime: String(venueTime - 1000) };
      const rows = [
        execution({ ...time, execId: 'e1', createType: 'CreateByUser' }),
        execution({ ...time, execId: 'e2' }),
      ];
      bybit.server.tell(
        bybit.at('/v5/execution/list', (one) =>
          page(one, one.query['category'] === category ? rows : []),
        ),
      );
      const { executions } = bybit.value(await (await bybit.open()).statement());
      expect(executions!.items.map(({ instrument }) => instrument)).toEqual([name, name]);
    },
  );

  test('CX46 what the library remembered of positions is gone after a line broke', async () => {
    const client = await openExchange({
      ...{ exchange: 'bybit', local: bybit.server.url, clock, wait: bybit.wait, paceMs: 0.1 },
      credentials: { key: 'a-key-of-memory', secret: 'a-secret' },
    });
    await client.call('loadMarkets');
    const first = client.call('watchPositions');
    await until(() => bybit.server.frames.some(({ op }) => op === 'subscribe'));
    const row = { ...bybit.position(), category: 'linear', markPrice: '60000', leverage: '10' };
    bybit.server.push({ topic: 'position', creationTime: venueTime, data: [row] });
    await first;
    expect(JSON.stringify(client.kept('positions'))).toContain('BTC/USDT:USDT');
    const second = client.call('watchPositions').catch(() => 'broken');
    for (const socket of bybit.server.sockets) socket.terminate();
    expect(await second).toBe('broken');
    client.forget();
    expect(client.kept('positions')).toBeUndefined();
    await client.close();
  });

  test('CX48 neither coins nor the kind of the account are asked for', async () => {
    const paths: string[] = [];
    // Without an address of its own: where nothing is held back for a local server's sake.
    const client = await openExchange({
      ...{ exchange: 'bybit', clock, wait: bybit.wait, paceMs: 0.1 },
      credentials: { key: 'a-key-of-coins', secret: 'a-secret' },
      transport(url: string) {
        paths.push(new URL(url).pathname);
        const result = { category: 'linear', list: [], nextPageCursor: '' };
        const body = JSON.stringify({ retCode: 0, retMsg: 'OK', result, time: venueTime });
        return Promise.resolve(new Response(body, { status: 200 }));
      },
    });
    await client.call('loadMarkets');
    await client.call('fetchPositions');
    await client.call('fetchBalance');
    expect(new Set(paths)).toEqual(
      new Set([
        ...['/v5/market/instruments-info', '/v5/position/list', '/v5/account/wallet-balance'],
      ]),
    );
  });
});

const order = (clientOrderId: string): OrderRequest => ({
  ...{ clientOrderId, instrument: 'BTC/USDT:USDT', leg: 'net', side: 'buy', type: 'limit' },
  ...{ quantity: decimal('1'), price: decimal('60000'), timeInForce: 'gtc' },
  ...{ reduceOnly: false, trigger: null },
});
