/** Orders that the book holds open and the venue does not list: it is asked for each by its id. */
import { afterEach, describe, expect, test } from 'vitest';
import {
  at,
  balances,
  cash,
  closeDesks,
  fill,
  held,
  type Json,
  syncedOf,
} from '../reconcile/desk.ts';
import { noAnswer, openStand, type Stand, said } from './scripted-venue.ts';

afterEach(closeDesks);

const btc = 'BTC/USDT:USDT';
const deposit = cash('deposit', 'd1', '1000');
const order = (orderId: string, changes: Json = {}): Json => ({
  ...{ kind: 'order', account: 'main', instrument: btc, orderId, side: 'buy', type: 'limit' },
  ...{ quantity: '2', price: '90', filled: '0', status: 'open', reduceOnly: false },
  ...{ time: at('10:00'), ...changes },
});

const nothing: Json = {
  positions: held([]),
  balances: balances({ USDT: '1000' }),
  orders: held([]),
};
const twice = [said(0, nothing), said(10, nothing)];

const statuses = ({ desk }: Stand) => {
  const { account } = desk.account();
  return desk.reader.file.orders(account).map(({ orderId, status }) => `${orderId} ${status}`);
};

describe('an order that is not listed', () => {
  test.each(['cancelled', 'expired', 'rejected'])(
    'VC19 is explained by the venue’s word that it is %s, and repaired by its report',
    async (status) => {
      const stand = await openStand(deposit, order('o1'));
      stand.venue.orders.set('o1', order('o1', { status, time: at('10:30') }));
      const { reconciled } = await stand.check(...twice);
      expect(reconciled.breaks).toMatchObject([
        { reason: 'LATE_ARRIVAL', confidence: 'proven', state: 'EXPLAINED' },
      ]);
      const later = [20, 30, 40].map((second) => said(second, nothing));
      const result = await stand.sync({ apply: true, auto: true }, ...later);
      expect(syncedOf(result).applied).toMatchObject([{ state: 'VERIFIED' }]);
      expect([result.exitCode, statuses(stand)]).toEqual([0, [`o1 ${status}`]]);
    },
  );

  test('VC19 is repaired also where the venue dates its end before our last report', async () => {
    const stand = await openStand(deposit, order('o1'));
    stand.venue.orders.set('o1', order('o1', { status: 'cancelled', time: at('09:59') }));
    await stand.sync({ apply: true, auto: true }, ...twice, said(20, nothing));
    expect(statuses(stand)).toEqual(['o1 cancelled']);
  });

  test('VC19 that filled is repaired with the execution that filled it', async () => {
    const stand = await openStand(deposit, order('o1'));
    const bought = fill('e1', { quantity: '2', price: '90', orderId: 'o1', time: at('10:30') });
    const position = { instrument: btc, leg: 'net', quantity: '2' };
    // 1000 - 0.1
    const holds = {
      ...{ positions: held([position]), balances: balances({ USDT: '999.9' }), orders: held([]) },
    };
    stand.venue.past = [deposit, bought];
    stand.venue.orders.set('o1', order('o1', { status: 'filled', filled: '2', time: at('10:30') }));
    const seen = [said(0, holds), said(10, holds)];
    const result = await stand.sync({ apply: true, auto: true }, ...seen, said(20, holds));
    expect([result.exitCode, statuses(stand), stand.desk.holds()]).toEqual([
      ...[0, ['o1 filled'], { [btc]: '2', USDT: '999.9' }],
    ]);
  });

  test('VC19 of which the venue knows nothing stays a ghost, and a person decides', async () => {
    const stand = await openStand(deposit, order('o1'));
    await stand.check(...twice);
    const later = [said(80, nothing), said(90, nothing)];
    const result = await stand.sync({ apply: true, auto: true }, ...later);
    expect([result.exitCode, statuses(stand)]).toEqual([3, ['o1 open']]);
    const { breaks } = result.checked[0]!.reconciled;
    expect(breaks).toMatchObject([{ reason: 'ORDER_GHOST' }]);
  });

  test.each([
    ['it fails', noAnswer('HTTP 503')],
    ['it says that it does not know', order('o1', { status: 'unknown' })],
    ['it answers with another order', order('o9', { status: 'cancelled' })],
  ])('VC19 where %s nothing follows from it', async (_what, answer) => {
    const stand = await openStand(deposit, order('o1'));
    stand.venue.orders.set('o1', answer);
    const { reconciled } = await stand.check(...twice);
    expect(reconciled.breaks).toMatchObject([{ reason: 'ORDER_GHOST' }]);
    expect(statuses(stand)).toEqual(['o1 open']);
  });

  test('VC19 that rests after all, in a list that left it out, is no break', async () => {
    const stand = await openStand(deposit, order('o1'));
    stand.venue.orders.set('o1', order('o1'));
    expect((await stand.check(...twice)).reconciled.verdict).toBe('true');
  });

  test('VC19 is asked for once, and not where the list is not whole, or all agrees', async () => {
    const many = ['o1', 'o2', 'o3'].map((id) => order(id));
    const stand = await openStand(deposit, ...many);
    for (const id of ['o1', 'o2', 'o3']) {
      stand.venue.orders.set(id, order(id, { status: 'cancelled', time: at('10:30') }));
    }
    await stand.check(...twice);
    expect(stand.venue.ordersAsked).toBe(3);
    const part = { ...nothing, orders: held([], { complete: false }) };
    await stand.check(said(30, part), said(40, part));
    const listed = {
      ...nothing,
      orders: held(many.map(({ account: _, kind: __, ...one }) => one)),
    };
    await stand.check(said(50, listed));
    expect(stand.venue.ordersAsked).toBe(3);
  });

  test('VC19 that ended just now settles: its execution may be on its way', async () => {
    const stand = await openStand(deposit, order('o1'));
    const end = { status: 'filled', filled: '2', time: at('11:59:50') };
    stand.venue.orders.set('o1', order('o1', end));
    const { reconciled } = await stand.check(...twice);
    expect(reconciled.breaks.map(({ state }) => state)).toContain('SETTLING');
    expect(reconciled.plan.repairs).toEqual([]);
  });

  test('VC19 whose end was told makes nothing settle at the next look', async () => {
    const stand = await openStand(deposit, order('o1'), order('o2'));
    stand.venue.orders.set('o1', order('o1', { status: 'cancelled', time: at('10:30') }));
    await stand.check(...twice);
    const { reconciled } = await stand.check(said(60, nothing), said(70, nothing));
    expect(reconciled.breaks.map(({ state }) => state)).not.toContain('SETTLING');
  });
});
