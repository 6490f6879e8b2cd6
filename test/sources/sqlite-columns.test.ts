/** What bots declare their SQLite columns as, and what is kept in them none the less. */
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { decimal, toText, toTextOrNull } from '../../src/decimal/text.ts';
import { instantText } from '../../src/model/instant.ts';
import { plainNumber } from '../../src/sources/plain-number.ts';
import { at, older, recordWrite, totalWrite, writeOf } from './ground.ts';
import type { PortableTables } from './portable.ts';
import { type SqliteWorld, sqliteWorld } from './sqlite-world.ts';
import { sourceOn, TestClock } from './worlds.ts';

const worlds: SqliteWorld[] = [];

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.end();
});

async function worldOf(tables: PortableTables): Promise<SqliteWorld> {
  const world = await sqliteWorld(tables);
  worlds.push(world);
  return world;
}

/** Rows as SQLite itself tells them, with the type of each cell. */
function stored({ path }: SqliteWorld, sql: string): unknown[] {
  const file = new DatabaseSync(path, { readOnly: true });
  try {
    return file
      .prepare(sql)
      .all()
      .map((row) => Object.values(row));
  } finally {
    file.close();
  }
}

test.each([
  ['REAL', '10211.69', 'real', 10_211.69],
  ['NUMERIC', '10211.69', 'real', 10_211.69],
  ['DECIMAL(15,2)', '10211.69', 'real', 10_211.69],
  ['INTEGER', '10211.69', 'real', 10_211.69],
  ['REAL', '10211', 'real', 10_211],
  ['', '10211.69', 'real', 10_211.69],
  ['TEXT', '10211.690000000000000001', 'text', '10211.690000000000000001'],
])('Q3 Q13 Q16 a column %s takes %s as %s', async (type, total, kind, value) => {
  const account = [`id:id! cash:money total_value:${type}`, '1 1 -'] as const;
  const world = await worldOf({ ...older, account });
  await world.bot('UPDATE account SET total_value = 10000.5');
  const before = stored(world, 'SELECT typeof(total_value), total_value FROM account');
  const source = await sourceOn(world);
  const { totalStorage } = await source.snapshot();
  expect(totalStorage).toEqual({ kind: type === 'TEXT' ? 'exact' : 'binary64' });
  await source.write(() => totalWrite(total));
  const sql = 'SELECT typeof(total_value), total_value FROM account';
  expect(stored(world, sql)).toEqual([[kind, value]]);
  await source.undo(null, 'back', at);
  expect(stored(world, sql)).toEqual(before);
  await source.close();
});

test('Q3 any double is read as the text that gives it back', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (double) => {
      const text = plainNumber(String(double))!;
      expect(text).toMatch(/^-?\d+(\.\d*[1-9])?$/);
      expect(Number(text)).toBe(double + 0);
      expect(toText(decimal(text))).toBe(text);
    }),
  );
});

test.each([
  ['1e-7', '0.0000001'],
  ['-1.5E+3', '-1500'],
  ['+.5', '0.5'],
  ['007.10', '7.1'],
  ['-0.0', '0'],
  ['1.', '1'],
  ['.', null],
  ['', null],
  ['1,5', null],
  ['0x10', null],
  ['Infinity', null],
  ['1e99999', null],
])('Q3 the number %j is %s', (text, plain) => {
  expect(plainNumber(text)).toBe(plain);
});

test('Q3 Q4 integers beyond doubles are exact, and what cannot be is named', async () => {
  const world = await worldOf({
    account: ['id:id! cash:INTEGER total_value:REAL', '1 - -'],
    positions: ['symbol:text! quantity:REAL current_price:REAL', 'ACI 1 1'],
  });
  await world.bot('UPDATE account SET cash = 9007199254740993, total_value = 9e999');
  await world.bot(`UPDATE positions SET quantity = x'0102', current_price = -9e999`);
  const source = await sourceOn(world);
  const { accounts, faults } = await source.snapshot();
  expect(toTextOrNull(accounts[0]!.cash)).toBe('9007199254740993');
  const [position] = accounts[0]!.positions;
  expect([accounts[0]!.total, position!.quantity, position!.price]).toEqual([null, null, null]);
  expect(faults.map(({ column, value, why }) => `${column} ${value} ${why}`).sort()).toEqual([
    'current_price -Infinity is not finite',
    "quantity x'0102' is no number",
    'total_value Infinity is not finite',
  ]);
  await source.close();
});

test('Q12 times are written as the bot writes them, column by column', async () => {
  const world = await worldOf({
    account: ['id:id! cash:money total_value:money last_updated:INTEGER', '1 1 1 -'],
    positions: [
      'symbol:text! quantity:quantity current_price:money last_updated:TEXT',
      'ACI 1 1 2026-01-10T16:05:12.123456+00:00',
    ],
    performance: ['timestamp:TEXT! total_value:money', '2026-01-12 1'],
  });
  await world.bot('UPDATE account SET last_updated = 1768061112');
  const source = await sourceOn(world, new TestClock(), 'Asia/Tokyo');
  const { totals } = totalWrite('2');
  const prices = [{ accountId: '1', symbol: 'ACI', price: decimal('2') }];
  await source.write(() => writeOf({ totals, prices, performance: recordWrite('2').performance }));
  await source.write(() => recordWrite('3'));
  const account = 'SELECT typeof(last_updated), last_updated FROM account';
  expect(stored(world, account)).toEqual([['integer', 1_768_251_600]]);
  expect(stored(world, 'SELECT last_updated FROM positions')).toEqual([
    ['2026-01-12T21:00:00.000000+00:00'],
  ]);
  // 21:00 UTC is 06:00 of the next day in Tokyo; that day is taken by the first of the two.
  expect(stored(world, 'SELECT timestamp, total_value FROM performance ORDER BY 1')).toEqual([
    ['2026-01-12', 1],
    ['2026-01-13', 2],
    ['2026-01-13 06:00:00', 3],
  ]);
  await source.close();
});

test('Q11 the zone is told by when the file was written', async () => {
  const world = await worldOf(older);
  const now = new Date();
  const stamp = new Date(now.getTime() + 4 * 3_600_000).toISOString().slice(0, 19);
  await world.bot(`UPDATE account SET last_updated = '${stamp}'`);
  const source = await sourceOn(world, new TestClock(), null);
  const { zone, accounts } = await source.snapshot();
  expect(zone).toMatchObject({ name: '+04:00', known: 'detected' });
  const told = instantText(accounts[0]!.updatedAt!);
  expect(told).toBe(`${now.toISOString().slice(0, 19)}Z`);
  await source.close();
});

test('Q1 Q4 generated columns, odd names and tables without rowid are read', async () => {
  const world = await worldOf({ scratch: ['x:id', '1'] });
  await world.bot(`
    CREATE TABLE account (id INTEGER PRIMARY KEY, "Cash" REAL, "total_value" REAL,
      twice REAL AS (Cash * 2) STORED, "a ""quoted"" name" TEXT);
    INSERT INTO account (id, Cash, total_value) VALUES (1, 5, 6);
    CREATE TABLE positions (symbol TEXT PRIMARY KEY, quantity REAL, price_note TEXT) WITHOUT ROWID;
    INSERT INTO positions VALUES ('A/B''s', 2, 'x'), (x'00ff', 1, 'y');
    CREATE TABLE orders (id TEXT PRIMARY KEY, symbol TEXT, side TEXT, quantity REAL, price REAL)
      WITHOUT ROWID;
    INSERT INTO orders VALUES ('o2', 'A/B''s', 'buy', 1, 4), ('o1', 'A/B''s', 'buy', 1, 3);
    CREATE VIEW broken AS SELECT * FROM nowhere;`);
  const source = await sourceOn(world);
  const { accounts, orders } = await source.snapshot();
  expect(accounts[0]!.positions.map(({ symbol }) => symbol)).toEqual(["A/B's", "x'00ff'"]);
  expect(toTextOrNull(accounts[0]!.positions[0]!.traded!.price)).toBe('4');
  expect(orders).toEqual({ count: 2, newestAt: null, upTo: 'o2' });
  const listed: string[] = [];
  for await (const { id } of source.orders()) listed.push(id);
  expect(listed).toEqual(['o1', 'o2']);
  await source.close();
});
