/** The schema of src/sources/falcon on a real PostgreSQL server. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { add, multiply } from '../../src/decimal/decimal.ts';
import { decimal, toText, toTextOrNull } from '../../src/decimal/text.ts';
import { instantText } from '../../src/model/instant.ts';
import type { SourceAccount, SourceSnapshot } from '../../src/model/source.ts';
import { recordFaults } from '../../src/reconcile/source/records.ts';
import { matchOf } from '../../src/reconcile/source/storage.ts';
import { openFalcon } from '../../src/sources/falcon/falcon.ts';
import { openSource } from '../../src/sources/open-source.ts';
import type { Source } from '../../src/sources/source.ts';
import { changed, sql, startPostgres, type TestServer } from '../postgres/server.ts';
import { describeSource } from './conformance.ts';
import { at, older, recordWrite, totalWrite, writeOf } from './ground.ts';
import { type PostgresWorld, postgresWorld } from './postgres-world.ts';
import { sourceOn, TestClock } from './worlds.ts';

let server: TestServer;
const worlds: PostgresWorld[] = [];
const sources: Source[] = [];

beforeAll(async () => {
  server = await startPostgres();
  await sql(await server.database(), "CREATE ROLE auditor LOGIN PASSWORD 'auditor'");
});
afterAll(async () => {
  await Promise.all(sources.map((source) => source.close()));
  await Promise.all(worlds.map((world) => world.end()));
  await server.stop();
});

describeSource('PostgreSQL', (tables) => postgresWorld(server, tables));

async function world(tables: Parameters<typeof postgresWorld>[1] = older): Promise<PostgresWorld> {
  const made = await postgresWorld(server, tables);
  worlds.push(made);
  return made;
}

async function opened(source: Promise<Source>): Promise<Source> {
  sources.push(await source);
  return source;
}

/** As an operator gives it: by its address. */
const sourceAt = (url: string, backupFolder: string) =>
  opened(openSource(url, { clock: new TestClock(), zone: 'UTC', schema: null, backupFolder }));

const first = ({ accounts }: SourceSnapshot): SourceAccount => accounts[0]!;

/** cash + sum(quantity x price), exactly. */
const sumOf = (account: SourceAccount): string =>
  toText(
    account.positions.reduce(
      (sum, { quantity, price }) => add(sum, multiply(quantity!, price!)),
      account.cash!,
    ),
  );

describe('columns of PostgreSQL', () => {
  test.each([
    ['DECIMAL(15,2)', { kind: 'decimal', scale: 2 }],
    ['NUMERIC', { kind: 'exact' }],
    ['DOUBLE PRECISION', { kind: 'binary64' }],
    ['REAL', { kind: 'binary32' }],
    ['FLOAT(24)', { kind: 'binary32' }],
    ['INTEGER', { kind: 'decimal', scale: 0 }],
  ])('Q69 a total of %s is stored as %j', async (type, storage) => {
    const { bot, open } = await world();
    await bot(`ALTER TABLE account ALTER total_value TYPE ${type}`);
    const source = await opened(sourceOn({ open, bot, end: async () => undefined }));
    expect((await source.snapshot()).totalStorage).toEqual(storage);
  });

  test.each([
    ['NUMERIC', '9969.3249', '9969.3249'],
    ['DECIMAL(15,2)', '9969.3249', '9969.32'],
    ['DOUBLE PRECISION', '9969.3249', '9969.3249'],
    ['REAL', '9969.3249', '9969.325'],
  ])('Q69 a total is written into %s: %s becomes %s', async (type, total, stored) => {
    const made = await world();
    await made.bot(`ALTER TABLE account ALTER total_value TYPE ${type}`);
    const source = await opened(sourceOn(made));
    const { audit } = await source.write(() => totalWrite(total));
    expect(audit!.changes[0]!.after!['total_value']).toBe(stored);
    expect(toTextOrNull(first(await source.snapshot()).total)).toBe(stored);
  });

  test('H7 H14 Q69 floats of four bytes are true once they are written', async () => {
    const made = await world();
    await made.bot(`UPDATE positions SET quantity = 22.5 WHERE symbol = 'INTC';
      ALTER TABLE account ALTER total_value TYPE real, ALTER cash TYPE real;
      ALTER TABLE positions ALTER current_price TYPE real, ALTER quantity TYPE real;
      ALTER TABLE performance ALTER total_value TYPE real, ALTER positions_value TYPE real`);
    const source = await opened(sourceOn(made));
    const calculated = () => source.snapshot().then((seen) => sumOf(first(seen)));
    // 8000 + 62.5 x 16 + 22.5 x 44.06
    expect(await calculated()).toBe('9991.35');
    const total = decimal('9991.3533');
    const record = { time: at, total, cash: decimal('8000'), positionsValue: decimal('1991.3533') };
    const performance = [{ accountId: '1', record }];
    await source.write(() => ({ ...totalWrite('9991.3533'), performance }));
    const seen = await source.snapshot();
    const match = { storage: seen.totalStorage, guardBound: null };
    expect(toTextOrNull(first(seen).total)).toBe('9991.354');
    expect(matchOf(first(seen).total, total, match)).toBe('nearest');
    const records = first(seen).performance;
    expect(toText(records.at(-1)!.positionsValue!)).toBe('1991.3533');
    expect(recordFaults(records, seen.takenAt)).toEqual([]);
  });

  test('Q69 NaN and infinity are unknown, and each is named', async () => {
    const made = await world();
    await made.bot(`UPDATE positions SET quantity = 'NaN' WHERE symbol = 'ACI';
      ALTER TABLE positions ALTER current_price TYPE numeric;
      UPDATE positions SET current_price = 'NaN' WHERE symbol = 'INTC';
      UPDATE account SET last_updated = 'infinity', cash = 'NaN'`);
    const one = await (await opened(sourceOn(made))).snapshot();
    expect([first(one).cash, first(one).updatedAt]).toEqual([null, null]);
    expect(first(one).positions.map(({ quantity, price }) => [quantity, price])).toEqual([
      [null, decimal('16.00')],
      [decimal('22.0000'), null],
    ]);
    const told = one.faults.map((f) => `${f.table} ${f.key} ${f.column} ${f.value} ${f.why}`);
    expect(told.sort()).toEqual([
      'account 1 cash NaN is not finite',
      'account 1 last_updated infinity is no time',
      'positions ACI quantity NaN is not finite',
      'positions INTC current_price NaN is not finite',
    ]);
  });

  test('Q69 times with a zone are read and written as what they are', async () => {
    const made = await world();
    await made.bot(`SET TimeZone = 'UTC';
      ALTER TABLE account ALTER last_updated TYPE timestamptz;
      ALTER TABLE performance ALTER timestamp TYPE timestamptz`);
    const source = await opened(sourceOn(made, new TestClock(), 'Asia/Tokyo'));
    expect(instantText(first(await source.snapshot()).updatedAt!)).toBe('2026-01-10T16:05:12Z');
    const { performance } = recordWrite('9969.32');
    await source.write(() => ({ ...totalWrite('9969.32'), performance }));
    const { updatedAt, performance: records } = first(await source.snapshot());
    expect(instantText(updatedAt!)).toBe('2026-01-12T21:00:00Z');
    expect(instantText(records.at(-1)!.time)).toBe('2026-01-12T21:00:00Z');
  });

  test('Q69 tables of another schema and quoted names are found and written', async () => {
    const made = await world();
    await made.bot(`CREATE SCHEMA "Paper Trading";
      ALTER TABLE account SET SCHEMA "Paper Trading";
      ALTER TABLE positions SET SCHEMA "Paper Trading";
      ALTER TABLE "Paper Trading".account RENAME TO "Account";
      ALTER TABLE "Paper Trading"."Account" RENAME total_value TO "Total_Value"`);
    await expect(sourceOn(made)).rejects.toMatchObject({ code: 'source-unrecognised' });
    const source = await sourceAt(`${made.url}?schema=Paper%20Trading`, made.backupFolder);
    expect(sumOf(first(await source.snapshot()))).toBe('9969.32');
    await source.write(() => totalWrite('9969.32'));
    expect(await sql(made.url, 'SELECT "Total_Value" AS t FROM "Paper Trading"."Account"')).toEqual(
      [{ t: '9969.32' }],
    );
    expect(await source.audit(0, 10)).toHaveLength(1);
    expect(await source.removeTraces()).toEqual(['trueup_audit']);
  });

  test('Q69 the address of a Python program is understood', async () => {
    const made = await world();
    const url = made.url.replace('postgresql:', 'postgresql+psycopg2:');
    const source = await sourceAt(url, made.backupFolder);
    expect(source.identity.location).toBe(made.url.replace('falcon:falcon@', 'falcon@'));
  });
});

test('Q11 Q25 Q26 the zone of the server is kept, whoever writes or changes it', async () => {
  const made = await world();
  const name = new URL(made.url).pathname.slice(1);
  const told = async (remembered: string | null = null) => {
    const clock = new TestClock();
    const options = { clock, zone: null, schema: null, remembered: async () => remembered };
    const source = await opened(openFalcon(await made.open(clock), options));
    const { zone } = await source.snapshot();
    await source.write(() => totalWrite('9969.32'));
    expect((await source.snapshot()).zone).toEqual(zone);
    return zone;
  };
  await made.bot(`ALTER DATABASE "${name}" SET TimeZone = 'Asia/Tokyo'`);
  const first = await told();
  expect(first).toMatchObject({ known: 'detected', name: 'Asia/Tokyo' });
  await made.bot(`ALTER DATABASE "${name}" SET TimeZone = 'America/New_York'`);
  expect(await told(first.name)).toMatchObject({
    ...{ known: 'detected', name: 'Asia/Tokyo', detectedNow: 'America/New_York' },
  });
});

describe('orders in a table without a key', () => {
  const count = 4_500;

  async function keyless() {
    const made = await world();
    await made.bot(`ALTER TABLE orders DROP CONSTRAINT orders_pkey;
      TRUNCATE orders; INSERT INTO orders (id, symbol, side, quantity, price)
      SELECT n, 'ACI', 'buy', 1, 2 FROM generate_series(1, ${count}) AS n`);
    const pages: number[] = [];
    const database = await made.open(new TestClock());
    async function* noted(sql: string, size: number) {
      for await (const page of database.pages!(sql, size)) {
        pages.push(page.length);
        yield page;
      }
    }
    const clock = new TestClock();
    const options = { clock, zone: 'UTC', schema: null };
    const source = await opened(openFalcon({ ...database, pages: noted }, options));
    return { made, source, pages, database };
  }

  test('Q72 are one snapshot, of which a part at a time is held', async () => {
    const { made, source, pages } = await keyless();
    const ids = new Set<string>();
    for await (const { id } of source.orders()) {
      if (ids.size === 0) await made.bot('DELETE FROM orders WHERE id > 10');
      ids.add(id);
    }
    expect(ids.size).toBe(count);
    expect(pages).toEqual([2_000, 2_000, 500]);
    pages.length = 0;
    for await (const { id } of source.orders()) expect(Number(id)).toBeLessThan(11);
    expect(pages).toEqual([10]);
  });

  test('Q72 may be left in the middle, and leave the connection as it was', async () => {
    const { source, pages, database } = await keyless();
    // More often than there are connections.
    for (let times = 0; times < 12; times++) {
      for await (const { id } of source.orders()) {
        expect(id).not.toBe('');
        break;
      }
    }
    expect(pages).toEqual(Array(12).fill(2_000));
    expect((await source.snapshot()).orders.count).toBe(count);
    const failing = async () => {
      for await (const page of database.pages!('SELECT nothing FROM orders', 5))
        pages.push(page.length);
    };
    await expect(failing()).rejects.toMatchObject({ code: expect.stringMatching(/^source-/) });
    expect(await database.tables()).not.toEqual([]);
  });
});

describe('records that a server demands more of', () => {
  const recorded = async (change: string) => {
    const made = await world();
    await made.bot(change);
    const source = await opened(sourceOn(made));
    return source.write(() => recordWrite('9969.32'));
  };

  test('Q18 a column that a trigger, an identity or a domain fills needs no value', async () => {
    const { audit } = await recorded(`CREATE DOMAIN word AS text DEFAULT 'x' NOT NULL;
      DELETE FROM performance;
      ALTER TABLE performance ADD n int GENERATED ALWAYS AS IDENTITY, ADD w word,
        ADD strategy text NOT NULL;
      CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN NEW.strategy = ''swing''; RETURN NEW; END';
      CREATE TRIGGER fill BEFORE INSERT ON performance FOR EACH ROW EXECUTE FUNCTION fill()`);
    expect(audit!.action).toBe('record');
  });

  test('Q18 a time that has to be known elsewhere is refused by its column', async () => {
    const refused = recorded(`CREATE TABLE sessions (at timestamp PRIMARY KEY);
      INSERT INTO sessions SELECT timestamp FROM performance;
      ALTER TABLE performance ADD FOREIGN KEY (timestamp) REFERENCES sessions`);
    await expect(refused).rejects.toMatchObject({
      code: 'source-unsupported',
      message: expect.stringContaining('Key (timestamp)=(2026-01-12 21:00:00) is not present'),
    });
  });
});

describe('rights', () => {
  const asAuditor = (url: string) =>
    changed(url, (address) => Object.assign(address, { username: 'auditor', password: 'auditor' }));
  const state = (url: string) => sql(url, 'SELECT total_value, last_updated::text FROM account');

  test('Q70 a role that may only read sees everything and is told what it lacks', async () => {
    const made = await world();
    await made.bot('GRANT SELECT ON ALL TABLES IN SCHEMA public TO auditor');
    const source = await sourceAt(asAuditor(made.url), made.backupFolder);
    expect(sumOf(first(await source.snapshot()))).toBe('9969.32');
    const before = await state(made.url);
    await expect(source.write(() => totalWrite('9969.32'))).rejects.toMatchObject({
      code: 'source-read-only',
      hint: expect.stringMatching(/GRANT UPDATE ON \S*account\S* TO "auditor";/),
    });
    const steps = await source.preflight();
    expect(steps.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)).toEqual([
      'writes',
    ]);
    expect(await state(made.url)).toEqual(before);
  });

  test('Q70 a role that may write the total alone is granted the log, and repairs', async () => {
    const made = await world();
    await made.bot(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO auditor;
      GRANT UPDATE (total_value, last_updated) ON account TO auditor;
      REVOKE CREATE ON SCHEMA public FROM public`);
    const source = await sourceAt(asAuditor(made.url), made.backupFolder);
    const refused = source.write(() => totalWrite('9969.32'));
    await expect(refused).rejects.toMatchObject({
      hint: expect.stringContaining('GRANT CREATE ON SCHEMA public TO "auditor";'),
    });
    await made.bot('GRANT CREATE ON SCHEMA public TO "auditor";');
    await source.write(() => totalWrite('9969.32'));
    expect(toTextOrNull(first(await source.snapshot()).total)).toBe('9969.32');
    const price = [{ accountId: null, symbol: 'ACI', price: decimal('17') }];
    await expect(source.write(() => writeOf({ prices: price }))).rejects.toMatchObject({
      hint: expect.stringMatching(/GRANT UPDATE ON \S*positions\S* TO "auditor";/),
    });
    await source.undo(null, 'back', 0n);
    expect(toTextOrNull(first(await source.snapshot()).total)).toBe('10000');
  });
});

/** A bot of several connections that buys and sells at the stored price: the sum stays. */
function tradingBot(url: string) {
  let running = true;
  const trader = async (symbol: string, price: string, quantity: number) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    let trades = 0;
    for (; running; trades += 1) {
      await client.query(`BEGIN;
        UPDATE account SET cash = cash - ${quantity} * ${price};
        UPDATE positions SET quantity = quantity + ${quantity} WHERE symbol = '${symbol}'; COMMIT`);
    }
    await client.end();
    return trades;
  };
  const traders = [trader('ACI', '16', 2), trader('ACI', '16', -1), trader('INTC', '44.06', 1)];
  return {
    async stop(): Promise<number> {
      running = false;
      return Math.min(...(await Promise.all(traders)));
    },
  };
}

test('Q68 Q71 looks and repairs while a bot trades are of one moment each', async () => {
  const made = await world();
  const source = await opened(sourceOn(made));
  const bot = tradingBot(made.url);
  try {
    for (let look = 0; look < 30; look += 1) {
      expect(sumOf(first(await source.snapshot()))).toBe('9969.32');
    }
    for (let cents = 0; cents < 20; cents += 1) {
      // Another total each time, so that there is something to write.
      const total = (snapshot: SourceSnapshot) =>
        toText(add(decimal(sumOf(first(snapshot))), decimal(`0.${10 + cents}`)));
      const { audit } = await source.write((snapshot) => totalWrite(total(snapshot)));
      expect(audit!.changes[0]!.after!['total_value']).toBe(
        toText(add(decimal('9969.32'), decimal(`0.${10 + cents}`))).padEnd(7, '0'),
      );
    }
  } finally {
    expect(await bot.stop()).toBeGreaterThan(0);
  }
  // What the bot wrote meanwhile is in no change of ours: totals and stamps alone.
  const columns = (await source.audit(0, 100)).flatMap(({ changes }) =>
    changes.flatMap(({ table, after }) => [table, ...Object.keys(after!)]),
  );
  expect([...new Set(columns)].sort()).toEqual(['account', 'last_updated', 'total_value']);
});

test('Q71 four that repair at once all end, one after the other', async () => {
  const made = await world();
  const writers = await Promise.all([1, 2, 3, 4].map(() => opened(sourceOn(made))));
  const written = await Promise.all(
    writers.map((source, n) => source.write(() => totalWrite(`${n + 1}.50`))),
  );
  const rows = await writers[0]!.audit(0, 10);
  expect(rows.map(({ id }) => id).sort()).toEqual(written.map(({ audit }) => audit!.id).sort());
  // Each was written onto what the one before it had left.
  let total = '10000.00';
  for (const { changes } of rows) {
    expect(changes[0]!.before!['total_value']).toBe(total);
    total = changes[0]!.after!['total_value']!;
  }
  expect(toTextOrNull(first(await writers[0]!.snapshot()).total)).toBe(toText(decimal(total)));
});
