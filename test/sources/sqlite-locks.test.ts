/** What a write does while it keeps everybody else out, and what it has done before. */
import { afterEach, describe, expect, test } from 'vitest';
import { add, multiply } from '../../src/decimal/decimal.ts';
import { decimal, toTextOrNull } from '../../src/decimal/text.ts';
import type { SourceSnapshot, SourceWrite } from '../../src/model/source.ts';
import type { Database, Session } from '../../src/sources/database.ts';
import { openFalcon } from '../../src/sources/falcon/falcon.ts';
import { at, older, recordWrite, writeOf } from './ground.ts';
import { type SqliteWorld, sqliteWorld } from './sqlite-world.ts';
import { sourceOn, TestClock } from './worlds.ts';

const worlds: SqliteWorld[] = [];

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.end();
});

async function worldOf(...given: Parameters<typeof sqliteWorld>): Promise<SqliteWorld> {
  const world = await sqliteWorld(...given);
  worlds.push(world);
  return world;
}

const many = (positions: number) => ({
  ...older,
  positions: [
    older.positions[0],
    ...Array.from({ length: positions }, (_, i) => `S${i} 2 1 3 2026-01-12T16:00:04`),
  ] as [string, ...string[]],
});

/** Cash and the value of every position: what an update writes. */
const truth = ({ accounts: [account] }: SourceSnapshot) =>
  account!.positions.reduce(
    (sum, { quantity, price }) => add(sum, multiply(quantity!, price!)),
    account!.cash!,
  );

const totalOf = (seen: SourceSnapshot): SourceWrite =>
  writeOf({ totals: [{ accountId: '1', total: truth(seen) }] });

/** A source that notes each statement of its writes. */
async function counted(world: SqliteWorld) {
  const inside: string[] = [];
  const noting = (session: Session): Session => ({
    rows: (sql, values) => note(sql, () => session.rows(sql, values)),
    run: (sql, values) => note(sql, () => session.run(sql, values)),
    version: () => session.version!(),
  });
  const note = <T>(sql: string, work: () => T): T => {
    inside.push(sql.trim().split(/\s+/).slice(0, 2).join(' '));
    return work();
  };
  const clock = new TestClock();
  const database = await world.open(clock);
  const watched: Database = {
    ...database,
    write: (work) => database.write((s) => work(noting(s))),
  };
  const source = await openFalcon(watched, { clock, zone: 'UTC', schema: null });
  return { source, inside };
}

describe('inside the lock', () => {
  test.each([2, 40, 400])(
    'Q28 Q32 a total is as many statements with %i positions as with any other number',
    async (positions) => {
      const { source, inside } = await counted(await worldOf(many(positions)));
      await source.write(totalOf); // makes the log
      inside.length = 0;
      const total = (seen: SourceSnapshot) => add(truth(seen), decimal('1'));
      await source.write((seen) => writeOf({ totals: [{ accountId: '1', total: total(seen) }] }));
      expect(inside).toEqual(['UPDATE "account"', 'SELECT "id"', 'INSERT INTO']);
      await source.close();
    },
  );

  test('Q28 Q32 with prices it is one more for each, and a look at what they became', async () => {
    const { source, inside } = await counted(await worldOf(many(40)));
    await source.write(totalOf);
    inside.length = 0;
    await source.write((seen) => {
      const symbols = seen.accounts[0]!.positions.map(({ symbol }) => symbol);
      const prices = symbols.map((symbol) => ({ accountId: '1', symbol, price: decimal('5') }));
      // 8000 + 40 x 2 x 5
      return writeOf({ prices, totals: [{ accountId: '1', total: decimal('8400') }] });
    });
    const counts = Object.fromEntries(
      [...Map.groupBy(inside, (sql) => sql)].map(([sql, all]) => [sql, all.length]),
    );
    expect(counts).toEqual({
      ...{ 'UPDATE "positions"': 40, 'UPDATE "account"': 1 },
      ...{ 'SELECT "id"': 1, 'SELECT "symbol"': 1, 'INSERT INTO': 1 },
    });
    await source.close();
  });

  test('Q28 Q32 taking back reads each table twice, however many rows it puts back', async () => {
    const { source, inside } = await counted(await worldOf(many(40)));
    await source.write((seen) => {
      const symbols = seen.accounts[0]!.positions.map(({ symbol }) => symbol);
      return writeOf({
        prices: symbols.map((symbol) => ({ accountId: '1', symbol, price: decimal('5') })),
      });
    });
    inside.length = 0;
    const { changes } = await source.undo(null, 'back', at);
    expect(changes).toHaveLength(40);
    expect(inside.filter((sql) => sql === 'SELECT "symbol"')).toHaveLength(2);
    expect(inside.filter((sql) => sql === 'UPDATE "positions"')).toHaveLength(40);
    expect((await source.snapshot()).accounts[0]!.positions.map(({ price }) => price)).toEqual(
      Array(40).fill(decimal('3')),
    );
    await source.close();
  });
});

describe('what somebody else commits before the lock is taken', () => {
  test.each(['delete', 'wal'] as const)(
    'Q28 Q31 the sum is made anew, and once inside where it happens each time, journal %s',
    async (journal) => {
      const world = await worldOf(older, journal);
      const source = await sourceOn(world);
      const seen: (string | null)[] = [];
      const { audit, snapshot } = await source.write((one) => {
        seen.push(toTextOrNull(one.accounts[0]!.cash));
        // After each look that locks nobody out, the bot trades.
        if (seen.length <= 4) void world.bot(`UPDATE account SET cash = cash - 100`);
        return totalOf(one);
      });
      // The first look, three sums without a lock, and the one inside.
      expect(seen).toEqual(['8000', '7900', '7800', '7700', '7600']);
      expect(toTextOrNull(snapshot.accounts[0]!.cash)).toBe('7600');
      // 7600 + 62.5 x 16 + 22 x 44.06
      expect(Number(audit!.changes[0]!.after!['total_value'])).toBe(9569.32);
      expect(await source.audit(0, 10)).toHaveLength(1);
      await source.close();
    },
  );

  test('Q28 a commit of our own, beside it in the same program, counts as one', async () => {
    const world = await worldOf(older);
    const clock = new TestClock();
    const database = await world.open(clock);
    const source = await openFalcon(database, { clock, zone: 'UTC', schema: null });
    const version = await database.version!();
    expect(await database.version!()).toBe(version);
    await database.rehearse((session) => session.run('UPDATE account SET cash = 1'));
    expect(await database.version!()).toBe(version);
    await source.write(() => recordWrite('1'));
    expect(await database.version!()).not.toBe(version);
    // Two at once: each total is that of what the other one left.
    const wish = (step: string) => (seen: SourceSnapshot) =>
      writeOf({
        totals: [{ accountId: '1', total: add(seen.accounts[0]!.total!, decimal(step)) }],
      });
    await Promise.all(['1', '20', '300', '4000'].map((step) => source.write(wish(step))));
    expect(toTextOrNull((await source.snapshot()).accounts[0]!.total)).toBe('14321');
    await source.close();
  });

  test('Q28 what is no longer to be written then is not written', async () => {
    const world = await worldOf(older);
    const source = await sourceOn(world);
    let asked = 0;
    const { audit } = await source.write((seen) => {
      asked += 1;
      if (toTextOrNull(seen.accounts[0]!.total) === '9969.32') return null;
      if (asked === 2) void world.bot('UPDATE account SET total_value = 9969.32');
      return totalOf(seen);
    });
    expect([audit, asked]).toEqual([null, 3]);
    expect(await source.audit(0, 10)).toEqual([]);
    await source.close();
  });
});
