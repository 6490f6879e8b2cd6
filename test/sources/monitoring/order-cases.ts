/** The conformance suite of the schema `monitoring`, writing: orders whose state changes. */
import { expect } from 'vitest';
import { decimal, toTextOrNull } from '../../../src/decimal/text.ts';
import { instantText } from '../../../src/model/instant.ts';
import type { OrderChange, StoredOrder } from '../../../src/model/position-source.ts';
import type { DecidePositions, PositionSource } from '../../../src/sources/position-source.ts';
import { type MonitoringWorld, positionsOn, writeOf } from './ground.ts';
import { type PositionScenario, scenario } from './scenario.ts';

const columns = `(id, position_id, exchange, symbol, order_id, type, side, size, status, filled,
  remaining, updated_at)`;

/** The exit of AGI that is open by the store, and one that the bot closed in its own words. */
const orders = (open = 'OPEN', over = 'CANCELLED') =>
  `INSERT INTO orders ${columns} VALUES
    (1, '1', 'bybit', 'AGIUSDT', 'exit-1', 'limit', 'buy', 4160, '${open}', 0, 4160,
      '2025-10-13 12:00:00+00:00'),
    (2, '900', 'bybit', 'OLDUSDT', 'exit-0', 'limit', 'buy', 10, '${over}', 0, 10,
      '2025-10-13 11:00:00+00:00')`;

const deciding =
  (id: string, part: Partial<OrderChange>): DecidePositions =>
  (snapshot) => {
    const one = snapshot.orders.find((each) => each.id === id)!;
    const { orderId, symbol, statusText, filled } = one;
    const change = { id, orderId, symbol, expected: { statusText, filled }, ...part };
    return writeOf({ orderChanges: [change] });
  };

const shownOrder = (one: StoredOrder | undefined) =>
  one && [one.statusText, toTextOrNull(one.filled), one.isOver];

/** Status, filled and remaining as the bot reads them. */
async function cells(world: MonitoringWorld, id = '1') {
  const sql = `SELECT status, filled, remaining FROM orders WHERE id = ${id}`;
  const [row] = await world.rows(sql);
  return [row!['status'], Number(row!['filled']), Number(row!['remaining'])];
}

const refusal = async (source: PositionSource, decide: DecidePositions) => {
  const error = await source.write(decide).then(
    () => null,
    (thrown: unknown) => (thrown as Error).message,
  );
  expect(await source.audit(0, 10)).toEqual([]);
  return error;
};

export const orderCases: readonly PositionScenario[] = [
  scenario('Q126 an order ends in the bot’s own word, with what was executed', async (make) => {
    const world = await make('pnl-only', [orders()]);
    const source = await positionsOn(world);
    const before = await source.snapshot();
    expect([...before.keeps.orderColumns!]).toEqual(['status', 'filled', 'remaining']);
    expect(before.orders.map(shownOrder)).toEqual([['OPEN', '0', false]]);
    const part = { status: 'cancelled', filled: decimal('1000') } as const;
    const { audit, backup } = await source.write(deciding('1', part));
    expect(backup).not.toBeNull();
    expect(await cells(world)).toEqual(['CANCELLED', 1000, 3160]);
    expect(audit!.changes).toMatchObject([
      {
        ...{ key: '1', role: 'order', fact: 'exit-1' },
        columns: { status: 'status', filled: 'filled', remaining: 'remaining' },
        after: { status: 'CANCELLED' },
      },
    ]);
    // It is of an open position, so that it is shown still, and our write of it with it.
    const after = await source.snapshot();
    expect(after.orders.map(shownOrder)).toEqual([['CANCELLED', '1000', true]]);
    expect(after.writes.map(({ id }) => id)).toEqual([audit!.id]);
    await source.close();
  }),
  scenario('Q128 more filled than was asked for is refused, to the last unit', async (make) => {
    const world = await make('pnl-only', [orders()]);
    const source = await positionsOn(world);
    expect(await refusal(source, deciding('1', { filled: decimal('4160.01') }))).toContain(
      '1 asks for 4160, and 4160.01 would be filled of it',
    );
    expect(await cells(world)).toEqual(['OPEN', 0, 4160]);
    await source.write(deciding('1', { filled: decimal('4160') }));
    expect(await cells(world)).toEqual(['OPEN', 4160, 0]);
    await source.close();
  }),
  scenario('Q126 SP99 when the row of an order was written last is read', async (make) => {
    const world = await make('pnl-only', [orders()]);
    const source = await positionsOn(world);
    const [one] = (await source.snapshot()).orders;
    expect(instantText(one!.updatedAt!)).toBe('2025-10-13T12:00:00Z');
    await source.close();
  }),
  scenario('Q126 where no row has a word for it, it is the usual one', async (make) => {
    const world = await make('pnl-only', [orders('Open', 'EXPIRED')]);
    const source = await positionsOn(world);
    await source.write(deciding('1', { status: 'filled', filled: decimal('4160') }));
    expect(await cells(world)).toEqual(['Filled', 4160, 0]);
    await source.write(deciding('1', { status: 'open' }));
    expect(await cells(world)).toEqual(['Open', 4160, 0]);
    await source.close();
  }),
  scenario('Q126 Q108 an order that is another one now is left as it is', async (make) => {
    const world = await make('pnl-only', [orders()]);
    const source = await positionsOn(world);
    const stale = (expected: OrderChange['expected']) =>
      deciding('1', { status: 'cancelled', filled: decimal('1000'), expected });
    const zero = decimal('0');
    expect(await refusal(source, stale({ statusText: 'new', filled: zero }))).toContain(
      'orders 1 is OPEN now, and not new',
    );
    expect(await refusal(source, stale({ statusText: 'OPEN', filled: null }))).toContain(
      'orders 1 has 0 filled now, and not unknown',
    );
    expect(await refusal(source, deciding('1', { symbol: 'SCAUSDT' }))).toContain(
      'orders 1 is of AGIUSDT now, and not of SCAUSDT',
    );
    expect(await cells(world)).toEqual(['OPEN', 0, 4160]);
    await source.close();
  }),
  scenario('Q126 Q117 it is taken back, unless the bot wrote over it', async (make) => {
    const world = await make('pnl-only', [orders()]);
    const source = await positionsOn(world);
    const part = { status: 'cancelled', filled: decimal('1000') } as const;
    const first = await source.write(deciding('1', part));
    await source.undo(first.audit!.id, 'a test', first.audit!.at);
    expect(await cells(world)).toEqual(['OPEN', 0, 4160]);
    const second = await source.write(deciding('1', part));
    await world.bot("UPDATE orders SET status = 'FILLED' WHERE id = 1");
    await expect(source.undo(second.audit!.id, 'a test', second.audit!.at)).rejects.toThrow(
      'was written over since',
    );
    await source.close();
  }),
  scenario('Q126 Q118 the preflight proves the state of an order, and leaves it', async (make) => {
    const world = await make('pnl-only', [orders()]);
    const source = await positionsOn(world);
    const steps = new Map((await source.preflight()).map((step) => [step.name, step]));
    expect(steps.get('orders')).toMatchObject({ outcome: 'passed' });
    expect(steps.get('orders')!.detail).toContain('status, filled, remaining written, read back');
    expect(await cells(world)).toEqual(['OPEN', 0, 4160]);
    await source.close();
  }),
  scenario('Q126 without a table of orders there is nothing to write', async (make) => {
    const source = await positionsOn(await make('exit-price'));
    const none = await source.snapshot();
    expect([...none.keeps.orderColumns!]).toEqual([]);
    const change = { id: '1', orderId: 'x', symbol: 'AGIUSDT', status: 'cancelled' } as const;
    const decide = () =>
      writeOf({ orderChanges: [{ ...change, expected: { statusText: null, filled: null } }] });
    expect(await refusal(source, decide)).toContain('there is no table orders');
    await source.close();
  }),
];
