/** The schema `monitoring` in SQLite files: recognition, locks, and whatever sizes there are. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { decimal, toText, toTextOrNull } from '../../../src/decimal/text.ts';
import type { Database, Session } from '../../../src/sources/database.ts';
import * as falcon from '../../../src/sources/falcon/incident-database.ts';
import {
  createIncidentDatabase,
  incidentExchangeSizes,
  incidentPositions,
} from '../../../src/sources/monitoring/incident-database.ts';
import { openMonitoring } from '../../../src/sources/monitoring/monitoring.ts';
import { openAnySource, openPositionSource, openSource } from '../../../src/sources/open-source.ts';
import { TestClock } from '../worlds.ts';
import {
  at,
  changeOf,
  generations,
  type MonitoringWorld,
  orderOf,
  positionOf,
  positionsOn,
  sqliteMonitoring,
  tradeOf,
  writeOf,
} from './ground.ts';

const folder = mkdtempSync(join(tmpdir(), 'trueup-monitoring-'));
const worlds: MonitoringWorld[] = [];
afterAll(async () => {
  for (const world of worlds) await world.end();
  rmSync(folder, { recursive: true });
});

const world = async (...given: Parameters<ReturnType<typeof sqliteMonitoring>>) => {
  const made = await sqliteMonitoring('delete')(...given);
  worlds.push(made);
  return made;
};

const options = { clock: new TestClock('2025-10-13T15:28:30Z'), zone: 'UTC', schema: null };

function fileOf(name: string, statements: string): string {
  const path = join(folder, name);
  const file = new DatabaseSync(path);
  file.exec(statements);
  file.close();
  return path;
}

const least = 'id INTEGER PRIMARY KEY, symbol, side, quantity, entry_price, status';

describe('recognition', () => {
  test('Q101 Q123 each kind is opened as what it is, and says which command fits', async () => {
    const [total, positions] = [join(folder, 'total.db'), join(folder, 'positions.db')];
    falcon.createIncidentDatabase(total);
    createIncidentDatabase(positions);
    const kinds = await Promise.all(
      [total, positions].map(async (path) => {
        const source = await openAnySource(path, options);
        await source.close();
        return `${source.identity.schema} ${source.kind}`;
      }),
    );
    expect(kinds).toEqual(['falcon balance', 'monitoring positions']);
    await expect(openSource(positions, options)).rejects.toMatchObject({
      code: 'source-unsupported',
      message: `sqlite:${positions} keeps positions and no total (schema monitoring)`,
      hint: expect.stringContaining('trueup check --source'),
    });
    await expect(openPositionSource(total, options)).rejects.toMatchObject({
      code: 'source-unsupported',
      message: expect.stringContaining('keeps a total (schema falcon)'),
      hint: expect.stringContaining('trueup update --source'),
    });
    await (await openSource(total, options)).close();
  });

  test('Q100 tables that begin with monitoring_ are taken before others', async () => {
    const path = fileOf(
      'prefixed.db',
      `CREATE TABLE positions(${least}); CREATE TABLE monitoring_positions(${least});
       INSERT INTO monitoring_positions VALUES (7, 'AGIUSDT', 'buy', 3, 1, 'active')`,
    );
    const source = await openPositionSource(path, options);
    const { positions, keeps } = await source.snapshot();
    expect(positions.map(({ id, exchange }) => [id, exchange])).toEqual([['7', null]]);
    expect([...keeps.columns].sort()).toEqual(['entry-price', 'quantity']);
    await source.close();
  });

  test('Q101 what is nearly the schema is told by what it lacks', async () => {
    const path = fileOf('near.db', 'CREATE TABLE positions(id, symbol, side, quantity, statuss)');
    await expect(openAnySource(path, options)).rejects.toMatchObject({
      code: 'source-unrecognised',
      // Of the two schemas the one that lacks less is told: falcon has all but its account.
      message: expect.stringContaining('there is no table account'),
    });
    await expect(openPositionSource(path, { ...options, schema: 'monitoring' })).rejects.toThrow(
      'positions has no column entry_price; positions has no column status (statuss is near)',
    );
    const bare = fileOf(
      'bare.db',
      'CREATE TABLE positions(id, sym, side, size, entry_price, status)',
    );
    await expect(openAnySource(bare, options)).rejects.toThrow('positions has no column symbol');
    const both = fileOf('both.db', `CREATE TABLE accounts(cash); CREATE TABLE positions(${least})`);
    const named = openAnySource(both, { ...options, schema: 'monitoring' });
    await expect(named).rejects.toThrow('it keeps an account with cash, as schema falcon does');
  });

  test('Q124 the file of the incident is made as it was reported', () => {
    expect(incidentPositions).toHaveLength(9);
    const sizes = incidentPositions.filter(({ symbol }) => symbol in incidentExchangeSizes);
    const told = sizes.map(({ symbol, quantity }) => {
      const exchange = decimal(incidentExchangeSizes[symbol]!);
      return `${symbol} ${quantity} ${toText(exchange)}`;
    });
    expect(told).toEqual(['AGIUSDT 4160.0 3160', 'SCAUSDT 2136.9 2036', 'HNTUSDT 60.0 59.88']);
    // Every row had been written after it was made.
    expect(incidentPositions.every((one) => one.updatedAt > one.openedAt)).toBe(true);
  });
});

test('Q106 rows that come while a look counts are in it, each once', async () => {
  const made = await world('realized-pnl');
  const database = await made.open(options.clock);
  let added = 0;
  const insert = async () => {
    added += 1;
    const values = `${1_000 + added}, 'NEW${added}', 'bybit', 'buy', 1, 1`;
    await made.bot(`INSERT INTO positions(id, symbol, exchange, side, quantity, entry_price)
      VALUES (${values})`);
    await made.bot(`INSERT INTO orders(symbol, exchange, type, side, status)
      VALUES ('NEW', 'bybit', 'limit', 'buy', 'open')`);
  };
  const busy: Database = {
    ...database,
    read: async (work) => insert().then(() => database.read(work)),
  };
  const source = await openMonitoring(busy, options);
  const { positions, orders, counts } = await source.snapshot();
  // The look itself was the last read.
  expect(added).toBeGreaterThan(3);
  expect(new Set(positions.map(({ id }) => id)).size).toBe(9 + added);
  expect(new Set(orders.map(({ id }) => id)).size).toBe(added);
  expect(counts).toEqual({ active: 9 + added, closed: 0, orders: added, trades: 0 });
  await source.close();
});

describe('writes', () => {
  /** Notes what is asked inside each write. */
  async function noted(made: MonitoringWorld) {
    const inside: string[] = [];
    const note = <T>(sql: string, work: () => T): T => {
      inside.push(sql.trim().split(/\s+/)[0]!);
      return work();
    };
    const noting = (session: Session): Session => ({
      rows: (sql, values) => note(sql, () => session.rows(sql, values)),
      run: (sql, values) => note(sql, () => session.run(sql, values)),
      version: () => session.version!(),
    });
    const database = await made.open(options.clock);
    const watched: Database = {
      ...database,
      write: (work) => database.write((session) => work(noting(session))),
    };
    return { source: await openMonitoring(watched, options), inside };
  }

  test('Q121 inside the lock are the statements that change rows and read them again', async () => {
    const { source, inside } = await noted(await world('realized-pnl'));
    const size = (quantity: string) => ({ quantity: decimal(quantity) });
    const write = (q: string, e: string) =>
      source.write((seen) =>
        writeOf({
          changes: [
            changeOf(seen, 'SCAUSDT', size(q)),
            changeOf(seen, 'AGIUSDT', size(q)),
            changeOf(seen, 'HNTUSDT', size(q)),
          ],
          trades: [tradeOf(e, '1'), tradeOf(`${e}+`, '1')],
        }),
      );
    await write('1', 'e-1');
    inside.length = 0;
    await write('2', 'e-2');
    const [updates, images, log] = [['UPDATE', 'UPDATE', 'UPDATE'], ['SELECT'], ['INSERT']];
    expect(inside).toEqual([...updates, ...images, 'INSERT', 'INSERT', ...images, ...log]);
    await source.close();
  });

  test('Q108 Q121 what a bot commits before the lock is what is decided on', async () => {
    const made = await world('pnl-only');
    const source = await positionsOn(made);
    const seen: string[] = [];
    const { audit } = await source.write((snapshot) => {
      const row = positionOf(snapshot, 'SCAUSDT');
      seen.push(toText(row.quantity!));
      // Between the look and the lock, twice: first no change of ours is right any more.
      if (seen.length < 3)
        void made.bot('UPDATE positions SET quantity = quantity - 1 WHERE id = 38');
      return writeOf({ changes: [changeOf(snapshot, 'SCAUSDT', { quantity: decimal('2036') })] });
    });
    expect(seen).toEqual(['2136.9', '2135.9', '2134.9']);
    expect(audit!.changes[0]!.before).toMatchObject({ quantity: '2134.9' });
    await source.close();
  });

  test.each(['delete', 'wal'] as const)('Q121 journal %s stays as it is', async (journal) => {
    const made = await sqliteMonitoring(journal)('pnl-only');
    worlds.push(made);
    const source = await positionsOn(made);
    await source.write(() => writeOf({ trades: [tradeOf('e-1', '1')] }));
    await source.preflight();
    expect(await made.rows('PRAGMA journal_mode')).toEqual([{ journal_mode: journal }]);
    await source.close();
  });

  test('Q115 a key that no database gives is the next number', async () => {
    const path = fileOf(
      'numbered.db',
      `CREATE TABLE positions(${least}, exchange_order_id TEXT);
       INSERT INTO positions VALUES (7, 'AGIUSDT', 'buy', 3, 1, 'OPEN', NULL);
       CREATE TABLE orders(id BIGINT PRIMARY KEY, symbol, side, size, order_id TEXT, filled);
       INSERT INTO orders VALUES (41, 'AGIUSDT', 'buy', 3, 'o-1', 3)`,
    );
    const source = await openPositionSource(path, options);
    const order = orderOf('o-2', { exchange: null });
    const { audit } = await source.write(() => writeOf({ orders: [order] }));
    expect(audit!.changes.map(({ key, fact }) => [key, fact])).toEqual([['42', 'o-2']]);
    await source.close();
  });
});

describe('whatever the size', () => {
  const sizes = fc
    .tuple(fc.integer({ min: 0, max: 99_999_999 }), fc.integer({ min: 0, max: 9_999_999 }))
    .map(([whole, fraction]) => toText(decimal(`${whole}.${String(fraction).padStart(7, '0')}`)));

  test.each(generations)('Q109 Q117 %s: it is stored to the digit and taken back', async (one) => {
    const source = await positionsOn(await world(one));
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (quantity, price) => {
        const before = positionOf(await source.snapshot(), 'HNTUSDT');
        const { audit } = await source.write((seen) => {
          const part = { quantity: decimal(quantity), entryPrice: decimal(price) };
          return writeOf({ changes: [changeOf(seen, 'HNTUSDT', part)] });
        });
        const after = positionOf(await source.snapshot(), 'HNTUSDT');
        expect([after.quantity, after.entryPrice].map(toTextOrNull)).toEqual([quantity, price]);
        if (audit === null) return;
        await source.undo(audit.id, 'a mistake', at);
        expect(positionOf(await source.snapshot(), 'HNTUSDT')).toEqual(before);
      }),
      { numRuns: 15 },
    );
    await source.close();
  });
});
