/** The guard in a SQLite file: what is there, and how it comes and goes. */

import { auditTableSql } from '../audit-table.ts';
import type { Query, Session } from '../database.ts';
import type { FalconShape } from '../falcon/shape.ts';
import { quoted } from '../sql.ts';
import { type GuardedShape, guardedShape } from './names.ts';
import { refuseSeveral, unsupported } from './refusals.ts';
import type { SqliteGuard } from './sqlite-parts.ts';
import { affinityOf, rowKeysOf } from './sqlite-shape.ts';
import { sqliteSums, sqliteTables, sqliteTriggers } from './sqlite-triggers.ts';
import { countedMax } from './sqlite-values.ts';

/** Objects of the guard that are in the database, by name. */
export interface Installed {
  readonly triggers: ReadonlyMap<string, string>;
  readonly tables: readonly string[];
  /** Whether any trigger of ours writes the log. */
  readonly audited: boolean;
}

export async function sqliteInstalled(query: Query): Promise<Installed> {
  const rows = await query.rows(
    `SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'table')
     AND name LIKE 'trueup\\_guard%' ESCAPE '\\' ORDER BY name`,
  );
  const triggers = rows.filter(({ type }) => type === 'trigger');
  return {
    triggers: new Map(triggers.map(({ name, sql }) => [name!, sql ?? ''])),
    tables: rows.filter(({ type }) => type === 'table').map(({ name }) => name!),
    audited: triggers.some(({ sql }) => sql?.includes('trueup_audit') === true),
  };
}

/** What the guard of this database would be. */
export async function sqliteGuard(
  query: Query,
  shape: FalconShape,
  audit: boolean,
): Promise<SqliteGuard> {
  const id = shape.account.table.columns.find(({ name }) => name === shape.account.id);
  const affinity = shape.positions.account === null ? 'text' : affinityOf(id?.type ?? '');
  return {
    shape: guardedShape(shape) as GuardedShape,
    accountName: shape.account.table.name,
    positionsName: shape.positions.table.name,
    positionKeys: await rowKeysOf(query, shape.positions.table.name),
    keyType: keyTypes[affinity],
    audit,
  };
}

/** INT and not INTEGER: the key of a table that is declared so would take nothing but integers. */
const keyTypes = { integer: 'INT', text: 'TEXT', blob: '', real: 'REAL', numeric: 'NUMERIC' };

export async function refuseOnSqlite(
  query: Query,
  shape: FalconShape,
  { positionKeys }: SqliteGuard,
): Promise<void> {
  const { account, positions } = shape;
  const [counted] = await query.rows(`SELECT count(*) AS n FROM ${account.table.sql}`);
  refuseSeveral(shape, Number(counted!['n']));
  const type = account.table.columns.find(({ name }) => name === account.total)!.type;
  const { isStrict } = await rowKeysOf(query, account.table.name);
  const affinity = affinityOf(type);
  if (affinity === 'text' || (isStrict && affinity === 'integer')) {
    throw unsupported(
      `${account.table.name}.${account.total} is declared ${type}, which holds no fraction exactly`,
      'a column declared REAL, NUMERIC or nothing can be kept',
    );
  }
  if (positionKeys.opaque.length > 0) {
    throw unsupported(
      `${positions.table.name} has a unique index on an expression (${positionKeys.opaque[0]}): ` +
        'rows that a REPLACE deletes for it cannot be followed',
      'drop the index, or make it one on columns',
    );
  }
  await refuseTooLarge(query, shape);
}

async function refuseTooLarge(query: Query, { positions }: FalconShape): Promise<void> {
  const value = `${quoted(positions.quantity)} * ${quoted(positions.price!)}`;
  const [sum] = await query.rows(
    `SELECT total(abs(${value})) > ${countedMax}.0 AS large FROM ${positions.table.sql}`,
  );
  if (sum!['large'] !== '1') return;
  throw unsupported(
    `the positions are worth more than ${countedMax}, which is what sums kept in SQLite can hold`,
    'repair the total with update instead',
  );
}

/** Makes all of it anew; what was there of it is dropped first. */
export async function installOnSqlite(session: Session, guard: SqliteGuard): Promise<void> {
  await removeFromSqlite(session);
  const statements = [...auditTableSql('sqlite'), ...sqliteTables(guard), ...sqliteSums(guard)];
  for (const sql of statements) await session.run(sql);
  for (const { sql } of sqliteTriggers(guard)) await session.run(sql);
}

/** Triggers first: for no moment may one stand whose tables are gone. */
export async function removeFromSqlite(session: Session): Promise<void> {
  const { triggers, tables } = await sqliteInstalled(session);
  for (const name of triggers.keys()) await session.run(`DROP TRIGGER ${quoted(name)}`);
  for (const name of tables) await session.run(`DROP TABLE ${quoted(name)}`);
}

/** The statements in the order in which they run, for people to read. */
export const sqliteStatements = (guard: SqliteGuard): readonly string[] => [
  ...auditTableSql('sqlite'),
  ...sqliteTables(guard),
  ...sqliteSums(guard),
  ...sqliteTriggers(guard).map(({ sql }) => sql),
];
