/** A bot that traded a million times, in a table without an index but its key. */
import { afterAll, expect, test } from 'vitest';
import { decimal, toText } from '../../src/decimal/text.ts';
import { instantTextOrNull } from '../../src/model/instant.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { openFalcon } from '../../src/sources/falcon/falcon.ts';
import { openSqlite } from '../../src/sources/sqlite/sqlite.ts';
import { newer, recordWrite } from './ground.ts';
import { sqliteWorld } from './sqlite-world.ts';

const orders = 1_000_000;
const world = await sqliteWorld({
  ...newer,
  orders: [newer.orders[0].replace(' timestamp', ' status:text timestamp')],
});

afterAll(() => world.end());

/** Order i is of symbol S(i mod 40) at price i, a second after the one before it. */
const fill = `
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${orders})
  INSERT INTO orders SELECT i, 'S' || (i % 40), 'buy', 1, i, 'filled',
    strftime('%Y-%m-%dT%H:%M:%S', 1700000000 + i, 'unixepoch'), NULL FROM n`;

test('Q10 Q32 Q39 a million orders are summed in pieces, each a short lock', async () => {
  await world.bot(fill);
  await world.bot(`INSERT INTO positions SELECT 'S' || (id - 1), id, id, NULL, NULL, NULL
    FROM orders WHERE id <= 9`);
  const held: number[] = [];
  const released = (_: 'read' | 'write', ms: number) => held.push(ms);
  const database = openSqlite(world.path, { clock: systemClock, released });
  const source = await openFalcon(database, { clock: systemClock, zone: 'UTC', schema: null });
  const from = performance.now();
  const { accounts, orders: told } = await source.snapshot();
  const lookMs = performance.now() - from;
  expect(told.count).toBe(orders);
  // 1,700,000,000 + 1,000,000 seconds
  expect(instantTextOrNull(told.newestAt)).toBe('2023-11-26T12:00:00Z');
  const traded = accounts[0]!.positions.flatMap(({ symbol, traded: last }) =>
    last === null ? [] : [`${symbol} ${toText(last.price)}`],
  );
  // The last order of symbol Sk is the largest i <= 1,000,000 with i mod 40 = k.
  expect(traded).toEqual(
    ['S0 1000000', ...[1, 2, 3, 4, 5, 6, 7, 8].map((k) => `S${k} ${999_960 + k}`)].toSorted(),
  );
  // Many short locks instead of one; bounds are those of a machine that is busy otherwise.
  // 1,000,000 rows in pieces of 10,000, and the rest of the look.
  expect(held.length).toBeGreaterThan(100);
  expect(Math.max(...held)).toBeLessThan(1_000);
  expect(lookMs).toBeLessThan(20_000);
  // A write goes on from what was counted: it reads what came since.
  held.length = 0;
  await world.bot(`INSERT INTO orders VALUES (${orders + 1}, 'S1', 'buy', 1, 7, 'filled',
    '2026-01-12T20:00:00', NULL)`);
  await source.write((seen) => {
    expect(seen.orders.count).toBe(orders + 1);
    const price = seen.accounts[0]!.positions.find(({ symbol }) => symbol === 'S1')!.traded!.price;
    expect(price).toEqual(decimal('7'));
    return recordWrite('1');
  });
  expect(held.length).toBeLessThan(15);
  let listed = 0;
  for await (const { id } of source.orders()) listed += id === '' ? 0 : 1;
  expect(listed).toBe(orders + 1);
  await source.close();
});
