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
const later = cash('interest', 'i1', '0', { time: at('11:00') });

/** Makes the plan, expects that it needs a person, and lets one agree. */
async function approveAll(desk: Desk, document: Json): Promise<void> {
  const plan = await desk.sync(document);
  expect(plan.exitCode).toBe(6);
  const { plan: hash, repairs } = syncedOf(plan);
  for (const { break: id, needsApproval } of repairs) {
    if (!needsApproval) continue;
    const approved = await desk.approve(id, hash.slice(0, 8));
    expect(approved).toMatchObject({ ok: true, value: { state: 'APPROVED' } });
  }
}

async function expectRepaired(desk: Desk, document: Json): Promise<void> {
  const result = await desk.apply(document);
  expect(syncedOf(result).applied).toMatchObject([{ state: 'VERIFIED' }]);
  expect(result.exitCode).toBe(0);
  const { head } = desk;
  expect((await desk.apply(document)).exitCode).toBe(0);
  expect(desk.head).toBe(head);
}

describe('a fill that the complete list of the venue does not hold', () => {
  const document = says({
    positions: held([]),
    balances: balances({ USDT: '1000' }),
    executions: list([]),
    cashFlows: list([deposit, later]),
  });

  test('Y3 it is reversed only once a person has agreed to that plan', async () => {
    const desk = await openDesk(deposit, fill('e1'), later);
    const { head } = desk;
    expect(await desk.apply(document)).toMatchObject({ exitCode: 3 });
    expect(desk.kinds(head)).not.toContain('reversal');
    await approveAll(desk, document);
    expect((await desk.apply(document, { auto: true })).exitCode).toBe(3);
    expect(desk.kinds(head)).not.toContain('reversal');
    await expectRepaired(desk, document);
    expect(desk.holds()).toEqual({ USDT: '1000' });
  });

  test('Y3 a plan whose lines are all approved is work, and not another approval', async () => {
    const desk = await openDesk(deposit, fill('e1'), later);
    await approveAll(desk, document);
    const plan = await desk.sync(document);
    expect(plan.exitCode).toBe(3);
    expect(syncedOf(plan).repairs).toMatchObject([{ state: 'APPROVED' }]);
  });

  test('Y3 saying it twice is saying it once', async () => {
    const desk = await openDesk(deposit, fill('e1'), later);
    await approveAll(desk, document);
    const { head } = desk;
    await approveAgain(desk, document);
    expect(desk.head).toBe(head);
  });

  test('Y3 where only executions are told, their list verifies the reversal', async () => {
    const desk = await openDesk(deposit, fill('e1'), later);
    const executions = says({ executions: list([]), cashFlows: list([deposit, later]) });
    await approveAll(desk, executions);
    const result = await desk.apply(executions);
    expect(syncedOf(result).applied).toMatchObject([{ state: 'VERIFIED' }]);
    expect(result.exitCode).toBe(5);
  });

  test('Y3 a list that is not complete, or of another time, proves nothing about it', async () => {
    const desk = await openDesk(deposit, fill('e1'), later);
    const partly = { complete: false };
    const before = { to: at('08:30') };
    for (const window of [partly, before, { from: at('09:30') }]) {
      const checked = await desk.check(says({ executions: list([], window) }));
      expect(open(checked)).toEqual([]);
      expect(checked.reconciled.verdict).toBe('cannot-say');
    }
  });

  async function approveAgain(desk: Desk, said: Json): Promise<void> {
    const { plan, repairs } = syncedOf(await desk.sync(said));
    for (const { break: id } of repairs) {
      expect(await desk.approve(id, plan.slice(0, 8))).toMatchObject({ ok: true });
    }
  }
});

describe('money that the complete list of the venue does not hold', () => {
  test('Y3 a deposit booked under two ids is taken back once', async () => {
    const desk = await openDesk(deposit, cash('deposit', 'd1-again', '1000'), later);
    const document = says({
      balances: balances({ USDT: '1000' }),
      cashFlows: list([deposit, later]),
    });
    const checked = await desk.check(document);
    expect(open(checked)).toMatchObject([{ reason: 'FILL_DUPLICATED', confidence: 'proven' }]);
    await approveAll(desk, document);
    await expectRepaired(desk, document);
    expect(desk.holds()).toEqual({ USDT: '1000' });
  });
});

describe('a fill that the venue tells under another id', () => {
  const document = says({
    positions: held([{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity: '1' }]),
    balances: balances({ USDT: '999.9' }),
    executions: list([fill('real')]),
    cashFlows: list([deposit, later]),
  });

  test('Y3 the one is reversed and the other booked, or neither', async () => {
    const desk = await openDesk(deposit, fill('guess'), later);
    const checked = await desk.check(document);
    expect(open(checked)).toMatchObject([{ reason: 'FILL_MISAPPLIED' }]);
    await approveAll(desk, document);
    const { repairs } = syncedOf(await desk.sync(document));
    expect(repairs.map(({ entries }) => entries.map(({ action }) => action))).toEqual([
      ['reverse', 'book'],
    ]);
    await expectRepaired(desk, document);
    expect(breaksOf(await desk.check(document))).toMatchObject([{ state: 'VERIFIED' }]);
  });
});

describe('a difference without a cause', () => {
  const document = says({
    balances: balances({ USDT: '993' }),
    cashFlows: list([deposit]),
  });

  test('Y3 an adjustment is asked for, needs approval, and names its break', async () => {
    const desk = await openDesk(deposit);
    const plan = await desk.sync(document);
    expect(plan.exitCode).toBe(3);
    const [left] = syncedOf(plan).leftAlone;
    expect(left).toMatchObject({ decision: 'ask' });
    const offered = await desk.sync(document, {}, [left!.break]);
    expect(offered.exitCode).toBe(6);
    const { plan: hash } = syncedOf(offered);
    expect(await desk.approve(left!.break, hash.slice(0, 4))).toMatchObject({ ok: true });
    const applied = await desk.sync(document, { apply: true }, [left!.break]);
    expect(syncedOf(applied).applied).toMatchObject([{ state: 'VERIFIED' }]);
    const { account } = desk.account();
    const [row] = desk.reader.file.entriesOfKind(account, 'adjustment');
    expect(row).toMatchObject({ amount: '-7' });
    expect(row?.body).toContain(left!.break);
  });
});
