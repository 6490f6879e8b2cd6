/** Transactions on a real server, and what comes between them. */
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { add, multiply } from '../../src/decimal/decimal.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import type { Database, TableShape } from '../../src/sources/database.ts';
import { postgresForTests } from '../postgres/for-tests.ts';
import { changed, sql } from '../postgres/server.ts';

const { database: make, open } = postgresForTests();

const account = `
  CREATE TABLE account(id int PRIMARY KEY, cash numeric(15,2), total_value numeric(15,2));
  INSERT INTO account VALUES (1, 1058.70, 10000);
  CREATE TABLE positions(symbol text PRIMARY KEY, quantity numeric(15,4), current_price numeric);
  INSERT INTO positions VALUES ('ACI', 10, 100), ('MSFT', 2, 410.55);`;

/** Another program, as it would be without us: one connection, one statement after the other. */
function startBot(url: string, statement: string) {
  let running = true;
  const work = (async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    let done = 0;
    for (; running; done += 1) await client.query(statement);
    await client.end();
    return done;
  })();
  return {
    stop() {
      running = false;
      return work;
    },
  };
}

const shapeOf = async (database: Database, name: string): Promise<TableShape> =>
  (await database.tables()).find((table) => table.name === name)!;

const total = async (url: string) =>
  (await sql(url, 'SELECT total_value FROM account'))[0]!['total_value'];

describe('transactions', () => {
  test('Q55 a look is one snapshot that refuses writes and holds nobody up', async () => {
    const url = await make(account);
    const database = await open(url);
    await database.read(async (query) => {
      const cash = () => query.rows('SELECT cash FROM account');
      expect(await cash()).toEqual([{ cash: '1058.70' }]);
      await sql(url, 'UPDATE account SET cash = 1; LOCK TABLE account IN ROW EXCLUSIVE MODE');
      expect(await cash()).toEqual([{ cash: '1058.70' }]);
    });
    const write = database.read((query) => query.rows('UPDATE account SET cash = 2 RETURNING id'));
    await expect(write).rejects.toMatchObject({ code: 'source-read-only' });
    expect(await sql(url, 'SELECT cash FROM account')).toEqual([{ cash: '1.00' }]);
  });

  test('Q56 a write is all or nothing, a rehearsal nothing', async () => {
    const url = await make(account);
    const database = await open(url);
    const set = (value: string) => (session: { run: (sql: string) => Promise<number> }) =>
      session.run(`UPDATE account SET total_value = ${value}`);
    expect(await database.rehearse(set('1'))).toBe(1);
    expect(await total(url)).toBe('10000.00');
    const broken = database.write(async (session) => {
      await set('2')(session);
      throw new Error('no');
    });
    await expect(broken).rejects.toThrow('no');
    expect(await total(url)).toBe('10000.00');
    expect(await database.write(set('3'))).toBe(1);
    expect(await total(url)).toBe('3.00');
  });

  test('Q56 a write that went on after a refused statement is not taken for written', async () => {
    const url = await make(account);
    const database = await open(url);
    const write = database.write(async (session) => {
      await session.run('UPDATE account SET total_value = 1');
      await session.run('UPDATE account SET nothing = 1').catch(() => 0);
    });
    await expect(write).rejects.toMatchObject({ code: 'source-failed' });
    expect(await total(url)).toBe('10000.00');
  });

  test('Q57 what came between makes a write begin again, on what is there now', async () => {
    const url = await make(account);
    const database = await open(url);
    const seen: (string | null)[] = [];
    await database.write(async (session) => {
      const [row] = await session.rows('SELECT cash FROM account');
      seen.push(row!['cash']!);
      if (seen.length <= 3) await sql(url, `UPDATE account SET cash = ${seen.length}`);
      await session.run('UPDATE account SET total_value = ?', [{ number: row!['cash']! }]);
    });
    // 1,058.70 was overwritten by 1, that by 2, that by 3; the fourth attempt was left alone.
    expect(seen).toEqual(['1058.70', '1.00', '2.00', '3.00']);
    expect(await total(url)).toBe('3.00');
  });

  test('Q57 after three more attempts it is given up', async () => {
    const url = await make(account);
    const database = await open(url);
    let attempts = 0;
    const write = database.write(async (session) => {
      attempts += 1;
      await session.rows('SELECT cash FROM account');
      await sql(url, `UPDATE account SET cash = ${attempts}`);
      await session.run('UPDATE account SET total_value = 0');
    });
    await expect(write).rejects.toMatchObject({ code: 'source-locked' });
    expect(attempts).toBe(4);
    expect(await total(url)).toBe('10000.00');
  });

  test('Q57 rows that are locked first cannot change before the write is done', async () => {
    const url = await make(account);
    const [one, two] = [await open(url), await open(url)];
    const table = await shapeOf(one, 'account');
    // Both add 1 to what is there, twenty times each: a lost one would be missing at the end.
    const adder = async (database: Database) => {
      for (let count = 0; count < 20; count += 1) {
        await database.write(async (session) => {
          await session.lock?.(table);
          const [row] = await session.rows('SELECT cash FROM account');
          const next = Number(row!['cash']!.replace('.', '')) + 100;
          await session.run('UPDATE account SET cash = ?', [{ number: `${next / 100}` }]);
        });
      }
    };
    await Promise.all([adder(one), adder(two)]);
    expect(await sql(url, 'SELECT cash FROM account')).toEqual([{ cash: '1098.70' }]);
  });

  test('Q57 the last attempt keeps out whoever would write the table', async () => {
    const url = await make(account);
    const database = await open(url);
    const table = await shapeOf(database, 'account');
    const kept: boolean[] = [];
    await database.write(async (session) => {
      await session.lock?.(table);
      const modes = await session.rows(`SELECT mode FROM pg_locks
        WHERE relation = 'account'::regclass AND pid = pg_backend_pid()`);
      kept.push(modes.some(({ mode }) => mode === 'ExclusiveLock'));
      // Somebody comes between by another table, three times.
      if (kept.length <= 3) await sql(url, 'UPDATE positions SET quantity = quantity + 1');
      await session.run('UPDATE positions SET current_price = 1');
    });
    expect(kept).toEqual([false, false, false, true]);
  });

  test('Q58 a lock that somebody keeps is said after a while, and nothing is written', async () => {
    const url = await make(account);
    const database = await open(url, { limits: { lockMs: 50 } });
    const other = await open(url);
    const write = await other.write(async (session) => {
      await session.run('UPDATE account SET cash = 5');
      const waiting = database.write((mine) => mine.run('UPDATE account SET total_value = 1'));
      return waiting.then(String, (error: unknown) => error);
    });
    expect(write).toMatchObject({
      code: 'source-locked',
      message: expect.stringContaining('another program holds rows'),
    });
    expect(await total(url)).toBe('10000.00');
  });

  test('Q58 we give way before the server looks for a deadlock to end', async () => {
    const url = await make(account);
    const database = await open(url);
    const [limits] = await database.write((session) =>
      session.rows(`SELECT current_setting('lock_timeout')::interval
        < current_setting('deadlock_timeout')::interval AS sooner`),
    );
    expect(limits).toEqual({ sooner: 't' });
  });

  test('Q58 settings end with the transaction: a pooler hands the connection on', async () => {
    const database = await open(await make(account));
    const asked = `SELECT current_setting('statement_timeout') AS limit_of_statements,
      current_setting('DateStyle') AS dates, current_setting('row_security') AS rows`;
    const inside = await database.read((query) => query.rows(asked));
    expect(inside).toEqual([{ limit_of_statements: '30s', dates: 'ISO, YMD', rows: 'off' }]);
    // The only way to look outside of a transaction of ours is to end it.
    const outside = await database.read((query) => query.rows(`COMMIT; ${asked}`));
    expect(outside).toEqual([{ limit_of_statements: '0', dates: 'ISO, MDY', rows: 'on' }]);
  });
});

test('Q68 while a bot writes all the time a look is consistent, a write succeeds', async () => {
  const url = await make(account);
  const database = await open(url);
  const table = await shapeOf(database, 'account');
  // Each trade buys one ACI at 100: cash and position change, their sum does not.
  const trade = `WITH bought AS (UPDATE positions SET quantity = quantity + 1 WHERE symbol = 'ACI')
    UPDATE account SET cash = cash - 100`;
  const bots = [1, 2, 3].map(() => startBot(url, trade));
  try {
    for (let look = 0; look < 50; look += 1) {
      const [cash, quantity] = await database.read(async (query) => [
        (await query.rows('SELECT cash AS n FROM account'))[0]!['n']!,
        (await query.rows("SELECT quantity AS n FROM positions WHERE symbol = 'ACI'"))[0]!['n']!,
      ]);
      const hundreds = multiply(decimal(quantity!), decimal('100'));
      expect(toText(add(decimal(cash!), hundreds))).toBe('2058.7');
    }
    for (let write = 0; write < 20; write += 1) {
      await database.write(async (session) => {
        await session.lock?.(table);
        const [row] = await session.rows(`SELECT cash
          + (SELECT sum(quantity * current_price) FROM positions) AS sum FROM account`);
        await session.run('UPDATE account SET total_value = ?', [{ number: row!['sum']! }]);
      });
    }
  } finally {
    const trades = await Promise.all(bots.map((bot) => bot.stop()));
    expect(Math.min(...trades)).toBeGreaterThan(0);
  }
  // 1,058.70 + 10 x 100 + 2 x 410.55
  expect(await total(url)).toBe('2879.80');
});

test('Q50 Q63 the location names host, port and database, and nobody', async () => {
  const url = changed(await make(), (address) => {
    address.searchParams.set('schema', 'public');
  });
  const database = await open(url);
  expect(database.location).toMatch(
    /^postgresql:\/\/falcon@127\.0\.0\.1:\d+\/falcon_\d+\?schema=public$/,
  );
});
