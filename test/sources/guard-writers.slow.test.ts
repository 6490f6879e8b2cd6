/**
 * Eight writers at once and one who looks: every look is one snapshot, and in none of ten thousand
 * may the stored total be another one than the rows make. Triggers as people write them are the
 * control: the same test finds them wrong.
 */
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres, type TestServer } from '../postgres/server.ts';
import { randomOf, transactionOf, type WriterOrders } from './guard-writer.ts';
import { GuardedFile } from './guarded-file.ts';
import { GuardedServer } from './guarded-server.ts';

const writers = 8;
/** Looks at the least, and commits that they are spread over. */
const looksMin = 10_000;
const commitsMin = 2_000;

const tables = (engine: 'sqlite' | 'postgresql') => {
  const [money, quantity] =
    engine === 'sqlite' ? ['REAL', 'REAL'] : ['DECIMAL(15,2)', 'DECIMAL(15,4)'];
  const key = engine === 'sqlite' ? 'INTEGER PRIMARY KEY' : 'SERIAL PRIMARY KEY';
  return `
    CREATE TABLE account (id INTEGER PRIMARY KEY, cash ${money}, total_value ${money});
    CREATE TABLE positions (symbol TEXT PRIMARY KEY, quantity ${quantity}, current_price ${money});
    CREATE TABLE orders (id ${key}, symbol TEXT, side TEXT, quantity ${quantity}, price ${money});
    INSERT INTO account VALUES (1, 10000, 10000);`;
};

/** As in the operators' report: one update with a join, once an order is inserted. */
const naive = `UPDATE account SET total_value = (SELECT a.cash + SUM(p.quantity * p.current_price)
  FROM account a, positions p WHERE a.id = 1 GROUP BY a.cash)`;

/** What one writes next: right for one writer, and with two each misses what the other did. */
const recomputed = `UPDATE account SET total_value = cash +
  (SELECT COALESCE(SUM(quantity * current_price), 0) FROM positions)`;

const wrongLook = `SELECT a.total_value AS stored, a.cash + p.value AS worth FROM account a,
    (SELECT COALESCE(SUM(quantity * current_price), 0) AS value FROM positions) p
  WHERE a.total_value IS NULL OR a.total_value <> a.cash + p.value`;

interface Seen {
  readonly wrong: number;
  readonly commits: number;
}

async function lookAtFile(prepare: (file: GuardedFile) => Promise<unknown>): Promise<Seen> {
  const file = new GuardedFile(`PRAGMA journal_mode = WAL; ${tables('sqlite')}`);
  await prepare(file);
  const shared = { stop: new SharedArrayBuffer(4), commits: new SharedArrayBuffer(4) };
  const threads = Array.from({ length: writers }, (_, seed) => {
    const workerData: WriterOrders = { path: file.path, seed, ...shared };
    return new Worker(new URL('./guard-writer.ts', import.meta.url), { workerData });
  });
  const ended = Promise.all(threads.map((thread) => once(thread, 'exit')));
  const reader = new DatabaseSync(file.path, { readOnly: true, timeout: 30_000 });
  const look = reader.prepare(wrongLook);
  const counted = new Int32Array(shared.commits);
  let wrong = 0;
  while (Atomics.load(counted, 0) < writers) await turn();
  for (let done = 0; done < looksMin || Atomics.load(counted, 0) < commitsMin; done++) {
    wrong += look.all().length;
    if (done % 100 === 0) await turn();
  }
  Atomics.store(new Int32Array(shared.stop), 0, 1);
  await ended;
  reader.close();
  await file.end();
  return { wrong, commits: counted[0]! };
}

/** `triggers` in words of SQLite, for every way in which positions change. */
const onPositions = (body: string) => (file: GuardedFile) =>
  file.run(
    ['INSERT', 'UPDATE', 'DELETE']
      .map((event) => `CREATE TRIGGER on_${event} AFTER ${event} ON positions BEGIN ${body}; END`)
      .join(';'),
  );

test('G11 SQLite: eight writers, ten thousand looks, none of them wrong', async () => {
  const seen = await lookAtFile((file) => file.install());
  expect(seen.wrong).toBe(0);
  expect(seen.commits).toBeGreaterThanOrEqual(commitsMin);
});

test('G11 SQLite, the controls: the same looks find the triggers of others wrong', async () => {
  const reported = `CREATE TRIGGER update_account_total AFTER INSERT ON orders BEGIN ${naive}; END`;
  expect((await lookAtFile((file) => file.run(reported))).wrong).toBeGreaterThan(0);
  expect((await lookAtFile(onPositions(recomputed))).wrong).toBeGreaterThan(0);
});

let server: TestServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => server.stop());

interface SeenOnServer extends Seen {
  readonly deadlocks: number;
  /** Transactions with a snapshot of their own that the server had tried again. */
  readonly retried: number;
}

async function lookAtServer(
  prepare: (one: GuardedServer) => Promise<unknown>,
  isolation: readonly string[],
): Promise<SeenOnServer> {
  const one = await GuardedServer.of(server, tables('postgresql'));
  await prepare(one);
  const seen = { wrong: 0, commits: 0, deadlocks: 0, retried: 0, stop: false };
  const clients = await Promise.all(Array.from({ length: writers }, () => one.session()));
  const writing = clients.map((client, seed) =>
    writeUntil(client, randomOf(seed), isolation[seed % isolation.length]!, seen),
  );
  const reader = await one.session();
  while (seen.commits < writers) await turn();
  for (let done = 0; done < looksMin || seen.commits < commitsMin; done++) {
    seen.wrong += (await reader.query(wrongLook)).rows.length;
  }
  seen.stop = true;
  await Promise.all(writing);
  await one.end();
  return seen;
}

async function writeUntil(
  client: pg.Client,
  random: () => number,
  isolation: string,
  seen: { commits: number; deadlocks: number; retried: number; stop: boolean },
): Promise<void> {
  // Whoever deadlocks in a control is to be told soon, not after a second.
  const settings = `default_transaction_isolation = '${isolation}'; SET deadlock_timeout = '20ms'`;
  await client.query(`SET ${settings}`);
  while (!seen.stop) {
    try {
      await client.query('BEGIN');
      for (const sql of transactionOf(random, 'postgresql')) await client.query(sql);
      await client.query('COMMIT');
      seen.commits += 1;
    } catch (error) {
      await client.query('ROLLBACK');
      const { code } = error as pg.DatabaseError;
      if (code === '40001') seen.retried += 1;
      else if (code === '40P01') seen.deadlocks += 1;
      else throw error;
    }
  }
}

const committed = ['read committed'];

test.for([committed, ['repeatable read'], ['read committed', 'repeatable read', 'serializable']])(
  'G11 PostgreSQL, %s: eight writers, ten thousand looks, none wrong, no deadlock',
  async (isolation) => {
    const seen = await lookAtServer((one) => one.install(), isolation);
    expect({ wrong: seen.wrong, deadlocks: seen.deadlocks }).toEqual({ wrong: 0, deadlocks: 0 });
    expect(seen.commits).toBeGreaterThanOrEqual(commitsMin);
  },
);

test('G11 PostgreSQL, the controls: the same looks find the triggers of others wrong', async () => {
  const onServer = (body: string, table: string, events: string) => (one: GuardedServer) =>
    one.run(`CREATE FUNCTION theirs() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN ${body}; RETURN NULL; END';
      CREATE TRIGGER theirs AFTER ${events} ON ${table} FOR EACH ROW EXECUTE FUNCTION theirs()`);
  const reported = onServer(naive, 'orders', 'INSERT');
  expect((await lookAtServer(reported, committed)).wrong).toBeGreaterThan(0);
  const better = async (one: GuardedServer) => {
    await onServer(recomputed, 'positions', 'INSERT OR UPDATE OR DELETE')(one);
    await one.run(`CREATE TRIGGER cash AFTER UPDATE OF cash ON account
      FOR EACH ROW EXECUTE FUNCTION theirs()`);
  };
  expect((await lookAtServer(better, committed)).wrong).toBeGreaterThan(0);
});

test('G11 PostgreSQL: orders that pay first and prices in between both end', async () => {
  const one = await GuardedServer.of(
    server,
    `${tables('postgresql')}
    INSERT INTO positions VALUES ('A', 10, 2.5)`,
  );
  await one.install();
  const [order, prices] = [await one.session(), await one.session()];
  await order.query('BEGIN; UPDATE account SET cash = 900');
  // Without the gate this one would lock A, and wait for the account that the order holds ...
  const priced = prices.query(`UPDATE positions SET current_price = 3 WHERE symbol = 'A'`);
  const waiting = 'SELECT count(*) AS n FROM pg_locks WHERE NOT granted';
  while ((await one.rows(waiting))[0]!['n'] === '0') await turn();
  // ... while the order waits for A.
  await order.query(`UPDATE positions SET quantity = 4 WHERE symbol = 'A'`);
  await order.query('COMMIT');
  await priced;
  expect(await one.totals()).toEqual(['912.00']); // 900 + 4 x 3
  await one.end();
});

test('G11 PostgreSQL: a snapshot from before another commit is not believed', async () => {
  const one = await GuardedServer.of(
    server,
    `${tables('postgresql')}
    INSERT INTO positions VALUES ('A', 0.0001, 2.5)`,
  );
  await one.install();
  const [old, fresh] = [await one.session(), await one.session()];
  await old.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM account');
  // The exact sum moves by 0.0001, the total to the cent does not: the account's row stays.
  await fresh.query('UPDATE positions SET current_price = 3.5');
  const paid = old.query('UPDATE account SET cash = 0');
  await expect(paid).rejects.toMatchObject({ code: '40001' });
  await old.query('ROLLBACK');
  expect(await one.totals()).toEqual(['10000.00']);
  await one.end();
});
