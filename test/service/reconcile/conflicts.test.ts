import { afterEach, describe, expect, test } from 'vitest';
import {
  at,
  balances,
  breaksOf,
  cash,
  closeDesks,
  type Desk,
  fill,
  held,
  type Json,
  list,
  open,
  openDesk,
  says,
  syncedOf,
} from './desk.ts';

afterEach(closeDesks);

const deposit = cash('deposit', 'd1', '1000');
const long = (averagePrice: string): Json =>
  held([{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity: '1', averagePrice }]);

/** The book holds 100; somebody said 101 later. */
const twoPrices = () => openDesk(deposit, fill('e1'), fill('e1', { price: '101' }));

const booked = says({
  positions: long('100'),
  balances: balances({ USDT: '999.9' }),
  executions: list([fill('e1')]),
  cashFlows: list([deposit]),
});
const other = says({
  positions: long('101'),
  balances: balances({ USDT: '999.9' }),
  executions: list([fill('e1', { price: '101' })]),
  cashFlows: list([deposit]),
});

async function approved(desk: Desk, document: Json) {
  const plan = syncedOf(await desk.sync(document));
  for (const { break: id, needsApproval } of plan.repairs) {
    if (needsApproval) await desk.approve(id, plan.plan.slice(0, 8));
  }
  return desk.apply(document);
}

describe('two reports of one fill that differ', () => {
  test('Y4 they are a break, also for a check without a statement', async () => {
    const desk = await twoPrices();
    const checked = await desk.check(null);
    expect(checked.reconciled.verdict).toBe('break');
    expect(open(checked)).toMatchObject([
      { reason: 'UNEXPLAINED', lines: [{ oursText: 'price 100', theirsText: 'price 101' }] },
    ]);
    const silent = await desk.check(says({ balances: balances({ USDT: '999.9' }) }));
    expect(open(silent)).toHaveLength(1);
  });

  test('Y4 the complete list of the venue settles them as booked, and for good', async () => {
    const desk = await twoPrices();
    await desk.check(null);
    expect(desk.look(booked).reconciled.verdict).toBe('true');
    const { head } = desk;
    const checked = await desk.check(booked);
    expect(checked.reconciled.verdict).toBe('true');
    expect(breaksOf(checked)).toMatchObject([{ state: 'SELF_CLEARED' }]);
    expect(desk.kinds(head)).toEqual(['reversal', 'statement', 'break']);
    expect((await desk.check(null)).reconciled.verdict).toBe('true');
    await desk.tell(fill('e1', { price: '101' }));
    expect((await desk.check(null)).reconciled.verdict).toBe('true');
  });

  test('Y4 settling a conflict makes no plan stale', async () => {
    const desk = await twoPrices();
    const missing = cash('funding', 'f1', '-3', { instrument: 'BTC/USDT:USDT' });
    const document = {
      ...booked,
      balances: balances({ USDT: '996.9' }),
      cashFlows: list([deposit, missing]),
    };
    const { plan } = syncedOf(await desk.sync(document));
    expect(desk.kinds()).toContain('reversal');
    expect((await desk.apply(document, { plans: [plan] })).exitCode).toBe(0);
  });

  test('Y4 a list that is incomplete, or does not tell the field, settles nothing', async () => {
    const desk = await twoPrices();
    const incomplete = { ...booked, executions: list([fill('e1')], { complete: false }) };
    expect(open(await desk.check(incomplete))).toHaveLength(1);
    await desk.tell(fill('e1', { fee: '0.2' }));
    const feeless = fill('e1', { fee: null, feeCurrency: null });
    const checked = await desk.check({ ...booked, executions: list([feeless]) });
    expect(open(checked)).toMatchObject([{ lines: [{ oursText: 'fees 0.1 USDT' }] }]);
  });

  test('Y4 several reports that contradict one fact are one break', async () => {
    const desk = await twoPrices();
    const others = [{ price: '102' }, { quantity: '2' }, { time: at('10:00') }, { fee: '7' }];
    await desk.tell(...others.map((changes) => fill('e1', changes)));
    const first = open(await desk.check(null));
    expect(first).toMatchObject([
      {
        lines: [
          {
            oursText: `price 100, quantity 1, time ${at('09:00')}, fees 0.1 USDT`,
            theirsText: [
              ...['price 101', 'price 102', 'quantity 2', `time ${at('10:00')}`, 'fees 7 USDT'],
            ].join(' or '),
          },
        ],
      },
    ]);
    expect(open(await desk.check(null))).toEqual(first);
  });

  test('Y5 where the list has the other one, a correction is approved and verified', async () => {
    const desk = await twoPrices();
    await desk.check(null);
    const plan = await desk.sync(other);
    expect(plan.exitCode).toBe(6);
    expect(syncedOf(plan).repairs).toMatchObject([
      { entries: [{ action: 'correct', fact: { kind: 'correction', price: '101' } }] },
    ]);
    const result = await approved(desk, other);
    expect(result.exitCode).toBe(0);
    expect(syncedOf(result).applied).toMatchObject([{ state: 'VERIFIED' }]);
    expect(desk.kinds()).toContain('correction');
    expect((await desk.check(null)).reconciled.verdict).toBe('true');
    const { head } = desk;
    await desk.apply(other);
    expect(desk.head).toBe(head);
  });

  test('Y5 a correction that was taken back is made again', async () => {
    const desk = await twoPrices();
    const first = syncedOf(await approved(desk, other)).applied![0]!.entries[0]!;
    expect((await desk.undo(first)).ok).toBe(true);
    const reopened = await desk.check(other);
    expect(reopened.reconciled.verdict).toBe('break');
    const again = await approved(desk, other);
    expect(again.exitCode).toBe(0);
    const second = syncedOf(again).applied![0]!.entries[0]!;
    expect(second).toBeGreaterThan(first);
    expect(await desk.undo(first)).toMatchObject({ ok: false });
    expect((await desk.undo(second)).ok).toBe(true);
    expect((await desk.check(other)).reconciled.verdict).toBe('break');
  });

  test('Y5 a venue that changes its mind twice is followed twice', async () => {
    const desk = await twoPrices();
    for (const document of [other, booked, other]) {
      const result = await approved(desk, document);
      expect(result.exitCode).toBe(0);
    }
  });
});

describe('money told wrong', () => {
  const said = (amount: string): Json =>
    says({
      positions: held([]),
      balances: balances({ USDT: amount === '-3' ? '997' : '996' }),
      cashFlows: list([deposit, cash('funding', 'f1', amount)]),
    });

  test('Y5 it is set right by an entry about it, for its identity stays its own', async () => {
    const desk = await openDesk(deposit, cash('funding', 'f1', '-3'));
    const plan = await desk.sync(said('-4'));
    expect(plan.exitCode).toBe(6);
    const result = await approved(desk, said('-4'));
    expect(syncedOf(result).applied).toMatchObject([{ state: 'VERIFIED' }]);
    expect(result.exitCode).toBe(0);
    expect(desk.kinds().filter((kind) => kind === 'funding')).toHaveLength(1);
    expect(desk.kinds()).toContain('fill-completed');
    expect(desk.holds()).toEqual({ USDT: '996' });
    for (const amount of ['-3', '-4']) {
      expect((await approved(desk, said(amount))).exitCode).toBe(0);
    }
    expect(desk.holds()).toEqual({ USDT: '996' });
  });

  test('Y5 a pending withdrawal booked with another amount is set right whole', async () => {
    const pending = cash('withdrawal', 'w1', '100', { state: 'pending' });
    const desk = await openDesk(deposit, pending);
    const document = says({
      balances: balances({ USDT: '901' }),
      cashFlows: list([deposit, cash('withdrawal', 'w1', '99')]),
    });
    const result = await approved(desk, document);
    expect(syncedOf(result).applied).toMatchObject([{ state: 'VERIFIED' }]);
    expect(desk.holds()).toEqual({ USDT: '901' });
  });
});

describe('a fill that the venue took back', () => {
  const bust = {
    kind: 'bust',
    account: 'main',
    bustId: 'b1',
    executionId: 'e1',
    time: at('10:00'),
  };

  test('Y6 listed again it is a question for a person, who may take the bust back', async () => {
    const desk = await openDesk(deposit, fill('e1'), bust);
    expect(desk.holds()).toEqual({ USDT: '1000' });
    const checked = await desk.check(booked);
    expect(open(checked)).toMatchObject([{ confidence: 'unexplained' }]);
    const { repairs, leftAlone } = syncedOf(await desk.sync(booked));
    expect(repairs).toEqual([]);
    expect(leftAlone).toMatchObject([{ decision: 'ask' }]);
    expect(await desk.undo(desk.kinds().indexOf('bust') + 1)).toMatchObject({ ok: true });
    expect((await desk.check(booked)).reconciled.verdict).toBe('true');
  });

  test('Y6 left out of the list it is as it should be', async () => {
    const desk = await openDesk(deposit, fill('e1'), bust);
    const document = says({
      positions: held([]),
      balances: balances({ USDT: '1000' }),
      executions: list([]),
      cashFlows: list([deposit]),
    });
    expect((await desk.check(document)).reconciled.verdict).toBe('true');
  });
});
