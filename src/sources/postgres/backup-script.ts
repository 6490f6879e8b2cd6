/**
 * A backup as an SQL script that restores itself: every row of these tables becomes again what it
 * was, rows that came later go, and all of it happens or none. Rows are updated where they are,
 * so that other tables may go on pointing at them, and triggers of ours do not run meanwhile.
 */
import type { Cell, Query, TableShape } from '../database.ts';

/** Rows that are read, and written as one statement, at once. */
const rowsAtOnce = 500;

export async function* backupScript(
  query: Query,
  tables: readonly TableShape[],
  location: string,
): AsyncIterable<string> {
  const [clock] = await query.rows('SELECT now() AS time');
  yield header(location, clock!['time']!, tables);
  const copies = await Promise.all(tables.map(async (table, n) => copyOf(query, table, n + 1)));
  for (const copy of copies) yield* rowsOf(query, copy);
  yield [...copies].reverse().map(removing).join('');
  yield copies.map(returning).join('');
  yield footer;
}

interface Copy {
  readonly table: TableShape;
  /** The temporary table that the rows are restored from. */
  readonly name: string;
  /** Columns that hold what was written: others the server computes by itself. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

async function copyOf(query: Query, table: TableShape, number: number): Promise<Copy> {
  const stored = await query.rows(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = CAST(? AS regclass) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
     ORDER BY attnum`,
    [table.sql],
  );
  return {
    table,
    name: `trueup_restore_${number}`,
    columns: stored.map(({ name }) => name!),
    key: table.columns.filter(({ primaryKey }) => primaryKey).map(({ name }) => name),
  };
}

async function* rowsOf(query: Query, copy: Copy): AsyncIterable<string> {
  const { table, name, columns } = copy;
  const listed = list(columns);
  yield `\nCREATE TEMP TABLE ${name} ON COMMIT DROP AS
  SELECT ${listed} FROM ${table.sql} WITH NO DATA;\n`;
  await query.rows(`DECLARE ${name} CURSOR FOR SELECT ${listed} FROM ${table.sql}`);
  for (;;) {
    const rows = await query.rows(`FETCH ${rowsAtOnce} FROM ${name}`);
    if (rows.length === 0) break;
    const values = rows.map(
      (row) => `(${columns.map((column) => literal(row[column]!)).join(', ')})`,
    );
    yield `INSERT INTO ${name} (${listed}) VALUES\n  ${values.join(',\n  ')};\n`;
  }
  await query.rows(`CLOSE ${name}`);
}

const literal = (cell: Cell): string =>
  cell === null ? 'NULL' : `'${cell.replaceAll("'", "''")}'`;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const list = (names: readonly string[]): string => names.map(quoted).join(', ');

function removing({ table, name, key }: Copy): string {
  if (key.length === 0) return `\nDELETE FROM ${table.sql};`;
  const same = key
    .map(quoted)
    .map((column) => `copy.${column} = now.${column}`)
    .join(' AND ');
  return `\nDELETE FROM ${table.sql} AS now
  WHERE NOT EXISTS (SELECT 1 FROM ${name} AS copy WHERE ${same});`;
}

function returning({ table, name, columns, key }: Copy): string {
  const others = columns.filter((column) => !key.includes(column)).map(quoted);
  const changes = others.map((column) => `${column} = EXCLUDED.${column}`).join(', ');
  const action = changes === '' ? 'NOTHING' : `UPDATE SET ${changes}`;
  const onConflict = key.length === 0 ? '' : `\n  ON CONFLICT (${list(key)}) DO ${action}`;
  return `\nINSERT INTO ${table.sql} (${list(columns)}) OVERRIDING SYSTEM VALUE
  SELECT ${list(columns)} FROM ${name}${onConflict};`;
}

const header = (location: string, time: string, tables: readonly TableShape[]): string => `\
-- trueup.source-backup/1 of ${location}, as of ${time}
-- Restore it, while the bot is stopped: gunzip -c THIS_FILE | psql "ADDRESS OF THE DATABASE"
${tables.map((table) => `-- ${JSON.stringify(table)}\n`).join('')}
BEGIN;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL standard_conforming_strings = on;
SET LOCAL DateStyle = 'ISO, YMD';
SET LOCAL TimeZone = 'UTC';

CREATE TEMP TABLE trueup_restore_triggers ON COMMIT DROP AS
  SELECT tgrelid::regclass AS tab, tgname FROM pg_trigger
  WHERE tgname LIKE 'trueup\\_%' AND NOT tgisinternal AND tgenabled <> 'D';
${eachTrigger('DISABLE')}`;

const eachTrigger = (action: 'DISABLE' | 'ENABLE'): string => `
DO $trueup$ DECLARE ours record; BEGIN
  FOR ours IN SELECT * FROM trueup_restore_triggers LOOP
    EXECUTE format('ALTER TABLE %s ${action} TRIGGER %I', ours.tab, ours.tgname);
  END LOOP;
END $trueup$;
`;

const footer = `\n${eachTrigger('ENABLE')}\nCOMMIT;\n`;
