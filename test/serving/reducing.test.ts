/** What passes a gate that denies: an order that can only make smaller what the book holds. */
import { afterEach, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import { spot } from '../venues/paper/paper-kit.ts';
import { LivePaper, perpetual } from './live-paper.ts';
import { LaterClock, type Served, type ServedOptions, serve } from './served.ts';

let served: Served;
afterEach(() => served.close());

interface Sent {
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
  readonly leg?: 'net' | 'long' | 'short';
  readonly instrument?: string;
}

const send = (order: Sent, reduceOnly = true) =>
  served.post(
    '/api/v1/orders',
    { instrument: perpetual, type: 'market', reduceOnly, ...order },
    { token: served.token('trade') },
  );

/** One bitcoin is held long, and what happened since nobody told the book: the gate denies. */
async function denying(options: ServedOptions, leg: 'net' | 'long'): Promise<void> {
  served = await serve(options);
  expect((await send({ side: 'buy', quantity: '1', leg }, false)).status).toBe(200);
  await served.check();
  served.of.paper.exchange.deposit('USDT', decimal('1'));
  await served.post('/api/v1/checks');
  expect((await served.get('/api/v1/gate/main')).body).toMatchObject({ gate: 'deny' });
}

async function expectDenied(orders: readonly (readonly [Sent, string])[]): Promise<void> {
  const before = served.of.paper.placed.length;
  for (const [order, why] of orders) {
    const { status, body } = await send(order);
    expect([order, status, body]).toMatchObject([
      ...[order, 409, { type: '/problems/gate-denies', hint: expect.stringContaining(why) }],
    ]);
  }
  expect(served.of.paper.placed).toHaveLength(before);
}

test('SV23 on one leg only the other way passes, and no more than the book holds', async () => {
  await denying({}, 'net');
  const holds = `the book holds 1 of ${perpetual} there`;
  await expectDenied([
    [{ side: 'buy', quantity: '7' }, holds],
    [{ side: 'sell', quantity: '1.001' }, holds],
    [{ side: 'sell', quantity: '1', leg: 'long' }, 'main is held in one leg, net'],
    [{ side: 'buy', quantity: '1', leg: 'short' }, 'main is held in one leg, net'],
  ]);
  expect((await send({ side: 'sell', quantity: '1' })).status).toBe(200);
  expect(served.of.paper.placed.at(-1)).toMatchObject({ side: 'sell', reduceOnly: true });
});

test('SV23 a leg of its own is made smaller by its other side alone', async () => {
  const clock = new LaterClock();
  const paper = new LivePaper(clock, 'main', 'paper', 'hedge');
  await denying({ clock, paper, venueSettings: { positionMode: 'hedge' } }, 'long');
  await expectDenied([
    [{ side: 'buy', quantity: '7', leg: 'long' }, 'the book holds 1 of'],
    [{ side: 'sell', quantity: '1.001', leg: 'long' }, 'the book holds 1 of'],
    [{ side: 'sell', quantity: '1', leg: 'short' }, 'the book holds 0 of'],
    [{ side: 'buy', quantity: '1', leg: 'short' }, 'the book holds 0 of'],
    [{ side: 'sell', quantity: '1', leg: 'net' }, 'main is held in legs, long and short'],
  ]);
  expect((await send({ side: 'sell', quantity: '1', leg: 'long' })).status).toBe(200);
});

test('SV23 spot has nothing to reduce, whatever the gate says', async () => {
  served = await serve();
  for (const side of ['buy', 'sell'] as const) {
    const { status, body } = await send({ side, quantity: '0.1', instrument: spot.name });
    expect([status, body]).toMatchObject([400, { refusal: 'reduce-only-on-spot' }]);
  }
  expect(served.of.paper.placed).toEqual([]);
});
