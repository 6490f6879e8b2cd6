/** What a server's values and tables come as, on a real one. */
import { describe, expect, test } from 'vitest';
import { postgresForTests } from '../postgres/for-tests.ts';
import { sql } from '../postgres/server.ts';

const { database: make, open } = postgresForTests();

describe('values', () => {
  test.each([
    ['1058.70::numeric(15,2)', '1058.70'],
    ['1058.7::numeric', '1058.7'],
    ['1e-9::numeric', '0.000000001'],
    [
      '123456789012345678901234567890.123456789::numeric',
      '123456789012345678901234567890.123456789',
    ],
    ["'NaN'::numeric", 'NaN'],
    ['9007199254740993::bigint', '9007199254740993'],
    ['0.1::float8', '0.1'],
    ['(0.1::float8 + 0.2::float8)', '0.30000000000000004'],
    ['1e-7::float8', '0.0000001'],
    ['1.5e21::float8', '1500000000000000000000'],
    ['-1e300::float8', `-1${'0'.repeat(300)}`],
    ["'-Infinity'::float8", '-Infinity'],
    ["'NaN'::float8", 'NaN'],
    ['0.1::float4', '0.1'],
    ['1e-7::float4', '0.0000001'],
    ["'2026-01-12 09:00:00'::timestamp", '2026-01-12 09:00:00'],
    ["'2026-01-12 09:00:00.123456'::timestamp", '2026-01-12 09:00:00.123456'],
    ["'2026-01-12 09:00:00+04'::timestamptz", '2026-01-12 05:00:00+00'],
    ["'infinity'::timestamp", 'infinity'],
    ["'2026-01-12'::date", '2026-01-12'],
    ['true', 't'],
    ['NULL::numeric', null],
    ["''::text", ''],
  ])('Q52 %s comes as %j', async (expression, text) => {
    const database = await open(await make());
    const [row] = await database.read((query) => query.rows(`SELECT ${expression} AS value`));
    expect(row).toEqual({ value: text });
  });

  test('Q52 a server that prints dates and doubles its own way is read the same', async () => {
    const url = await make();
    const settings = [
      "DateStyle = 'SQL, DMY'",
      "TimeZone = 'Asia/Tokyo'",
      'extra_float_digits = -10',
    ];
    const name = new URL(url).pathname.slice(1);
    await sql(url, settings.map((setting) => `ALTER DATABASE ${name} SET ${setting}`).join(';'));
    const database = await open(url);
    const [row] = await database.read((query) =>
      query.rows(`SELECT '2026-01-12 09:00+09'::timestamptz AS a,
        '2026-01-12 09:00'::timestamp AS b, 0.1::float8 + 0.2::float8 AS c`),
    );
    expect(row).toEqual({
      a: '2026-01-12 00:00:00+00',
      b: '2026-01-12 09:00:00',
      c: '0.30000000000000004',
    });
  });

  test('Q51 Q53 a number takes the type of its column, with every digit', async () => {
    const url = await make(
      'CREATE TABLE n(d numeric(15,4), e numeric, f float8, i bigint, t text, at timestamp)',
    );
    const database = await open(url);
    const number = '12345678901.2345';
    await database.write(async (session) => {
      const values = [number, '0.1234567890123456789', '0.1', '9007199254740993', '?'];
      const changedRows = await session.run('INSERT INTO n VALUES (?, ?, ?, ?, ?, ?)', [
        ...values.slice(0, 4).map((text) => ({ number: text })),
        values[4]!,
        '2026-01-12 09:00:00',
      ]);
      expect(changedRows).toBe(1);
    });
    const rows = await database.read((query) =>
      query.rows("SELECT *, '?' AS mark FROM n WHERE d = ? AND t = ?", [number, '?']),
    );
    expect(rows).toEqual([
      {
        d: number,
        e: '0.1234567890123456789',
        f: '0.1',
        i: '9007199254740993',
        t: '?',
        at: '2026-01-12 09:00:00',
        mark: '?',
      },
    ]);
  });
});

describe('tables', () => {
  const shapes = `
    CREATE DOMAIN money2 AS numeric(12,2);
    CREATE TABLE account(id serial PRIMARY KEY, cash DECIMAL(15,2) NOT NULL, total_value money2,
      free numeric, "Last Updated" timestamp, ratio float8, noted timestamptz, gone int);
    ALTER TABLE account DROP COLUMN gone;
    CREATE VIEW totals AS SELECT id, total_value FROM account;
    CREATE SCHEMA paper;
    CREATE TABLE paper."Positions"("Symbol" varchar(20), side text, quantity DECIMAL(15,4),
      PRIMARY KEY ("Symbol", side));
    CREATE TABLE paper.account(id int, cash int);`;

  test('Q54 columns come with type, scale, key and nullability', async () => {
    const database = await open(await make(shapes));
    const column = (name: string, type: string, more: object = {}) => ({
      ...{ name, type, nullable: true, primaryKey: false, scale: null, filled: false },
      ...more,
    });
    expect(await database.tables()).toEqual([
      {
        schema: 'public',
        sql: 'public.account',
        name: 'account',
        kind: 'table',
        columns: [
          column('id', 'integer', { nullable: false, primaryKey: true, scale: 0, filled: true }),
          column('cash', 'numeric(15,2)', { nullable: false, scale: 2 }),
          column('total_value', 'numeric(12,2)', { scale: 2 }),
          column('free', 'numeric'),
          column('Last Updated', 'timestamp without time zone'),
          column('ratio', 'double precision'),
          column('noted', 'timestamp with time zone'),
        ],
      },
      {
        schema: 'public',
        sql: 'public.totals',
        name: 'totals',
        kind: 'view',
        columns: [
          column('id', 'integer', { scale: 0 }),
          column('total_value', 'numeric(12,2)', { scale: 2 }),
        ],
      },
    ]);
  });

  test.each([
    ['schema=paper', ['paper."Positions"', 'paper.account']],
    [
      'options=-c search_path=paper,public',
      ['paper."Positions"', 'paper.account', 'public.totals'],
    ],
    ['schema=nowhere', []],
  ])(
    'Q54 with ?%s the tables are those of that path, the first of a name alone',
    async (query, names) => {
      const url = await make(shapes);
      const database = await open(`${url}?${query.replaceAll(' ', '%20')}`);
      expect((await database.tables()).map((table) => table.sql)).toEqual(names);
    },
  );

  test('Q54 a quoted name of mixed case is read and written', async () => {
    const url = await make(shapes);
    const database = await open(`${url}?schema=paper`);
    const table = (await database.tables()).find(({ name }) => name === 'Positions')!;
    expect(table.columns.filter((c) => c.primaryKey).map((c) => c.name)).toEqual([
      'Symbol',
      'side',
    ]);
    await database.write((session) =>
      session.run(`INSERT INTO ${table.sql} VALUES (?, 'long', ?)`, ['ACI', { number: '1.5' }]),
    );
    const rows = await database.read((query) => query.rows(`SELECT * FROM ${table.sql}`));
    expect(rows).toEqual([{ Symbol: 'ACI', side: 'long', quantity: '1.5000' }]);
  });
});
