/** What an operator is told when a server, a network or a right is missing. */
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPostgres } from '../../src/sources/postgres/postgres.ts';
import { SourceError } from '../../src/sources/source-error.ts';
import { postgresForTests } from '../postgres/for-tests.ts';
import { changed, sql, startPostgres } from '../postgres/server.ts';
import { type Wire, wireTo } from '../postgres/wire.ts';

/** Stands in every password of this file, and nowhere else. */
const marker = 'Xk7marker';

const tables = `
  CREATE TABLE account(id int PRIMARY KEY, cash numeric(15,2), total_value numeric(15,2));
  INSERT INTO account VALUES (1, 1058.70, 10000), (2, 5, 5);`;

const { database: make, open } = postgresForTests();
const withTls = postgresForTests({ tls: true });
const wires: Wire[] = [];

beforeAll(async () => {
  await sql(
    await make(),
    `CREATE ROLE reader LOGIN PASSWORD '${marker}r';
     CREATE ROLE writer LOGIN PASSWORD '${marker}w'`,
  );
});
afterAll(async () => {
  await Promise.all(wires.map((wire) => wire.close()));
});

async function through(url: string): Promise<Wire> {
  const wire = await wireTo(url);
  wires.push(wire);
  return wire;
}

const as = (url: string, role: 'reader' | 'writer') =>
  changed(url, (address) => {
    address.username = role;
    address.password = marker + role[0];
  });

/** The error of what was tried; nothing of it, however printed, may hold a password. */
async function failure(tried: Promise<unknown>): Promise<SourceError> {
  const error = await tried.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SourceError)) throw error;
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(marker);
  expect(error.hint).not.toBe('');
  return error;
}

describe('opening', () => {
  const cases: [string, (address: URL) => void, string, RegExp][] = [
    [
      'a wrong password',
      (address) => Object.assign(address, { password: `${marker}0` }),
      'source-credentials',
      /lets nobody in with this user and password/,
    ],
    [
      'a role that is not there',
      (address) => Object.assign(address, { username: 'nobody', password: marker }),
      'source-credentials',
      /lets nobody in/,
    ],
    [
      'no password',
      (address) => Object.assign(address, { password: '' }),
      'source-credentials',
      /asks for a password/,
    ],
    [
      'a database that is not there',
      (address) => Object.assign(address, { pathname: '/nowhere' }),
      'source-missing',
      /does not exist/,
    ],
    [
      'a port where nobody listens',
      (address) => Object.assign(address, { port: '1', password: marker }),
      'source-unreachable',
      /refuses connections/,
    ],
    [
      'a host that is not there',
      (address) => Object.assign(address, { hostname: 'nowhere.invalid', password: marker }),
      'source-unreachable',
      /is on a host (that is not known|whose name could not be looked up)/,
    ],
    [
      'a socket that is not there',
      (address) => address.searchParams.set('host', '/nowhere'),
      'source-unreachable',
      /has no such socket/,
    ],
    [
      'TLS from a server that speaks none',
      (address) => address.searchParams.set('sslmode', 'require'),
      'source-unreachable',
      /does not prove by TLS/,
    ],
  ];
  test.each(cases)('Q61 Q63 %s is named', async (_, change, code, message) => {
    const error = await failure(openPostgres(changed(await make(), change)));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test('Q59 a server that takes the connection and is silent is an error', async () => {
    const wire = await through(await make());
    wire.freeze();
    const error = await failure(openPostgres(wire.url, { limits: { connectMs: 300 } }));
    expect(error.code).toBe('source-unreachable');
    expect(error.message).toMatch(/does not answer/);
  });
});

describe('on the way', () => {
  test('Q59 a server that falls silent between two questions is an error', async () => {
    const wire = await through(await make(tables));
    const database = await open(wire.url, { limits: { statementMs: 100, silenceMs: 100 } });
    const look = database.read(async (query) => {
      await query.rows('SELECT * FROM account');
      wire.freeze();
      return query.rows('SELECT * FROM account');
    });
    const error = await failure(look);
    expect(error.code).toBe('source-unreachable');
    expect(error.message).toMatch(/does not answer/);
  });

  test('Q59 a statement that takes too long is ended by the server', async () => {
    const database = await open(await make(), { limits: { statementMs: 50 } });
    const error = await failure(database.read((query) => query.rows('SELECT pg_sleep(60)')));
    expect(error.code).toBe('source-unreachable');
    expect(error.message).toMatch(/did not finish in time/);
  });

  test('Q60 a connection that is cut is said, and the next look has another', async () => {
    const wire = await through(await make(tables));
    const database = await open(wire.url);
    const cut = database.write(async (session) => {
      await session.run('UPDATE account SET total_value = 1');
      wire.cut();
      await session.run('UPDATE account SET total_value = 2');
    });
    expect((await failure(cut)).code).toBe('source-unreachable');
    const rows = await database.read((query) => query.rows('SELECT total_value FROM account'));
    expect(rows).toEqual([{ total_value: '10000.00' }, { total_value: '5.00' }]);
  });

  test('Q60 a connection that breaks while nobody uses it is no matter', async () => {
    const url = await make(tables);
    const database = await open(url);
    await sql(
      url,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
    );
    await expect
      .poll(() => database.read((query) => query.rows('SELECT 1 AS one')).catch(() => null))
      .toEqual([{ one: '1' }]);
  });

  test('Q60 a commit without an answer is not known to be written, nor not to be', async () => {
    const url = await make(tables);
    const wire = await through(url);
    const database = await open(wire.url, { limits: { statementMs: 100, silenceMs: 100 } });
    const write = database.write(async (session) => {
      await session.run('UPDATE account SET total_value = 7 WHERE id = 1');
      wire.freeze();
    });
    const error = await failure(write);
    expect(error.code).toBe('source-unreachable');
    expect(error.message).toMatch(/it is not known whether the write is in it/);
    // This time it was: only the answer was lost.
    await expect
      .poll(() => sql(url, 'SELECT total_value FROM account WHERE id = 1'))
      .toEqual([{ total_value: '7.00' }]);
  });

  test('Q60 a server that is stopped in the middle of a look is said', async () => {
    const own = await startPostgres();
    const database = await open(await own.database(tables));
    const look = database.read(async (query) => {
      await query.rows('SELECT * FROM account');
      await own.stop();
      return query.rows('SELECT * FROM account');
    });
    expect((await failure(look)).code).toBe('source-unreachable');
    const next = await failure(database.read((query) => query.rows('SELECT 1')));
    expect(next.message).toMatch(/refuses connections/);
  });

  test('Q61 a table that went away in the middle is named', async () => {
    const url = await make(tables);
    const database = await open(url);
    const error = await failure(database.read((query) => query.rows('SELECT * FROM positions')));
    expect(error.code).toBe('source-failed');
    expect(error.message).toMatch(/"positions"/);
  });

  test.each([
    [
      'a row without what its table demands',
      'INSERT INTO account(cash) VALUES (1)',
      'source-unsupported',
    ],
    [
      'a number that its column has no room for',
      'UPDATE account SET cash = 1e14',
      'source-unsupported',
    ],
    [
      'a total that the database computes',
      `ALTER TABLE account ADD sum numeric GENERATED ALWAYS AS (cash + 1) STORED;
       UPDATE account SET sum = 1`,
      'source-unsupported',
    ],
  ])('Q61 %s is refused', async (_, statement, code) => {
    const url = await make(tables);
    const database = await open(url);
    const error = await failure(database.write((session) => session.run(statement)));
    expect(error.code).toBe(code);
    expect(await sql(url, 'SELECT cash FROM account')).toEqual([
      { cash: '1058.70' },
      { cash: '5.00' },
    ]);
  });
});

describe('rights', () => {
  test.each([
    ['SELECT * FROM account', 'source-credentials', 'GRANT SELECT ON account TO "reader";'],
    [
      'SELECT a.id FROM public."account" AS a',
      'source-credentials',
      'GRANT SELECT ON public."account" TO "reader";',
    ],
  ])('Q62 to read %j says which right is missing', async (statement, code, grant) => {
    const database = await open(as(await make(tables), 'reader'));
    const error = await failure(database.read((query) => query.rows(statement)));
    expect(error.code).toBe(code);
    expect(error.hint).toContain(grant);
  });

  test.each([
    ['UPDATE account SET total_value = 1', 'GRANT UPDATE ON account TO "writer";'],
    ['INSERT INTO account VALUES (3, 1, 1)', 'GRANT INSERT ON account TO "writer";'],
    ['DELETE FROM account', 'GRANT DELETE ON account TO "writer";'],
    ['SELECT id FROM account FOR UPDATE', 'GRANT UPDATE ON account TO "writer";'],
    [
      'INSERT INTO numbered(cash) VALUES (1)',
      'GRANT USAGE ON SEQUENCE numbered_id_seq TO "writer";',
    ],
    ['CREATE TABLE trueup_audit(id int)', 'GRANT CREATE ON SCHEMA public TO "writer";'],
  ])(
    'Q62 to write %j says which right is missing, and that it is enough',
    async (statement, grant) => {
      const url = await make(`${tables} REVOKE CREATE ON SCHEMA public FROM public;
      CREATE TABLE numbered(id serial, cash int); GRANT INSERT ON numbered TO writer;
      GRANT SELECT ON account TO writer`);
      const database = await open(as(url, 'writer'));
      const error = await failure(database.rehearse((session) => session.run(statement)));
      expect(error.code).toBe('source-read-only');
      expect(error.hint).toContain(grant);
      const [command] = /GRANT .*;/.exec(error.hint) ?? [];
      await sql(url, command!);
      expect(await database.rehearse((session) => session.run(statement))).toBeGreaterThanOrEqual(
        0,
      );
    },
  );

  test('Q62 what no right but ownership allows is said so', async () => {
    const database = await open(as(await make(tables), 'writer'));
    const trigger = 'CREATE TRIGGER t AFTER UPDATE ON account EXECUTE FUNCTION now()';
    const error = await failure(database.rehearse((session) => session.run(trigger)));
    expect([error.code, error.hint]).toEqual([
      'source-read-only',
      'run this as the owner of the tables',
    ]);
  });

  test('Q62 a role that may write one column writes it, whether or not it may lock', async () => {
    const url = await make(`${tables} GRANT SELECT ON account TO writer;
      GRANT UPDATE (total_value) ON account TO writer`);
    const database = await open(as(url, 'writer'));
    const [account] = await database.tables();
    await database.write(async (session) => {
      await session.lock?.(account!);
      await session.run('UPDATE account SET total_value = 6 WHERE id = 1');
    });
    expect(await sql(url, 'SELECT total_value FROM account WHERE id = 1')).toEqual([
      { total_value: '6.00' },
    ]);
    const cash = database.write((session) => session.run('UPDATE account SET cash = 6'));
    expect((await failure(cash)).code).toBe('source-read-only');
  });

  test('Q62 a role or server that is read-only by its settings stays so', async () => {
    const url = await make(`${tables} GRANT ALL ON account TO writer;
      ALTER ROLE writer SET default_transaction_read_only = on`);
    const database = await open(as(url, 'writer'));
    const write = database.write((session) => session.run('UPDATE account SET total_value = 6'));
    const error = await failure(write);
    await sql(url, 'ALTER ROLE writer RESET default_transaction_read_only');
    expect(error.code).toBe('source-read-only');
    expect(error.message).toMatch(/replica or read-only/);
  });

  test('Q64 rows that a policy hides are an error, never a smaller sum', async () => {
    const url = await make(`${tables} GRANT SELECT ON account TO reader;
      ALTER TABLE account ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON account FOR SELECT TO reader USING (id = 1)`);
    // What the role sees by itself: one account of two.
    expect(await sql(as(url, 'reader'), 'SELECT id FROM account')).toEqual([{ id: '1' }]);
    const database = await open(as(url, 'reader'));
    const error = await failure(database.read((query) => query.rows('SELECT id FROM account')));
    expect(error.code).toBe('source-credentials');
    expect(error.hint).toContain('ALTER ROLE "reader" BYPASSRLS');
    await sql(url, 'ALTER ROLE reader BYPASSRLS');
    expect(await database.read((query) => query.rows('SELECT id FROM account'))).toHaveLength(2);
    await sql(url, 'ALTER ROLE reader NOBYPASSRLS');
  });
});

describe('TLS', () => {
  const certificate = join(import.meta.dirname, '..', 'postgres', 'fixtures', 'server.crt');
  const encrypted = 'SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()';

  test.each([
    ['', 'true'],
    ['sslmode=prefer', 'true'],
    ['sslmode=disable', 'false'],
    ['sslmode=require', 'true'],
    [`sslmode=require&sslrootcert=${certificate}`, 'true'],
    [`sslmode=verify-ca&sslrootcert=${certificate}`, 'true'],
  ])('Q65 with %j the connection is encrypted: %s', async (parameters, ssl) => {
    const database = await withTls.open(`${await withTls.database()}?${parameters}`);
    expect(await database.read((query) => query.rows(encrypted))).toEqual([{ ssl }]);
  });

  test('Q65 verify-full takes the name that the certificate is for, and no other', async () => {
    const url = `${await withTls.database()}?sslmode=verify-full&sslrootcert=${certificate}`;
    const error = await failure(openPostgres(url));
    expect(error.message).toMatch(/does not prove by TLS that it is the server asked for/);
    const named = url.replace('@127.0.0.1', '@localhost');
    const database = await open(named);
    expect(await database.read((query) => query.rows(encrypted))).toEqual([{ ssl: 'true' }]);
  });

  test.each(['verify-ca', 'verify-full'])(
    'Q65 %s without its authority refuses a certificate that nobody vouches for',
    async (mode) => {
      const named = (await withTls.database()).replace('127.0.0.1', 'localhost');
      const url = `${named}?sslmode=${mode}`;
      expect((await failure(openPostgres(url))).code).toBe('source-unreachable');
    },
  );
});
