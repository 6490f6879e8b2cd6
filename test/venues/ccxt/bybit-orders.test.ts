import { describe, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import { fromMilliseconds } from '../../../src/model/instant.ts';
import type { OrderRequest } from '../../../src/venues/venue.ts';
import { asked, at, open, server, standing, value } from './bybit-stand.ts';
import { order, page, refused, reply, venueTime } from './fake-bybit.ts';

standing();

describe('orders', () => {
  const request: OrderRequest = {
    clientOrderId: 'c1',
    instrument: 'BTC/USDT:USDT',
    leg: 'net',
    side: 'buy',
    type: 'limit',
    quantity: decimal('1.50'),
    price: decimal('60000'),
    timeInForce: 'post-only',
    reduceOnly: true,
    trigger: null,
  };
  const accepted = at('/v5/order/create', () => reply({ orderId: 'o1', orderLinkId: 'c1' }));

  test('CX18 nothing is sent unless trading is configured', async () => {
    const venue = await open();
    const reference = { instrument: 'BTC/USDT:USDT', orderId: 'o1', clientOrderId: null };
    for (const submitted of [
      await venue.place(request),
      await venue.amend(reference, {}),
      await venue.cancel(reference),
    ]) {
      expect(submitted).toMatchObject({ status: 'refused', code: 'trading-not-configured' });
    }
    expect(server.asked.filter((one) => one.method === 'POST')).toEqual([]);
    expect(venue.capabilities.trading).toBe(false);
  });

  test('CX16 without a name of its own, or to reduce on spot, it is not sent', async () => {
    const venue = await open({ trading: true });
    for (const [more, code] of [
      [{ clientOrderId: '' }, 'client-order-id-missing'],
      [{ instrument: 'BTC/USDT' }, 'reduce-only-on-spot'],
    ] as const) {
      expect(await venue.place({ ...request, ...more })).toMatchObject({ status: 'refused', code });
    }
    expect(asked('/v5/order/create')).toEqual([]);
  });

  test('CX16 an order is sent as text, with its client order id and its leg', async () => {
    server.tell(accepted);
    const venue = await open({ trading: true });
    expect(await venue.place({ ...request, leg: 'short' })).toEqual({
      status: 'accepted',
      orderId: 'o1',
      clientOrderId: 'c1',
    });
    expect(asked('/v5/order/create')[0]?.body).toEqual({
      category: 'linear',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Limit',
      qty: '1.5',
      price: '60000',
      timeInForce: 'PostOnly',
      orderLinkId: 'c1',
      reduceOnly: true,
      positionIdx: 2,
    });
  });

  test('CX16 a spot market buy is sized in base units', async () => {
    server.tell(accepted);
    const venue = await open({ trading: true });
    await venue.place({
      ...request,
      instrument: 'BTC/USDT',
      reduceOnly: false,
      type: 'market',
      price: null,
    });
    expect(asked('/v5/order/create')[0]?.body).toMatchObject({
      category: 'spot',
      marketUnit: 'baseCoin',
    });
  });

  test('CX17 sent without an answer and found by its client id, it was accepted', async () => {
    server.tell(at('/v5/order/create', () => ({ drop: true })));
    server.tell(
      at('/v5/order/history', (one) =>
        one.query['orderLinkId'] === 'c1' ? page(one, [order({ orderId: 'o7' })]) : undefined,
      ),
    );
    const venue = await open({ trading: true });
    expect(await venue.place(request)).toMatchObject({ status: 'accepted', orderId: 'o7' });
    expect(asked('/v5/order/create')).toHaveLength(1);
    expect(asked('/v5/order/realtime').length).toBeGreaterThan(0);
  });

  test.each([
    ['a broken line', { drop: true as const }],
    ['HTML', { body: '<html></html>' }],
    ['an error of the server', { status: 502, body: '' }],
    ['too many requests', { status: 429, body: '' }],
    ['an error of the system', refused(10016, 'System error. Please try again later.')],
    ['a spot order that took too long', refused(170146, 'Order creation timeout')],
    ['an order that is under way', refused(170035, 'Submitted to the system for processing!')],
    ['a receipt without an order', reply({})],
  ])('CX17 %s leaves the outcome unknown, and nothing is sent again', async (_case, told) => {
    server.tell(at('/v5/order/create', () => told));
    const venue = await open({ trading: true });
    expect(await venue.place(request)).toMatchObject({ status: 'unknown' });
    expect(asked('/v5/order/create')).toHaveLength(1);
  });

  test('CX17 an order just sent is not said to be absent: it may not be listed yet', async () => {
    let now = venueTime;
    server.tell(at('/v5/order/create', () => ({ drop: true })));
    const clock = { now: () => fromMilliseconds(now) };
    const venue = await open({ trading: true, clock });
    await venue.place(request);
    const reference = { instrument: request.instrument, orderId: null, clientOrderId: 'c1' };
    expect(await venue.order(reference)).toMatchObject({ status: 'failed', retry: true });
    now += 10_000;
    expect(await venue.order(reference)).toEqual({ status: 'answered', value: null });
  });

  test('CX17 a refusal has the venue’s code; a duplicate id is the order there', async () => {
    server.tell(at('/v5/order/create', () => refused(110007, 'Insufficient available balance')));
    const venue = await open({ trading: true });
    expect(await venue.place(request)).toMatchObject({ status: 'refused', code: '110007' });
    server.tell(at('/v5/order/create', () => refused(110072, 'OrderLinkedID is duplicate')));
    server.tell(at('/v5/order/realtime', (one) => page(one, [order({ orderId: 'o3' })])));
    expect(await venue.place(request)).toMatchObject({ status: 'accepted', orderId: 'o3' });
  });

  test('CX16 a cancel refused because it filled is no state: the order says it', async () => {
    server.tell(at('/v5/order/cancel', () => refused(110001, 'Order does not exist')));
    const filled = order({ orderStatus: 'Filled', cumExecQty: '1' });
    server.tell(at('/v5/order/history', (one) => page(one, [filled])));
    const venue = await open({ trading: true });
    const reference = { instrument: 'BTC/USDT:USDT', orderId: 'o1', clientOrderId: null };
    expect(await venue.cancel(reference)).toMatchObject({ status: 'refused', code: '110001' });
    expect(value(await venue.order(reference))).toMatchObject({ status: 'filled' });
    server.tell(at('/v5/order/cancel', () => ({ drop: true })));
    expect(await venue.cancel(reference)).toMatchObject({ status: 'unknown' });
  });
});
