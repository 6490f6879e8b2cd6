/** A bot that closed a million positions, in tables without an index but their keys. */
import { afterAll, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import { systemClock } from '../../../src/service/system-clock.ts';
import { openMonitoring } from '../../../src/sources/monitoring/monitoring.ts';
import { openSqlite } from '../../../src/sources/sqlite/sqlite.ts';
import { sqliteWorld } from '../sqlite-world.ts';
import { changeOf, positionOf, tradeOf, writeOf } from './ground.ts';

const closed = 1_000_000;
const held = [1, 400_000, 1_000_000];

const positions = 'id:id! symbol:text exchange:text side:text quantity:quantity entry_price:money';
const world = await sqliteWorld({
  positions: [`${positions} current_price:money pnl:money status:text opened_at:text`],
  orders: ['id:id! position_id:id order_id:text symbol:text side:text size:quantity status:text'],
  trades: ['id:id! order_id:text symbol:text side:text quantity:quantity price:money'],
});

afterAll(() => world.end());

const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
  WHERE i < ${closed})`;

test('Q106 Q107 Q125 a look at a million closed positions is of short locks', async () => {
  await world.bot(`INSERT INTO positions ${numbers} SELECT i, 'S' || (i % 40), 'bybit', 'buy', 1, 2,
    2, 0, 'closed', '2025-10-13 12:00:00+00:00' FROM n`);
  await world.bot(`UPDATE positions SET status = 'active' WHERE id IN (${held.join(', ')})`);
  await world.bot(`INSERT INTO orders ${numbers} SELECT i, i, 'o-' || i, 'S', 'buy', 1, 'filled'
    FROM n WHERE i <= 100000`);
  const locks: number[] = [];
  const released = (_: 'read' | 'write', ms: number) => locks.push(ms);
  const database = openSqlite(world.path, { clock: systemClock, released });
  const source = await openMonitoring(database, { clock: systemClock, zone: 'UTC', schema: null });
  const seen = await source.snapshot();
  expect(seen.positions.map(({ id }) => Number(id))).toEqual(held);
  expect(seen.counts).toEqual({ active: 3, closed: closed - 3, orders: 100_000, trades: 0 });
  expect(seen.orders.map(({ id }) => Number(id))).toEqual([1]);
  // Many short locks instead of one; the bound is that of a machine that is busy otherwise.
  expect(locks.length).toBeGreaterThan(100);
  expect(Math.max(...locks)).toBeLessThan(1_000);
  // A write goes on from what was counted: it reads what came since.
  locks.length = 0;
  await world.bot(`INSERT INTO positions VALUES (${closed + 1}, 'NEW', 'bybit', 'sell', 5, 2, 2,
    NULL, 'active', '2025-10-13 15:00:00+00:00')`);
  const { audit } = await source.write((now) => {
    expect(now.positions.map(({ id }) => Number(id))).toEqual([...held, closed + 1]);
    return writeOf({
      changes: [changeOf(now, 'NEW', { quantity: decimal('4') })],
      trades: [tradeOf('e-1', '1')],
    });
  });
  expect(audit!.changes).toHaveLength(2);
  expect(locks.length).toBeLessThan(25);
  expect(positionOf(await source.snapshot(), 'NEW').quantity).toEqual(decimal('4'));
  // What a position that nobody stored may have been is found without reading every row.
  locks.length = 0;
  const rows = await source.newestClosed(['S7', 'S8']);
  expect(rows.map(({ symbol }) => symbol)).toEqual(['S7', 'S8']);
  expect(locks.length).toBeGreaterThan(100);
  const [order] = (await source.named(['o-99999'])).orders;
  expect(order!.id).toBe('99999');
  expect(Math.max(...locks)).toBeLessThan(1_000);
  await source.close();
});
