import { afterEach, describe, expect, test } from 'vitest';
import {
  afterOf,
  balances,
  breaksOf,
  cash,
  closeDesks,
  type Desk,
  fill,
  held,
  type Json,
  linesOf,
  list,
  mark,
  open,
  openDesk,
  says,
  syncedOf,
} from './desk.ts';

afterEach(closeDesks);

const deposit = cash('deposit', 'd1', '1000');
const bought = fill('e1');
const contract = (quantity: string, averagePrice: string | null = null): Json => ({
  ...{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity, averagePrice },
});

/** Sold 1 at 110 (after 1 at 100): +10 - 0.11, which the book lacks. */
const sold = fill('e2', { side: 'sell', price: '110', fee: '0.11', time: '2026-11-20T10:00:00Z' });
const lacking = says({
  positions: held([]),
  balances: balances({ USDT: '1009.79' }),
  executions: list([bought, sold]),
  cashFlows: list([deposit]),
});

/** Applies what the venue says, and expects what the plan promised. */
async function expectRepaired(desk: Desk, document: Json): Promise<void> {
  const plan = await desk.sync(document);
  const result = await desk.apply(document);
  expect(result.exitCode).toBe(0);
  const states = new Set(syncedOf(result).applied?.map(({ state }) => state));
  expect(states).toEqual(new Set(['VERIFIED']));
  // A position that is flat is not held any more.
  const flat = Object.fromEntries(Object.keys(afterOf(plan)).map((name) => [name, '0']));
  expect({ ...flat, ...desk.holds() }).toMatchObject(afterOf(plan));
  const { head } = desk;
  const again = await desk.apply(document);
  expect(again.exitCode).toBe(0);
  expect(desk.head).toBe(head);
}

describe('a fill that the book lacks', () => {
  test('Y1 it is proven, planned, booked as that fill and verified, and only once', async () => {
    const desk = await openDesk(deposit, bought, mark('BTC/USDT:USDT', '110'));
    const checked = await desk.check(lacking);
    expect(checked.reconciled.verdict).toBe('break');
    expect(linesOf(checked)).toEqual(['BTC/USDT:USDT 1 -> 0', 'USDT 999.9 -> 1009.79']);
    expect(breaksOf(checked)).toMatchObject([
      { reason: 'FILL_MISSING', confidence: 'proven', state: 'EXPLAINED' },
    ]);
    const plan = await desk.sync(lacking);
    expect(plan.exitCode).toBe(3);
    expect(syncedOf(plan).repairs).toMatchObject([
      {
        ...{ state: 'PROPOSED', needsApproval: false },
        entries: [{ action: 'book', id: 'e2', fact: { executionId: 'e2' } }],
        effects: [
          { key: 'BTC/USDT:USDT', before: '1', after: '0', change: '-1' },
          { key: 'USDT', before: '999.9', after: '1009.79', change: '9.89' },
        ],
      },
    ]);
    await expectRepaired(desk, lacking);
    expect(desk.kinds().filter((kind) => kind === 'fill')).toHaveLength(2);
  });

  test('Y1 its break goes through every state, and each is in the journal', async () => {
    const desk = await openDesk(deposit, bought);
    await desk.check(lacking);
    await desk.apply(lacking);
    const id = desk.account().account;
    const rows = desk.reader.file.entriesOfKind(id, 'break');
    const states = rows.map(({ body }) => (JSON.parse(body!) as { state: string }).state);
    expect(states).toEqual(['OPEN', 'EXPLAINED', 'PROPOSED', 'APPROVED', 'REPAIRED', 'VERIFIED']);
  });

  test('Y1 a later look shows the break closed, and the account true since then', async () => {
    const desk = await openDesk(deposit, bought);
    await desk.apply(lacking);
    const repairedAt = desk.clock.now();
    desk.clock.advance(60);
    const later = await desk.check(lacking);
    expect(later.reconciled.verdict).toBe('true');
    expect(later.account).toMatchObject({ gate: 'allow', trueSince: repairedAt });
    expect(open(later)).toEqual([]);
  });
});

describe('money that the book does not know of', () => {
  const { id: _, ...out } = cash('transfer', '', '-50', { counterAccount: 's' });
  const transfer = { ...out, transferId: 't1' };
  const moved: readonly (readonly [string, Json, string, string])[] = [
    ['funding', cash('funding', 'f1', '-3', { instrument: 'BTC/USDT:USDT' }), '997', 'FUNDING'],
    ['a fee', cash('fee', 'x1', '1.5'), '998.5', 'FEE'],
    ['interest', cash('interest', 'i1', '2'), '1002', 'INTEREST'],
    ['a transfer out', transfer, '950', 'TRANSFER'],
    ['a withdrawal', cash('withdrawal', 'w1', '100'), '900', 'TRANSFER'],
    ['a dividend', cash('dividend', 'v1', '7'), '1007', 'CORPORATE_ACTION'],
  ];

  test.each(moved)('Y1 %s is booked as what it is', async (_, flow, total, reason) => {
    const desk = await openDesk(deposit);
    const document = says({
      positions: held([]),
      balances: balances({ USDT: total }),
      cashFlows: list([deposit, flow]),
    });
    const checked = await desk.check(document);
    expect(open(checked)).toMatchObject([{ reason: `${reason}_MISSING`, confidence: 'proven' }]);
    await expectRepaired(desk, document);
    expect(desk.kinds()).toContain(flow['kind']);
  });

  test('Y1 a fee that was not known yet completes its fill', async () => {
    const desk = await openDesk(deposit, fill('e1', { fee: null, feeCurrency: null }));
    const document = says({
      balances: balances({ USDT: '999.9' }),
      positions: held([contract('1', '100')]),
      executions: list([bought]),
    });
    expect(open(await desk.check(document))).toMatchObject([{ reason: 'FEE_MISSING' }]);
    await expectRepaired(desk, document);
    expect(desk.kinds()).toContain('fill-completed');
  });

  test('Y1 a pending deposit that is booked at the venue is booked here', async () => {
    const desk = await openDesk(cash('deposit', 'd1', '1000', { state: 'pending' }));
    expect(desk.holds()).toEqual({ USDT: '0' });
    const document = says({
      balances: balances({ USDT: '1000' }),
      cashFlows: list([deposit]),
    });
    await expectRepaired(desk, document);
  });
});

describe('several facts at once', () => {
  const funding = cash('funding', 'f1', '-3', { instrument: 'BTC/USDT:USDT' });
  const document = says({
    positions: held([contract('3', '102')]),
    balances: balances({ USDT: '996.4' }),
    executions: list([
      bought,
      fill('e2', { price: '101', fee: '0.2', time: '2026-11-20T09:30:00Z' }),
      fill('e3', { price: '105', fee: '0.3', time: '2026-11-20T09:40:00Z' }),
    ]),
    cashFlows: list([deposit, funding]),
  });

  test('Y1 all that explains one case is one repair', async () => {
    const desk = await openDesk(deposit, bought);
    const checked = await desk.check(document);
    expect(open(checked)).toHaveLength(1);
    const { repairs } = syncedOf(await desk.sync(document));
    expect(repairs.map(({ entries }) => entries.map(({ id }) => id))).toEqual([['e2', 'e3', 'f1']]);
    await expectRepaired(desk, document);
  });

  test('Y2 a late fact restates what was realised after it, as the plan said', async () => {
    // The purchase at 80 came before the sale: 20 were realised, not 10.
    const sale = fill('e3', { side: 'sell', price: '120', time: '2026-11-20T11:00:00Z' });
    const late = fill('e2', { price: '80', time: '2026-11-20T09:30:00Z' });
    const desk = await openDesk(deposit, bought, sale);
    expect(desk.realised()).toBe('20');
    const all = says({
      positions: held([contract('1', '90')]),
      balances: balances({ USDT: '1029.7' }),
      executions: list([bought, late, sale]),
    });
    await expectRepaired(desk, all);
    expect(desk.realised()).toBe('30');
  });

  test('Y1 an instrument that the book never held is taken in with its first fill', async () => {
    const other = fill('s1', { instrument: 'SOL/USDT:USDT', side: 'sell', quantity: '5' });
    const desk = await openDesk(deposit);
    const document = says({
      positions: held([{ instrument: 'SOL/USDT:USDT', leg: 'net', quantity: '-5' }]),
      balances: balances({ USDT: '999.9' }),
      executions: list([other]),
    });
    await expectRepaired(desk, document);
    expect(desk.holds()).toEqual({ USDT: '999.9', 'SOL/USDT:USDT': '-5' });
  });
});
