import { afterEach, describe, expect, test } from 'vitest';
import {
  balances,
  breaksOf,
  cash,
  closeDesks,
  fill,
  held,
  list,
  open,
  openDesk,
  says,
  syncedOf,
} from './desk.ts';

afterEach(closeDesks);

const deposit = cash('deposit', 'd1', '1000');
const document = says({
  positions: held([{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity: '1' }]),
  balances: balances({ USDT: '999.9' }),
  executions: list([fill('e1')]),
  cashFlows: list([deposit]),
});

test('Y6 a repair taken back reopens its break and comes back without a copy, thrice', async () => {
  const desk = await openDesk(deposit);
  let undo = syncedOf(await desk.apply(document)).applied![0]!.entries.at(-1)!;
  const states: string[] = [];
  for (let round = 0; round < 3; round++) {
    expect(await desk.undo(undo)).toMatchObject({ ok: true });
    const reopened = await desk.check(document);
    expect(reopened.reconciled.verdict).toBe('break');
    expect(desk.holds()).toEqual({ USDT: '1000' });
    const repaired = await desk.apply(document);
    expect(repaired.exitCode).toBe(0);
    expect(desk.holds()).toEqual({ USDT: '999.9', 'BTC/USDT:USDT': '1' });
    const [applied] = syncedOf(repaired).applied!;
    states.push(applied!.state);
    undo = applied!.entries.at(-1)!;
  }
  expect(states).toEqual(['VERIFIED', 'VERIFIED', 'VERIFIED']);
  expect(desk.kinds().filter((kind) => kind === 'fill')).toHaveLength(1);
  expect(breaksOf(await desk.check(document))).toHaveLength(1);
});

test('Y6 the fact itself can be taken back again after it came back', async () => {
  const desk = await openDesk(deposit, fill('e1'));
  const booked = desk.kinds().indexOf('fill') + 1;
  for (let round = 0; round < 3; round++) {
    expect(await desk.undo(booked)).toMatchObject({ ok: true });
    expect(desk.holds()).toEqual({ USDT: '1000' });
    expect(await desk.undo(booked)).toMatchObject({
      refusal: { code: 'entry-undone-already' },
    });
    expect((await desk.apply(document)).exitCode).toBe(0);
  }
});

test('Y6 what comes back says what the venue says by then', async () => {
  const desk = await openDesk(deposit, fill('e1', { price: '90', fee: '0.1' }));
  await desk.undo(desk.kinds().indexOf('fill') + 1);
  const exact = {
    ...document,
    positions: held([
      { instrument: 'BTC/USDT:USDT', leg: 'net', quantity: '1', averagePrice: '100' },
    ]),
  };
  const result = await desk.apply(exact);
  expect(syncedOf(result).applied).toMatchObject([{ state: 'VERIFIED' }]);
  expect(result.exitCode).toBe(0);
});

test('Y6 a fee that completed a fill and was taken back completes it again', async () => {
  const desk = await openDesk(deposit, fill('e1', { fee: null, feeCurrency: null }));
  for (let round = 0; round < 2; round++) {
    const result = await desk.apply(document);
    expect(result.exitCode).toBe(0);
    await desk.undo(syncedOf(result).applied![0]!.entries[0]!);
    expect((await desk.check(document)).reconciled.verdict).not.toBe('true');
  }
});

test('Y6 an adjustment that was taken back can be made again', async () => {
  const desk = await openDesk(deposit);
  const short = says({ balances: balances({ USDT: '993' }), cashFlows: list([deposit]) });
  const id = open(await desk.check(short))[0]!.id;
  for (let round = 0; round < 2; round++) {
    const { plan } = syncedOf(await desk.sync(short, {}, [id]));
    await desk.approve(id, plan);
    const result = await desk.sync(short, { apply: true }, [id]);
    expect(result.exitCode).toBe(0);
    expect(desk.holds()).toEqual({ USDT: '993' });
    await desk.undo(syncedOf(result).applied![0]!.entries[0]!);
    expect(desk.holds()).toEqual({ USDT: '1000' });
  }
});

describe('what cannot be taken back', () => {
  test.each(['account', 'instrument', 'order', 'statement', 'break'])(
    'Y6 an entry of kind %s is refused',
    async (kind) => {
      const order = {
        ...{ kind: 'order', account: 'main', instrument: 'BTC/USDT:USDT', orderId: 'o1' },
        ...{ side: 'buy', type: 'limit', quantity: '1', price: '1', filled: '0' },
        ...{ status: 'cancelled', time: '2026-11-20T08:00:00Z' },
      };
      const desk = await openDesk(deposit, fill('e9'), order);
      await desk.check(document);
      const { head } = desk;
      const refused = await desk.undo(desk.kinds().indexOf(kind) + 1);
      expect(refused).toMatchObject({ refusal: { code: 'entry-not-undoable' } });
      expect(desk.head).toBe(head);
    },
  );

  test('Y6 nor is an entry that does not exist', async () => {
    const desk = await openDesk();
    expect(await desk.undo(99)).toMatchObject({ refusal: { code: 'entry-not-undoable' } });
  });
});
