/** Copies of what we may write, and the zone of a server, on a real one. */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/sources/database.ts';
import { postgresForTests } from '../postgres/for-tests.ts';
import { changed, sql } from '../postgres/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'trueup-copies-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { database: make, open: openAt } = postgresForTests();
const open = (url: string, backupFolder = folder) => openAt(url, { backupFolder });

/** What a write of ours may touch, parents before children. */
const copied = async (database: Database) => {
  const tables = await database.tables();
  const names = ['account', 'positions', 'performance', 'trueup_audit'];
  return names.flatMap((name) => tables.filter((table) => table.name === name));
};
const backUp = async (database: Database, name: string) =>
  database.backup(name, await copied(database));

/** Everything that makes a row hard to put back: keys others point at, columns of every kind. */
const tables = `
  CREATE TABLE account(id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "Cash" numeric(15,2),
    total_value numeric, doubled numeric GENERATED ALWAYS AS (total_value * 2) STORED,
    last_updated timestamp, seen timestamptz);
  INSERT INTO account("Cash", total_value, last_updated, seen) VALUES
    (1058.70, 10000, '2026-01-10 09:00:00.123456', '2026-01-10 09:00+04'),
    (NULL, 'NaN', 'infinity', NULL);
  CREATE TABLE positions(account_id int REFERENCES account, symbol text, quantity float8,
    note text, PRIMARY KEY (account_id, symbol));
  INSERT INTO positions VALUES
    (1, 'ACI', 0.1::float8 + 0.2::float8, E'it''s a \\\\ in\\ntwo lines; -- ?'),
    (1, 'Überläufer', 1e-7, ''), (2, 'MSFT', '-Infinity', NULL);
  CREATE TABLE performance(timestamp timestamp, total_value numeric(15,2));
  INSERT INTO performance SELECT '2025-01-01'::timestamp + n * interval '1 hour', n
    FROM generate_series(1, 1234) n;
  CREATE TABLE trueup_audit(id int PRIMARY KEY, changes text);
  INSERT INTO trueup_audit VALUES (1, '[{"table":"account"}]');
  CREATE TABLE orders(id int PRIMARY KEY, account_id int REFERENCES account);
  INSERT INTO orders VALUES (1, 1);`;

const contents = (url: string) =>
  sql(
    url,
    `SELECT 'account' AS t, row_to_json(a)::text AS row FROM account a
     UNION ALL SELECT 'positions', row_to_json(p)::text FROM positions p
     UNION ALL SELECT 'performance', row_to_json(p)::text FROM performance p
     UNION ALL SELECT 'trueup_audit', row_to_json(p)::text FROM trueup_audit p ORDER BY 1, 2`,
  );

const scriptOf = (path: string): string => gunzipSync(readFileSync(path)).toString('utf8');

describe('a copy', () => {
  test('Q66 puts every row back as it was, and leaves what points at it', async () => {
    const url = await make(tables);
    const before = await contents(url);
    const path = await backUp(await open(url), '2026-01-12');
    await sql(
      url,
      `UPDATE account SET total_value = 1, "Cash" = 2, seen = now();
       DELETE FROM performance WHERE total_value > 7;
       DELETE FROM positions WHERE symbol = 'ACI'; UPDATE positions SET note = 'gone';
       INSERT INTO account(total_value) VALUES (3); INSERT INTO positions VALUES (3, 'NEW', 1);
       UPDATE performance SET total_value = 0; DELETE FROM trueup_audit`,
    );
    expect(await contents(url)).not.toEqual(before);
    await sql(url, scriptOf(path));
    expect(await contents(url)).toEqual(before);
    expect(before).toHaveLength(2 + 3 + 1234 + 1);
    expect(await sql(url, 'SELECT * FROM orders')).toEqual([{ id: '1', account_id: '1' }]);
  });

  test('Q66 says what it is and how it is restored, and holds no orders', async () => {
    const script = scriptOf(await backUp(await open(await make(tables)), 'a'));
    expect(script).toMatch(/^-- trueup\.source-backup\/1 of postgresql:\/\/falcon@127/);
    expect(script).toMatch(/gunzip -c THIS_FILE \| psql/);
    expect(script).not.toMatch(/orders/);
  });

  test('Q66 that is cut short restores nothing', async () => {
    const url = await make(tables);
    const script = scriptOf(await backUp(await open(url), 'a'));
    await sql(url, 'UPDATE account SET total_value = 1');
    const before = await contents(url);
    await sql(url, script.slice(0, script.indexOf('COMMIT;')));
    expect(await contents(url)).toEqual(before);
  });

  test('Q66 is restored past triggers of ours, which stay as they were', async () => {
    const url = await make(`${tables}
      CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.total_value := 4711; RETURN NEW; END $$;
      CREATE TRIGGER trueup_on BEFORE INSERT OR UPDATE ON account
        FOR EACH ROW EXECUTE FUNCTION keep();
      CREATE TRIGGER trueup_off BEFORE INSERT OR UPDATE ON account
        FOR EACH ROW EXECUTE FUNCTION keep();
      ALTER TABLE account DISABLE TRIGGER trueup_off`);
    const before = await contents(url);
    const path = await backUp(await open(url), 'a');
    await sql(url, 'UPDATE account SET total_value = 1');
    await sql(url, scriptOf(path));
    expect(await contents(url)).toEqual(before);
    const states =
      "SELECT tgname, tgenabled FROM pg_trigger WHERE tgname LIKE 'trueup%' ORDER BY 1";
    expect(await sql(url, states)).toEqual([
      { tgname: 'trueup_off', tgenabled: 'D' },
      { tgname: 'trueup_on', tgenabled: 'O' },
    ]);
  });

  test('Q66 is one snapshot, whatever is written meanwhile', async () => {
    const url = await make(`
      CREATE TABLE account(id int PRIMARY KEY, cash int);
      INSERT INTO account SELECT n, 100 FROM generate_series(1, 3000) n;
      CREATE TABLE positions(symbol text PRIMARY KEY, quantity int);
      INSERT INTO positions SELECT 'S' || n, 100 FROM generate_series(1, 3000) n;`);
    const copying = backUp(await open(url), 'a');
    let moved = 0;
    let done = false;
    const moving = (async () => {
      for (; !done; moved += 1) {
        await sql(
          url,
          'UPDATE account SET cash = cash + 1; UPDATE positions SET quantity = quantity - 1',
        );
      }
    })();
    const path = await copying;
    done = true;
    await moving;
    expect(moved).toBeGreaterThan(0);
    await sql(url, scriptOf(path));
    const sums = await sql(
      url,
      'SELECT (SELECT sum(cash) FROM account) + (SELECT sum(quantity) FROM positions) AS sum',
    );
    // 3,000 x 100 + 3,000 x 100
    expect(sums).toEqual([{ sum: '600000' }]);
  });
});

describe('the folder of copies', () => {
  test('Q66 lists them by name, each database by itself, and removes one', async () => {
    const [one, two] = [await open(await make(tables)), await open(await make(tables))];
    expect(await one.backups()).toEqual([]);
    for (const name of ['2026-01-13', '2026-01-12', '2026-01-14']) await backUp(one, name);
    await backUp(two, '2026-01-15');
    expect(await one.backups()).toEqual(['2026-01-12', '2026-01-13', '2026-01-14']);
    await one.removeBackup('2026-01-13');
    await one.removeBackup('never-there');
    expect(await one.backups()).toEqual(['2026-01-12', '2026-01-14']);
    expect(await two.backups()).toEqual(['2026-01-15']);
  });

  test('Q66 keeps the older of two copies of one name, and nothing broken off', async () => {
    const url = await make(tables);
    const database = await open(url);
    const path = await backUp(database, '2026-01-12');
    const first = readFileSync(path);
    const left = join(dirname(path), '2026-01-11.sql.gz.1-1.partial');
    writeFileSync(left, '');
    utimesSync(left, 0, 0);
    await sql(url, 'UPDATE account SET total_value = 1');
    expect(await backUp(database, '2026-01-12')).toBe(path);
    expect(readFileSync(path).equals(first)).toBe(true);
    expect(readdirSync(dirname(path))).toEqual([basename(path)]);
  });

  test('Q66 without a folder or the right to read there is no copy, nor half of one', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const url = await make(`${tables}
      DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN PASSWORD 'r';
      GRANT SELECT ON account TO reader`);
    const unplaced = await open(url, file);
    await expect(backUp(unplaced, 'a')).rejects.toMatchObject({ code: 'source-backup-failed' });
    const reader = await open(
      changed(url, (address) => Object.assign(address, { username: 'reader', password: 'r' })),
    );
    await expect(backUp(reader, 'a')).rejects.toMatchObject({
      code: 'source-credentials',
      hint: 'as their owner: GRANT SELECT ON public.positions TO "reader";',
    });
    expect(await reader.backups()).toEqual([]);
  });

  test('Q66 tells how much room a copy needs, before there is a folder', async () => {
    const nowhere = join(folder, 'not', 'yet');
    const database = await open(await make(tables), nowhere);
    const room = await database.backupRoom!(await copied(database));
    expect(room.folder.startsWith(nowhere)).toBe(true);
    // 1,234 rows of some 40 bytes, in pages of 8 KiB, and the other tables' pages.
    expect(room.needed).toBeGreaterThan(1234 * 40);
    expect(room.free).toBeGreaterThan(0);
    expect(existsSync(nowhere)).toBe(false);
  });
});

describe('the zone of times without an offset', () => {
  const inZone = async (zone: string) => {
    const url = await make();
    await sql(url, `ALTER DATABASE ${basename(url)} SET TimeZone = '${zone}'`);
    return open(url);
  };
  const wallTime = async (zone: string, more = '0') =>
    (
      await sql(
        await make(),
        `SELECT (now() AT TIME ZONE '${zone}' + interval '${more}')::timestamp(0)::text AS time`,
      )
    )[0]!['time']!;

  test('Q67 is the zone that the server is set to', async () => {
    const database = await inZone('Asia/Dubai');
    expect(await database.zoneHint(null)).toEqual({
      name: 'Asia/Dubai',
      because: "the server's TimeZone is Asia/Dubai",
    });
    const newest = await wallTime('Asia/Dubai');
    expect(await database.zoneHint(newest)).toEqual({
      name: 'Asia/Dubai',
      because: `the server's TimeZone is Asia/Dubai, where the newest time, ${newest}, is past`,
    });
  });

  test.each([
    ['UTC', 'Asia/Dubai', '0', null],
    ['UTC', 'UTC', '1 minute', 'UTC'],
    ['UTC', 'UTC', '5 minutes', null],
    ['Asia/Dubai', 'UTC', '0', 'Asia/Dubai'],
    ['<+05:30>-05:30', 'UTC', '0', '+05:30'],
    ['-3', 'America/Sao_Paulo', '0', '-03:00'],
    ['-3', 'UTC', '0', null],
  ])(
    'Q67 a server in %s, a newest time in %s and %s later: %j',
    async (set, written, more, name) => {
      const hint = await (await inZone(set)).zoneHint(await wallTime(written, more));
      expect(hint?.name ?? null).toBe(name);
    },
  );

  test('Q67 a newest time that is none says nothing against it', async () => {
    const database = await inZone('Asia/Dubai');
    expect((await database.zoneHint('2026-13-45 25:00:00'))?.name).toBe('Asia/Dubai');
    expect((await database.zoneHint('infinity'))?.name).toBe('Asia/Dubai');
  });
});
