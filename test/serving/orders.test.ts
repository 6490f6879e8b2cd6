/** Orders over HTTP, with a paper exchange that fills, refuses, or says nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { root } from '../house/sources.ts';
import { perpetual } from './live-paper.ts';
import { type Asking, type Json, type Served, serve } from './served.ts';

let served: Served;
afterEach(() => served.close());

const buy = { symbol: perpetual, side: 'buy', quantity: '0.1' };
const exact = { instrument: perpetual, side: 'buy', quantity: '0.1', type: 'market' };

const order = (body: object, asking: Asking = {}) => served.post('/api/order', body, asking);
const placed = () => served.of.paper.placed;

/** A tenth is held, and something is bought that the book does not know of. */
async function broken(): Promise<void> {
  served = await serve();
  await order(buy);
  await served.check();
  placed().length = 0;
  served.of.paper.trade('buy', '0.5');
  await served.post('/api/v1/checks');
}

test('SV13 a bot of old sends an order: 200 and success, and it is there', async () => {
  served = await serve();
  const { status, body } = await order(buy, { token: served.token('trade') });
  expect([status, body]).toMatchObject([
    200,
    { status: 'success', account: 'main', symbol: perpetual },
  ]);
  const { orderId } = body as { orderId: string };
  expect(served.of.paper.exchange.fills()).toMatchObject([{ orderId, side: 'buy' }]);
});

test('SV13 sent twice with one key it is one order, whose name follows from the key', async () => {
  served = await serve();
  const first = await order(buy, { key: 'one' });
  expect(await order(buy, { key: 'one' })).toMatchObject({ body: first.body });
  await order(buy, { key: 'two' });
  const names = placed().map(({ clientOrderId }) => clientOrderId);
  expect(names).toHaveLength(2);
  expect(names[0]).toMatch(/^tru[0-9a-f]{29}$/);
  expect(names[0]).not.toBe(names[1]);
  // A name of the bot's own is as good as a key; with neither, nothing is sent.
  expect(await order({ ...buy, clientOrderId: 'mine-1' }, { key: null })).toMatchObject({
    ...{ status: 200, body: { clientOrderId: 'mine-1' } },
  });
  expect(await order(buy, { key: null })).toMatchObject({
    ...{ status: 400, body: { type: '/problems/idempotency-key-missing' } },
  });
  expect(placed()).toHaveLength(3);
});

test('SV13 the order of docs/serve.md is sent as it stands there', async () => {
  served = await serve();
  const page = readFileSync(join(root, 'docs', 'serve.md'), 'utf8');
  const [, path, typed] = /^curl -s http:\/\/[^/]+(\/api\/order) ([^`]*)^```/m.exec(page)!;
  const heads = [...typed!.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, told]) => [
    name!,
    told!,
  ]);
  const [, body] = /-d '([^']+)'/.exec(typed!)!;
  const answer = await served.ask('POST', path!, {
    ...{ key: null, headers: Object.fromEntries(heads) as Record<string, string>, body },
  });
  expect(answer).toMatchObject({ status: 200, body: { status: 'success' } });
});

test('SV13 while the gate denies, only what reduces is sent; the reason is told', async () => {
  await broken();
  const denied = await order(buy);
  expect(denied).toMatchObject({ status: 400, body: { detail: '1 break open' } });
  const v1 = await served.post('/api/v1/orders', exact);
  expect(v1).toMatchObject({ status: 409, body: { type: '/problems/gate-denies' } });
  expect(placed()).toEqual([]);
  const out = await order({ ...buy, side: 'sell', reduceOnly: true });
  expect(out).toMatchObject({ status: 200, body: { status: 'success' } });
  expect(placed()).toMatchObject([{ reduceOnly: true, side: 'sell' }]);
});

test('SV13 before the first complete check nothing is sent', async () => {
  served = await serve({ checked: false });
  await served.of.desk!.pull(served.of.log, new AbortController().signal);
  const { status, body } = await order(buy);
  expect([status, (body as { detail: string }).detail]).toEqual([
    ...[400, expect.stringContaining('first complete check')],
  ]);
  expect(placed()).toEqual([]);
});

test('SV13 no answer is unknown, unless the order is found by its name', async () => {
  served = await serve();
  const { paper } = served.of;
  paper.submitted.push({ status: 'unknown', why: 'timed out' });
  const lost = await order(buy);
  expect(lost).toMatchObject({ status: 200, body: { status: 'unknown', orderId: null } });
  paper.order = async () => {
    throw new Error('socket hang up');
  };
  paper.submitted.push({ status: 'unknown', why: 'timed out' });
  expect(await order(buy)).toMatchObject({ body: { status: 'unknown' } });
  paper.order = async (reference) => {
    const instead = { instrument: perpetual, orderId: null, clientOrderId: 'kept' };
    const value = reference.clientOrderId === 'kept' ? paper.exchange.order(instead) : null;
    return { status: 'answered', value };
  };
  const kept = await order({ ...buy, clientOrderId: 'kept' });
  const { orderId } = kept.body as { orderId: string };
  paper.submitted.push({ status: 'unknown', why: 'timed out' });
  const again = await order({ ...buy, clientOrderId: 'kept' });
  expect(again).toMatchObject({ body: { status: 'success', orderId } });
});

test('SV13 what the venue refuses is 400 with its words', async () => {
  served = await serve();
  served.of.paper.submitted.push({ status: 'refused', code: '110007', why: 'not enough margin' });
  expect(await order(buy)).toMatchObject({
    ...{ status: 400, body: { detail: 'not enough margin', refusal: '110007' } },
  });
});

test('SV24 a name is of a form that every venue takes, or nothing is sent', async () => {
  served = await serve();
  for (const clientOrderId of ['', ' ', 'a b', 'a/b', 'a\u0000', '💥', 'x'.repeat(37)]) {
    for (const key of [null, 'a-key']) {
      const old = await order({ ...buy, clientOrderId }, { key });
      const exactly = await served.post('/api/v1/orders', { ...exact, clientOrderId }, { key });
      expect([clientOrderId, old.status, exactly.status]).toEqual([clientOrderId, 400, 400]);
    }
  }
  expect(placed()).toEqual([]);
});

test('SV24 what nobody reads is refused by its name: it might keep an order small', async () => {
  served = await serve();
  for (const more of [{ reduce_only: true }, { stopLoss: '1' }]) {
    const { status, body } = await order({ ...buy, ...more });
    const detail = expect.stringContaining(Object.keys(more)[0]!);
    expect([status, body]).toMatchObject([400, { type: '/problems/request-invalid', detail }]);
  }
  expect(placed()).toEqual([]);
});

const others: readonly (readonly [string, object])[] = [
  ['sold', { side: 'sell' }],
  ['more', { quantity: '0.2' }],
  ['of another instrument', { instrument: 'BTC/USDT' }],
  ['with a limit', { type: 'limit', price: '60000' }],
];

test('SV24 after a silence another order of the same name is no success', async () => {
  served = await serve();
  const named = { ...exact, clientOrderId: 'mine' };
  await served.post('/api/v1/orders', named);
  const after = async (more: object) => {
    served.of.paper.submitted.push({ status: 'unknown', why: 'timed out' });
    return (await served.post('/api/v1/orders', { ...named, ...more })).body;
  };
  expect(await after({})).toMatchObject({ status: 'accepted', why: null });
  served.of.paper.order = async () => ({
    status: 'answered',
    value: served.of.paper.exchange.order({
      ...{ instrument: perpetual, orderId: null, clientOrderId: 'mine' },
    }),
  });
  const why = `timed out; the venue has another order of this name: buy 0.1 ${perpetual} market`;
  for (const [what, more] of others) {
    expect([what, await after(more)]).toMatchObject([
      ...[what, { status: 'unknown', orderId: null, why: expect.stringContaining(why) }],
    ]);
  }
  served.of.paper.submitted.push({ status: 'unknown', why: 'timed out' });
  expect((await order({ ...buy, side: 'sell', clientOrderId: 'mine' })).body).toMatchObject({
    ...{ status: 'unknown', orderId: null, why: expect.stringContaining('another order') },
  });
});

const unfit: readonly (readonly [string, object])[] = [
  ['no quantity', { ...buy, quantity: '0' }],
  ['a negative one', { ...buy, quantity: '-1' }],
  ['a binary fraction', { ...buy, quantity: 0.1 }],
  ['a limit without a price', { ...buy, type: 'limit' }],
  ['a market order with a price', { ...buy, price: '1' }],
  ['another account', { ...buy, account: 'other' }],
  ['no side', { ...buy, side: 'hold' }],
];

test('SV13 what is no order is refused, and nothing is sent', async () => {
  served = await serve();
  for (const [what, body] of unfit) {
    const { status } = await order(body);
    expect([what, status === 400 || status === 404]).toEqual([what, true]);
  }
  expect(placed()).toEqual([]);
});

test('SV13 where the venue is read-only nothing is sent', async () => {
  served = await serve({ venueSettings: { readOnly: true } });
  const { status, body } = await order(buy);
  expect([status, body]).toMatchObject([400, { detail: 'no orders are sent for main' }]);
});

test('SV13 an order rests, and is cancelled', async () => {
  served = await serve();
  const resting = { ...exact, type: 'limit', price: '50000' };
  const made = await served.post('/api/v1/orders', resting);
  expect(made).toMatchObject({ status: 200, body: { status: 'accepted', why: null } });
  const { orderId } = made.body as { orderId: string };
  const path = `/api/v1/orders/${orderId}/cancel`;
  const cancelled: Json = (await served.post(path, { instrument: perpetual })).body;
  expect(cancelled).toMatchObject({ status: 'accepted', orderId });
  expect(served.of.paper.exchange.openOrders()).toEqual([]);
  expect((await served.post(path, { instrument: perpetual })).status).toBe(400);
});

test('SV71 a cancellation without an answer names the order as it was asked for', async () => {
  served = await serve();
  const { paper } = served.of;
  const path = '/api/v1/orders/o-1/cancel';
  const cancelled = async (name: object) =>
    (await served.post(path, { instrument: perpetual, ...name })).body;
  paper.cancel = async () => ({ status: 'unknown', why: 'timed out' });
  expect(await cancelled({ clientOrderId: 'my-name' })).toMatchObject({
    ...{ status: 'unknown', orderId: 'o-1', clientOrderId: 'my-name', why: 'timed out' },
  });
  expect(await cancelled({})).toMatchObject({ status: 'unknown', clientOrderId: null });
  // The venue took it, and does not say by what name it was sent.
  paper.cancel = async () => ({ status: 'accepted', orderId: 'o-1', clientOrderId: '' });
  expect(await cancelled({ clientOrderId: 'my-name' })).toMatchObject({ clientOrderId: 'my-name' });
  expect(await cancelled({})).toMatchObject({ status: 'accepted', clientOrderId: null });
});
