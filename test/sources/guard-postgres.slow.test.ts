/** The guard on a real PostgreSQL server: what both engines do, and what only this one does. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { incidentSql } from '../../src/sources/falcon/incident-database.ts';
import { changed, startPostgres, type TestServer } from '../postgres/server.ts';
import { guardCases, textOf } from './guard-cases.ts';
import { alterations, guardLife } from './guard-life-cases.ts';
import { guardTables } from './guard-tables.ts';
import { GuardedServer } from './guarded-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => server.stop());

const made: GuardedServer[] = [];
afterEach(async () => {
  for (const one of made.splice(0)) await one.end();
});

const databaseOf = async (statements: string): Promise<GuardedServer> => {
  const one = await GuardedServer.of(server, statements);
  made.push(one);
  return one;
};

/** Cash 1000 and A 10 x 2.5, guarded. */
async function guarded(
  statements = guardTables('postgresql', 'one account'),
  audit = false,
): Promise<GuardedServer> {
  const one = await databaseOf(statements);
  await one.install({ audit });
  return one;
}

guardCases('postgresql', databaseOf);
guardLife('postgresql', databaseOf);

alterations('postgresql', databaseOf, [
  {
    name: 'a trigger that was dropped',
    statements: 'DROP TRIGGER trueup_guard_updated ON positions',
    findings: ['trigger trueup_guard_updated on public.positions was dropped'],
  },
  {
    name: 'a trigger that is disabled, and a change that passed by',
    statements: `ALTER TABLE positions DISABLE TRIGGER trueup_guard_updated;
      UPDATE positions SET current_price = 3`,
    findings: [
      'trigger trueup_guard_updated on public.positions is disabled',
      // 10 x 2.5 was kept, 10 x 3 is there
      'the kept sum is 25 with 0 unknown, its positions make 30 with 0 unknown: ' +
        'changes passed the triggers by',
    ],
  },
  {
    name: 'a session that ran no triggers',
    audit: true,
    statements: `SET session_replication_role = replica; UPDATE account SET total_value = 7;
      SET session_replication_role = origin`,
    findings: ['account 1 stores 7.00 where the triggers keep 1025.00'],
    unlogged: ['account 1 stores 7.00, the log ends with 1025.00'],
  },
  {
    name: 'a trigger that fires for less',
    statements: `DROP TRIGGER trueup_guard_account ON account;
      CREATE TRIGGER trueup_guard_account AFTER INSERT OR UPDATE OF cash ON account
        FOR EACH ROW EXECUTE FUNCTION trueup_guard_account()`,
    findings: ['trigger trueup_guard_account on public.account is not as it is installed'],
  },
  {
    name: 'a function that was changed',
    statements: `CREATE OR REPLACE FUNCTION trueup_guard_account() RETURNS trigger
      LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
    findings: ['function trueup_guard_account is not as it is installed'],
  },
  {
    name: 'positions that were made anew, without their triggers',
    statements: `CREATE TABLE fresh (LIKE positions INCLUDING ALL);
      INSERT INTO fresh SELECT * FROM positions; DROP TABLE positions;
      ALTER TABLE fresh RENAME TO positions`,
    findings: Array(5).fill(/^trigger trueup_guard_\w+ on public.positions was dropped$/),
  },
  {
    name: 'kept sums that somebody changed',
    statements: 'UPDATE trueup_guard SET value = value + 1',
    findings: [
      /^the kept sum is 26 with 0 unknown, its positions make 25 with 0 unknown/,
      'account 1 stores 1025.00 where the triggers keep 1026.00',
    ],
  },
]);

describe('statements of PostgreSQL', () => {
  test('G12 COPY, MERGE and TRUNCATE are followed', async () => {
    const one = await guarded();
    await one.run(`COPY positions (symbol, quantity, current_price)
      FROM PROGRAM 'printf "B,2,1.5\\nC,1,4\\n"' WITH (FORMAT csv)`);
    expect(await one.totals()).toEqual(['1032.00']); // 1025 + 3 + 4
    await one.run(`MERGE INTO positions p USING (VALUES ('A', 3), ('D', 5), ('B', 0)) AS v (s, q)
      ON p.symbol = v.s WHEN MATCHED AND v.q = 0 THEN DELETE
      WHEN MATCHED THEN UPDATE SET current_price = v.q
      WHEN NOT MATCHED THEN INSERT (symbol, quantity, current_price) VALUES (v.s, 1, v.q)`);
    expect(await one.totals()).toEqual(['1039.00']); // 1000 + 10 x 3 + 4 + 5
    await one.run('TRUNCATE positions');
    expect(await one.totals()).toEqual(['1000.00']);
    expect(await one.status()).toMatchObject({ state: 'installed', findings: [] });
  });

  test('G12 a statement about a thousand positions is one update of the account', async () => {
    const one = await guarded(undefined, true);
    await one.run(`INSERT INTO positions (symbol, quantity, current_price)
      SELECT 'S' || n, 1, 2 FROM generate_series(1, 1000) n`);
    await one.run('UPDATE positions SET current_price = current_price + 1');
    const ofAccount = (await one.log()).filter((line) => line.startsWith('trigger account'));
    expect(ofAccount).toEqual([
      'trigger account 1 1 1000.00 1025.00 -> 1 1000.00 3025.00', //  1025 + 1000 x 2
      'trigger account 1 1 1000.00 3025.00 -> 1 1000.00 4035.00', //  3025 + 10 + 1000
    ]);
  });

  test('G12 a bot without rights on what is ours writes as before', async () => {
    const one = await guarded(undefined, true);
    await one.run(`CREATE ROLE bot LOGIN PASSWORD 'bot';
      GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON account, positions TO bot;
      GRANT CREATE ON SCHEMA public TO bot`);
    const bot = await one.session(
      changed(one.url, (to) => {
        to.username = 'bot';
        to.password = 'bot';
      }),
    );
    // A function of the bot's own, first in its search path, is not what ours call.
    await bot.query(`CREATE FUNCTION public.abs(numeric) RETURNS numeric
        LANGUAGE sql AS 'SELECT 0.0';
      SET search_path = public, pg_catalog; SET extra_float_digits = 0`);
    await bot.query('UPDATE positions SET current_price = 3; UPDATE account SET cash = 900');
    expect(await one.totals()).toEqual(['930.00']);
    await bot.query('TRUNCATE positions');
    expect(await one.totals()).toEqual(['900.00']);
    await expect(bot.query('SELECT * FROM trueup_guard')).rejects.toThrow(/permission denied/);
    await expect(bot.query('SELECT trueup_guard_account()')).rejects.toThrow(/permission denied/);
    await bot.end();
    await one.run('DROP FUNCTION public.abs(numeric); DROP OWNED BY bot; DROP ROLE bot');
  });

  test('G1 G4 doubles count by their shortest text, and what is no number not at all', async () => {
    const one = await guarded(`
      CREATE TABLE account (id BIGINT PRIMARY KEY, cash DOUBLE PRECISION,
        total_value DOUBLE PRECISION);
      CREATE TABLE positions (symbol TEXT PRIMARY KEY, quantity DOUBLE PRECISION,
        current_price DOUBLE PRECISION);
      INSERT INTO account VALUES (1, 0.1, 0);
      INSERT INTO positions VALUES ('A', 0.1, 3), ('B', 0.2, 3)`);
    await one.run('SET extra_float_digits = 0');
    expect(await one.totals()).toEqual(['1']); // 0.1 + 0.3 + 0.6: in doubles 1.0000000000000002
    for (const price of ["'NaN'", "'Infinity'", 'NULL']) {
      await one.run(`UPDATE positions SET current_price = ${price} WHERE symbol = 'B'`);
      expect(await one.totals()).toEqual([null]);
    }
    await one.run(`UPDATE positions SET current_price = 1e-7 WHERE symbol = 'B'`);
    expect(await one.totals()).toEqual(['0.40000002']); // 0.1 + 0.3 + 0.2 x 0.0000001
    expect(await one.status()).toMatchObject({ state: 'installed', findings: [], bound: null });
  });

  test('G1 the total is the exact sum rounded once, however small the parts', async () => {
    const one = await guarded();
    await one.run(`INSERT INTO positions (symbol, quantity, current_price)
      SELECT 'S' || n, 0.0004, 1.00 FROM generate_series(1, 20) n`);
    expect(await one.totals()).toEqual(['1025.01']); // 1025 + 20 x 0.0004 = 1025.008
    expect(await one.rows('SELECT value FROM trueup_guard')).toEqual([{ value: '25.008000' }]);
  });

  test('G4 a total that does not fit its column is empty, and the bot is not refused', async () => {
    const one = await guarded();
    await one.run('UPDATE positions SET quantity = 99999999999, current_price = 9999999999999');
    expect(await one.totals()).toEqual([null]);
    await one.run('UPDATE positions SET quantity = 10, current_price = 2.5');
    expect(await one.totals()).toEqual(['1025.00']);
  });

  test('G3 a trigger that insists on its own total does not go on for ever', async () => {
    const one = await guarded();
    await one.run(`CREATE FUNCTION insist() RETURNS trigger LANGUAGE plpgsql
      AS 'BEGIN NEW.total_value := 10000; RETURN NEW; END';
      CREATE TRIGGER insist BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION insist();
      UPDATE account SET cash = 900`);
    expect(await one.totals()).toEqual(['10000.00']);
    expect((await one.status()).findings).toEqual([
      'account 1 stores 10000.00 where the triggers keep 925.00',
    ]);
  });

  test('G5 keys of other types are compared as what they are, or refused', async () => {
    const tables = (id: string, owner: string) => `
      CREATE TABLE account (id ${id} PRIMARY KEY, cash NUMERIC, total_value NUMERIC);
      CREATE TABLE positions (account_id ${owner}, symbol TEXT, quantity NUMERIC,
        current_price NUMERIC);
      INSERT INTO account VALUES ('1', 10, 0); INSERT INTO positions VALUES ('1', 'A', 2, 0.125)`;
    for (const [id, owner] of [
      ['INTEGER', 'BIGINT'],
      ['VARCHAR(9)', 'TEXT'],
    ] as const) {
      expect(await (await guarded(tables(id, owner))).totals()).toEqual(['10.250']);
    }
    await expect(guarded(tables('INTEGER', 'TEXT'))).rejects.toThrow(/cannot be compared/);
  });

  test('G1 columns of a domain are what the domain is made of', async () => {
    const tables = guardTables('postgresql', 'one account').replaceAll(
      'DECIMAL(15,2)',
      'money_amount',
    );
    const one = await guarded(`CREATE DOMAIN money_amount AS DECIMAL(15,2); ${tables}`);
    await one.run('UPDATE positions SET current_price = 3');
    expect(await one.totals()).toEqual(['1030.00']);
  });

  test('G6 a table in parts is refused', async () => {
    const parts = guardTables('postgresql', 'one account').replace(
      /PRIMARY KEY \(symbol\)\)/,
      'PRIMARY KEY (symbol)) PARTITION BY HASH (symbol)',
    );
    const part = parts.replace(
      'INSERT INTO account',
      `CREATE TABLE part PARTITION OF positions
      FOR VALUES WITH (MODULUS 1, REMAINDER 0); INSERT INTO account`,
    );
    await expect(guarded(part)).rejects.toThrow(/positions is partitioned/);
  });
});

test('G13 the operators queries show no difference, after a price as well', async () => {
  const one = await guarded(incidentSql('postgresql', 'stored-total').join(';'));
  expect(await one.totals()).toEqual(['10211.69']);
  await one.run(`UPDATE positions SET current_price = 16.16 WHERE symbol = 'ACI'`);
  expect(textOf(await one.totals())).toBe('10221.69'); // 62.5 x 0.16 = 10
  const [row] = await one.rows(`SELECT a.cash + p.value - a.total_value AS difference
    FROM account a, (SELECT COALESCE(SUM(quantity * current_price), 0) AS value FROM positions) p`);
  expect(Number(row!['difference'])).toBe(0);
});
