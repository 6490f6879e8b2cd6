import { describe, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import type { OrderReport } from '../../../src/model/fact.ts';
import { failed } from './fake-venue.ts';
import { fillAt, Ground } from './ground.ts';
import { pulled } from './pulled.ts';

const orderAt = (orderId: string, ground: Ground, changes: Partial<OrderReport> = {}) =>
  ({
    ...{ kind: 'order', account: 'main', instrument: 'BTC/USDT', leg: 'net', orderId },
    ...{ clientOrderId: null, side: 'buy', type: 'limit', quantity: decimal('10') },
    ...{ price: decimal('60000'), filled: decimal('0'), averagePrice: null, status: 'open' },
    ...{ reduceOnly: false, time: ground.clock.now(), ...changes },
  }) satisfies OrderReport;

/** Told to nobody: its frame is lost. */
function lost(ground: Ground, order: OrderReport): void {
  const { faults } = ground.venue;
  ground.venue.faults = { ...faults, drop: 1 };
  ground.venue.order0(order);
  ground.venue.faults = faults;
}

function booked({ reader }: Ground) {
  const { account } = reader.file.accountNamed('main')!;
  return reader.file
    .orders(account)
    .map(({ orderId, status, quantity, price }) => `${orderId} ${status} ${quantity} @ ${price}`);
}

/** A listener with one order that rests, of which everybody knows. */
async function listening(): Promise<Ground> {
  const ground = new Ground();
  await ground.start();
  ground.venue.order0(orderAt('o1', ground));
  await ground.pass(120_000);
  expect(booked(ground)).toEqual(['o1 open 10 @ 60000']);
  return ground;
}

describe('orders that ended', () => {
  test.each([
    ['cancelled', '0'],
    ['filled', '10'],
    ['expired', '3'],
  ] as const)('LS80 one that is %s without a frame is asked for', async (status, filled) => {
    const ground = await listening();
    lost(ground, orderAt('o1', ground, { status, filled: decimal(filled) }));
    await ground.pass(61_000);
    expect(booked(ground)).toEqual([`o1 ${status} 10 @ 60000`]);
    expect(ground.listener.health().orders).toMatchObject({ ended: 1, unknown: [] });
    expect(ground.saidEvents('order.ended')).toHaveLength(1);
    await ground.pass(61_000);
    expect(ground.venue.asked.order).toBe(1);
    await ground.stop();
  });

  test('LS80 after a reconnect it is asked for at once', async () => {
    const ground = await listening();
    ground.venue.disconnect();
    ground.venue.order0(orderAt('o1', ground, { status: 'cancelled' }));
    await ground.pass(5_000);
    ground.venue.reconnect();
    await ground.pass(3_000);
    expect(booked(ground)).toEqual(['o1 cancelled 10 @ 60000']);
    await ground.stop();
  });

  test('LS80 a pull asks too, for what the book holds open since whenever', async () => {
    const ground = await listening();
    await ground.stop();
    lost(ground, orderAt('o1', ground, { status: 'cancelled' }));
    const { exitCode, orders } = await pulled(ground);
    expect({ exitCode, orders }).toEqual({
      ...{ exitCode: 0, orders: { why: null, found: 0, ended: 1, unknown: [] } },
    });
    expect(booked(ground)).toEqual(['o1 cancelled 10 @ 60000']);
  });

  test('LS80 an end that is stamped before the last report is an end all the same', async () => {
    const ground = await listening();
    const time = ground.clock.now() - 3_600_000_000_000n;
    lost(ground, orderAt('o1', ground, { status: 'cancelled', time }));
    await ground.pass(61_000);
    expect(booked(ground)).toEqual(['o1 cancelled 10 @ 60000']);
    await ground.stop();
  });
});

describe('what nobody says', () => {
  const unheard = 'the venue does not list it as open, and knows no such order';

  test('LS81 an order that the venue does not know stays open, told as unknown', async () => {
    const ground = await listening();
    await ground.stop();
    ground.venue.openOrders = async () => ({ status: 'answered', value: none });
    ground.venue.order = async () => ({ status: 'answered', value: null });
    const { exitCode, orders } = await pulled(ground);
    expect(exitCode).toBe(5);
    expect(orders.unknown).toEqual([{ instrument: 'BTC/USDT', orderId: 'o1', why: unheard }]);
    expect(booked(ground)).toEqual(['o1 open 10 @ 60000']);
  });

  test('LS81 so does one whose answer failed, and it is asked for again', async () => {
    const ground = await listening();
    const { venue } = ground;
    lost(ground, orderAt('o1', ground, { status: 'cancelled' }));
    const order = venue.order.bind(venue);
    venue.order = async () => failed('502 of a fake');
    await ground.pass(70_000);
    expect(ground.listener.health().orders).toMatchObject({
      ...{ ended: 0, unknown: [{ orderId: 'o1', why: '502 of a fake' }] },
    });
    expect(booked(ground)).toEqual(['o1 open 10 @ 60000']);
    venue.order = order;
    await ground.pass(70_000);
    expect(booked(ground)).toEqual(['o1 cancelled 10 @ 60000']);
    await ground.stop();
  });

  test('LS81 a list that is not complete proves nothing', async () => {
    const ground = await listening();
    lost(ground, orderAt('o1', ground, { status: 'cancelled' }));
    const cut = { ...none, complete: false, error: 'a page is missing' };
    ground.venue.openOrders = async () => ({ status: 'answered', value: cut });
    await ground.pass(61_000);
    expect(ground.venue.asked.order).toBe(0);
    expect(ground.listener.health().orders?.why).toBe('a page is missing');
    await ground.stop();
    const { exitCode, orders } = await pulled(ground);
    expect([exitCode, orders.why]).toEqual([5, 'a page is missing']);
  });

  test('LS83 an order whose fills are all there is filled, whatever anybody says', async () => {
    const ground = await listening();
    const { clock, venue } = ground;
    venue.fill(fillAt('e1', clock.now(), { orderId: 'o1', quantity: decimal('10') }));
    await ground.pass(1_000);
    // Its last report says open, and the venue has forgotten it.
    venue.order0(orderAt('o1', ground, { filled: decimal('10') }));
    venue.order = async () => ({ status: 'answered', value: null });
    await ground.pass(61_000);
    expect(booked(ground)).toEqual(['o1 open 10 @ 60000']);
    expect(ground.listener.health().orders).toMatchObject({ why: null, unknown: [] });
    await ground.stop();
  });

  const none = {
    ...{ complete: true, scope: null, error: null, from: null, to: null, items: [] },
  };
});

test('LS80 an order that a repair booked is asked for like any other', async () => {
  const ground = await listening();
  const { venue, held } = ground;
  // The venue ended it, and no frame said so: the listener never heard of it.
  const cancelled = orderAt('repaired', ground, { status: 'cancelled' });
  lost(ground, cancelled);
  await held.book.record({ ...cancelled, status: 'open' });
  await ground.pass(61_000);
  expect(booked(ground)).toContain('repaired cancelled 10 @ 60000');
  expect(venue.asked.order).toBe(1);
  await ground.stop();
});

describe('orders that rest', () => {
  test('LS82 one that the book does not know is booked, whoever placed it', async () => {
    const ground = await listening();
    lost(ground, orderAt('foreign', ground, { clientOrderId: 'somebody', side: 'sell' }));
    await ground.pass(61_000);
    expect(booked(ground)).toEqual(['o1 open 10 @ 60000', 'foreign open 10 @ 60000']);
    expect(ground.saidEvents('order.found')).toEqual([
      'Booked order foreign: it rests at the venue, and the book did not have it',
    ]);
    await ground.stop();
  });

  test('LS82 one that was amended without a frame is booked as it rests', async () => {
    const ground = await listening();
    const changes = { price: decimal('59000'), quantity: decimal('4') };
    lost(ground, orderAt('o1', ground, changes));
    await ground.pass(61_000);
    expect(booked(ground)).toEqual(['o1 open 4 @ 59000']);
    await ground.stop();
  });

  test('LS82 a list that is older than what the stream told changes nothing', async () => {
    const ground = await listening();
    const { venue } = ground;
    const { openOrders } = venue;
    const old = await openOrders.call(venue);
    venue.openOrders = async () => old;
    await ground.pass(1_000);
    venue.order0(orderAt('o1', ground, { status: 'cancelled' }));
    await ground.pass(61_000);
    expect(booked(ground)).toEqual(['o1 cancelled 10 @ 60000']);
    await ground.stop();
  });

  test('LS82 told again and again it is booked once', async () => {
    const ground = await listening();
    lost(ground, orderAt('foreign', ground));
    await ground.pass(600_000);
    const { account } = ground.reader.file.accountNamed('main')!;
    expect([...ground.reader.file.entriesOfKind(account, 'order')]).toHaveLength(2);
    await ground.stop();
  });
});
