/** The schema `monitoring` on a real PostgreSQL server. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decimalOf } from '../../../src/decimal/decimal.ts';
import { decimal, toText, toTextOrNull } from '../../../src/decimal/text.ts';
import type { PositionSnapshot } from '../../../src/model/position-source.ts';
import type { Database, Session } from '../../../src/sources/database.ts';
import { incidentSql } from '../../../src/sources/monitoring/incident-database.ts';
import { openMonitoring } from '../../../src/sources/monitoring/monitoring.ts';
import { openAnySource, openPositionSource } from '../../../src/sources/open-source.ts';
import type { PositionSource } from '../../../src/sources/position-source.ts';
import { openPostgres } from '../../../src/sources/postgres/postgres.ts';
import { sql, startPostgres, type TestServer } from '../../postgres/server.ts';
import { TestClock } from '../worlds.ts';
import { describePositions } from './conformance.ts';
import {
  additionOf,
  at,
  changeOf,
  positionOf,
  postgresMonitoring,
  shown,
  tradeOf,
  writeOf,
} from './ground.ts';

const folder = mkdtempSync(join(tmpdir(), 'trueup-monitoring-'));
let server: TestServer;
const opened: PositionSource[] = [];

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await Promise.all(opened.map((source) => source.close()));
  await server.stop();
  rmSync(folder, { recursive: true });
});

describePositions(
  'PostgreSQL',
  postgresMonitoring(() => server),
);

const options = {
  clock: new TestClock('2025-10-13T15:28:30Z'),
  ...{ zone: 'UTC', schema: null, backupFolder: folder },
};

/** As an operator gives it: by its address. */
async function sourceAt(url: string): Promise<PositionSource> {
  const source = await openPositionSource(url, options);
  opened.push(source);
  return source;
}

const incident = incidentSql('postgresql', 'pnl-only');

/** The same tables in a schema of another name. */
const named = (schema: string): string =>
  incident.join(';\n').replaceAll('monitoring', schema).concat(';');

const schemaOf = async (url: string) => {
  const source = await sourceAt(url);
  const [, schema] = await source.preflight();
  return /: (\w+)\.positions/.exec(schema!.detail)![1];
};

describe('the schema is found', () => {
  test('Q100 in monitoring first, wherever else there are positions', async () => {
    const url = await server.database(named('monitoring') + named('trading'));
    expect(await schemaOf(url)).toBe('monitoring');
    expect(await schemaOf(`${url}?schema=trading`)).toBe('trading');
  });

  test('Q100 on the search path, and then in whichever single other schema', async () => {
    const inPublic = incident.slice(1).join(';\n').replaceAll('monitoring.', 'public.');
    expect(await schemaOf(await server.database(`${inPublic}; ${named('trading')}`))).toBe(
      'public',
    );
    expect(await schemaOf(await server.database(named('trading_bot')))).toBe('trading_bot');
  });

  test('Q100 but not where several hold one, which are named', async () => {
    const url = await server.database(named('trading') + named('trading_bot'));
    await expect(sourceAt(url)).rejects.toMatchObject({
      code: 'source-unrecognised',
      message: expect.stringContaining('kept in several schemas: trading, trading_bot'),
      hint: 'name one in the address: ?schema=trading',
    });
    expect(await schemaOf(`${url}?schema=trading_bot`)).toBe('trading_bot');
  });

  test('Q101 beside a bot that keeps a total, which is found first', async () => {
    const falcon = `CREATE TABLE account(id int PRIMARY KEY, cash numeric);
      CREATE TABLE positions(symbol text, quantity numeric)`;
    const url = await server.database(`${named('monitoring')} ${falcon}`);
    const found = async (schema: string | null) => {
      const source = await openAnySource(url, { ...options, schema });
      await source.close();
      return `${source.identity.schema} ${source.kind}`;
    };
    expect(await found(null)).toBe('falcon balance');
    expect(await found('monitoring')).toBe('monitoring positions');
  });
});

describe('generations', () => {
  test('Q102 Q110 enumerations, floats and columns that nobody gave a default', async () => {
    const url = await server.database(`CREATE SCHEMA trading;
      CREATE TYPE trading.positionstatus AS ENUM ('OPEN', 'CLOSED', 'LIQUIDATED');
      CREATE TABLE trading.positions(id serial PRIMARY KEY, trade_id int NOT NULL,
        symbol varchar(50) NOT NULL, exchange varchar(50) NOT NULL, side varchar(10) NOT NULL,
        quantity float NOT NULL, entry_price float NOT NULL, current_price float,
        unrealized_pnl float, status trading.positionstatus NOT NULL, exit_price float,
        exit_quantity float, realized_pnl float, fees float, exit_reason varchar(8),
        opened_at timestamp NOT NULL, closed_at timestamp, last_update timestamp);
      INSERT INTO trading.positions(trade_id, symbol, exchange, side, quantity, entry_price, status,
        opened_at, last_update) VALUES
        (1, 'AGIUSDT', 'bybit', 'short', 4160, 0.0447, 'OPEN', '2025-10-12 19:58:45', now()),
        (2, 'LNRUSDT', 'bybit', 'long', 0.1::float8 + 0.2::float8, 2, 'OPEN', now(), now()),
        (3, 'OLDUSDT', 'bybit', 'long', 7, 2, 'LIQUIDATED', now(), now())`);
    const source = await sourceAt(url);
    const seen = await source.snapshot();
    expect(seen.identity.generation).toBe('exit-price');
    expect(seen.positions.map(shown)).toEqual([
      '1 AGIUSDT short 4160 active',
      '2 LNRUSDT long 0.30000000000000004 active',
    ]);
    expect(seen.keeps.refuses!.positions).toBe(
      'positions.trade_id may not be empty, and nothing tells its value',
    );
    const close = {
      ...{ at, exitPrice: decimal('0.048'), realisedPnl: null, fees: null },
      reason: 'closed by hand',
    };
    await source.write((now) => writeOf({ changes: [changeOf(now, 'AGIUSDT', { close })] }));
    const columns = 'status, exit_price, realized_pnl, fees, exit_reason, closed_at::text';
    expect(await sql(url, `SELECT ${columns} FROM trading.positions WHERE id = 1`)).toEqual([
      {
        ...{ status: 'CLOSED', exit_price: '0.048', realized_pnl: null, fees: null },
        // As much of the reason as the column takes; all of it is in the log.
        ...{ exit_reason: 'closed b', closed_at: '2025-10-13 15:28:30' },
      },
    ]);
    await source.undo(null, 'a mistake', at);
    expect((await source.snapshot()).counts).toMatchObject({ active: 2, closed: 1 });
  });

  test('Q122 a column that keeps no offset gets a time of the zone', async () => {
    const url = await server.database(`${named('monitoring')}
      ALTER TABLE monitoring.positions ALTER COLUMN closed_at TYPE timestamp`);
    const source = await openPositionSource(url, { ...options, zone: 'Asia/Dubai' });
    opened.push(source);
    const close = { at, exitPrice: null, realisedPnl: null, fees: null, reason: 'gone' };
    await source.write((now) => writeOf({ changes: [changeOf(now, 'AGIUSDT', { close })] }));
    const columns = "closed_at::text, updated_at AT TIME ZONE 'UTC' AS updated";
    const [row] = await sql(url, `SELECT ${columns} FROM monitoring.positions WHERE id = 1`);
    expect(row).toEqual({ closed_at: '2025-10-13 19:28:30', updated: '2025-10-13 15:28:30' });
  });

  test('Q109 a short float takes the digits that it prints again, and no others', async () => {
    const url = await server.database(`${named('monitoring')}
      ALTER TABLE monitoring.positions ALTER COLUMN quantity TYPE real`);
    const source = await sourceAt(url);
    const write = (quantity: string) =>
      source.write((now) =>
        writeOf({ changes: [changeOf(now, 'SCAUSDT', { quantity: decimal(quantity) })] }),
      );
    await write('0.2421881');
    expect(toTextOrNull(positionOf(await source.snapshot(), 'SCAUSDT').quantity)).toBe('0.2421881');
    await expect(write('2036.00005')).rejects.toThrow(
      'positions.quantity cannot hold 2036.00005: it would keep 2036',
    );
  });

  test('Q115 a name that is longer than its column is refused, never cut', async () => {
    const source = await sourceAt(await server.database(named('monitoring')));
    const orderId = 'x'.repeat(101);
    const told = source.write(() => writeOf({ trades: [tradeOf('e-1', '1', { orderId })] }));
    await expect(told).rejects.toMatchObject({
      message: expect.stringMatching(/^trades.order_id has room for 100 letters, and x+ has 101$/),
    });
  });

  test('Q119 the log is beside the tables, wherever else the role may not write', async () => {
    const url = await server.database(`${named('monitoring')}
      REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE keeper LOGIN PASSWORD 'keeper';
      GRANT ALL ON SCHEMA monitoring TO keeper;
      GRANT ALL ON ALL TABLES IN SCHEMA monitoring TO keeper;
      GRANT ALL ON ALL SEQUENCES IN SCHEMA monitoring TO keeper`);
    const keeper = url.replace(/\/\/[^@]+@/, '//keeper:keeper@');
    const source = await sourceAt(keeper);
    await source.write(() => writeOf({ trades: [tradeOf('e-1', '1')] }));
    const tables = "SELECT schemaname AS s FROM pg_tables WHERE tablename = 'trueup_audit'";
    expect(await sql(url, tables)).toEqual([{ s: 'monitoring' }]);
    // A table that this role may not even look into is nobody's.
    await sql(url, `CREATE SCHEMA hidden; CREATE TABLE hidden.positions(id int)`);
    expect((await source.snapshot()).counts.active).toBe(9);
  });
});

test('Q116 the copy before a write puts positions, orders and trades back', async () => {
  const url = await server.database(named('monitoring'));
  const source = await sourceAt(url);
  const rows = () => sql(url, 'SELECT * FROM monitoring.positions ORDER BY id');
  const before = await rows();
  const { backup } = await source.write((now) =>
    writeOf({
      changes: [changeOf(now, 'SCAUSDT', { quantity: decimal('2036') })],
      ...{ additions: [additionOf()], trades: [tradeOf('e-1', '600')] },
    }),
  );
  expect(await rows()).not.toEqual(before);
  const script = gunzipSync(readFileSync(backup!)).toString('utf8');
  await sql(url, script);
  expect(await rows()).toEqual(before);
  expect(await sql(url, 'SELECT * FROM monitoring.trades')).toEqual([]);
});

describe('at once', () => {
  test('Q120 a repair gets through while the bot writes prices all the time', async () => {
    const url = await server.database(named('monitoring'));
    const source = await sourceAt(url);
    const bot = new pg.Client(url);
    await bot.connect();
    let running = true;
    const trading = (async () => {
      let rounds = 0;
      for (; running; rounds += 1) {
        await bot.query(
          'UPDATE monitoring.positions SET current_price = current_price + 0.0001 WHERE id = 38',
        );
      }
      return rounds;
    })();
    for (let size = 2100; size > 2095; size -= 1) {
      const { audit } = await source.write((now) =>
        writeOf({ changes: [changeOf(now, 'SCAUSDT', { quantity: decimal(String(size)) })] }),
      );
      expect(audit).not.toBeNull();
    }
    running = false;
    const rounds = await trading;
    await bot.end();
    const row = positionOf(await source.snapshot(), 'SCAUSDT');
    expect(toText(row.quantity!)).toBe('2096');
    // No price that the bot wrote was lost: 0.0953 + rounds x 0.0001.
    const price = decimalOf(953 + rounds, 4);
    expect(toTextOrNull(row.currentPrice)).toBe(toText(price));
  });

  test('Q127 a connection that ends in the middle of a write leaves nothing of it', async () => {
    const url = await server.database(named('monitoring'));
    const database = await openPostgres(url, { backupFolder: folder });
    let isCut = true;
    const cut = (session: Session): Session => ({
      ...session,
      rows: (statement, values) => session.rows(statement, values),
      async run(statement, values) {
        const changed = await session.run(statement, values);
        // Two rows are to be written: the server hangs up after the first.
        if (isCut) await session.rows('SELECT pg_terminate_backend(pg_backend_pid())', []);
        return changed;
      },
    });
    const cutting: Database = {
      ...database,
      write: (work) => database.write((session) => work(cut(session))),
    };
    const source = await openMonitoring(cutting, options);
    opened.push(source);
    const rows = () => sql(url, 'SELECT * FROM monitoring.positions ORDER BY id');
    const before = await rows();
    const both = (now: PositionSnapshot) =>
      writeOf({
        changes: ['AGIUSDT', 'SCAUSDT'].map((one) =>
          changeOf(now, one, { quantity: decimal('2000') }),
        ),
      });
    await expect(source.write(both)).rejects.toThrow();
    expect(await rows()).toEqual(before);
    expect(await source.audit(0, 10)).toEqual([]);
    isCut = false;
    const { audit } = await source.write(both);
    expect(audit!.changes).toHaveLength(2);
    await source.undo(audit!.id, 'a mistake', at);
    expect(await rows()).toEqual(before);
  });

  test('Q120 what the bot is about to change is waited for, and told', async () => {
    const url = await server.database(named('monitoring'));
    const source = await sourceAt(url);
    const bot = new pg.Client(url);
    await bot.connect();
    const seen = await source.snapshot();
    await bot.query('BEGIN; UPDATE monitoring.positions SET quantity = 3160 WHERE id = 1');
    const change = changeOf(seen, 'AGIUSDT', { quantity: decimal('3000') });
    const told = source.write(() => writeOf({ changes: [change] })).catch((error) => error);
    await bot.query('COMMIT');
    expect(await told).toMatchObject({ code: 'source-moved' });
    await bot.end();
    expect(await sql(url, 'SELECT quantity FROM monitoring.positions WHERE id = 1')).toEqual([
      { quantity: '3160.00000000' },
    ]);
  });

  test('Q120 of several of ours that fill the same tables each adds what is missing', async () => {
    const url = await server.database(named('monitoring'));
    const sources = await Promise.all([1, 2, 3, 4].map(() => sourceAt(url)));
    // There is a log already: before that, they would meet in making it.
    await sources[0]!.write(() => writeOf({ trades: [tradeOf('e-0', '1')] }));
    const trades = Array.from({ length: 20 }, (_, n) => tradeOf(`e-${n}`, String(n + 1)));
    await Promise.all(sources.map((source) => source.write(() => writeOf({ trades }))));
    const [counted] = await sql(url, 'SELECT count(*) AS n FROM monitoring.trades');
    expect(counted).toEqual({ n: '20' });
  });
});
