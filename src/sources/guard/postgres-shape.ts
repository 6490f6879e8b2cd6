/** What has to be known of tables in PostgreSQL: where they are, and what their columns hold. */
import type { CellRow, Query } from '../database.ts';
import type { FalconShape } from '../falcon/shape.ts';
import { quoted } from '../sql.ts';
import { type GuardedShape, guardedShape, literal } from './names.ts';
import { refuseSeveral, unsupported } from './refusals.ts';

export interface PostgresGuard {
  readonly shape: GuardedShape;
  readonly accountName: string;
  readonly positionsName: string;
  /** The schema of the account's table, quoted: the guard's own objects are made there. */
  readonly schema: string;
  /** Where the log is, as it is written in SQL. */
  readonly auditTable: string;
  /** Columns by the role they have, with what they are declared as. */
  readonly types: Readonly<Record<ColumnRole, ColumnType | null>>;
  /** Type of the account's key in our tables. */
  readonly keyType: string;
  readonly audit: boolean;
}

export type ColumnRole = 'id' | 'cash' | 'total' | 'quantity' | 'price' | 'owner';

export interface ColumnType {
  /** As it is declared: `numeric(15,2)`; of a domain, what it is made of. */
  readonly declared: string;
  /** Of a domain, the type below it: `numeric`. */
  readonly base: string;
  readonly precision: number | null;
  readonly scale: number | null;
}

export async function postgresGuard(
  query: Query,
  shape: FalconShape,
  audit: boolean,
): Promise<PostgresGuard> {
  const { account, positions } = shape;
  const of = (table: string, column: string | null) => typeOf(query, table, column);
  const types = {
    id: await of(account.table.sql, account.id),
    cash: await of(account.table.sql, account.cash),
    total: await of(account.table.sql, account.total),
    quantity: await of(positions.table.sql, positions.quantity),
    price: await of(positions.table.sql, positions.price),
    owner: await of(positions.table.sql, positions.account),
  };
  const schema = await schemaOf(query, account.table.sql);
  const [log] = await query.rows(
    `SELECT n.nspname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = to_regclass('trueup_audit')`,
  );
  const [current] = await query.rows('SELECT current_schema() AS name');
  return {
    shape: guardedShape(shape) as GuardedShape,
    accountName: account.table.name,
    positionsName: positions.table.name,
    schema,
    auditTable: `${quoted(log?.['name'] ?? current?.['name'] ?? 'public')}.trueup_audit`,
    types,
    keyType: types.owner === null ? 'text' : (keyTypeOf(types.id!, types.owner) ?? 'text'),
    audit,
  };
}

async function schemaOf(query: Query, table: string): Promise<string> {
  const [row] = await query.rows(
    `SELECT n.nspname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = to_regclass(${literal(table)})`,
  );
  return quoted(row?.['name'] ?? 'public');
}

async function typeOf(query: Query, table: string, column: string | null) {
  if (column === null) return null;
  const [row] = await query.rows(
    `SELECT format_type(t.base, t.typmod) AS declared, b.typname AS base,
       CASE WHEN b.typname = 'numeric' AND t.typmod >= 4
         THEN ((t.typmod - 4) >> 16) & 65535 END AS precision,
       CASE WHEN b.typname = 'numeric' AND t.typmod >= 4
         THEN (((t.typmod - 4) & 2047) # 1024) - 1024 END AS scale
     FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
     CROSS JOIN LATERAL (SELECT coalesce(nullif(y.typbasetype, 0), y.oid) AS base,
       CASE WHEN y.typbasetype = 0 THEN a.atttypmod ELSE y.typtypmod END AS typmod) t
     JOIN pg_type b ON b.oid = t.base
     WHERE a.attrelid = to_regclass(${literal(table)}) AND a.attname = ${literal(column)}`,
  );
  return row === undefined ? null : columnTypeOf(row);
}

const columnTypeOf = ({ declared, base, precision, scale }: CellRow): ColumnType => ({
  declared: declared!,
  base: base!,
  precision: precision == null ? null : Number(precision),
  scale: scale == null ? null : Number(scale),
});

const integers = ['int2', 'int4', 'int8'];
const texts = ['text', 'varchar', 'bpchar'];
/** Types that functions find whatever their search path is. */
const others = ['uuid', 'numeric'];

/** A type in which both can be compared; null: there is none. */
function keyTypeOf({ base: id }: ColumnType, { base: owner }: ColumnType): string | null {
  if (integers.includes(id) && integers.includes(owner)) return 'bigint';
  if (texts.includes(id) && texts.includes(owner)) return 'text';
  return id === owner && others.includes(id) ? id : null;
}

const numbers = ['numeric', 'float8', ...integers];

/** Throws where no guard can be: for what a table is, or for what its columns are. */
export async function refuseOnPostgres(query: Query, shape: FalconShape): Promise<void> {
  const { account, positions } = shape;
  for (const { sql, name } of [account.table, positions.table])
    await refuseSpread(query, sql, name);
  const [counted] = await query.rows(`SELECT count(*) AS n FROM ${account.table.sql}`);
  refuseSeveral(shape, Number(counted!['n']));
  const { types } = await postgresGuard(query, shape, false);
  if (!numbers.includes(types.total!.base)) {
    throw unsupported(
      `${account.table.name}.${account.total} is ${types.total!.declared}, ` +
        'in which no total can be kept',
      'a column of type numeric, double precision or integer can be kept',
    );
  }
  if (types.owner !== null && keyTypeOf(types.id!, types.owner) === null) {
    throw unsupported(
      `${positions.table.name}.${positions.account} is ${types.owner.declared}, and ` +
        `${account.table.name}.${account.id} is ${types.id!.declared}: they cannot be compared`,
      'make them one type',
    );
  }
}

/** Triggers for whole statements do not see what is written to a part of the table by its name. */
async function refuseSpread(query: Query, table: string, name: string): Promise<void> {
  const [row] = await query.rows(
    `SELECT c.relkind AS kind, EXISTS (SELECT 1 FROM pg_inherits i
       WHERE c.oid IN (i.inhparent, i.inhrelid)) AS spread
     FROM pg_class c WHERE c.oid = to_regclass(${literal(table)})`,
  );
  if (row?.['kind'] === 'r' && row['spread'] === 'f') return;
  throw unsupported(
    `${name} is partitioned, inherited or foreign: triggers on it do not see every change`,
    'a guard needs an ordinary table; update and schedule work without one',
  );
}
