import { describe, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import { fromMilliseconds } from '../../../src/model/instant.ts';
import type { OrderRequest } from '../../../src/venues/venue.ts';
import { asked, at, open, server, standing, toTheEnd, value } from './binance-stand.ts';
import { venueTime } from './fake-bybit.ts';

standing();

const order: OrderRequest = {
  ...{ clientOrderId: 'c1', instrument: 'BTC/USDT:USDT', leg: 'net', side: 'buy' },
  ...{ type: 'limit', quantity: decimal('1'), price: decimal('5'), timeInForce: 'gtc' },
  ...{ reduceOnly: false, trigger: null },
};

/** The venue calls BTCUSDT otherwise, from now on. */
async function rename(to: string) {
  const info = await (await fetch(`${server.url}/fapi/v1/exchangeInfo`)).text();
  const renamed = JSON.parse(info.replaceAll('BTCUSDT', to)) as unknown;
  server.tell(at('/fapi/v1/exchangeInfo', () => ({ body: renamed })));
  server.tell(
    at('/fapi/v1/order', ({ body }) =>
      body['symbol'] === to
        ? { body: { symbol: to, orderId: 77 } }
        : { status: 400, body: { code: -1121, msg: 'Invalid symbol.' } },
    ),
  );
}

/** A venue that is ready, at a clock that can be moved. */
async function ready() {
  const clock = { ms: venueTime, now: () => fromMilliseconds(clock.ms) };
  const venue = await open('binanceusdm', { trading: true, clock });
  value(await venue.statement());
  return { venue, clock };
}

describe('a symbol that is called otherwise', () => {
  test('CX41 an order goes to the instrument under its new name', async () => {
    const { venue, clock } = await ready();
    await rename('XBTUSDT');
    clock.ms += 11_000;
    expect(await venue.place(order)).toMatchObject({ status: 'accepted', orderId: '77' });
    const symbols = asked('/fapi/v1/order').map(({ body }) => body['symbol']);
    expect(symbols).toEqual(['BTCUSDT', 'XBTUSDT']);
  });

  test('CX41 what was just read is not read again: the order is refused', async () => {
    const { venue } = await ready();
    await rename('XBTUSDT');
    const before = asked('/fapi/v1/exchangeInfo').length;
    expect(await venue.place(order)).toMatchObject({ status: 'refused', code: '-1121' });
    expect(asked('/fapi/v1/exchangeInfo')).toHaveLength(before);
  });

  test('CX41 a list that does not help is read once, and the order is sent once', async () => {
    const { venue, clock } = await ready();
    server.tell(
      at('/fapi/v1/order', () => ({ status: 400, body: { code: -1121, msg: 'Invalid symbol.' } })),
    );
    clock.ms += 11_000;
    expect(await venue.place(order)).toMatchObject({ status: 'refused' });
    expect(asked('/fapi/v1/order')).toHaveLength(1);
  });

  test('CX41 executions under the new name are read in the same answer', async () => {
    const { venue, clock } = await ready();
    await rename('RENAMED7');
    const income = { symbol: 'RENAMED7', incomeType: 'COMMISSION', income: '-1', asset: 'USDT' };
    const times = { time: venueTime - 400, tranId: 1, tradeId: 5 };
    const trade = { symbol: 'RENAMED7', id: 5, orderId: 8, side: 'BUY', positionSide: 'BOTH' };
    const amounts = { price: '60000', qty: '0.5', commission: '1', commissionAsset: 'USDT' };
    server.tell(at('/fapi/v1/income', () => ({ body: [{ ...income, ...times }] })));
    server.tell(
      at('/fapi/v1/userTrades', () => ({ body: [{ ...trade, ...amounts, time: times.time }] })),
    );
    const since = fromMilliseconds(venueTime - 1000);
    const early = await toTheEnd((cursor) => venue.executions(cursor, since));
    expect(early.faults.join()).toMatch(/RENAMED7 is an instrument nobody lists/);
    clock.ms += 11_000;
    const later = await toTheEnd((cursor) => venue.executions(cursor, since));
    expect(later).toMatchObject({ facts: [{ instrument: 'BTC/USDT:USDT' }], faults: [] });
  });
});

test('CX42 a login that is broken off while it waits ends nothing else', async () => {
  const venue = await open('binanceusdm');
  let asks = 0;
  const abort = new AbortController();
  server.tell(
    at('/fapi/v1/listenKey', () => {
      asks += 1;
      setImmediate(() => abort.abort());
      return { silent: true };
    }),
  );
  for await (const event of venue.events(abort.signal)) expect(event.kind).toBe('gap');
  expect(asks).toBe(1);
});
