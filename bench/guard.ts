/**
 * What the guard costs a bot: one price that changes among ten thousand positions beside one among
 * ten, with a transaction for each price, as a bot writes it, and with one for many, which leaves
 * nothing but the work of the trigger and the table. No disk is waited for.
 */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { systemClock } from '../src/service/system-clock.ts';
import type { Database } from '../src/sources/database.ts';
import { recogniseFalcon } from '../src/sources/falcon/recognise.ts';
import { guardOf } from '../src/sources/guard/guard.ts';
import { openPostgres } from '../src/sources/postgres/postgres.ts';
import { openSqlite } from '../src/sources/sqlite/sqlite.ts';
import { startPostgres, type TestServer } from '../test/postgres/server.ts';
import { linesOf, measureInTurn, type Trial } from './measure.ts';
import { inFolder } from './temporary-book.ts';

const [few, many] = [10, 10_000];
const updates = 4_000;
const rounds = 15;

type Guarding = 'bare' | 'guarded' | 'logged';

export async function run(): Promise<void> {
  await inFolder(async (folder) => {
    for (const guarding of ['bare', 'guarded', 'logged'] as const) {
      const files = [few, many].map((count) => join(folder, `${guarding}-${count}.db`));
      const bots = [
        await fileBot(files[0]!, few, guarding),
        await fileBot(files[1]!, many, guarding),
      ];
      for (const way of ['own', 'one'] as const) {
        const trials = bots.map(({ name, ...ways }) => ({ name, prepare: () => ways[way] }));
        const { clock } = await measureInTurn(trials, updates, rounds);
        console.log(`SQLite, ${guarding}: ${updates} prices, ${said[way]}, ${rounds} rounds`);
        for (const line of linesOf(clock, ' updates')) console.log(line);
      }
    }
  });
  await onServer();
}

async function install(database: Database, guarding: Guarding): Promise<void> {
  if (guarding === 'bare') return;
  const shape = recogniseFalcon(await database.tables(), database.engine, database.location);
  const rim = { clock: systemClock, beforeFirstWrite: async () => null };
  await guardOf(database, shape, rim).install({ audit: guarding === 'logged' });
}

const tables = (money: string): string => `
  CREATE TABLE account (id INTEGER PRIMARY KEY, cash ${money}, total_value ${money});
  CREATE TABLE positions (symbol TEXT PRIMARY KEY, quantity ${money}, current_price ${money});
  INSERT INTO account VALUES (1, 1000, 1000)`;

/** Which position is next: all in turn, far apart. */
const symbolAt = (at: number, count: number): string => `S${(at * 7_919) % count}`;

const name = (count: number) => `one price of ${count.toLocaleString('en')}`;

const said = { own: 'a transaction each', one: 'one transaction' } as const;

interface Bot {
  readonly name: string;
  readonly own: () => void;
  readonly one: () => void;
}

async function fileBot(path: string, count: number, guarding: Guarding): Promise<Bot> {
  const file = new DatabaseSync(path);
  file.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; ${tables('REAL')}; BEGIN`);
  const insert = file.prepare('INSERT INTO positions VALUES (?, 10, 2.5)');
  for (let at = 0; at < count; at++) insert.run(`S${at}`);
  file.exec('COMMIT');
  const database = openSqlite(path, { clock: systemClock });
  await install(database, guarding);
  await database.close();
  const update = file.prepare('UPDATE positions SET current_price = ? WHERE symbol = ?');
  let price = 0;
  const own = () => {
    for (let at = 0; at < updates; at++) {
      price += 0.25;
      update.run(price, symbolAt(at, count));
    }
  };
  const one = () => {
    file.exec('BEGIN');
    own();
    file.exec('COMMIT');
  };
  return { name: name(count), own, one };
}

/** A server of its own in a temporary folder, where its programs are found. */
async function onServer(): Promise<void> {
  const server = await startPostgres().catch((error: unknown) => String(error));
  if (typeof server === 'string') {
    console.log(`PostgreSQL: not measured, ${server}`);
    return;
  }
  for (const guarding of ['bare', 'guarded', 'logged'] as const) {
    const trials = [
      await serverTrial(server, few, guarding),
      await serverTrial(server, many, guarding),
    ];
    console.log(`PostgreSQL ${server.version}, ${guarding}: ${updates} transactions of one price`);
    const { clock } = await measureInTurn(trials, updates, rounds);
    for (const line of linesOf(clock, ' updates')) console.log(line);
    for (const { end } of trials) await end();
  }
  await server.stop();
}

async function serverTrial(
  server: TestServer,
  count: number,
  guarding: Guarding,
): Promise<Trial & { end: () => Promise<void> }> {
  const url = await server.database(`${tables('NUMERIC(15,2)')};
    INSERT INTO positions SELECT 'S' || n, 10, 2.5 FROM generate_series(0, ${count - 1}) n`);
  const database = await openPostgres(url);
  await install(database, guarding);
  await database.close();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('VACUUM ANALYZE');
  let price = 0;
  /** A loop on the server: what travels to it and back would hide the work. */
  const work = async () => {
    price += 1;
    await client.query(`DO $$ BEGIN FOR at IN 0..${updates - 1} LOOP
      UPDATE positions SET current_price = ${price} + at
        WHERE symbol = 'S' || (at * 7919 % ${count});
      COMMIT; END LOOP; END $$`);
  };
  return { name: name(count), prepare: () => work, end: () => client.end() };
}
